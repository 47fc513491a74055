import { sql, type Kysely } from 'kysely';

import { sqlChecks } from './verification-checks.ts';
import type { AuditEntryTable, PersonYearOpeningTable, Tables } from './schema.ts';

export type FoundProblem = { readonly about: string; readonly problem: string };

/** A settlement with everything its JSON must agree with. */
export type SettlementToVerify = {
  readonly id: string;
  /** The year the decision began with, or `null`. */
  readonly year_before_json: string;
  readonly hospital_level: string;
  readonly result_json: string;
  readonly total_fen: number;
  readonly patient_pays_fen: number;
  readonly hospital_bears_fen: number;
  readonly deposit_fen: number;
  /** `[[step, payer, destination, amount in fen], …]` in the order of the shares. */
  readonly shares_json: string;
  /** `{counter: change}`. */
  readonly changes_json: string;
};

export type OpeningToVerify = PersonYearOpeningTable & {
  /** Where the page after this row begins. */
  readonly row: number;
  /** `{counter: opening}`. */
  readonly counters_json: string;
};

/** What the check of the books reads. Nothing here is used to write. */
export type VerificationRepository = {
  /** SQLite's own check of the file, and of the references between rows. */
  integrityProblems(): Promise<readonly FoundProblem[]>;
  /** The names of the checks SQL makes by itself. */
  readonly checkNames: readonly string[];
  /** What one of them finds wrong, at most `limit` findings. */
  problemsOf(checkName: string, limit: number): Promise<readonly FoundProblem[]>;
  settlements(page: {
    readonly after: string;
    readonly limit: number;
  }): Promise<readonly SettlementToVerify[]>;
  openings(page: {
    readonly after: number;
    readonly limit: number;
  }): Promise<readonly OpeningToVerify[]>;
  auditEntries(page: {
    readonly after: number;
    readonly limit: number;
  }): Promise<readonly AuditEntryTable[]>;
};

export function verificationRepository(db: Kysely<Tables>): VerificationRepository {
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
    checkNames: sqlChecks.map(({ name }) => name),
    async problemsOf(checkName, limit) {
      const check = sqlChecks.find(({ name }) => name === checkName);
      if (check === undefined) throw new Error(`no check is called ${checkName}`);
      const found: FoundProblem[] = [];
      for (const query of check.queries) {
        const left = limit - found.length;
        if (left <= 0) break;
        const { rows } = await sql
          .raw<FoundProblem>(`select about, problem from (${query}) limit ${String(left)}`)
          .execute(db);
        found.push(...rows);
      }
      return found;
    },
    async settlements({ after, limit }) {
      const { rows } = await sql<SettlementToVerify>`
        select id, coalesce(input_json -> '$.yearToDate', 'null') as year_before_json,
          input_json ->> '$.visit.hospital.level' as hospital_level, result_json, total_fen, patient_pays_fen, hospital_bears_fen,
          deposit_fen,
          (select json_group_array(json_array(step, payer, destination, amount_fen) order by position)
            from settlement_shares where settlement_id = settlements.id) as shares_json,
          (select json_group_object(counter, change)
            from settlement_counter_changes where settlement_id = settlements.id) as changes_json
        from settlements where id > ${after} order by id limit ${limit}`.execute(db);
      return rows;
    },
    async openings({ after, limit }) {
      const { rows } = await sql<OpeningToVerify>`
        select person_year_openings.rowid as row, person_year_openings.*,
          (select json_group_object(counter, opening) from year_counters
            where year_counters.person_id = person_year_openings.person_id
              and year_counters.year = person_year_openings.year) as counters_json
        from person_year_openings where person_year_openings.rowid > ${after}
        order by person_year_openings.rowid limit ${limit}`.execute(db);
      return rows;
    },
    auditEntries: ({ after, limit }) =>
      db
        .selectFrom('audit_entries')
        .selectAll()
        .where('sequence', '>', after)
        .orderBy('sequence')
        .limit(limit)
        .execute(),
  };
}
