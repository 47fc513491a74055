import { sql, type Kysely } from 'kysely';

import { accepted, refused, type Result } from '../../shared/domain/result.ts';
import { databaseRefusal, type SentClaim } from './database-refusals.ts';
import { fen, type Fen } from '../../shared/money/fen.ts';
import type { HeldKeys } from './held-keys.ts';
import {
  addClaimEvent,
  claimSendingOn,
  hindranceOfTakingBack,
  type ClaimSending,
} from './claim-sending.ts';
import { claimReturnsOn, type ClaimReturns } from './claim-returns.ts';
import { claimUndoingsOn, type ClaimUndoings } from './claim-undoing.ts';
import { claimCounts, type ClaimCount } from './claim-counts.ts';
import type { ClaimState, ClaimTable, Tables } from './schema.ts';
import {
  claimEventDocument,
  claimProblemDocument,
  problemColumns,
} from './stored-documents/claim-documents.ts';
import { readStored } from './stored-documents/stored-kind.ts';
import type { UnitOfWork } from './unit-of-work.ts';

export type ClaimItem = {
  readonly position: number;
  readonly step: string;
  readonly payer: string;
  readonly amountFen: Fen;
};

/** A claim as the settling transaction makes it. */
export type NewClaim = {
  readonly id: string;
  readonly settlementId: string;
  readonly visitId: string;
  readonly payer: string;
  readonly destination: string;
  /** Kept with the intent, before anything was sent. */
  readonly messageId: string;
  readonly claimedFen: Fen;
  readonly businessDate: string;
  readonly createdAt: string;
  readonly items: readonly ClaimItem[];
};

export type Claim = NewClaim & {
  readonly state: ClaimState;
  readonly approvedFen: Fen | null;
  readonly adjustedFen: Fen | null;
  readonly paidFen: Fen | null;
  readonly attempts: number;
  readonly lastAttemptAt: string | null;
  /** The payer's own reference once it accepted. */
  readonly payerReference: string | null;
  readonly problem: unknown;
  readonly runId: string | null;
};

export type OutboxSummary = {
  readonly waiting: number;
  readonly oldestCreatedAt: string | null;
  readonly rejected: number;
  readonly unknown: number;
};

export type { ClaimCount } from './claim-counts.ts';
export type { LateAnswer } from './claim-returns.ts';
export type { ClaimOutcome, ClaimProblem, ClaimsDatedLater } from './claim-sending.ts';

/** Why claims are not taken back. */
export type TakingBackCode = 'claim-already-sent' | 'outcome-unknown';

export type ClaimsRepository = ClaimSending &
  ClaimUndoings &
  ClaimReturns & {
    insertForSettlement(claims: readonly NewClaim[]): Promise<void>;
    /**
     * Takes the claims of a settlement back, also what a book of the hospital's own accepted. Refuses
     * `outcome-unknown` if it is not known of one whether its payer has it, `claim-already-sent` if its payer has it.
     */
    withdrawForCancellation(
      settlementId: string,
      at: string,
      isOwnBook: (destination: string) => boolean,
    ): Promise<Result<void, TakingBackCode>>;
    /** Puts a new claim in the place of a refused one, which is `corrected`; each says which the other is. */
    supersede(claimId: string, newClaim: NewClaim, at: string): Promise<void>;
    /**
     * The next message id of an institution: its code (12), the second (14), a sequence (4). The sequence is
     * kept, so that a clock set back never gives an id twice.
     */
    nextMessageId(institution: string, nowInstantText: string): Promise<string>;
    find(id: string): Promise<Claim | null>;
    ofSettlement(settlementId: string): Promise<readonly Claim[]>;
    /** A page of claims by id, at most `claimsPageMax`; `after` is the last one of the page before. */
    list(page: {
      readonly states?: readonly ClaimState[];
      readonly payer?: string;
      readonly destination?: string;
      readonly limit: number;
      readonly after?: string;
    }): Promise<readonly Claim[]>;
    /**
     * After a restore of older books: claims that were not final become `unknown`, for a payer may have them. Answers
     * how many that were.
     */
    doubtUnfinished(at: string): Promise<number>;
    outboxSummary(): Promise<OutboxSummary>;
    /** How many claims of which payer are in the given states. */
    counts(states: readonly ClaimState[]): Promise<readonly ClaimCount[]>;
  };

/** Each claim of a page is a value of the query for its items, and an engine takes only so many. */
export const claimsPageMax = 1000;

