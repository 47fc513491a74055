import type { Kysely } from 'kysely';

import type { Warning } from '../../shared/domain/result.ts';
import { isBillOf, type BillIdentity } from './bill-identity.ts';
import { laterOrigin, type BillOrigin } from '../../shared/domain/bill-order.ts';
import { knownBillOf, originColumns, type KnownBill } from './bill-origin.ts';
import type { BillOriginColumns } from './visit-tables.ts';
import { wordsOfVisit } from '../base/search-words.ts';
import { canonicalJson } from './canonical-json.ts';
import type { VisitTable, SetAsideBillTable, Tables } from './schema.ts';
import {
  explainSetAsideBill,
  findSetAsideBill,
  openSetAsideBills,
  type OpenSetAsideBill,
  type SetAsideBill,
} from './set-aside-bills.ts';
import { findVisits } from './find-visits.ts';
import { keptNumberOf } from './kept-number.ts';
import { bearsMark, touchPart } from './row-marks.ts';
import type { UnitOfWork } from './unit-of-work.ts';
import { warningsColumns } from './stored-documents/warnings-document.ts';
import { visitDocument, visitDocumentOf } from './stored-documents/visit-document.ts';
import { summariesOfPerson, unsettledSummaries, type VisitSummary } from './visit-summaries.ts';
import {
  countWaitingBills,
  waitingBills,
  type WaitingBill,
  type WaitingCount,
  type WaitingPage,
  type WaitsFrom,
} from './waiting-bills.ts';
import {
  billColumns,
  meaningOf,
  storedBillOf,
  visitRecordOf,
  type VisitAndPerson,
  type VisitRecord,
} from './visit-record.ts';

export type { VisitAndPerson, VisitRecord } from './visit-record.ts';
export type { VisitSummary } from './visit-summaries.ts';

/** A bill as intake hands it over, its person already kept. */
export type NewBill = VisitAndPerson & {
  /** The Visit JSON of which visit and person were read. */
  readonly document: unknown;
  readonly identity: BillIdentity;
  readonly personId: string;
  /** Initials and full pinyin of the name, separated by a space. */
  readonly personPinyin: string;
  readonly receivedAt: string;
  readonly source: string;
  /** What was warned of when it came in. */
  readonly warnings: readonly Warning[];
  readonly origin: BillOrigin;
  /** The id it gets if it has to be set aside. */
  readonly newSetAsideId: string;
};

/** A bill that was known before anything of it was checked. */
export type RecognisedBill = {
  /** The visit's bill, or one that was set aside after its settlement. */
  readonly kind: 'same' | 'set-aside';
  readonly billVersion: number;
  readonly state: VisitTable['state'];
  /** Whether the year that came with it is the one it brought before; `unknown` where none was taken in with it. */
  readonly year: 'same' | 'other' | 'unknown';
};

/**
 * What became of a bill: `new`, `replaced` (the visit was unsettled), `same` (known already; only its time
 * was refreshed), or `set-aside` (the visit is settled and this is another bill: a person must look at it).
 */
export type SavedBill = {
  readonly kind: 'new' | 'replaced' | 'same' | 'set-aside';
  readonly visitId: string;
  readonly billVersion: number;
  /** Which settlement stands in the way of a bill that was set aside. */
  readonly settlementId: string | null;
  /** Whether the visit was settled already. */
  readonly isSettled: boolean;
};

