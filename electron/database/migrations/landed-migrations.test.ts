import {
  DummyDriver,
  Kysely,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import { describe, expect, it } from 'vitest';

import { sha256 } from '../canonical-json.ts';
import type { Tables } from '../schema.ts';
import { migrations, type Migration } from './migrations.ts';

/** SHA-256 of the statements of each migration that live folders may have gone through. */
const landed: Readonly<Record<number, string>> = {
  10: '91f44e5182a24423ee0009d07fec78e417f88564823fe20880ae4e81d37c2a2f',
  20: '26aeaf3657edcd82cc404bb483f07fba3f70c8ddb09ceca69d5292ce6725a55b',
  40: 'b68313179acc30809626d43adb8e028c3aac929ae0195de573b0c0a4e6df48c1',
};

/** What a migration says to SQLite, statement by statement. */
async function statementsOf(migration: Migration): Promise<readonly string[]> {
  const statements: string[] = [];
  const database = new Kysely<Tables>({
    dialect: {
      createAdapter: () => new SqliteAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: (of) => new SqliteIntrospector(of),
      createQueryCompiler: () => new SqliteQueryCompiler(),
    },
    log: ({ query }) => {
      statements.push(query.sql);
    },
  });
  await migration.up(database, { windowId: 'a window' });
  return statements;
}

describe('a landed migration', () => {
  it.each(Object.entries(landed))(
    'says to the letter what it said: %s',
    async (number, expected) => {
      const migration = migrations.find((each) => each.number === Number(number));
      if (migration === undefined) throw new Error(`the migration ${number} is gone`);
      expect(sha256((await statementsOf(migration)).join(';\n'))).toBe(expected);
    },
  );
});
