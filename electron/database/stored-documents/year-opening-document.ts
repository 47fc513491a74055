import { decodeYearToDate, encodeYearToDate } from '../../../shared/contracts/stored-visit.ts';
import type { YearToDate } from '../../../shared/domain/person.ts';
import { canonicalJson } from '../canonical-json.ts';
import type { StoredKind } from './stored-kind.ts';

/** How a person's year stood before our own settlements: the contract's `yearToDate`. */
export const yearOpeningDocument: StoredKind<YearToDate> = {
  id: 'year-opening',
  name: { zh: '年度累计', en: 'year-to-date figures of person' },
  newest: 1,
  // Since version 1 a step's year may stand in full.
  steps: [(json) => json],
  decode: decodeYearToDate,
};

/** The text the opening of a year is stored as, in the newest version. */
export function yearOpeningText(year: YearToDate): string {
  return canonicalJson(encodeYearToDate(year));
}