export type VisitsRepository = {
  find(visitId: string): Promise<VisitRecord | null>;
  /** Whether a bill is known, by what was received alone; null: it is new or another one. */
  recognise(visitId: string, identity: BillIdentity): Promise<RecognisedBill | null>;
  /** The bill of a visit came again: it still stands. */
  refresh(
    visitId: string,
    arrival: {
      readonly receivedAt: string;
      readonly source: string;
      readonly receivedHash?: string;
      /** Absent: when the bill was made is not known better than before. */
      readonly origin?: BillOrigin;
    },
  ): Promise<void>;
  /** The bill in force and those set aside after the settlement that stands, each with when it was made. */
  originsOf(visitId: string): Promise<readonly KnownBill[]>;
  /** Keeps a bill; intents of the bill it replaces are abandoned. */
  saveBill(bill: NewBill): Promise<SavedBill>;
  /** The queue, oldest discharge first; `after` is the last visit of the page before. */
  listUnsettled(page: {
    readonly limit: number;
    readonly after?: string;
  }): Promise<readonly VisitSummary[]>;
  countUnsettled(): Promise<number>;
  /** Bills that came and are not settled, the longest waiting first, after one of them. */
  waitingBills(page: WaitingPage): Promise<readonly WaitingBill[]>;
  countWaitingBills(by: {
    readonly from: WaitsFrom;
    readonly days: readonly string[];
  }): Promise<readonly WaitingCount[]>;
  /** When the newest bill came; null: none ever did. */
  lastReceivedAt(): Promise<string | null>;
  /** By words of name, pinyin, bed and department, or by a number or a part of one (`find-visits.ts`). */
  search(text: string, limit: number): Promise<readonly VisitSummary[]>;
  ofPerson(personId: string): Promise<readonly VisitSummary[]>;
  /** What is missing is counted anew, since it is known who the patient is. */
  setBlockerCount(visitId: string, count: number): Promise<void>;
  setState(visitId: string, state: VisitTable['state']): Promise<void>;
  /** Bills that came after settlement and wait for a person, oldest first, after one of them. */
  openSetAsideBills(page: {
    readonly limit: number;
    readonly after?: string;
  }): Promise<readonly OpenSetAsideBill[]>;
  findSetAsideBill(id: string): Promise<SetAsideBill | null>;
  /** Somebody has said why the settlement stands although this bill came. */
  explainSetAsideBill(bill: Pick<SetAsideBill, 'id' | 'visit_id'>): Promise<void>;
  countOpenSetAsideBills(): Promise<number>;
  /**
   * After a cancellation the newest bill set aside becomes the visit's bill, as if it came now. Answers with
   * the new bill version; null if none was set aside.
   */
  takeSetAsideBill(settlementId: string): Promise<number | null>;
};

export function visitsRepository(
  db: Kysely<Tables>,
  { keys, marks, auditKey }: UnitOfWork,
): VisitsRepository {
  const rowOf = (visitId: string): Promise<VisitTable | undefined> =>
    db.selectFrom('visits').selectAll().where('id', '=', visitId).executeTakeFirst();
  return {
    async find(visitId) {
      const row = await rowOf(visitId);
      return row === undefined ? null : visitRecordOf(row);
    },
    async recognise(visitId, identity) {
      const known = await recognise(db, visitId, identity);
      if (known?.kind !== 'same' || known.state === 'settled') return known;
      // A row that was changed past the program is written anew from what came.
      return (await bearsMark(db, 'visits', [visitId], auditKey)) ? known : null;
    },
    async refresh(visitId, { receivedAt: received_at, source, receivedHash, origin }) {
      keys.assertHeld('visit', visitId);
      const year = receivedHash === undefined ? {} : { received_hash: receivedHash };
      const made = origin === undefined ? {} : originColumns(origin);
      const row = { received_at, source, ...year, ...made };
      if (origin !== undefined) await touchPart(db, { marks, auditKey }, 'visits', [[visitId]]);
      await db.updateTable('visits').set(row).where('id', '=', visitId).execute();
    },
    originsOf: (visitId) => originsOf(db, visitId),
    async saveBill(bill) {
      keys.assertHeld('visit', bill.visit.id);
      return saveBill({ db, marks, auditKey }, bill, await rowOf(bill.visit.id));
    },
    listUnsettled: (page) => unsettledSummaries(db, page),
    async countUnsettled() {
      const { visits } = await db
        .selectFrom('visits')
        .select((select) => select.fn.countAll<number>().as('visits'))
        .where('state', '=', 'unsettled')
        .executeTakeFirstOrThrow();
      return visits;
    },
    waitingBills: (page) => waitingBills(db, page),
    countWaitingBills: (by) => countWaitingBills(db, by),
    async lastReceivedAt() {
      const { at } = await db
        .selectFrom('visits')
        .select((select) => select.fn.max('received_at').as('at'))
        .executeTakeFirstOrThrow();
      return at;
    },
    search: (text, limit) => findVisits(db, { text, limit }),
    ofPerson: (personId) => summariesOfPerson(db, personId),
    async setBlockerCount(visitId, count) {
      keys.assertHeld('visit', visitId);
      const row = { blocker_count: count };
      await db.updateTable('visits').set(row).where('id', '=', visitId).execute();
    },
    async setState(visitId, state) {
      keys.assertHeld('visit', visitId);
      await db.updateTable('visits').set({ state }).where('id', '=', visitId).execute();
    },
    openSetAsideBills: (page) => openSetAsideBills(db, page),
    findSetAsideBill: (id) => findSetAsideBill(db, id),
    explainSetAsideBill: (bill) => explainSetAsideBill(db, { keys, marks, auditKey }, bill),
    async countOpenSetAsideBills() {
      const { bills } = await db
        .selectFrom('set_aside_bills')
        .select((select) => select.fn.countAll<number>().as('bills'))
        .where('state', '=', 'open')
        .executeTakeFirstOrThrow();
      return bills;
    },
    takeSetAsideBill: (settlementId) =>
      takeSetAsideBill(db, { keys, marks, auditKey }, settlementId),
  };
}

