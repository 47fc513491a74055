import type { Kysely } from 'kysely';

import type { HeldKeys } from './held-keys.ts';
import type { Tables } from './schema.ts';
import { payerReturnDocument, storedReturn } from './stored-documents/payer-return-document.ts';
import { readStored } from './stored-documents/stored-kind.ts';
import type { UnitOfWork } from './unit-of-work.ts';
import type { PayerReturnKind } from './upload-tables.ts';

/** What of a return did not fit, or contradicts what stands; texts as they were said and as we have them. */
export type ReturnFinding = {
  readonly code: string;
  /** From 1; null: of the whole return. */
  readonly line: number | null;
  readonly field: string | null;
  readonly said: string;
  readonly ours: string;
  /** The claim it contradicts, or does not fit; null: none is known. */
  readonly claimId: string | null;
};

/** A return as it was fetched; `unread` until all of it has been taken in. */
export type PayerReturn = {
  readonly id: string;
  readonly profile: string;
  readonly name: string;
  readonly sha256: string;
  readonly fetchedAt: string;
  readonly kind: PayerReturnKind;
  readonly readAt: string | null;
};

/** What payers leave for us: kept whole before it is read, once by its name and content. */
export type PayerReturnsRepository = {
  /** Keeps a return; answers the one that is kept already where name and content are known. */
  keep(found: {
    readonly id: string;
    readonly profile: string;
    readonly name: string;
    readonly sha256: string;
    readonly content: Uint8Array;
    readonly at: string;
  }): Promise<PayerReturn>;
  /** Keeps what a return was, and what of it did not fit. */
  finish(
    id: string,
    read: {
      readonly kind: Exclude<PayerReturnKind, 'unread'>;
      readonly at: string;
      readonly findings: readonly ReturnFinding[];
    },
  ): Promise<void>;
  find(id: string): Promise<PayerReturn | null>;
  /** Its bytes, as they came. */
  contentOf(id: string): Promise<Uint8Array>;
  /** Returns of one kind, the oldest first, at most `limit`; `after` is the last one of those before. */
  ofKind(
    kind: PayerReturnKind,
    page: { readonly after: string; readonly limit: number },
  ): Promise<readonly PayerReturn[]>;
  /** The newest returns first, at most `limit`. */
  latest(limit: number): Promise<readonly PayerReturn[]>;
  findingsOf(id: string): Promise<readonly ReturnFinding[]>;
  /** What returns say against what stands: differences, until somebody explains them. */
  contradictions(claimId: string): Promise<readonly ReturnFinding[]>;
};

export function payerReturnsRepository(
  db: Kysely<Tables>,
  { keys }: UnitOfWork,
): PayerReturnsRepository {
  const columns = ['id', 'profile', 'name', 'sha256', 'fetched_at', 'kind', 'read_at'] as const;
  return {
    async keep({ id, profile, name, sha256, content, at }) {
      assertAlone(keys);
      const known = await db
        .selectFrom('payer_returns')
        .select(columns)
        .where('profile', '=', profile)
        .where('name', '=', name)
        .where('sha256', '=', sha256)
        .executeTakeFirst();
      if (known !== undefined) return returnOf(known);
      const row = {
        id,
        profile,
        name,
        sha256,
        fetched_at: at,
        kind: 'unread',
        read_at: null,
      } as const;
      await db
        .insertInto('payer_returns')
        .values({
          ...row,
          content_json: storedReturn(content),
          content_version: payerReturnDocument.newest,
        })
        .execute();
      return returnOf(row);
    },
    async finish(id, { kind, at, findings }) {
      assertAlone(keys);
      await db
        .updateTable('payer_returns')
        .set({ kind, read_at: at })
        .where('id', '=', id)
        .where('kind', '=', 'unread')
        .execute();
      for (const [position, { claimId, ...finding }] of findings.entries()) {
        await db
          .insertInto('payer_return_findings')
          .values({ return_id: id, position, ...finding, claim_id: claimId })
          .execute();
      }
    },
    async find(id) {
      const row = await db
        .selectFrom('payer_returns')
        .select(columns)
        .where('id', '=', id)
        .executeTakeFirst();
      return row === undefined ? null : returnOf(row);
    },
    async contentOf(id) {
      const row = await db
        .selectFrom('payer_returns')
        .select(['content_json as text', 'content_version as version'])
        .where('id', '=', id)
        .executeTakeFirstOrThrow();
      return readStored(payerReturnDocument, { id, ...row });
    },
    async ofKind(kind, { after, limit }) {
      const rows = await db
        .selectFrom('payer_returns')
        .select(columns)
        .where('kind', '=', kind)
        .where('id', '>', after)
        .orderBy('id')
        .limit(limit)
        .execute();
      return rows.map(returnOf);
    },
    async latest(limit) {
      const rows = await db
        .selectFrom('payer_returns')
        .select(columns)
        .orderBy('id', 'desc')
        .limit(limit)
        .execute();
      return rows.map(returnOf);
    },
    findingsOf: (id) => findingsWhere(db, 'return_id', id),
    contradictions: (claimId) => findingsWhere(db, 'claim_id', claimId),
  };
}

async function findingsWhere(
  db: Kysely<Tables>,
  column: 'return_id' | 'claim_id',
  value: string,
): Promise<readonly ReturnFinding[]> {
  let query = db
    .selectFrom('payer_return_findings')
    .select(['code', 'line', 'field', 'said', 'ours', 'claim_id'])
    .where(column, '=', value)
    .orderBy('return_id')
    .orderBy('position');
  if (column === 'claim_id') query = query.where('code', '=', 'contradiction');
  const rows = await query.execute();
  return rows.map(({ claim_id: claimId, ...rest }) => ({ ...rest, claimId }));
}

type ReturnRow = {
  readonly id: string;
  readonly profile: string;
  readonly name: string;
  readonly sha256: string;
  readonly fetched_at: string;
  readonly kind: PayerReturnKind;
  readonly read_at: string | null;
};

function returnOf({ fetched_at: fetchedAt, read_at: readAt, ...row }: ReturnRow): PayerReturn {
  const { id, profile, name, sha256, kind } = row;
  return { id, profile, name, sha256, fetchedAt, kind, readAt };
}

function assertAlone(keys: HeldKeys): void {
  keys.assertAlone('a return of a payer');
}
