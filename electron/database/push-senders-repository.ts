import type { Kysely } from 'kysely';

import type { PushSenderTable, Tables } from './schema.ts';
import type { UnitOfWork } from './unit-of-work.ts';

/** A sender as it is listed: of its token nothing. */
export type PushSender = Omit<PushSenderTable, 'token_sha256'>;

/** Who may push bills over HTTP. */
export type PushSendersRepository = {
  add(sender: {
    readonly id: string;
    readonly name: string;
    readonly tokenHash: string;
    readonly at: string;
    readonly by: string;
  }): Promise<void>;
  /** All that ever were, oldest first. */
  list(): Promise<readonly PushSender[]>;
  /** The one whose token has this hash, unless it was ended. */
  findByToken(tokenHash: string): Promise<PushSender | null>;
  notePush(id: string, at: string): Promise<void>;
  end(
    id: string,
    ended: { readonly at: string; readonly by: string; readonly reason: string },
  ): Promise<void>;
};

export function pushSendersRepository(
  db: Kysely<Tables>,
  { keys }: UnitOfWork,
): PushSendersRepository {
  const columns = [
    ...(['id', 'name', 'made_at', 'made_by', 'last_push_at'] as const),
    ...(['ended_at', 'ended_by', 'end_reason'] as const),
  ];
  return {
    async add({ id, name, tokenHash, at, by }) {
      keys.assertAlone('a sender of bills');
      await db
        .insertInto('push_senders')
        .values({
          ...{ id, name, token_sha256: tokenHash, made_at: at, made_by: by, last_push_at: null },
          ...{ ended_at: null, ended_by: null, end_reason: null },
        })
        .execute();
    },
    list: () => db.selectFrom('push_senders').select(columns).orderBy('id').execute(),
    async findByToken(tokenHash) {
      const row = await db
        .selectFrom('push_senders')
        .select(columns)
        .where('token_sha256', '=', tokenHash)
        .where('ended_at', 'is', null)
        .executeTakeFirst();
      return row ?? null;
    },
    async notePush(id, at) {
      keys.assertAlone('a sender of bills');
      await db.updateTable('push_senders').set({ last_push_at: at }).where('id', '=', id).execute();
    },
    async end(id, { at, by, reason }) {
      keys.assertAlone('a sender of bills');
      await db
        .updateTable('push_senders')
        .set({ ended_at: at, ended_by: by, end_reason: reason })
        .where('id', '=', id)
        .where('ended_at', 'is', null)
        .execute();
    },
  };
}
