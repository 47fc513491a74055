import { sql, type Kysely } from 'kysely';

import { canonicalJson, sha256 } from './canonical-json.ts';
import type { AuditKey } from './audit-key.ts';
import { digestOfSums } from './row-marks.ts';
import type { AuditEntryTable, AuditHeadTable, Tables } from './schema.ts';
import { auditDetailDocument } from './stored-documents/audit-detail-document.ts';
import type { UnitOfWork } from './unit-of-work.ts';

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
  /** Answers the number of the entry: the order of acts, whatever a clock says. A unit of work does it last. */
  append(entry: NewAuditEntry): Promise<number>;
  /** Entries in order, after a sequence number. */
  list(page: {
    readonly after: number;
    readonly limit: number;
  }): Promise<readonly AuditEntryTable[]>;
  /** The first of those entries of some acts that came after the first entry of another act and name who is no user. */
  ofNobody(
    acts: readonly string[],
    after: string,
  ): Promise<readonly Pick<AuditEntryTable, 'sequence' | 'who' | 'act'>[]>;
  /** What was done to one thing, in order. */
  about(id: string): Promise<readonly AuditEntryTable[]>;
  /**
   * What stands in the audit for a person's ID number: it is known again, and tells the number to nobody. Null where the
   * chain has no key yet, so that it has no marks either.
   */
  markOf(idNumber: string): string | null;
  /**
   * A mark of rows as they stand, which nobody makes without the key: an entry that holds it tells rows that were changed
   * later, past the program. Null where the chain has no key yet.
   */
  markOfRows(kind: string, rows: unknown): string | null;
  /** How the chain ends, and the key of its hashes as it is kept: closed under the folder's key. */
  end(): Promise<AuditEnd | null>;
};

/** The end of the chain; `key` null: its hashes have none yet. Null where nothing was ever done. */
export type AuditEnd = {
  readonly sequence: number;
  readonly hash: string;
  readonly seal: string;
  /** The digest of the sums of rows' marks that is sealed with it; empty where none are marked. */
  readonly rows: string;
  readonly key: { readonly firstEntry: number; readonly sealed: string } | null;
};

/** What the first entry's hash covers in place of an earlier one. */
export const auditChainStart = '0'.repeat(64);

/** So many are named: one is enough to look for the others. */
const ofNobodyMax = 100;

export function auditRepository(
  db: Kysely<Tables>,
  { window, keys, auditKey, marks }: UnitOfWork,
): AuditRepository {
  return {
    async append({ at, who, act, about, detail }) {
      keys.takeHotRow('audit_head');
      const head = await db
        .insertInto('audit_head')
        .values({ id: 1, sequence: 1, hash: auditChainStart })
        .onConflict((conflict) =>
          conflict.column('id').doUpdateSet({ sequence: sql<number>`audit_head.sequence + 1` }),
        )
        .returning(['sequence', 'hash'])
        .executeTakeFirstOrThrow();
      const entry = {
        sequence: head.sequence,
        at,
        who,
        act,
        about,
        detail_json: canonicalJson(detail),
        detail_version: auditDetailDocument.newest,
        previous_hash: head.hash,
        window_id: window.id,
        program: window.program,
      };
      const hash = auditHash(entry, auditKey);
      await db
        .insertInto('audit_entries')
        .values({ ...entry, hash })
        .execute();
      await db.updateTable('audit_head').set({ hash }).where('id', '=', 1).execute();
      marks.chainMoved();
      return entry.sequence;
    },
    list: ({ after, limit }) =>
      db
        .selectFrom('audit_entries')
        .selectAll()
        .where('sequence', '>', after)
        .orderBy('sequence')
        .limit(limit)
        .execute(),
    ofNobody: (acts, after) =>
      db
        .selectFrom('audit_entries')
        .select(['sequence', 'who', 'act'])
        .where('act', 'in', acts)
        .where('who', 'not in', (from) => from.selectFrom('users').select('id'))
        .where('sequence', '>', (from) =>
          from
            .selectFrom('audit_entries')
            .select((entry) => entry.fn.min('sequence').as('first'))
            .where('act', '=', after),
        )
        .orderBy('sequence')
        .limit(ofNobodyMax)
        .execute(),
    async end() {
      const head = await db.selectFrom('audit_head').selectAll().where('id', '=', 1).execute();
      const keys = await db.selectFrom('audit_keys').selectAll().where('id', '=', 1).execute();
      const [last] = head;
      const [key] = keys;
      if (last === undefined) return null;
      const { sequence, hash, seal } = last;
      return {
        ...{ sequence, hash, seal, rows: await digestOfSums(db) },
        key: key === undefined ? null : { firstEntry: key.first_entry, sealed: key.sealed },
      };
    },
    markOf: (idNumber) => auditKey?.macOf(`patient ${idNumber}`) ?? null,
    markOfRows: (kind, rows) => auditKey?.macOf(`rows ${kind} ${canonicalJson(rows)}`) ?? null,
    about: (id) =>
      db
        .selectFrom('audit_entries')
        .selectAll()
        .where('about', '=', id)
        .orderBy('sequence')
        .execute(),
  };
}

/**
 * The hash of an entry: over the hash before it and everything it says, its window and program and the version of
 * its detail where it has them. Keyed from the entry on that the chain has its key from.
 */
export function auditHash(entry: Omit<AuditEntryTable, 'hash'>, key: AuditKey | null): string {
  const { sequence, at, who, act, about, detail_json, previous_hash, window_id, program } = entry;
  const said = [previous_hash, sequence, at, who, act, about, detail_json];
  const by = window_id === null && program === null ? [] : [window_id, program];
  const version = entry.detail_version === 0 ? [] : [entry.detail_version];
  const text = JSON.stringify([...said, ...by, ...version]);
  return isKeyed(sequence, key) ? key.macOf(text) : sha256(text);
}

/**
 * What seals the end of a chain, with the digest of the sums of rows' marks as they are there: who cuts entries off, or brings old rows
 * back, cannot make the one of an earlier end. Empty without a key.
 */
export function headSeal(
  { sequence, hash }: Pick<AuditHeadTable, 'sequence' | 'hash'>,
  key: AuditKey | null,
  rows: string,
): string {
  if (!isKeyed(sequence, key)) return '';
  const end = `end ${String(sequence)} ${hash}`;
  return key.macOf(rows === '' ? end : `${end} ${rows}`);
}

function isKeyed(sequence: number, key: AuditKey | null): key is AuditKey {
  return key !== null && sequence >= key.firstEntry;
}
