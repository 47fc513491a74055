import { decodeVisitAndPerson, encodeVisitAndPerson } from '../../shared/contracts/stored-visit.ts';
import type { Person } from '../../shared/domain/person.ts';
import type { Visit } from '../../shared/domain/visit.ts';
import { sumFen, type Fen } from '../../shared/money/fen.ts';
import { canonicalJson, sha256 } from './canonical-json.ts';
import type { VisitTable } from './schema.ts';

/** A visit and its person as the hospital's system sent them: exactly what will be decided on. */
export type VisitAndPerson = { readonly visit: Visit; readonly person: Person };

/** A visit we keep, with the bill in force. */
export type VisitRecord = VisitAndPerson & {
  readonly visitId: string;
  readonly personId: string;
  readonly billVersion: number;
  readonly state: VisitTable['state'];
  /** When the hospital's system sent the bill, or last said that it still stands. */
  readonly receivedAt: string;
  readonly source: string;
};

/** The text a visit and its person are kept as: the contract's Visit JSON without the year. */
export function inputJsonOf(bill: VisitAndPerson): string {
  return canonicalJson(encodeVisitAndPerson(bill));
}

/** The hash by which a bill is known again. */
export const billHashOf = sha256;

/** The visit and person of a text we kept; throws if it is not one, for what we keep always is. */
export function visitAndPersonFromJson(inputJson: string): VisitAndPerson {
  return decodeVisitAndPerson(JSON.parse(inputJson));
}

/** How many bills are kept read: the one on the desk is asked for again and again. */
const billsKeptRead = 16;
const billsRead = new Map<string, VisitAndPerson>();

/** The bill of a hash: the hash covers every letter of it, so what was read once never grows old. */
function billOf({ bill_hash: hash, input_json: text }: VisitTable): VisitAndPerson {
  const known = billsRead.get(hash);
  if (known !== undefined) return known;
  const bill = visitAndPersonFromJson(text);
  const [oldest] = billsRead.keys();
  if (oldest !== undefined && billsRead.size >= billsKeptRead) billsRead.delete(oldest);
  billsRead.set(hash, bill);
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
    blocker_count: visit.blockers.length,
    person_name: person.name,
  };
}

function totalOf({ bill }: Visit): Fen {
  if (bill.kind === 'totals') return bill.totals.totalFen;
  return sumFen(bill.charges.map(({ amountFen }) => amountFen));
}
