import type { Refusal } from './result.ts';

/** What is said where a code is raised: everything of a refusal but its code. */
export type RefusalWords = Omit<Refusal, 'code'>;

/** The words of a code, or how they are made from the data of the case. */
type Declared = RefusalWords | ((data: never) => RefusalWords);

/** What a code needs to be said: nothing, or the data its words are made from. */
type DataOf<Stated> = Stated extends (data: infer Data) => RefusalWords ? [data: Data] : [];

/**
 * Declares the refusals of an area, each code once: what happened and whether money moved, what to do next,
 * and where. Gives the one function that makes them; a code is raised by naming it there as a literal, so that
 * a search for the code finds its words and every place it comes from.
 */
export function declareRefusals<const Table extends Readonly<Record<string, Declared>>>(
  table: Table,
): <Code extends keyof Table & string>(code: Code, ...data: DataOf<Table[Code]>) => Refusal<Code> {
  return (code, ...data) => {
    const stated: Declared | undefined = table[code];
    if (stated === undefined) throw new Error(`no words for ${code}`);
    const words = typeof stated === 'function' ? stated(data[0] as never) : stated;
    return { code, ...words };
  };
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
