import type { Words } from '../../shared/domain/result.ts';

/** Something of a file that was not taken, and where: a row and column of a table, or a place in a JSON. */
export type IntakeProblem = {
  readonly row?: number;
  readonly column?: string;
  readonly place?: string;
  readonly code: string;
  readonly message: Words;
};

export type RefusedEntry = IntakeProblem & { readonly file: string };

/** More problems of one visit are not listed: the clerk has enough to see what is wrong. */
export const problemsListedMax = 50;

const nothingTaken = {
  zh: '没有采用，没有收钱。',
  en: 'It was not taken and no money moved.',
};

/** A problem in words: what is wrong, then that nothing was taken. */
export function intakeProblem(
  code: string,
  zh: string,
  en: string,
  where: Pick<IntakeProblem, 'row' | 'column' | 'place'> = {},
): IntakeProblem {
  const message = { zh: `${zh}。${nothingTaken.zh}`, en: `${en}. ${nothingTaken.en}` };
  return { ...where, code, message };
}
