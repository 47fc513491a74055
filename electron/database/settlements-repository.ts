import type { Kysely } from 'kysely';

import type { SettlementInput } from '../../shared/domain/person.ts';
import type { SettlementResult } from '../../shared/domain/settlement-result.ts';
import { tenderKinds, type Tender, type TenderKind } from '../../shared/domain/visit.ts';
import { fen, type Fen } from '../../shared/money/fen.ts';
import { assertSettlementHeld } from './held-keys.ts';
import { intentsOn, type SettlementIntents } from './settlement-intents.ts';
import type { CancellationTable, SettlementTable, Tables } from './schema.ts';
import { lastingSettlement, type LastingSettlement } from './settled-acts.ts';
import { resultDocument, resultText } from './stored-documents/result-document.ts';
import {
  settlementInputDocument,
  settlementInputText,
} from './stored-documents/settlement-input-document.ts';
import { readStored } from './stored-documents/stored-kind.ts';
import { touchPart } from './row-marks.ts';
import type { UnitOfWork } from './unit-of-work.ts';

export type { SettlementIntent } from './settlement-intents.ts';

/** One share as it was recorded: who decided it, our figure and the payer's. */
export type RecordedShare = {
  readonly step: string;
  readonly payer: string;
  readonly destination: string;
  readonly amountFen: Fen;
  readonly decidedBy: 'engine' | 'payer';
  readonly ourFen: Fen;
  readonly payerFen: Fen | null;
};

export type NewSettlement = {
  readonly settlementId: string;
  readonly number: string;
  readonly personId: string;
  readonly part: number;
  readonly billVersion: number;
  /** Exactly what was decided on, the year to date included. */
  readonly input: SettlementInput;
  readonly result: SettlementResult;
  readonly shares: readonly RecordedShare[];
  readonly tenders: readonly Tender[];
  readonly businessDate: string;
  readonly settledAt: string;
  readonly settledBy: string;
};

/** A settlement as it stands in the books, without what it was decided on. */
export type SettlementRecord = {
  readonly settlementId: string;
  readonly number: string;
  readonly visitId: string;
  readonly personId: string;
  readonly part: number;
  readonly billVersion: number;
  readonly result: SettlementResult;
  readonly year: number;
  readonly businessDate: string;
  readonly settledAt: string;
  readonly settledBy: string;
  readonly state: SettlementTable['state'];
};

export type SettlementsRepository = SettlementIntents & {
  /** Answers what stays of it as it was written. */
  insert(settlement: NewSettlement): Promise<LastingSettlement>;
  /** Keeps the number of a settlement's audit entry, once: its place among all settlements. */
  setEntry(settlementId: string, entry: number): Promise<void>;
  find(settlementId: string): Promise<SettlementRecord | null>;
  findByNumber(number: string): Promise<SettlementRecord | null>;
  /** The settlement of a part of a visit that stands; null if it is not settled. */
  findLive(visitId: string, part: number): Promise<SettlementRecord | null>;
  /** All of a visit, cancelled ones too, in the order they were settled. */
  ofVisit(visitId: string): Promise<readonly SettlementRecord[]>;
  /** All of a person, cancelled ones too, in the order they were settled. */
  ofPerson(personId: string): Promise<readonly SettlementRecord[]>;
  /** Everyone with a settlement that stands, by person id, after one of them. */
  personsWithLive(page: {
    readonly after: string;
    readonly limit: number;
  }): Promise<readonly string[]>;
  /** Exactly what a settlement was decided on. */
  inputOf(settlementId: string): Promise<SettlementInput | null>;
  sharesOf(settlementId: string): Promise<readonly RecordedShare[]>;
  tendersOf(settlementId: string): Promise<readonly Tender[]>;
  /** Marks the settlement and its intent cancelled and keeps the cancellation. */
  cancel(cancellation: CancellationTable): Promise<void>;
  cancellationOf(settlementId: string): Promise<CancellationTable | null>;
};