export function claimsRepository(db: Kysely<Tables>, { keys }: UnitOfWork): ClaimsRepository {
  return {
    ...claimSendingOn(db, keys),
    ...claimReturnsOn(db, keys),
    ...claimUndoingsOn(db, keys),
    insertForSettlement: (claims) => insertForSettlement(db, keys, claims),
    withdrawForCancellation: (settlementId, at, isOwnBook) =>
      withdraw(db, keys, { settlementId, at, isOwnBook }),
    supersede: (claimId, newClaim, at) => supersede(db, keys, { claimId, newClaim, at }),
    nextMessageId: (institution, now) => nextMessageId(db, keys, institution, now),
    async find(id) {
      const rows = await db.selectFrom('claims').selectAll().where('id', '=', id).execute();
      return (await withItems(db, rows))[0] ?? null;
    },
    async ofSettlement(settlementId) {
      const rows = await db
        .selectFrom('claims')
        .selectAll()
        .where('settlement_id', '=', settlementId)
        .orderBy('id')
        .execute();
      return withItems(db, rows);
    },
    async list({ states, payer, destination, limit, after }) {
      const rows = Math.min(limit, claimsPageMax);
      let query = db.selectFrom('claims').selectAll().orderBy('id').limit(rows);
      if (states !== undefined) query = query.where('state', 'in', states);
      if (destination !== undefined) query = query.where('destination', '=', destination);
      if (payer !== undefined) query = query.where('payer', '=', payer);
      if (after !== undefined) query = query.where('id', '>', after);
      return withItems(db, await query.execute());
    },
    outboxSummary: () => outboxSummary(db),
    counts: (states) => claimCounts(db, states),
    doubtUnfinished: (at) => doubtUnfinished(db, keys, at),
  };
}

/** States in which a payer may have moved on after the books that are restored were copied. */
const unfinished: readonly ClaimState[] = ['waiting', 'in-batch', 'sent', 'acknowledged'];

async function doubtUnfinished(db: Kysely<Tables>, keys: HeldKeys, at: string): Promise<number> {
  keys.assertAlone('every claim that is not final');
  await db
    .insertInto('claim_events')
    .columns(['claim_id', 'at', 'event', 'detail_json', 'detail_version'])
    .expression((claims) =>
      claims
        .selectFrom('claims')
        .select((row) => [
          'id',
          row.val(at).as('at'),
          row.val('books-restored').as('event'),
          row.val('{}').as('detail_json'),
          row.val(claimEventDocument.newest).as('detail_version'),
        ])
        .where('state', 'in', unfinished),
    )
    .execute();
  const doubted = await db
    .updateTable('claims')
    .set({ state: 'unknown' })
    .where('state', 'in', unfinished)
    .executeTakeFirst();
  return Number(doubted.numUpdatedRows);
}

async function insertForSettlement(
  db: Kysely<Tables>,
  keys: HeldKeys,
  claims: readonly NewClaim[],
): Promise<void> {
  for (const { visitId } of claims) keys.assertHeld('visit', visitId);
  if (claims.length === 0) return;
  await db
    .insertInto('claims')
    .values(
      claims.map((claim) => ({
        id: claim.id,
        settlement_id: claim.settlementId,
        visit_id: claim.visitId,
        payer: claim.payer,
        destination: claim.destination,
        state: 'waiting' as const,
        message_id: claim.messageId,
        claimed_fen: claim.claimedFen,
        approved_fen: null,
        adjusted_fen: null,
        paid_fen: null,
        business_date: claim.businessDate,
        created_at: claim.createdAt,
        attempts: 0,
        last_attempt_at: null,
        payer_reference: null,
        ...problemColumns(null),
        run_id: null,
      })),
    )
    .execute();
  const items = claims.flatMap(({ id, settlementId, items: own }) =>
    own.map(({ position, step, payer, amountFen }) => ({
      claim_id: id,
      position,
      settlement_id: settlementId,
      step,
      payer,
      amount_fen: amountFen,
    })),
  );
  await db.insertInto('claim_items').values(items).execute();
}

async function withdraw(
  db: Kysely<Tables>,
  keys: HeldKeys,
  {
    settlementId,
    at,
    isOwnBook,
  }: {
    readonly settlementId: string;
    readonly at: string;
    readonly isOwnBook: (destination: string) => boolean;
  },
): Promise<Result<void, TakingBackCode>> {
  const claims = await db
    .selectFrom('claims')
    .select(['id', 'visit_id', 'state', 'destination'])
    .where('settlement_id', '=', settlementId)
    .execute();
  for (const { visit_id } of claims) keys.assertHeld('visit', visit_id);
  const sent: SentClaim[] = [];
  const doubtful: SentClaim[] = [];
  for (const claim of claims) {
    const hindrance = await hindranceOfTakingBack(db, claim, isOwnBook(claim.destination));
    if (hindrance === 'sent') sent.push(claim);
    else if (hindrance === 'unknown') doubtful.push(claim);
  }
  if (doubtful.length > 0) return refused(databaseRefusal('outcome-unknown', { claims: doubtful }));
  if (sent.length > 0) return refused(databaseRefusal('claim-already-sent', { claims: sent }));
  for (const { id, state } of claims) {
    if (state === 'withdrawn' || state === 'corrected') continue;
    await db.updateTable('claims').set({ state: 'withdrawn' }).where('id', '=', id).execute();
    await addClaimEvent(db, id, at, 'withdrawn', {});
  }
  return accepted(undefined);
}

