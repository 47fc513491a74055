/** A sentence in both languages of the program. Chinese is what the cashier reads. */
export type Words = { readonly zh: string; readonly en: string };

/**
 * An expected refusal: a named reason, not a fault of the program. `message` says what happened and
 * whether money moved; `remedy` says what to do next; `place` is a JSON Pointer into the input or
 * `file:line`.
 */
export type Refusal = {
  readonly code: string;
  readonly message: Words;
  readonly place?: string;
  readonly remedy?: Words;
  readonly details?: readonly unknown[];
};

export type Result<Value, R extends Refusal = Refusal> =
  { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly refusal: R };

export function accepted<Value>(value: Value): { readonly ok: true; readonly value: Value } {
  return { ok: true, value };
}

export function refused<R extends Refusal>(
  refusal: R,
): { readonly ok: false; readonly refusal: R } {
  return { ok: false, refusal };
}

/** Something the cashier should know although nothing is refused. */
export type Warning = { readonly code: string; readonly text: Words; readonly place?: string };
