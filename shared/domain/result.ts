/** A sentence in both languages of the program. Chinese is what the cashier reads. */
export type Words = { readonly zh: string; readonly en: string };

/**
 * An expected refusal: a named reason, not a fault of the program. `message` says what happened and
 * whether money moved; `remedy` says what to do next; `place` is a JSON Pointer into the input or
 * `file:line`.
 */
export type Refusal<Code extends string = string> = {
  readonly code: Code;
  readonly message: Words;
  readonly place?: string;
  readonly remedy: Words;
  readonly details?: readonly unknown[];
};

/** What an act gives: its value, or one of the refusals that its type names. */
export type Result<Value, Code extends string = string> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly refusal: Refusal<Code> };

/** The codes a result, or what a function answers (promised or not), can be refused with. */
export type RefusalCodeOf<From> = From extends (...input: never) => infer Answer
  ? RefusalCodeOf<Awaited<Answer>>
  : From extends { readonly ok: false; readonly refusal: { readonly code: infer Code } }
    ? Code
    : never;

export function accepted<Value>(value: Value): { readonly ok: true; readonly value: Value } {
  return { ok: true, value };
}

export function refused<Code extends string>(
  refusal: Refusal<Code>,
): { readonly ok: false; readonly refusal: Refusal<Code> } {
  return { ok: false, refusal };
}

/** Something the cashier should know although nothing is refused. */
export type Warning<Code extends string = string> = {
  readonly code: Code;
  readonly text: Words;
  readonly place?: string;
};

/** Warnings, each thing once: intake and the engine may warn of the same at the same place. */
export function warningsOnce(warnings: readonly Warning[]): readonly Warning[] {
  const seen = new Set<string>();
  return warnings.filter(({ code, place }) => {
    const key = `${code} ${place ?? ''}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

/** Of what is warned of line by line so many are shown in full; a long bill could fill a screen and a sheet with them. */
const shownOfCode = 3;

type ShownWarning = Pick<Warning, 'code' | 'text'>;

/** Warnings as a page and a sheet show them: of each code the first few, then how many more there are. */
export function warningsInShort(warnings: readonly ShownWarning[]): readonly ShownWarning[] {
  return [...Map.groupBy(warnings, ({ code }) => code)].flatMap(([code, all]) => {
    const more = all.length - shownOfCode;
    if (more <= 0) return all;
    const text = {
      zh: `以及另外 ${String(more)} 处同样的提醒`,
      en: `And ${String(more)} more of the same kind`,
    };
    return [...all.slice(0, shownOfCode), { code, text }];
  });
}
