import type { Kysely } from 'kysely';

import type { PageSessionTable } from './page-tables.ts';
import type { Tables } from './schema.ts';
import type { UnitOfWork } from './unit-of-work.ts';

/** Where a page is: in a browser, or in a window of the program itself. */
export type PageKind = PageSessionTable['page'];
/** Why a page may ask no more. */
export type PageEndReason = NonNullable<PageSessionTable['end_reason']>;

/** A page that was let in, as it is kept. */
export type PageSessionRecord = {
  readonly id: string;
  readonly page: PageKind;
  /** Who sits at it; null: nobody has signed in. */
  readonly userId: string | null;
  readonly openedAt: string;
  readonly lastUsedAt: string;
  /** How long it has lived by the machine's own counter, which nobody sets back. */
  readonly livedMs: number;
  readonly end: { readonly at: string; readonly reason: PageEndReason } | null;
};

/** The pages of this window. */
export type PageSessionsRepository = {
  insert(session: PageSessionRecord, secretSha256: string): Promise<void>;
  find(id: string): Promise<PageSessionRecord | null>;
  findBySecret(secretSha256: string): Promise<PageSessionRecord | null>;
  /** Those that have not ended, oldest first. */
  live(limit: number): Promise<readonly PageSessionRecord[]>;
  /** Those that have ended, the latest opened first. */
  ended(limit: number): Promise<readonly PageSessionRecord[]>;
  noteUse(id: string, use: Pick<PageSessionRecord, 'lastUsedAt' | 'livedMs'>): Promise<void>;
  setUser(id: string, userId: string | null): Promise<void>;
  /** False: it had ended before, and stays as it was. */
  end(id: string, end: NonNullable<PageSessionRecord['end']>): Promise<boolean>;
};

export function pageSessionsRepository(
  db: Kysely<Tables>,
  { window, keys }: UnitOfWork,
): PageSessionsRepository {
  const ours = () => db.selectFrom('page_sessions').selectAll().where('window_id', '=', window.id);
  const change = (id: string) => {
    keys.assertAlone(`the page ${id}`);
    return db
      .updateTable('page_sessions')
      .where('id', '=', id)
      .where('window_id', '=', window.id)
      .where('ended_at', 'is', null);
  };
  return {
    async insert({ id, page, userId, openedAt, lastUsedAt, livedMs, end }, secretSha256) {
      keys.assertAlone(`the page ${id}`);
      await db
        .insertInto('page_sessions')
        .values({
          id,
          window_id: window.id,
          secret_sha256: secretSha256,
          page,
          user_id: userId,
          opened_at: openedAt,
          last_used_at: lastUsedAt,
          lived_ms: livedMs,
          ended_at: end?.at ?? null,
          end_reason: end?.reason ?? null,
        })
        .execute();
    },
    async find(id) {
      const row = await ours().where('id', '=', id).executeTakeFirst();
      return row === undefined ? null : recordOf(row);
    },
    async findBySecret(secretSha256) {
      const row = await ours().where('secret_sha256', '=', secretSha256).executeTakeFirst();
      return row === undefined ? null : recordOf(row);
    },
    async live(limit) {
      const rows = await ours()
        .where('ended_at', 'is', null)
        .orderBy('opened_at')
        .orderBy('id')
        .limit(limit)
        .execute();
      return rows.map(recordOf);
    },
    async ended(limit) {
      const rows = await ours()
        .where('ended_at', 'is not', null)
        .orderBy('opened_at', 'desc')
        .orderBy('id', 'desc')
        .limit(limit)
        .execute();
      return rows.map(recordOf);
    },
    async noteUse(id, { lastUsedAt, livedMs }) {
      await change(id).set({ last_used_at: lastUsedAt, lived_ms: livedMs }).execute();
    },
    async setUser(id, userId) {
      await change(id).set({ user_id: userId }).execute();
    },
    async end(id, { at, reason }) {
      const changed = await change(id)
        .set({ ended_at: at, end_reason: reason })
        .returning('id')
        .execute();
      return changed.length > 0;
    },
  };
}

function recordOf(row: PageSessionTable): PageSessionRecord {
  return {
    id: row.id,
    page: row.page,
    userId: row.user_id,
    openedAt: row.opened_at,
    lastUsedAt: row.last_used_at,
    livedMs: row.lived_ms,
    end:
      row.ended_at === null || row.end_reason === null
        ? null
        : { at: row.ended_at, reason: row.end_reason },
  };
}
