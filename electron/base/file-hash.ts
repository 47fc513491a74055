import { createHash } from 'node:crypto';

/** The SHA-256 of a file's bytes, in hexadecimal digits, as the books keep it of what the program wrote. */
export function fileHash(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
