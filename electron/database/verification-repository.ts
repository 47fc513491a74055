import { sql, type Kysely } from 'kysely';

import { auditHash } from './audit-repository.ts';
import type { ClaimWithHistory } from './claim-history.ts';
import { sealProblems } from './end-unit-marks.ts';
import { hospitalFilesMade, type HospitalFileMade } from './hospital-files-made.ts';
import { settledActs, type SettledAct, type SettledPage } from './settled-acts.ts';
import { problemsOfDeclarations } from './table-declaration.ts';
import { claimHistories, intentsToVerify, type IntentToVerify } from './verified-claims.ts';
import { sqlChecks } from './verification-checks.ts';
import type {
  AuditEntryTable,
  PersonYearOpeningTable,
  SettlementShareTable,
  Tables,
} from './schema.ts';
import type { UnitOfWork } from './unit-of-work.ts';

export type FoundProblem = { readonly about: string; readonly problem: string };

/** A settlement with everything its JSON must agree with. */
export type SettlementToVerify = {
  readonly id: string;
  /** What it was decided on. */
  readonly input_json: string;
  readonly input_version: number;
  readonly result_json: string;
  readonly result_version: number;
  readonly total_fen: number;
  readonly patient_pays_fen: number;
  readonly hospital_bears_fen: number;
  readonly deposit_fen: number;
  /** In their order. */
  readonly shares: readonly Pick<
    SettlementShareTable,
    'step' | 'payer' | 'destination' | 'amount_fen'
  >[];
  /** What it changed, by counter. */
  readonly changes: Readonly<Record<string, number>>;
};

export type OpeningToVerify = PersonYearOpeningTable & {
  /** What the year's counters open with. */
  readonly counters: Readonly<Record<string, number>>;
};

/** The key of an opening; a page begins after it. */
export type OpeningKey = Pick<PersonYearOpeningTable, 'person_id' | 'year'>;

/** A claim that replaced no other, and the message ids its settlement kept before, by destination. */
export type ClaimToVerify = {
  readonly id: string;
  readonly destination: string;
  readonly message_id: string;
  readonly message_ids_json: string;
};

/** A statement that was made, and what its file was. */
export type StatementMade = {
  /** Of its print job. */
  readonly id: string;
  readonly settlementId: string;
  readonly copyNumber: number;
  readonly number: string;
  /** Null: none is known to lie here. */
  readonly fileSha256: string | null;
};

/** What the check of the books reads. Nothing here is used to write. */
export type VerificationRepository = {
  /** SQLite's own check of the file, and of the references between rows. */
  integrityProblems(): Promise<readonly FoundProblem[]>;
  /** Tables, indexes and triggers that are not the ones this program makes. */
  declarationProblems(): Promise<readonly FoundProblem[]>;
  /** The names of the checks SQL makes by itself. */
  readonly checkNames: readonly string[];
  /** What one of them finds wrong, at most `limit` findings. */
  problemsOf(checkName: string, limit: number): Promise<readonly FoundProblem[]>;
  settlements(page: {
    readonly after: string;
    readonly limit: number;
  }): Promise<readonly SettlementToVerify[]>;
  /** Every settlement beside what the audit says of it. */
  settledActs(page: SettledPage): Promise<readonly SettledAct[]>;
  openings(page: {
    readonly after: OpeningKey;
    readonly limit: number;
  }): Promise<readonly OpeningToVerify[]>;
  /** Every intent with the message ids it kept. */
  intents(page: {
    readonly after: string;
    readonly limit: number;
  }): Promise<readonly IntentToVerify[]>;
  /** How many message ids were ever counted. */
  countedMessageIds(): Promise<number>;
  /** How many claims another one took the place of: each of those others has a message id of its own. */
  replacedClaims(): Promise<number>;
  /** How many messages that ask a payer to take a claim back were kept: each has a message id of its own. */
  keptUndos(): Promise<number>;
  claims(page: {
    readonly after: string;
    readonly limit: number;
  }): Promise<readonly ClaimToVerify[]>;
  /** Every claim with what happened to it. */
  claimHistories(page: {
    readonly after: string;
    readonly limit: number;
  }): Promise<readonly ClaimWithHistory[]>;
  /** Entries of some acts, in order: of few, such as those on users. */
  entriesOfActs(
    acts: readonly string[],
  ): Promise<readonly Pick<AuditEntryTable, 'sequence' | 'act' | 'about' | 'detail_json'>[]>;
  /** Of each thing that some acts are about, the last entry of any of them: of few things, such as users. */
  lastEntriesOf(
    acts: readonly string[],
  ): Promise<readonly Pick<AuditEntryTable, 'sequence' | 'act' | 'about' | 'detail_json'>[]>;
  auditEntries(page: {
    readonly after: number;
    readonly limit: number;
  }): Promise<readonly AuditEntryTable[]>;
  /** Every statement that was made. */
  statementsMade(page: {
    readonly after: string;
    readonly limit: number;
  }): Promise<readonly StatementMade[]>;
  /** The statements of settlements, made or not. */
  statementsOf(
    settlementIds: readonly string[],
  ): Promise<readonly Pick<StatementMade, 'settlementId' | 'copyNumber'>[]>;
  hospitalFilesMade(page: {
    readonly after: string;
    readonly limit: number;
  }): Promise<readonly HospitalFileMade[]>;
  /** What the hash of an entry must be, keyed where the chain has its key. */
  hashOf(entry: AuditEntryTable): string;
  /** What is wrong with the key of the chain or with the seal of its end. */
  sealProblems(): Promise<readonly FoundProblem[]>;
};

