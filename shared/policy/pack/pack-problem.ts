import type { Words } from '../../domain/result.ts';

/** What is wrong with a pack: where (path of keys), a code, and what to do about it. */
export type PackProblem = {
  readonly path: readonly (string | number)[];
  readonly code: string;
  readonly message: Words;
  readonly remedy: Words;
};

/** A problem in words: what is wrong, in both languages, and what to do. */
export function problem(
  path: PackProblem['path'],
  code: string,
  zh: string,
  en: string,
  remedyZh: string,
  remedyEn: string,
): PackProblem {
  return { path, code, message: { zh, en }, remedy: { zh: remedyZh, en: remedyEn } };
}
