import type { Words } from '../../domain/result.ts';

/** What is wrong with a pack: where (path of keys), a code, and what to do about it. */
export type PackProblem<Code extends string = string> = {
  readonly path: readonly (string | number)[];
  readonly code: Code;
  readonly message: Words;
  readonly remedy: Words;
};

/** What is wrong, in both languages, and what to do. */
export type ProblemWords = readonly [zh: string, en: string, remedyZh: string, remedyEn: string];

/** The words of a code, or how they are made from the data of the case. */
type Declared = ProblemWords | ((data: never) => ProblemWords);

type DataOf<Stated> = Stated extends (data: infer Data) => ProblemWords ? [data: Data] : [];

/**
 * Declares the problems that one check of packs finds, each code once. Gives the one function that makes them; a code
 * is raised by naming it there as a literal, so that a search for it finds its words and every place it comes from.
 */
export function declareProblems<const Table extends Readonly<Record<string, Declared>>>(
  table: Table,
): <Code extends keyof Table & string>(
  path: PackProblem['path'],
  code: Code,
  ...data: DataOf<Table[Code]>
) => PackProblem<Code> {
  return (path, code, ...data) => {
    const stated: Declared | undefined = table[code];
    if (stated === undefined) throw new Error(`no words for ${code}`);
    const [zh, en, remedyZh, remedyEn] =
      typeof stated === 'function' ? stated(data[0] as never) : stated;
    return { path, code, message: { zh, en }, remedy: { zh: remedyZh, en: remedyEn } };
  };
}

/** The codes a check declares. */
export type ProblemCodeOf<Maker extends (...given: never) => PackProblem> =
  ReturnType<Maker>['code'];

/** Declares problems whose codes the schema names where a text is not of the right form: each code once. */
export function declareProblemCodes<const Table extends Readonly<Record<string, ProblemWords>>>(
  table: Table,
): Table {
  return table;
}