export function verificationRepository(
  db: Kysely<Tables>,
  { auditKey }: UnitOfWork,
): VerificationRepository {
  const entries = () =>
    db
      .selectFrom('audit_entries')
      .select(['sequence', 'act', 'about', 'detail_json'])
      .orderBy('sequence');
  return {
    async integrityProblems() {
      const integrity = await sql<{ integrity_check: string }>`PRAGMA integrity_check`.execute(db);
      const keys = await sql<{ table: string; rowid: number | null }>`
        PRAGMA foreign_key_check`.execute(db);
      return [
        ...integrity.rows
          .filter((row) => row.integrity_check !== 'ok')
          .map((row) => ({ about: 'file', problem: row.integrity_check })),
        ...keys.rows.map(({ table, rowid }) => ({
          about: `${table} ${String(rowid)}`,
          problem: 'names a row that is not there',
        })),
      ];
    },
    declarationProblems: () => problemsOfDeclarations(db),
    checkNames: sqlChecks.map(({ name }) => name),
    async problemsOf(checkName, limit) {
      const check = sqlChecks.find(({ name }) => name === checkName);
      if (check === undefined) throw new Error(`no check is called ${checkName}`);
      const found: FoundProblem[] = [];
      for (const query of check.queries) {
        const left = limit - found.length;
        if (left <= 0) break;
        const { rows } = await sql
          .raw<FoundProblem>(`select about, problem from (${query}) as found limit ${String(left)}`)
          .execute(db);
        found.push(...rows);
      }
      return found;
    },
    settlements: (page) => settlementsToVerify(db, page),
    settledActs: (page) => settledActs(db, page),
    openings: (page) => openingsToVerify(db, page),
    intents: (page) => intentsToVerify(db, page),
    async countedMessageIds() {
      const { counted } = await db
        .selectFrom('message_sequences')
        .select((select) => select.fn.sum<number | null>('last').as('counted'))
        .executeTakeFirstOrThrow();
      return counted ?? 0;
    },
    async keptUndos() {
      const { kept } = await db
        .selectFrom('claim_events')
        .select((select) => select.fn.countAll<number>().as('kept'))
        .where('event', '=', 'undo-kept')
        .executeTakeFirstOrThrow();
      return kept;
    },
    async replacedClaims() {
      const { replaced } = await db
        .selectFrom('claims')
        .select((select) => select.fn.countAll<number>().as('replaced'))
        .where('state', '=', 'corrected')
        .executeTakeFirstOrThrow();
      return replaced;
    },
    claims: ({ after, limit }) =>
      db
        .selectFrom('claims')
        .innerJoin('settlement_intents as intent', 'intent.settlement_id', 'claims.settlement_id')
        .select(['claims.id', 'claims.destination', 'claims.message_id', 'intent.message_ids_json'])
        .where('claims.id', '>', after)
        .where((is) =>
          is.not(
            is.exists(
              is
                .selectFrom('claims as replaced')
                .select('replaced.id')
                .where('replaced.state', '=', 'corrected')
                .whereRef('replaced.settlement_id', '=', 'claims.settlement_id')
                .whereRef('replaced.destination', '=', 'claims.destination'),
            ),
          ),
        )
        .orderBy('claims.id')
        .limit(limit)
        .execute(),
    claimHistories: (page) => claimHistories(db, page),
    entriesOfActs: (acts) => entries().where('act', 'in', acts).execute(),
    lastEntriesOf: (acts) =>
      entries()
        .where('sequence', 'in', (from) =>
          from
            .selectFrom('audit_entries')
            .select((entry) => entry.fn.max('sequence').as('last'))
            .where('act', 'in', acts)
            .groupBy('about'),
        )
        .execute(),
    auditEntries: ({ after, limit }) =>
      db
        .selectFrom('audit_entries')
        .selectAll()
        .where('sequence', '>', after)
        .orderBy('sequence')
        .limit(limit)
        .execute(),
    statementsMade: ({ after, limit }) =>
      db
        .selectFrom('print_jobs')
        .innerJoin('settlements', 'settlements.id', 'print_jobs.settlement_id')
        .select([
          'print_jobs.id',
          'print_jobs.settlement_id as settlementId',
          'print_jobs.copy_number as copyNumber',
          'settlements.number',
          'print_jobs.file_sha256 as fileSha256',
        ])
        .where('print_jobs.document', '=', 'statement')
        .where('print_jobs.state', '=', 'confirmed')
        .where('print_jobs.id', '>', after)
        .orderBy('print_jobs.id')
        .limit(limit)
        .execute(),
    statementsOf: (settlementIds) =>
      db
        .selectFrom('print_jobs')
        .select(['settlement_id as settlementId', 'copy_number as copyNumber'])
        .where('document', '=', 'statement')
        .where('settlement_id', 'in', settlementIds)
        .execute(),
    hospitalFilesMade: (page) => hospitalFilesMade(db, page),
    hashOf: (entry) => auditHash(entry, auditKey),
    sealProblems: () => sealProblems(db, auditKey),
  };
}