export function settlementsRepository(db: Kysely<Tables>, unit: UnitOfWork): SettlementsRepository {
  const base = () => db.selectFrom('settlements').selectAll();
  const recordOrNull = async (query: ReturnType<typeof base>): Promise<SettlementRecord | null> => {
    const row = await query.executeTakeFirst();
    return row === undefined ? null : recordOf(row);
  };
  return {
    ...intentsOn(db, unit),
    insert: (settlement) => insertSettlement(db, unit, settlement),
    async setEntry(settlementId, entry) {
      await assertSettlementHeld(db, unit.keys, settlementId);
      await db.updateTable('settlements').set({ entry }).where('id', '=', settlementId).execute();
    },
    find: (id) => recordOrNull(base().where('id', '=', id)),
    findByNumber: (number) => recordOrNull(base().where('number', '=', number)),
    findLive: (visitId, part) =>
      recordOrNull(
        base()
          .where('visit_id', '=', visitId)
          .where('part', '=', part)
          .where('state', '=', 'settled'),
      ),
    async ofVisit(visitId) {
      const rows = await base()
        .where('visit_id', '=', visitId)
        .orderBy('entry')
        .orderBy('id')
        .execute();
      return rows.map(recordOf);
    },
    async ofPerson(personId) {
      const rows = await base()
        .where('person_id', '=', personId)
        .orderBy('entry')
        .orderBy('id')
        .execute();
      return rows.map(recordOf);
    },
    async personsWithLive({ after, limit }) {
      const rows = await db
        .selectFrom('settlements')
        .select('person_id')
        .distinct()
        .where('person_id', '>', after)
        .where('state', '=', 'settled')
        .orderBy('person_id')
        .limit(limit)
        .execute();
      return rows.map(({ person_id }) => person_id);
    },
    async inputOf(settlementId) {
      const row = await db
        .selectFrom('settlements')
        .select(['input_json', 'input_version'])
        .where('id', '=', settlementId)
        .executeTakeFirst();
      if (row === undefined) return null;
      const { input_json: text, input_version: version } = row;
      return readStored(settlementInputDocument, { id: settlementId, version, text });
    },
    sharesOf: (settlementId) => sharesOf(db, settlementId),
    async tendersOf(settlementId) {
      const rows = await db
        .selectFrom('settlement_tenders')
        .selectAll()
        .where('settlement_id', '=', settlementId)
        .orderBy('position')
        .execute();
      return rows.map(({ kind, amount_fen }) => ({
        kind: tenderKindOf(kind),
        amountFen: fen(amount_fen),
      }));
    },
    async cancel(cancellation) {
      const { settlement_id: id } = cancellation;
      await assertSettlementHeld(db, unit.keys, id);
      await db.insertInto('cancellations').values(cancellation).execute();
      await db
        .updateTable('settlements')
        .set({ state: 'cancelled' })
        .where('id', '=', id)
        .execute();
      await touchPart(db, unit, 'settlement_intents', [[id]]);
      await db
        .updateTable('settlement_intents')
        .set({ state: 'cancelled' })
        .where('settlement_id', '=', id)
        .execute();
    },
    async cancellationOf(settlementId) {
      const row = await db
        .selectFrom('cancellations')
        .selectAll()
        .where('settlement_id', '=', settlementId)
        .executeTakeFirst();
      return row ?? null;
    },
  };
}

async function insertSettlement(
  db: Kysely<Tables>,
  { window, keys }: UnitOfWork,
  settlement: NewSettlement,
): Promise<LastingSettlement> {
  const { settlementId, input, result, shares, tenders } = settlement;
  keys.assertHeld('visit', input.visit.id);
  keys.assertHeld('person', settlement.personId);
  const row: SettlementTable = {
    id: settlementId,
    number: settlement.number,
    visit_id: input.visit.id,
    person_id: settlement.personId,
    part: settlement.part,
    bill_version: settlement.billVersion,
    pack: result.pack,
    pack_version: result.packVersion,
    input_json: settlementInputText(input),
    input_version: settlementInputDocument.newest,
    result_json: resultText(result),
    result_version: resultDocument.newest,
    total_fen: result.totalFen,
    patient_pays_fen: result.patientPaysFen,
    hospital_bears_fen: result.hospitalBearsFen,
    deposit_fen: result.due.depositFen,
    year: result.yearToDate.year,
    business_date: settlement.businessDate,
    settled_at: settlement.settledAt,
    settled_by: settlement.settledBy,
    state: 'settled',
    entry: 0,
    window_id: window.id,
    program: window.program,
  };
  await db.insertInto('settlements').values(row).execute();
  if (shares.length > 0) {
    const rows = shares.map((share, position) => ({
      settlement_id: settlementId,
      position,
      step: share.step,
      payer: share.payer,
      destination: share.destination,
      amount_fen: share.amountFen,
      decided_by: share.decidedBy,
      our_fen: share.ourFen,
      payer_fen: share.payerFen,
    }));
    await db.insertInto('settlement_shares').values(rows).execute();
  }
  if (tenders.length > 0) {
    const rows = tenders.map(({ kind, amountFen }, position) => ({
      settlement_id: settlementId,
      position,
      kind,
      amount_fen: amountFen,
    }));
    await db.insertInto('settlement_tenders').values(rows).execute();
  }
  return lastingSettlement(row);
}

async function sharesOf(
  db: Kysely<Tables>,
  settlementId: string,
): Promise<readonly RecordedShare[]> {
  const rows = await db
    .selectFrom('settlement_shares')
    .selectAll()
    .where('settlement_id', '=', settlementId)
    .orderBy('position')
    .execute();
  return rows.map((row) => ({
    step: row.step,
    payer: row.payer,
    destination: row.destination,
    amountFen: fen(row.amount_fen),
    decidedBy: row.decided_by,
    ourFen: fen(row.our_fen),
    payerFen: row.payer_fen === null ? null : fen(row.payer_fen),
  }));
}

function recordOf(row: SettlementTable): SettlementRecord {
  return {
    settlementId: row.id,
    number: row.number,
    visitId: row.visit_id,
    personId: row.person_id,
    part: row.part,
    billVersion: row.bill_version,
    result: readStored(resultDocument, {
      id: row.number,
      version: row.result_version,
      text: row.result_json,
    }),
    year: row.year,
    businessDate: row.business_date,
    settledAt: row.settled_at,
    settledBy: row.settled_by,
    state: row.state,
  };
}

function tenderKindOf(text: string): TenderKind {
  const kind = tenderKinds.find((known) => known === text);
  if (kind === undefined) throw new Error(`not a tender kind: ${text}`);
  return kind;
}
