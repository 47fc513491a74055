import type { Person } from '../../shared/domain/person.ts';

/** No document's number begins so. */
const mark = '#';

/**
 * The number a bill's person is kept under. Who has none is a person of that visit alone, whatever the name: two unknown
 * patients are not one.
 */
export function keptNumberOf({ idNumber }: Pick<Person, 'idNumber'>, visitId: string): string {
  return idNumber === '' ? mark + visitId : idNumber;
}

/** The number of a document that a kept one is; empty: the person has none. */
export function documentNumberOf(kept: string): string {
  return kept.startsWith(mark) ? '' : kept;
}
