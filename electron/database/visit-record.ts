import { encodeVisitAndPerson } from '../../shared/contracts/stored-visit.ts';
import { claimGaps } from '../../shared/domain/claim-gaps.ts';
import type { Warning } from '../../shared/domain/result.ts';
import type { Visit } from '../../shared/domain/visit.ts';
import { sumFen, type Fen } from '../../shared/money/fen.ts';
import { canonicalJson } from './canonical-json.ts';
import type { VisitTable } from './schema.ts';
import { readStored } from './stored-documents/stored-kind.ts';
import { warningsDocument } from './stored-documents/warnings-document.ts';
import { visitDocument, type VisitAndPerson } from './stored-documents/visit-document.ts';

export type { VisitAndPerson } from './stored-documents/visit-document.ts';

/** A visit we keep, with the bill in force. */
export type VisitRecord = VisitAndPerson & {
  readonly visitId: string;
  readonly personId: string;
  readonly billVersion: number;
  readonly state: VisitTable['state'];
  /** When the hospital's system sent the bill, or last said that it still stands. */
  readonly receivedAt: string;
  readonly source: string;
  /** What was warned of when the bill came in. */
  readonly warnings: readonly Warning[];
};

/** What a visit and its person say, however they were written: equal texts are the same bill. */
export function meaningOf(bill: VisitAndPerson): string {
  return canonicalJson(encodeVisitAndPerson(bill));
}

/** What a row needs for its bill to be read. */
type StoredBill = Pick<VisitTable, 'id' | 'input_json' | 'input_version'>;

/** The visit and person of a row; throws as `readStored` does. */
export function storedBillOf({ id, input_json: text, input_version: version }: StoredBill) {
  return readStored(visitDocument, { id, version, text });
}

/** How many bills are kept read: the one on the desk is asked for again and again. */
const billsKeptRead = 16;
const billsRead = new Map<string, { readonly text: string; readonly bill: VisitAndPerson }>();

/** The bill of a hash, as its text was read; another text under the same hash was written past the program, and is read anew. */
function billOf(row: VisitTable): VisitAndPerson {
  const key = `${String(row.input_version)} ${row.bill_hash}`;
  const known = billsRead.get(key);
  if (known?.text === row.input_json) return known.bill;
  const bill = storedBillOf(row);
  const [oldest] = billsRead.keys();
  if (oldest !== undefined && billsRead.size >= billsKeptRead) billsRead.delete(oldest);
  billsRead.set(key, { text: row.input_json, bill });
  return bill;
}

export function visitRecordOf(row: VisitTable): VisitRecord {
  return {
    ...billOf(row),
    visitId: row.id,
    personId: row.person_id,
    billVersion: row.bill_version,
    state: row.state,
    receivedAt: row.received_at,
    source: row.source,
    warnings: readStored(warningsDocument, {
      ...{ id: row.id, version: row.warnings_version, text: row.warnings_json },
    }),
  };
}

/** The columns a bill fills, for lists and finders. */
export function billColumns({ visit, person }: VisitAndPerson) {
  const { bill } = visit;
  const principal = visit.diagnoses.find((diagnosis) => diagnosis.principal);
  return {
    kind: visit.kind,
    admitted_on: visit.admittedOn,
    discharged_on: visit.dischargedOn,
    hospital_level: visit.hospital.level,
    bed: visit.bed ?? null,
    department: visit.department?.name ?? null,
    admission_number: visit.admissionNumber ?? null,
    principal_diagnosis: principal?.name ?? null,
    total_fen: totalOf(visit),
    line_count: bill.kind === 'charges' ? bill.charges.length : 0,
    // A patient whom nobody insures asks no payer for anything.
    blocker_count:
      visit.blockers.length +
      (person.insurance === 'none' ? 0 : claimGaps({ visit, person }).length),
    person_name: person.name,
  };
}

function totalOf({ bill }: Visit): Fen {
  if (bill.kind === 'totals') return bill.totals.totalFen;
  return sumFen(bill.charges.map(({ amountFen }) => amountFen));
}
