import type { CoarseUnit, TraceNode } from '../../shared/domain/settlement-result.ts';
import type { Words } from '../../shared/domain/result.ts';

type NodeOfContract = Omit<TraceNode, 'formula'> & { readonly formula?: string | undefined };

/** What stands beside an amount: its formula in figures, or the sentence that says why it is nothing. */
export type StepReason = {
  readonly formula: string | undefined;
  readonly words: Words;
  /** The unit it was rounded to where that is more than a fen: 1,359.00 became 1,360.00 because of it. */
  readonly roundedTo: CoarseUnit | null;
  readonly assumed: boolean;
};

/** All that the trace says of a step, the step itself first. */
export function nodesOfStep(
  { trace }: { readonly trace: readonly NodeOfContract[] },
  step: string,
): readonly NodeOfContract[] {
  return trace.filter((node) => node.step === step);
}

/** The formula of what a step pays; of a step that pays nothing the sentence that says why. */
export function stepReason(
  result: { readonly trace: readonly NodeOfContract[] },
  step: string,
  paysNothing: boolean,
): StepReason | undefined {
  const nodes = nodesOfStep(result, step);
  const paying = nodes.find(({ id }) => id === `${step}.pays`) ?? nodes.at(-1);
  if (paying === undefined) return undefined;
  return {
    formula: paysNothing ? undefined : paying.formula,
    words: paying.text,
    roundedTo: paysNothing ? null : (paying.roundedTo ?? null),
    assumed: nodes.some(({ assumed }) => assumed),
  };
}

export type { NodeOfContract };
