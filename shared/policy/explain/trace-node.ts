import type { Mutable } from '../../domain/mutable.ts';
import type { TraceNode } from '../../domain/settlement-result.ts';
import { fen } from '../../money/fen.ts';

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
  // Field by field: copying an object takes several times as long, and every visit makes dozens of nodes.
  const made: Mutable<TraceNode> = {
    id: parts.id,
    parent: parts.parent ?? null,
    step: parts.step ?? null,
    rule: parts.rule,
    rounding: parts.rounding ?? null,
    assumed: parts.assumed ?? false,
    text: parts.text,
    source: parts.source ?? null,
    inputs: parts.inputs ?? noInputs,
    adds: parts.adds ?? noAdds,
  };
  const { formula, facts } = parts;
  if (formula !== undefined && formula !== null) made.formula = formula;
  if (facts !== undefined) state(made, facts);
  return made;
}

function state(made: Mutable<TraceNode>, facts: NonNullable<TraceParts['facts']>): void {
  const { name, base, rate, parts, limit, roundedTo, assumption } = facts;
  if (name !== undefined && name !== null) made.name = name;
  if (base !== undefined && base !== null) made.base = base;
  if (rate !== undefined && rate !== null) made.rate = rate;
  if (parts !== undefined && parts !== null) made.parts = parts;
  if (limit !== undefined && limit !== null) made.limit = limit;
  if (roundedTo !== undefined && roundedTo !== null) made.roundedTo = roundedTo;
  if (assumption !== undefined && assumption !== null) made.assumption = assumption;
}

const noInputs: TraceNode['inputs'] = {};
const noAdds: TraceNode['adds'] = [];

/** Amounts that a node adds to those of the result. */
export type Added = TraceNode['adds'][number];

/** Adds an amount to the one a pointer names; nothing where it is zero. */
export function add(to: Added[], pointer: string, amount: number): void {
  if (amount !== 0) to.push({ to: pointer, amountFen: fen(amount) });
}

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
  for (const [to, amount] of amounts) add(added, to, amount);
  return added;
}
