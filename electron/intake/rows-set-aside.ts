import { isSameName } from '../../shared/domain/person-name.ts';
import type { IntakeProblem } from './intake-problem.ts';
import type { RowSetAside } from './read-register-file.ts';

/** Rows of a register that were not taken, as they are listed. */
export type RowsRefused = readonly IntakeProblem[];

export function rowsRefused(setAside: readonly RowSetAside[]): RowsRefused {
  return setAside.map(({ problem }) => problem);
}

/**
 * Whether somebody or something whom a register names no more may be what one of its bad rows speaks of: then it keeps
 * what it had. A row that can be told by its key speaks of that alone; one without may be of anybody of its name, and one
 * without a name of anybody.
 */
export function mayBeOfRowSetAside(
  setAside: readonly RowSetAside[],
): (known: { readonly key: string; readonly name: string }) => boolean {
  const keys = new Set(setAside.flatMap(({ key }) => key ?? []));
  const others = setAside.filter(({ key }) => key === null);
  const isOfAnybody = others.some(({ name }) => name === null);
  const names = others.flatMap(({ name }) => name ?? []);
  return ({ key, name }) =>
    keys.has(key) || isOfAnybody || names.some((each) => isSameName(each, name));
}
