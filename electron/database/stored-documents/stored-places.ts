import { auditDetailDocument } from './audit-detail-document.ts';
import { hospitalFileDocument } from './hospital-file-document.ts';
import { resultDocument } from './result-document.ts';
import { settlementInputDocument } from './settlement-input-document.ts';
import type { StoredKind } from './stored-kind.ts';
import { visitDocument } from './visit-document.ts';
import { yearOpeningDocument } from './year-opening-document.ts';

/** Where documents of a kind lie: the columns of their text, of its version and of the row's key. */
export type StoredPlace = {
  readonly kind: StoredKind<unknown>;
  readonly table: string;
  readonly text: string;
  readonly version: string;
  /** One column, or two that together are the key. */
  readonly key: readonly [string] | readonly [string, string];
};

/** Every stored JSON that has a version. */
export const storedPlaces: readonly StoredPlace[] = [
  place(visitDocument, 'visits', 'input'),
  place(visitDocument, 'set_aside_bills', 'input'),
  place(settlementInputDocument, 'settlements', 'input'),
  place(resultDocument, 'settlements', 'result'),
  place(hospitalFileDocument, 'hospital_files', 'payload'),
  place(auditDetailDocument, 'audit_entries', 'detail', ['sequence']),
  place(yearOpeningDocument, 'person_year_openings', 'opening', ['person_id', 'year']),
];

function place(
  kind: StoredKind<unknown>,
  table: string,
  column: string,
  key: StoredPlace['key'] = ['id'],
): StoredPlace {
  return { kind, table, text: `${column}_json`, version: `${column}_version`, key };
}
