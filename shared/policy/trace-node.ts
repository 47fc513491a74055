import type { TraceNode } from '../domain/settlement-result.ts';
import { fen, type Fen } from '../money/fen.ts';
import { yuanTextFromFen } from '../money/yuan-text.ts';

type TraceParts = Pick<TraceNode, 'id' | 'rule' | 'text'> & Partial<TraceNode>;

/** A node of the explanation; what is not said is empty: no parent, no step, nothing rounded or assumed. */
export function node(parts: TraceParts): TraceNode {
  return {
    parent: null,
    step: null,
    rounding: null,
    assumed: false,
    source: null,
    inputs: {},
    adds: [],
    ...parts,
  };
}

/** What a node adds to the amount a pointer names; nothing where it is zero. */
export function adds(to: string, amount: number): TraceNode['adds'] {
  return amount === 0 ? [] : [{ to, amountFen: fen(amount) }];
}

/** What a node takes away from the amount a pointer names. */
export function takes(from: string, amount: number): TraceNode['adds'] {
  return adds(from, 0 - amount);
}

/** Amounts as the inputs of a node, in yuan text. */
export function yuanInputs(amounts: Readonly<Record<string, Fen>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(amounts).map(([name, amount]) => [name, yuanTextFromFen(amount)]),
  );
}