async function recognise(
  db: Kysely<Tables>,
  visitId: string,
  identity: BillIdentity,
): Promise<RecognisedBill | null> {
  const known = await db
    .selectFrom('visits')
    .select(['bill_hash', 'received_hash', 'input_version', 'bill_version', 'state'])
    .where('id', '=', visitId)
    .executeTakeFirst();
  if (known === undefined) return null;
  const { bill_version: billVersion, state } = known;
  const year = yearOf(known.received_hash, identity);
  if (isBillOf(identity, known)) return { kind: 'same', billVersion, state, year };
  if (state !== 'settled') return null;
  const aside = await setAsideBillsOf(db, visitId);
  if (!aside.some((bill) => isBillOf(identity, bill))) return null;
  return { kind: 'set-aside', billVersion, state, year };
}

function yearOf(receivedHash: string | null, identity: BillIdentity): RecognisedBill['year'] {
  if (receivedHash === null) return 'unknown';
  return receivedHash === identity.received ? 'same' : 'other';
}

async function originsOf(db: Kysely<Tables>, visitId: string): Promise<readonly KnownBill[]> {
  const columns = ['bill_hash', 'sent_version', 'made_at', 'made_by', 'received_at'] as const;
  const inForce = await db.selectFrom('visits').select(columns).where('id', '=', visitId).execute();
  const aside = await setAsideBillsOf(db, visitId);
  return [...inForce, ...aside].map(knownBillOf);
}

/** The bills set aside after the settlement of the visit that stands. */
function setAsideBillsOf(
  db: Kysely<Tables>,
  visitId: string,
): Promise<readonly SetAsideBillTable[]> {
  return db
    .selectFrom('set_aside_bills')
    .innerJoin('settlements', 'settlements.id', 'set_aside_bills.settlement_id')
    .selectAll('set_aside_bills')
    .where('set_aside_bills.visit_id', '=', visitId)
    .where('settlements.state', '=', 'settled')
    .execute();
}

async function saveBill(
  writing: Writing,
  bill: NewBill,
  known: VisitTable | undefined,
): Promise<SavedBill> {
  const { db, marks } = writing;
  const visitId = bill.visit.id;
  const arrival = {
    ...billColumns(bill),
    ...documentColumns(bill),
    received_hash: bill.identity.received,
    person_id: bill.personId,
    person_pinyin: bill.personPinyin,
  };
  if (known === undefined) {
    const first = { first_received_at: arrival.received_at, bill_version: 1 };
    const row = { ...arrival, ...first, id: visitId, state: 'unsettled' as const };
    marks.touch('visits', [visitId]);
    await db.insertInto('visits').values(row).execute();
    await keepWords(db, visitId, arrival);
    return { kind: 'new', visitId, billVersion: 1, settlementId: null, isSettled: false };
  }
  const meaning = meaningOf(bill);
  const isSame = isBillOf(bill.identity, known) || meaningOf(storedBillOf(known)) === meaning;
  if (isSame) {
    marks.touch('visits', [visitId]);
    // Perhaps written otherwise than before: it is known by how it was written last.
    const received_hash = known.state === 'settled' ? null : arrival.received_hash;
    const row = { ...arrival, received_hash, ...sameOrigin(known, bill.origin) };
    await db.updateTable('visits').set(row).where('id', '=', visitId).execute();
    await keepWords(db, visitId, arrival);
    const isSettled = known.state === 'settled';
    const { bill_version: billVersion } = known;
    return { kind: 'same', visitId, billVersion, settlementId: null, isSettled };
  }
  if (known.state === 'settled') {
    marks.touch('set_aside_bills', [bill.newSetAsideId]);
    return setAside(db, bill, known, meaning);
  }
  marks.touch('visits', [visitId]);
  const billVersion = known.bill_version + 1;
  await replaceBill(writing, visitId, { ...arrival, bill_version: billVersion });
  return { kind: 'replaced', visitId, billVersion, settlementId: null, isSettled: false };
}

/** Of the same bill written otherwise the later word of each kind stands. */
const sameOrigin = (known: VisitTable, come: BillOrigin): BillOriginColumns =>
  originColumns(laterOrigin(knownBillOf(known), come));

/** The columns of a bill as it was received, in the newest version. */
function documentColumns({ document, identity, receivedAt, source, warnings, origin }: NewBill) {
  return {
    ...originColumns(origin),
    ...warningsColumns(warnings),
    bill_hash: identity.bill,
    input_json: canonicalJson(visitDocumentOf(document)),
    input_version: visitDocument.newest,
    received_at: receivedAt,
    source,
  };
}

