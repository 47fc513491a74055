import { withMoney, type MoneyState } from './money-words.ts';
import type { Refusal, Words } from './result.ts';

/**
 * What is said where a code is raised. `message` is what happened, in whole sentences; whether money moved is one of
 * the sentences of `money-words.ts`, put behind it; `remedy` is what to do next. None of the three may be left out.
 */
export type RefusalWords = {
  readonly message: Words;
  readonly money: MoneyState;
  readonly remedy: Words;
  readonly place?: string;
  readonly details?: readonly unknown[];
};

/** The words of a code, or how they are made from the data of the case. */
type Declared = RefusalWords | ((data: never) => RefusalWords);

/** What a code needs to be said: nothing, or the data its words are made from. */
type DataOf<Stated> = Stated extends (data: infer Data) => RefusalWords ? [data: Data] : [];

/**
 * Declares the refusals of an area, each code once: what happened, whether money moved, what to do next,
 * and where. Gives the one function that makes them; a code is raised by naming it there as a literal, so that
 * a search for the code finds its words and every place it comes from.
 */
export function declareRefusals<const Table extends Readonly<Record<string, Declared>>>(
  table: Table,
): <Code extends keyof Table & string>(code: Code, ...data: DataOf<Table[Code]>) => Refusal<Code> {
  return (code, ...data) => {
    const stated: Declared | undefined = table[code];
    if (stated === undefined) throw new Error(`no words for ${code}`);
    return { code, ...inFull(typeof stated === 'function' ? stated(data[0] as never) : stated) };
  };
}

/** A refusal but its code: the sentence on money stands in the message. */
export function inFull({ message, money, ...others }: RefusalWords): Omit<Refusal, 'code'> {
  return { message: withMoney(message, money), ...others };
}

/** The codes an area declares. */
export type CodeOf<Maker extends (...given: never) => Refusal> = ReturnType<Maker>['code'];

/**
 * Declares codes whose words are completed where they are raised (a place in a file, what a reader said): each
 * code once, with the words it stands for.
 */
export function declareCodes<const Table extends Readonly<Record<string, unknown>>>(
  table: Table,
): Table {
  return table;
}
