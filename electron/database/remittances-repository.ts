import type { Kysely } from 'kysely';

import { fen, type Fen } from '../../shared/money/fen.ts';
import { addClaimEvent } from './claim-sending.ts';
import type {
  RemittanceFileTable,
  RemittanceLineTable,
  RemittanceTable,
} from './remittance-tables.ts';
import type { ClaimState, Tables } from './schema.ts';
import { claimEventDocument } from './stored-documents/claim-documents.ts';
import { readStored } from './stored-documents/stored-kind.ts';
import type { UnitOfWork } from './unit-of-work.ts';

/** What a payer's line is compared with. */
export type PayableClaim = {
  readonly id: string;
  readonly settlementId: string;
  readonly destination: string;
  readonly messageId: string;
  readonly payerReference: string | null;
  readonly state: ClaimState;
  readonly claimedFen: Fen;
  readonly items: readonly { readonly step: string; readonly amountFen: Fen }[];
  /** The lines of remittances that stand and are booked to it. */
  readonly booked: readonly BookedLine[];
};

export type BookedLine = {
  readonly remittanceId: string;
  readonly position: number;
  readonly step: string | null;
  readonly approvedFen: Fen;
  readonly adjustedFen: Fen;
  readonly paidFen: Fen;
};

/** What a claim comes to by the lines booked to it; nulls where there is none. */
export type PaidFigures = {
  readonly state: ClaimState;
  readonly approvedFen: Fen;
  readonly adjustedFen: Fen | null;
  readonly paidFen: Fen | null;
};

/** The payers' remittances, their files and lines, and what is paid of claims by them. */
export type RemittancesRepository = {
  /** Keeps a file as it came; one that is kept already keeps when and by whom, and learns whether it was refused. */
  keepFile(file: RemittanceFileTable): Promise<void>;
  file(payer: string, sha256: string): Promise<RemittanceFileTable | null>;
  /** The remittance of a payer that stands under this number. */
  ofNumber(payer: string, number: string): Promise<RemittanceTable | null>;
  /** The remittance of a payer that stands and came as this file. */
  ofFile(payer: string, sha256: string): Promise<RemittanceTable | null>;
  find(id: string): Promise<RemittanceTable | null>;
  /** Remittances, the latest first; `before` is the last one of the page before. */
  list(page: {
    readonly before?: string;
    readonly limit: number;
  }): Promise<readonly RemittanceTable[]>;
  linesOf(
    id: string,
    page: { readonly after: number; readonly limit: number },
  ): Promise<readonly RemittanceLineTable[]>;
  line(id: string, position: number): Promise<RemittanceLineTable | null>;
  /** The claims that some references name, whoever owes them. */
  claimsNamed(references: readonly string[]): Promise<readonly PayableClaim[]>;
  /** Claims by their ids. */
  claims(ids: readonly string[]): Promise<readonly PayableClaim[]>;
  insert(remittance: RemittanceTable, lines: readonly RemittanceLineTable[]): Promise<void>;
  setEntry(id: string, entry: number): Promise<void>;
  /** A line that was a difference is booked after all. */
  bookLine(id: string, position: number, claimId: string): Promise<void>;
  /** Keeps what a claim comes to, and by which event. */
  keepFigures(
    claimId: string,
    at: string,
    event: 'remitted' | 'remittance-taken-back',
    figures: PaidFigures,
  ): Promise<void>;
  /** What a claim's payer approved when it accepted it; the claim's amount where that is not kept. */
  approvedAtAcceptance(claimId: string): Promise<Fen>;
  takeBack(
    id: string,
    back: { readonly at: string; readonly who: string; readonly reason: string },
  ): Promise<void>;
  /** Every destination that claims were ever made for. */
  destinations(): Promise<readonly string[]>;
};

/** Each is a value of a statement, some three times. */
const namedAtOnce = 500;
const linesAtOnce = 500;