async function settlementsToVerify(
  db: Kysely<Tables>,
  { after, limit }: { readonly after: string; readonly limit: number },
): Promise<readonly SettlementToVerify[]> {
  const rows = await db
    .selectFrom('settlements')
    .select(['id', 'input_json', 'input_version', 'result_json', 'result_version'])
    .select(['total_fen', 'patient_pays_fen'])
    .select(['hospital_bears_fen', 'deposit_fen'])
    .where('id', '>', after)
    .orderBy('id')
    .limit(limit)
    .execute();
  if (rows.length === 0) return [];
  const ids = rows.map(({ id }) => id);
  const shares = await db
    .selectFrom('settlement_shares')
    .select(['settlement_id', 'step', 'payer', 'destination', 'amount_fen'])
    .where('settlement_id', 'in', ids)
    .orderBy('settlement_id')
    .orderBy('position')
    .execute();
  const changes = await db
    .selectFrom('settlement_counter_changes')
    .select(['settlement_id', 'counter', 'change'])
    .where('settlement_id', 'in', ids)
    .execute();
  const sharesOf = Map.groupBy(shares, ({ settlement_id }) => settlement_id);
  const changesOf = Map.groupBy(changes, ({ settlement_id }) => settlement_id);
  return rows.map((row) => ({
    ...row,
    shares: sharesOf.get(row.id) ?? [],
    changes: Object.fromEntries(
      (changesOf.get(row.id) ?? []).map(({ counter, change }) => [counter, change]),
    ),
  }));
}

async function openingsToVerify(
  db: Kysely<Tables>,
  { after, limit }: { readonly after: OpeningKey; readonly limit: number },
): Promise<readonly OpeningToVerify[]> {
  const rows = await db
    .selectFrom('person_year_openings')
    .selectAll()
    .where((is) =>
      is.or([
        is('person_id', '>', after.person_id),
        is.and([is('person_id', '=', after.person_id), is('year', '>', after.year)]),
      ]),
    )
    .orderBy('person_id')
    .orderBy('year')
    .limit(limit)
    .execute();
  if (rows.length === 0) return [];
  const persons = [...new Set(rows.map(({ person_id }) => person_id))];
  const counters = await db
    .selectFrom('year_counters')
    .select(['person_id', 'year', 'counter', 'opening'])
    .where('person_id', 'in', persons)
    .execute();
  const keyOf = ({ person_id, year }: OpeningKey) => `${person_id} ${String(year)}`;
  const ofYear = Map.groupBy(counters, keyOf);
  return rows.map((row) => ({
    ...row,
    counters: Object.fromEntries(
      (ofYear.get(keyOf(row)) ?? []).map(({ counter, opening }) => [counter, opening]),
    ),
  }));
}
