import { auditDetailDocument } from './audit-detail-document.ts';
import { billInDoubtDocument } from './bill-in-doubt-document.ts';
import { claimEventDocument, claimProblemDocument } from './claim-documents.ts';
import { folderFactDocument } from './folder-fact-document.ts';
import { hospitalFileDocument } from './hospital-file-document.ts';
import { payerReturnDocument } from './payer-return-document.ts';
import { intakeRefusalDocument } from './intake-refusal-document.ts';
import { movedDocument } from './moved-document.ts';
import { personMoreDocument } from './person-more-document.ts';
import { printProblemDocument } from './print-problem-document.ts';
import { resultDocument } from './result-document.ts';
import { settlementInputDocument } from './settlement-input-document.ts';
import type { StoredKind } from './stored-kind.ts';
import { warningsDocument } from './warnings-document.ts';
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
  /** The migration that gave them their version; before it every one is of version 0. */
  readonly since: number;
  /** Whether that migration also made the column of the text: before it there is none. */
  readonly isNewWith: boolean;
};

/** The migrations that gave documents their versions. */
const firstSince = 30;
const moreSince = 90;
const warningsSince = 108;
const doubtsSince = 111;
const orderSince = 121;

/** Every stored JSON that has a version. */
export const storedPlaces: readonly StoredPlace[] = [
  place(visitDocument, 'visits', 'input'),
  place(visitDocument, 'set_aside_bills', 'input'),
  place(settlementInputDocument, 'settlements', 'input'),
  place(resultDocument, 'settlements', 'result'),
  place(hospitalFileDocument, 'hospital_files', 'payload'),
  place(payerReturnDocument, 'payer_returns', 'content'),
  place(auditDetailDocument, 'audit_entries', 'detail', { key: ['sequence'] }),
  place(yearOpeningDocument, 'person_year_openings', 'opening', { key: ['person_id', 'year'] }),
  place(folderFactDocument, 'folder_facts', 'value', { key: ['name'], since: moreSince }),
  place(personMoreDocument, 'persons', 'more', { since: moreSince }),
  place(claimProblemDocument, 'claims', 'last_problem', { since: moreSince }),
  place(claimEventDocument, 'claim_events', 'detail', { since: moreSince }),
  place(printProblemDocument, 'print_jobs', 'problem', { since: moreSince }),
  place(movedDocument, 'person_numbers', 'moved', {
    ...{ key: ['id_number'], since: warningsSince, isNewWith: true },
  }),
  place(warningsDocument, 'visits', 'warnings', { since: warningsSince, isNewWith: true }),
  place(warningsDocument, 'set_aside_bills', 'warnings', { since: warningsSince, isNewWith: true }),
  place(billInDoubtDocument, 'bills_in_doubt', 'bill', {
    ...{ key: ['question_id'], since: doubtsSince, isNewWith: true },
  }),
  place(billInDoubtDocument, 'bill_questions', 'bill', { since: orderSince, isNewWith: true }),
  place(intakeRefusalDocument, 'intake_refusals', 'message', { since: moreSince }),
];

function place(
  kind: StoredKind<unknown>,
  table: string,
  column: string,
  {
    key = ['id'],
    since = firstSince,
    isNewWith = false,
  }: Partial<Pick<StoredPlace, 'key' | 'since' | 'isNewWith'>> = {},
): StoredPlace {
  const [text, version] = [`${column}_json`, `${column}_version`];
  return { kind, table, text, version, key, since, isNewWith };
}
