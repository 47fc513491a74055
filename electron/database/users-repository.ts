import type { Kysely } from 'kysely';

import type { Tables } from './schema.ts';
import type { UnitOfWork } from './unit-of-work.ts';
import type {
  SignInFailureTable,
  UserHoldingTable,
  UserPasswordTable,
  UserTable,
} from './user-tables.ts';

/** What may be changed of a user who is there. */
export type UserChanges = Partial<Omit<UserTable, 'id' | 'created_at' | 'created_by'>>;

/** Who may come in, with what only signing in needs to know. */
export type UsersRepository = {
  find(id: string): Promise<UserTable | null>;
  /** Of whatever state, by id, a page at a time. */
  list(page: { readonly after: string; readonly limit: number }): Promise<readonly UserTable[]>;
  /** Whether anybody was ever made: a folder without is at its first start. */
  isAnybody(): Promise<boolean>;
  add(user: UserTable): Promise<void>;
  change(id: string, changes: UserChanges): Promise<void>;

  /** The newest first. */
  passwordsOf(id: string, limit: number): Promise<readonly UserPasswordTable[]>;
  addPassword(password: UserPasswordTable): Promise<void>;
  /** The same password with today's parameters. */
  rehash(password: Pick<UserPasswordTable, 'user_id' | 'number' | 'hash'>): Promise<void>;

  failuresOf(id: string): Promise<SignInFailureTable | null>;
  keepFailures(failures: SignInFailureTable): Promise<void>;

  /** What is still to be handed over. */
  holdingsOf(id: string): Promise<readonly UserHoldingTable[]>;
  addHolding(holding: UserHoldingTable): Promise<void>;
  handOver(
    id: string,
    by: Pick<UserHoldingTable, 'handed_over_at' | 'handed_over_to'>,
  ): Promise<void>;
};

export function usersRepository(db: Kysely<Tables>, { keys }: UnitOfWork): UsersRepository {
  const assertAlone = (id: string): void => {
    keys.assertAlone(`the user ${id}`);
  };
  return {
    find: async (id) =>
      (await db.selectFrom('users').selectAll().where('id', '=', id).executeTakeFirst()) ?? null,
    list: ({ after, limit }) =>
      db
        .selectFrom('users')
        .selectAll()
        .where('id', '>', after)
        .orderBy('id')
        .limit(limit)
        .execute(),
    isAnybody: async () =>
      (await db.selectFrom('users').select('id').limit(1).executeTakeFirst()) !== undefined,
    async add(user) {
      assertAlone(user.id);
      await db.insertInto('users').values(user).execute();
    },
    async change(id, changes) {
      assertAlone(id);
      await db.updateTable('users').set(changes).where('id', '=', id).execute();
    },

    passwordsOf: (id, limit) =>
      db
        .selectFrom('user_passwords')
        .selectAll()
        .where('user_id', '=', id)
        .orderBy('number', 'desc')
        .limit(limit)
        .execute(),
    async addPassword(password) {
      assertAlone(password.user_id);
      await db.insertInto('user_passwords').values(password).execute();
    },
    async rehash({ user_id, number, hash }) {
      assertAlone(user_id);
      await db
        .updateTable('user_passwords')
        .set({ hash })
        .where('user_id', '=', user_id)
        .where('number', '=', number)
        .execute();
    },

    failuresOf: async (id) =>
      (await db
        .selectFrom('sign_in_failures')
        .selectAll()
        .where('user_id', '=', id)
        .executeTakeFirst()) ?? null,
    async keepFailures({ user_id, ...kept }) {
      assertAlone(user_id);
      await db
        .insertInto('sign_in_failures')
        .values({ user_id, ...kept })
        .onConflict((conflict) => conflict.column('user_id').doUpdateSet(kept))
        .execute();
    },

    holdingsOf: (id) =>
      db
        .selectFrom('user_holdings')
        .selectAll()
        .where('user_id', '=', id)
        .where('handed_over_at', 'is', null)
        .orderBy('since')
        .orderBy('id')
        .execute(),
    async addHolding(holding) {
      assertAlone(holding.user_id);
      await db.insertInto('user_holdings').values(holding).execute();
    },
    async handOver(id, by) {
      keys.assertAlone(`the holding ${id}`);
      await db.updateTable('user_holdings').set(by).where('id', '=', id).execute();
    },
  };
}
