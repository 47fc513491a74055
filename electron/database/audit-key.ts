import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';

import type { Kysely } from 'kysely';

import { DatabaseDamagedError } from './database-errors.ts';
import type { Tables } from './schema.ts';

/** What the entries of the audit chain are hashed with from one of them on; those before it have a plain hash. */
export type AuditKey = {
  readonly firstEntry: number;
  /** The keyed hash of a text, as 64 hexadecimal digits. */
  readonly macOf: (text: string) => string;
};

/** From this version of the tables on the chain has a key. */
export const auditKeySince = 95;

/**
 * The key of the chain, opened with the folder's key; null where it has none yet. Throws a `DatabaseDamagedError` where
 * it is not the one that the folder's key closed: somebody changed the key or the entry it counts from.
 */
export async function loadAuditKey(
  database: Kysely<Tables>,
  folderKey: Uint8Array,
): Promise<AuditKey | null> {
  const row = await database
    .selectFrom('audit_keys')
    .select(['first_entry', 'sealed'])
    .where('id', '=', 1)
    .executeTakeFirst();
  if (row === undefined) return null;
  return auditKey(open(row.sealed, row.first_entry, folderKey), row.first_entry);
}

/** A new key that counts from an entry on, and how it is kept. */
export function makeAuditKey(
  firstEntry: number,
  folderKey: Uint8Array,
): { readonly auditKey: AuditKey; readonly sealed: string } {
  const key = randomBytes(32);
  return { auditKey: auditKey(key, firstEntry), sealed: close(key, firstEntry, folderKey) };
}

function auditKey(key: Uint8Array, firstEntry: number): AuditKey {
  return { firstEntry, macOf: (text) => createHmac('sha256', key).update(text).digest('hex') };
}

const nonceBytes = 12;
const tagBytes = 16;

const closingKey = (folderKey: Uint8Array): Buffer =>
  Buffer.from(hkdfSync('sha256', folderKey, '', 'settlement audit key 1', 32));

/** The entry it counts from is closed in with it: who moves that opens nothing. */
const closedWith = (firstEntry: number): Buffer =>
  Buffer.from(`settlement audit key from ${String(firstEntry)}`);

function close(key: Uint8Array, firstEntry: number, folderKey: Uint8Array): string {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv('aes-256-gcm', closingKey(folderKey), nonce);
  cipher.setAAD(closedWith(firstEntry));
  const closed = Buffer.concat([cipher.update(key), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), closed]).toString('base64url');
}

function open(sealed: string, firstEntry: number, folderKey: Uint8Array): Uint8Array {
  const bytes = Buffer.from(sealed, 'base64url');
  try {
    const opener = createDecipheriv(
      'aes-256-gcm',
      closingKey(folderKey),
      bytes.subarray(0, nonceBytes),
      { authTagLength: tagBytes },
    );
    opener.setAAD(closedWith(firstEntry));
    opener.setAuthTag(bytes.subarray(nonceBytes, nonceBytes + tagBytes));
    return Buffer.concat([opener.update(bytes.subarray(nonceBytes + tagBytes)), opener.final()]);
  } catch {
    throw new DatabaseDamagedError('AUDIT_KEY', 'the key of the audit chain was changed');
  }
}