async function supersede(
  db: Kysely<Tables>,
  keys: HeldKeys,
  {
    claimId,
    newClaim,
    at,
  }: { readonly claimId: string; readonly newClaim: NewClaim; readonly at: string },
): Promise<void> {
  keys.assertHeld('visit', newClaim.visitId);
  // The old one first: of a settlement and a destination only one claim is live.
  await db
    .updateTable('claims')
    .set({ state: 'corrected' })
    .where('id', '=', claimId)
    .where('state', '=', 'rejected')
    .execute();
  await insertForSettlement(db, keys, [newClaim]);
  await addClaimEvent(db, claimId, at, 'superseded', { by: newClaim.id });
  await addClaimEvent(db, newClaim.id, at, 'supersedes', { claim: claimId });
}

const sequenceMax = 9999;

async function nextMessageId(
  db: Kysely<Tables>,
  keys: HeldKeys,
  institution: string,
  nowInstantText: string,
): Promise<string> {
  const code = institution.padEnd(12, '0').slice(0, 12);
  let instant = new Date(nowInstantText).getTime();
  for (;;) {
    const second = shanghaiSecond(instant);
    keys.takeHotRow('message_sequences');
    const given = await db
      .insertInto('message_sequences')
      .values({ institution: code, second, last: 1 })
      .onConflict((conflict) =>
        conflict
          .columns(['institution', 'second'])
          .doUpdateSet({ last: sql<number>`message_sequences.last + 1` })
          .where('message_sequences.last', '<', sequenceMax),
      )
      .returning('last')
      .executeTakeFirst();
    if (given === undefined) {
      // Every id of this second is used up: the next second's are free.
      instant += 1000;
      continue;
    }
    return `${code}${second}${String(given.last).padStart(4, '0')}`;
  }
}

/** `yyyyMMddHHmmss` in Asia/Shanghai, which keeps one offset all year. */
function shanghaiSecond(instant: number): string {
  return new Date(instant + 8 * 60 * 60 * 1000).toISOString().slice(0, 19).replace(/[-T:]/g, '');
}

async function withItems(
  db: Kysely<Tables>,
  rows: readonly ClaimTable[],
): Promise<readonly Claim[]> {
  if (rows.length === 0) return [];
  const items = await db
    .selectFrom('claim_items')
    .selectAll()
    .where(
      'claim_id',
      'in',
      rows.map(({ id }) => id),
    )
    .orderBy('claim_id')
    .orderBy('position')
    .execute();
  const itemsOf = Map.groupBy(items, ({ claim_id }) => claim_id);
  return rows.map((row) => ({
    id: row.id,
    settlementId: row.settlement_id,
    visitId: row.visit_id,
    payer: row.payer,
    destination: row.destination,
    messageId: row.message_id,
    claimedFen: fen(row.claimed_fen),
    businessDate: row.business_date,
    createdAt: row.created_at,
    state: row.state,
    approvedFen: fenOrNull(row.approved_fen),
    adjustedFen: fenOrNull(row.adjusted_fen),
    paidFen: fenOrNull(row.paid_fen),
    attempts: row.attempts,
    lastAttemptAt: row.last_attempt_at,
    payerReference: row.payer_reference,
    problem: problemOf(row),
    runId: row.run_id,
    items: (itemsOf.get(row.id) ?? []).map(({ position, step, payer, amount_fen }) => ({
      position,
      step,
      payer,
      amountFen: fen(amount_fen),
    })),
  }));
}

const fenOrNull = (amount: number | null): Fen | null => (amount === null ? null : fen(amount));

async function outboxSummary(db: Kysely<Tables>): Promise<OutboxSummary> {
  const rows = await db
    .selectFrom('claims')
    .select((select) => [
      'state',
      select.fn.countAll<number>().as('claims'),
      select.fn.min('created_at').as('oldest'),
    ])
    .where('state', 'in', ['waiting', 'in-batch', 'sent', 'acknowledged', 'rejected', 'unknown'])
    .groupBy('state')
    .execute();
  const countOf = (states: readonly ClaimState[]): number =>
    rows.filter(({ state }) => states.includes(state)).reduce((sum, { claims }) => sum + claims, 0);
  const oldest = rows.map((row) => row.oldest).sort()[0] ?? null;
  return {
    waiting: countOf(['waiting', 'in-batch', 'sent', 'acknowledged']),
    oldestCreatedAt: oldest,
    rejected: countOf(['rejected']),
    unknown: countOf(['unknown']),
  };
}

function problemOf(row: ClaimTable): unknown {
  const { id, last_problem_json: text, last_problem_version: version } = row;
  return text === null ? null : readStored(claimProblemDocument, { id, text, version });
}
