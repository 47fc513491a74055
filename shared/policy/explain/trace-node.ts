import type { TraceNode } from '../../domain/settlement-result.ts';
import { fen, type Fen } from '../../money/fen.ts';
import { yuanTextFromFen } from '../../money/yuan-text.ts';

/** What only some nodes state, beside the sentence that says the same. */
type TraceFacts = Pick<
  TraceNode,
  'name' | 'base' | 'rate' | 'parts' | 'limit' | 'roundedTo' | 'assumption'
>;

type TraceParts = Pick<TraceNode, 'id' | 'rule' | 'text'> &
  Partial<Omit<TraceNode, 'formula' | keyof TraceFacts>> & {
    readonly formula?: string | null;
    /** What is null is left out. */
    readonly facts?: { readonly [Key in keyof TraceFacts]: TraceFacts[Key] | null };
  };

/** A node of the explanation; what is not said is empty: no parent, no step, nothing rounded or assumed. */
export function node(parts: TraceParts): TraceNode {
  const { id, rule, text, formula, facts } = parts;
  const parent = parts.parent ?? null;
  const step = parts.step ?? null;
  const rounding = parts.rounding ?? null;
  const assumed = parts.assumed ?? false;
  const source = parts.source ?? null;
  const inputs = parts.inputs ?? noInputs;
  const added = parts.adds ?? noAdds;
  // Written out twice: a node is made some hundred times for a long bill, and copying one is slow.
  const made: TraceNode =
    formula === undefined || formula === null
      ? { id, parent, step, rule, rounding, assumed, text, source, inputs, adds: added }
      : { id, parent, step, rule, rounding, assumed, text, source, inputs, adds: added, formula };
  return facts === undefined ? made : { ...made, ...stated(facts) };
}

function stated(facts: NonNullable<TraceParts['facts']>): TraceFacts {
  return Object.fromEntries(Object.entries(facts).filter(([, fact]) => fact !== null));
}

const noInputs: TraceNode['inputs'] = {};
const noAdds: TraceNode['adds'] = [];

/** What a node adds to the amount a pointer names; nothing where it is zero. */
export function adds(to: string, amount: number): TraceNode['adds'] {
  return amount === 0 ? noAdds : [{ to, amountFen: fen(amount) }];
}

/** What a node takes away from the amount a pointer names. */
export function takes(from: string, amount: number): TraceNode['adds'] {
  return adds(from, 0 - amount);
}

/** The same for several amounts; those of zero are left out. */
export function addsTo(...amounts: readonly (readonly [to: string, amount: number])[]): Added[] {
  const added: Added[] = [];
  for (const [to, amount] of amounts) if (amount !== 0) added.push({ to, amountFen: fen(amount) });
  return added;
}

type Added = TraceNode['adds'][number];

/** Amounts as the inputs of a node, in yuan text. */
export function yuanInputs(amounts: Readonly<Record<string, Fen>>): Record<string, string> {
  const texts: Record<string, string> = {};
  for (const name in amounts) {
    const amount = amounts[name];
    if (amount !== undefined) texts[name] = yuanTextFromFen(amount);
  }
  return texts;
}
