import { sql, type ExpressionBuilder, type Kysely, type SqlBool, type Expression } from 'kysely';

import type { RegisterTable, Tables } from './schema.ts';
import { touchPart } from './row-marks.ts';
import type { UnitOfWork } from './unit-of-work.ts';

/** A register: what it lists and whose it is. */
export type RegisterName = Pick<RegisterTable, 'kind' | 'source'>;

/** Which version of each register counts, and who prepares the next one. */
export type RegistersRepository = {
  /** The version that counts; 0 for a register of which none was ever taken in by versions. */
  version(register: RegisterName): Promise<number>;
  /** From here on only this import may prepare the register's next version. */
  begin(register: RegisterName, importId: string): Promise<void>;
  /** Whether it is still this import, and no later one, that prepares the next version. */
  isBuiltBy(register: RegisterName, importId: string): Promise<boolean>;
  /** Makes what was prepared count, all of it at once. */
  finish(register: RegisterName): Promise<void>;
};

export function registersRepository(
  db: Kysely<Tables>,
  { keys, marks, auditKey }: UnitOfWork,
): RegistersRepository {
  const find = ({ kind, source }: RegisterName) =>
    db
      .selectFrom('registers')
      .selectAll()
      .where('kind', '=', kind)
      .where('source', '=', source)
      .executeTakeFirst();
  return {
    version: async (register) => (await find(register))?.version ?? 0,
    async begin({ kind, source }, importId) {
      keys.assertAlone('a register');
      await touchPart(db, { marks, auditKey }, 'registers', [[source, kind]]);
      await db
        .insertInto('registers')
        .values({ kind, source, version: 0, building: importId })
        .onConflict((known) =>
          known.columns(['kind', 'source']).doUpdateSet({ building: importId }),
        )
        .execute();
    },
    isBuiltBy: async (register, importId) => (await find(register))?.building === importId,
    async finish({ kind, source }) {
      keys.assertAlone('a register');
      await touchPart(db, { marks, auditKey }, 'registers', [[source, kind]]);
      await db
        .updateTable('registers')
        .set((row) => ({ version: row('version', '+', 1), building: null }))
        .where('kind', '=', kind)
        .where('source', '=', source)
        .execute();
    },
  };
}

/**
 * Whose word a row is, as an expression that no index answers, for asking about some persons or cards of one register.
 * By the index of sources each group of them went through all that the register says of anybody: an import of 20,000
 * persons took 28 s of the processor instead of 4, and one of 100,000 the square of that.
 */
export function sourceUnindexed(table: 'person_categories' | 'person_cards') {
  return sql<string>`${sql.ref(`${table}.source`)} || ''`;
}

/** Rows of what registers say that count now; `registers` is joined by kind and source. */
export function countsNow<Table extends 'person_categories' | 'person_cards'>(table: Table) {
  return (each: ExpressionBuilder<Tables, Table | 'registers'>): Expression<SqlBool> => {
    // The two tables have the same columns, which the types of a query cannot say of one that is either.
    const row = each as unknown as ExpressionBuilder<Tables, 'person_cards' | 'registers'>;
    const added = `${table}.added_in` as 'person_cards.added_in';
    const removed = `${table}.removed_in` as 'person_cards.removed_in';
    const version = row.fn.coalesce('registers.version', row.val(0));
    return row.and([
      row(added, '<=', version),
      row.or([row(removed, 'is', null), row(removed, '>', version)]),
    ]);
  };
}

/**
 * The ids of at most so many entries of a register that left it with a version that counts by now: fewer than `most`, and
 * nothing is left to delete.
 */
export async function entriesToSweep(
  db: Kysely<Tables>,
  table: 'person_categories' | 'person_cards',
  { source, counts }: { readonly source: string; readonly counts: number },
  most: number,
): Promise<readonly number[]> {
  const rows = await db
    .selectFrom(table)
    .select('id')
    .where('source', '=', source)
    .where('removed_in', '<=', counts)
    .limit(most)
    .execute();
  return rows.map(({ id }) => id);
}
