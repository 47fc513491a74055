import type { Kysely } from 'kysely';

import { canonicalJson, sha256 } from './canonical-json.ts';
import type { AuditEntryTable, Tables } from './schema.ts';

/** What somebody did, to what, and its particulars. Ids and codes, no names or ID numbers. */
export type NewAuditEntry = {
  readonly at: string;
  readonly who: string;
  /** A verb in words, such as `settle-visit`. */
  readonly act: string;
  /** The id of what it was done to. */
  readonly about: string;
  readonly detail: unknown;
};

/** The audit chain. Every act appends to it in the transaction that keeps the act. */
export type AuditRepository = {
  append(entry: NewAuditEntry): Promise<void>;
  /** Entries in order, after a sequence number. */
  list(page: {
    readonly after: number;
    readonly limit: number;
  }): Promise<readonly AuditEntryTable[]>;
  /** What was done to one thing, in order. */
  about(id: string): Promise<readonly AuditEntryTable[]>;
};

/** What the first entry's hash covers in place of an earlier one. */
export const auditChainStart = '0'.repeat(64);

export function auditRepository(db: Kysely<Tables>): AuditRepository {
  return {
    async append({ at, who, act, about, detail }) {
      const last = await db
        .selectFrom('audit_entries')
        .select(['sequence', 'hash'])
        .orderBy('sequence', 'desc')
        .limit(1)
        .executeTakeFirst();
      const entry = {
        sequence: (last?.sequence ?? 0) + 1,
        at,
        who,
        act,
        about,
        detail_json: canonicalJson(detail),
        previous_hash: last?.hash ?? auditChainStart,
      };
      await db
        .insertInto('audit_entries')
        .values({ ...entry, hash: auditHash(entry) })
        .execute();
    },
    list: ({ after, limit }) =>
      db
        .selectFrom('audit_entries')
        .selectAll()
        .where('sequence', '>', after)
        .orderBy('sequence')
        .limit(limit)
        .execute(),
    about: (id) =>
      db
        .selectFrom('audit_entries')
        .selectAll()
        .where('about', '=', id)
        .orderBy('sequence')
        .execute(),
  };
}

/** The hash of an entry: over the hash before it and everything it says. */
export function auditHash(entry: Omit<AuditEntryTable, 'hash'>): string {
  const { sequence, at, who, act, about, detail_json, previous_hash } = entry;
  return sha256(JSON.stringify([previous_hash, sequence, at, who, act, about, detail_json]));
}
