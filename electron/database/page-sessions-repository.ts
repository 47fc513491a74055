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
  readonly secrets: PageSecrets;
};

/** Hashes of what the page shows. */
export type PageSecrets = {
  readonly sha256: string;
  /** What replaces it with its first use; null: nothing. */
  readonly next: NextSecret | null;
};

/** A secret that was given to a page, and when. */
export type NextSecret = { readonly sha256: string; readonly at: string };

/** The pages of this window. */
export type PageSessionsRepository = {
  insert(session: PageSessionRecord): Promise<void>;
  find(id: string): Promise<PageSessionRecord | null>;
  /** By its secret, or the one that replaces it. */
  findBySecret(secretSha256: string): Promise<PageSessionRecord | null>;
  /** Those that have not ended, by their ids, some at a time; `after`: the last one of those before. */
  live(page: { after: string; limit: number }): Promise<readonly PageSessionRecord[]>;
  /** Those that have ended, the latest opened first. */
  ended(limit: number): Promise<readonly PageSessionRecord[]>;
  noteUse(id: string, use: Pick<PageSessionRecord, 'lastUsedAt' | 'livedMs'>): Promise<void>;
  setUser(id: string, userId: string | null): Promise<void>;
  /** Somebody sat down there; `next` is the page's secret from its first use on, null: it keeps what it has. */
  signIn(id: string, userId: string, next: NextSecret | null): Promise<void>;
  /** The secret that replaces it was used: the one before is none any more. */
  takeNextSecret(id: string, secretSha256: string): Promise<void>;
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
    async insert({ id, page, userId, openedAt, lastUsedAt, livedMs, end, secrets }) {
      keys.assertAlone(`the page ${id}`);
      await db
        .insertInto('page_sessions')
        .values({
          id,
          window_id: window.id,
          secret_sha256: secrets.sha256,
          page,
          user_id: userId,
          opened_at: openedAt,
          last_used_at: lastUsedAt,
          lived_ms: livedMs,
          ended_at: end?.at ?? null,
          end_reason: end?.reason ?? null,
          next_secret_sha256: secrets.next?.sha256 ?? null,
          next_secret_at: secrets.next?.at ?? null,
        })
        .execute();
    },
    async find(id) {
      const row = await ours().where('id', '=', id).executeTakeFirst();
      return row === undefined ? null : recordOf(row);
    },
    async findBySecret(secretSha256) {
      const row = await ours()
        .where((where) =>
          where.or([
            where('secret_sha256', '=', secretSha256),
            where('next_secret_sha256', '=', secretSha256),
          ]),
        )
        .executeTakeFirst();
      return row === undefined ? null : recordOf(row);
    },
    async live({ after, limit }) {
      const rows = await ours()
        .where('ended_at', 'is', null)
        .where('id', '>', after)
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
    async signIn(id, userId, next) {
      const secret =
        next === null ? {} : { next_secret_sha256: next.sha256, next_secret_at: next.at };
      await change(id)
        .set({ user_id: userId, ...secret })
        .execute();
    },
    async takeNextSecret(id, secretSha256) {
      await change(id)
        .where('next_secret_sha256', '=', secretSha256)
        .set({ secret_sha256: secretSha256, next_secret_sha256: null, next_secret_at: null })
        .execute();
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
    secrets: {
      sha256: row.secret_sha256,
      next:
        row.next_secret_sha256 === null || row.next_secret_at === null
          ? null
          : { sha256: row.next_secret_sha256, at: row.next_secret_at },
    },
  };
}
