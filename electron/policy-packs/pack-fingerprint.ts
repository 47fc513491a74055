import { createHash } from 'node:crypto';
import { join } from 'node:path';

import type { PackDocument } from '../../shared/policy/pack/pack-schema.ts';
import { readNamedFile } from '../base/foreign-folder.ts';
import { visitFileBytesMax } from './read-visit-file.ts';

/**
 * SHA-256 of a pack's text and of what it includes, in hexadecimal: what its id and version stand for. The ends of its lines are left out
 * of account, for they change with the machine a file was copied by.
 */
export function packFingerprint(text: string, included: string | null = null): string {
  const hash = createHash('sha256').update(text.replaceAll('\r\n', '\n'), 'utf8');
  // A zero byte stands in no text, so no two pairs of texts come to the same.
  if (included !== null) hash.update(`\0${included.replaceAll('\r\n', '\n')}`, 'utf8');
  return hash.digest('hex');
}

/**
 * SHA-256 of a pack with every file it names: what is approved. `fingerprint` is that of its text; a file that cannot
 * be read is one that is not there.
 */
export function wholeFingerprint(
  { cases }: Pick<PackDocument, 'cases'>,
  folder: string,
  fingerprint: string,
): string {
  const names = [...new Set(cases.map(({ visit }) => visit))].sort();
  const files = names.map((name) => {
    const text = textIn(join(folder, name));
    return `${name} ${text === null ? 'missing' : packFingerprint(text)}`;
  });
  return packFingerprint([`pack.yaml ${fingerprint}`, ...files].join('\n'));
}

/** A pipe is not waited for, and no more is read than a visit's file may hold: then it is read by nobody either. */
function textIn(file: string): string | null {
  try {
    return readNamedFile(file, visitFileBytesMax).toString('utf8');
  } catch {
    return null;
  }
}