/** The other bill is kept beside the settled one, once, and changes nothing. */
async function setAside(
  db: Kysely<Tables>,
  bill: NewBill,
  known: VisitTable,
  meaning: string,
): Promise<SavedBill> {
  const { id: settlementId } = await db
    .selectFrom('settlements')
    .select('id')
    .where('visit_id', '=', known.id)
    .where('state', '=', 'settled')
    .executeTakeFirstOrThrow();
  const aside = await setAsideBillsOf(db, known.id);
  if (!aside.some((other) => meaningOf(storedBillOf(other)) === meaning)) {
    await db
      .insertInto('set_aside_bills')
      .values({
        ...documentColumns(bill),
        id: bill.newSetAsideId,
        visit_id: known.id,
        settlement_id: settlementId,
        state: 'open',
      })
      .execute();
  }
  return {
    ...{ kind: 'set-aside', visitId: known.id, billVersion: known.bill_version },
    ...{ settlementId, isSettled: true },
  };
}

/** Where a bill is written, and what is told of the rows. */
type Writing = { readonly db: Kysely<Tables> } & Pick<UnitOfWork, 'marks' | 'auditKey'>;

async function replaceBill(
  { db, ...unit }: Writing,
  visitId: string,
  columns: Partial<VisitTable>,
): Promise<void> {
  await db.updateTable('visits').set(columns).where('id', '=', visitId).execute();
  const begun = await db
    .selectFrom('settlement_intents')
    .select('settlement_id')
    .where('visit_id', '=', visitId)
    .where('state', '=', 'intended')
    .execute();
  const intents = begun.map(({ settlement_id: id }) => id);
  if (intents.length > 0) {
    const keys = intents.map((id) => [id] as const);
    await touchPart(db, unit, 'settlement_intents', keys);
    await db
      .updateTable('settlement_intents')
      .set({ state: 'abandoned' })
      .where('settlement_id', 'in', intents)
      .execute();
  }
  await keepWords(db, visitId, columns);
}

/** The words the visit is found by, in the place of those of its bill before. */
async function keepWords(
  db: Kysely<Tables>,
  visitId: string,
  { person_name: name, bed = null, department = null }: Partial<VisitTable>,
): Promise<void> {
  if (name === undefined) throw new Error('a bill names its patient');
  const words = wordsOfVisit({ name, bed, department });
  await db.deleteFrom('visit_words').where('visit_id', '=', visitId).execute();
  if (words.length === 0) return;
  const rows = words.map((word) => ({ word, visit_id: visitId }));
  await db.insertInto('visit_words').values(rows).execute();
}

async function takeSetAsideBill(
  db: Kysely<Tables>,
  { keys, marks, auditKey }: Pick<UnitOfWork, 'keys' | 'marks' | 'auditKey'>,
  settlementId: string,
): Promise<number | null> {
  const newest = await db
    .selectFrom('set_aside_bills')
    .selectAll()
    .where('settlement_id', '=', settlementId)
    .where('state', '=', 'open')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (newest === undefined) return null;
  keys.assertHeld('visit', newest.visit_id);
  marks.touch('visits', [newest.visit_id]);
  const { bill_version: version } = await db
    .selectFrom('visits')
    .select('bill_version')
    .where('id', '=', newest.visit_id)
    .executeTakeFirstOrThrow();
  const bill = storedBillOf(newest);
  // The later bill may have put right whose stay it is; intake kept that person when it came.
  const number = keptNumberOf(bill.person, newest.visit_id);
  const linked = await db
    .selectFrom('person_numbers')
    .select('person_id')
    .where('id_number', '=', number)
    .executeTakeFirst();
  const own = db.selectFrom('persons').select('id').where('id_number', '=', number);
  const personId = linked?.person_id ?? (await own.executeTakeFirstOrThrow()).id;
  await replaceBill({ db, marks, auditKey }, newest.visit_id, {
    ...billColumns(bill),
    person_id: personId,
    bill_version: version + 1,
    bill_hash: newest.bill_hash,
    received_hash: null,
    input_json: newest.input_json,
    input_version: newest.input_version,
    warnings_json: newest.warnings_json,
    warnings_version: newest.warnings_version,
    received_at: newest.received_at,
    source: newest.source,
    sent_version: newest.sent_version,
    made_at: newest.made_at,
    made_by: newest.made_by,
  });
  const aside = await db
    .selectFrom('set_aside_bills')
    .select('id')
    .where('settlement_id', '=', settlementId)
    .execute();
  const explained = aside.map(({ id }) => [id] as const);
  await touchPart(db, { marks, auditKey }, 'set_aside_bills', explained);
  await db
    .updateTable('set_aside_bills')
    .set({ state: 'explained' })
    .where('settlement_id', '=', settlementId)
    .execute();
  return version + 1;
}