export function remittancesRepository(
  db: Kysely<Tables>,
  { keys }: UnitOfWork,
): RemittancesRepository {
  const standing = (payer: string) =>
    db
      .selectFrom('remittances')
      .selectAll()
      .where('payer', '=', payer)
      .where('state', '=', 'taken');
  const alone = (): void => {
    keys.assertAlone('a remittance');
  };
  return {
    async keepFile(file) {
      alone();
      await db
        .insertInto('remittance_files')
        .values(file)
        .onConflict((conflict) =>
          conflict.columns(['payer', 'sha256']).doUpdateSet({ refused_as: file.refused_as }),
        )
        .execute();
    },
    file: async (payer, sha256) =>
      (await db
        .selectFrom('remittance_files')
        .selectAll()
        .where('payer', '=', payer)
        .where('sha256', '=', sha256)
        .executeTakeFirst()) ?? null,
    ofNumber: async (payer, number) =>
      (await standing(payer).where('number', '=', number).executeTakeFirst()) ?? null,
    ofFile: async (payer, sha256) =>
      (await standing(payer).where('sha256', '=', sha256).executeTakeFirst()) ?? null,
    find: async (id) =>
      (await db.selectFrom('remittances').selectAll().where('id', '=', id).executeTakeFirst()) ??
      null,
    list({ before, limit }) {
      const all = db.selectFrom('remittances').selectAll().orderBy('id', 'desc').limit(limit);
      return (before === undefined ? all : all.where('id', '<', before)).execute();
    },
    linesOf: (id, { after, limit }) =>
      db
        .selectFrom('remittance_lines')
        .selectAll()
        .where('remittance_id', '=', id)
        .where('position', '>', after)
        .orderBy('position')
        .limit(limit)
        .execute(),
    line: async (id, position) =>
      (await db
        .selectFrom('remittance_lines')
        .selectAll()
        .where('remittance_id', '=', id)
        .where('position', '=', position)
        .executeTakeFirst()) ?? null,
    async claimsNamed(references) {
      const ids = new Set<string>();
      for (let from = 0; from < references.length; from += namedAtOnce) {
        const named = references.slice(from, from + namedAtOnce);
        for (const column of ['id', 'message_id', 'payer_reference'] as const) {
          const rows = await db
            .selectFrom('claims')
            .select('id')
            .where(column, 'in', named)
            .execute();
          for (const { id } of rows) ids.add(id);
        }
      }
      return payable(db, [...ids]);
    },
    claims: (ids) => payable(db, ids),
    async insert(remittance, lines) {
      alone();
      await db.insertInto('remittances').values(remittance).execute();
      for (let from = 0; from < lines.length; from += linesAtOnce)
        await db
          .insertInto('remittance_lines')
          .values(lines.slice(from, from + linesAtOnce))
          .execute();
    },
    async setEntry(id, entry) {
      alone();
      await db.updateTable('remittances').set({ entry }).where('id', '=', id).execute();
    },
    async bookLine(id, position, claimId) {
      alone();
      await db
        .updateTable('remittance_lines')
        .set({ state: 'booked', claim_id: claimId })
        .where('remittance_id', '=', id)
        .where('position', '=', position)
        .execute();
    },
    async keepFigures(claimId, at, event, figures) {
      alone();
      await addClaimEvent(db, claimId, at, event, figures);
      await db
        .updateTable('claims')
        .set({
          state: figures.state,
          approved_fen: figures.approvedFen,
          adjusted_fen: figures.adjustedFen,
          paid_fen: figures.paidFen,
        })
        .where('id', '=', claimId)
        .execute();
    },
    approvedAtAcceptance: (claimId) => approvedAtAcceptance(db, claimId),
    async takeBack(id, { at, who, reason }) {
      alone();
      await db
        .updateTable('remittances')
        .set({
          ...{ state: 'taken-back', taken_back_at: at, taken_back_by: who },
          taken_back_reason: reason,
        })
        .where('id', '=', id)
        .where('state', '=', 'taken')
        .execute();
    },
    async destinations() {
      const rows = await db
        .selectFrom('claims')
        .select('destination')
        .distinct()
        .orderBy('destination')
        .execute();
      return rows.map(({ destination }) => destination);
    },
  };
}

async function approvedAtAcceptance(db: Kysely<Tables>, claimId: string): Promise<Fen> {
  const claim = await db
    .selectFrom('claims')
    .select('claimed_fen')
    .where('id', '=', claimId)
    .executeTakeFirstOrThrow();
  const answer = await db
    .selectFrom('claim_events')
    .select(['id', 'detail_json as text', 'detail_version as version'])
    .where('claim_id', '=', claimId)
    .where('event', '=', 'answer-accepted')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (answer === undefined) return fen(claim.claimed_fen);
  const { id, ...stored } = answer;
  const { approvedFen } = readStored(claimEventDocument, { id: String(id), ...stored });
  return fen(typeof approvedFen === 'number' ? approvedFen : claim.claimed_fen);
}

async function payable(
  db: Kysely<Tables>,
  ids: readonly string[],
): Promise<readonly PayableClaim[]> {
  const found: PayableClaim[] = [];
  for (let from = 0; from < ids.length; from += namedAtOnce)
    found.push(...(await payablePage(db, ids.slice(from, from + namedAtOnce))));
  return found;
}

async function payablePage(
  db: Kysely<Tables>,
  ids: readonly string[],
): Promise<readonly PayableClaim[]> {
  const claims = await db
    .selectFrom('claims')
    .select(['id', 'settlement_id', 'destination', 'message_id', 'payer_reference'])
    .select(['state', 'claimed_fen'])
    .where('id', 'in', ids)
    .orderBy('id')
    .execute();
  const items = await db
    .selectFrom('claim_items')
    .select(['claim_id', 'step', 'amount_fen'])
    .where('claim_id', 'in', ids)
    .orderBy('claim_id')
    .orderBy('position')
    .execute();
  const lines = await db
    .selectFrom('remittance_lines as line')
    .innerJoin('remittances as remittance', 'remittance.id', 'line.remittance_id')
    .select(['line.claim_id', 'line.remittance_id', 'line.position', 'line.step'])
    .select(['line.approved_fen', 'line.adjusted_fen', 'line.paid_fen'])
    .where('line.claim_id', 'in', ids)
    .where('line.state', '=', 'booked')
    .where('remittance.state', '=', 'taken')
    .orderBy('line.remittance_id')
    .orderBy('line.position')
    .execute();
  const itemsOf = Map.groupBy(items, ({ claim_id }) => claim_id);
  const linesOf = Map.groupBy(lines, ({ claim_id }) => claim_id);
  return claims.map((claim) => ({
    ...{ id: claim.id, settlementId: claim.settlement_id, destination: claim.destination },
    ...{ messageId: claim.message_id, payerReference: claim.payer_reference },
    ...{ state: claim.state, claimedFen: fen(claim.claimed_fen) },
    items: (itemsOf.get(claim.id) ?? []).map(({ step, amount_fen }) => ({
      step,
      amountFen: fen(amount_fen),
    })),
    booked: (linesOf.get(claim.id) ?? []).map((line) => ({
      ...{ remittanceId: line.remittance_id, position: line.position, step: line.step },
      approvedFen: fen(line.approved_fen),
      adjustedFen: fen(line.adjusted_fen),
      paidFen: fen(line.paid_fen),
    })),
  }));
}
