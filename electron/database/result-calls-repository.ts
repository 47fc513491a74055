import type { Kysely } from 'kysely';

import { hospitalFileOf, type HospitalFile } from './hospital-files-repository.ts';
import type { ResultCallTable, Tables } from './schema.ts';
import type { UnitOfWork } from './unit-of-work.ts';

/** A result that waits to be called back. */
export type WaitingResult = HospitalFile & {
  readonly visitId: string;
  readonly number: string;
  /** What came of calls before; null: there was none. */
  readonly call: Pick<ResultCallTable, 'state' | 'attempts' | 'last_at' | 'last_problem'> | null;
};

/** Results that are called back to the hospital's system, until it has taken them. */
export type ResultCallsRepository = {
  /** Those that wait, oldest first, after one of them; `given-up` ones too: what comes after them for the same visit waits. */
  waiting(page: {
    readonly limit: number;
    readonly after?: string;
  }): Promise<readonly WaitingResult[]>;
  givenUp(page: {
    readonly limit: number;
    readonly after?: string;
  }): Promise<readonly WaitingResult[]>;
  countGivenUp(): Promise<number>;
  note(call: ResultCallTable): Promise<void>;
  /** The hospital's system has it: nothing is remembered of the calls. */
  forget(fileId: string): Promise<void>;
};

export function resultCallsRepository(
  db: Kysely<Tables>,
  { keys }: UnitOfWork,
): ResultCallsRepository {
  const waiting = ({ limit, after = '' }: { readonly limit: number; readonly after?: string }) =>
    db
      .selectFrom('hospital_files')
      .innerJoin('settlements', 'settlements.id', 'hospital_files.settlement_id')
      .leftJoin('result_calls', 'result_calls.file_id', 'hospital_files.id')
      .selectAll('hospital_files')
      .select([
        'settlements.visit_id as of_visit',
        'settlements.number as of_number',
        'result_calls.state as call_state',
        'result_calls.attempts as attempts',
        'result_calls.last_at as last_at',
        'result_calls.last_problem as last_problem',
      ])
      .where('hospital_files.state', '=', 'waiting')
      .where('hospital_files.id', '>', after)
      .orderBy('hospital_files.id')
      .limit(limit);
  type Row = Awaited<ReturnType<ReturnType<typeof waiting>['execute']>>[number];
  const resultOf = (row: Row): WaitingResult => ({
    ...hospitalFileOf(row),
    ...{ visitId: row.of_visit, number: row.of_number },
    call:
      row.call_state === null
        ? null
        : {
            ...{ state: row.call_state, attempts: row.attempts ?? 0 },
            ...{ last_at: row.last_at ?? '', last_problem: row.last_problem ?? '' },
          },
  });
  return {
    waiting: async (page) => (await waiting(page).execute()).map(resultOf),
    async givenUp(page) {
      const rows = await waiting(page).where('result_calls.state', '=', 'given-up').execute();
      return rows.map(resultOf);
    },
    async countGivenUp() {
      const { calls } = await db
        .selectFrom('result_calls')
        .select((select) => select.fn.countAll<number>().as('calls'))
        .where('state', '=', 'given-up')
        .executeTakeFirstOrThrow();
      return calls;
    },
    async note(call) {
      keys.assertAlone('a result that is called back');
      const { file_id: fileId, ...said } = call;
      await db
        .insertInto('result_calls')
        .values({ file_id: fileId, ...said })
        .onConflict((conflict) => conflict.column('file_id').doUpdateSet(said))
        .execute();
    },
    async forget(fileId) {
      keys.assertAlone('a result that is called back');
      await db.deleteFrom('result_calls').where('file_id', '=', fileId).execute();
    },
  };
}
