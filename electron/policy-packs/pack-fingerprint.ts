import { createHash } from 'node:crypto';

/**
 * SHA-256 of a pack's text, in hexadecimal: what its id and version stand for. The ends of its lines are left out
 * of account, for they change with the machine a file was copied by.
 */
export function packFingerprint(text: string): string {
  return createHash('sha256').update(text.replaceAll('\r\n', '\n'), 'utf8').digest('hex');
}
