import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { PackDocument } from '../../shared/policy/pack/pack-schema.ts';

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
export async function wholeFingerprint(
  { cases }: Pick<PackDocument, 'cases'>,
  folder: string,
  fingerprint: string,
): Promise<string> {
  const names = [...new Set(cases.map(({ visit }) => visit))].sort();
  const files = await Promise.all(
    names.map(async (name) => {
      const text = await readFile(join(folder, name), 'utf8').catch(() => null);
      return `${name} ${text === null ? 'missing' : packFingerprint(text)}`;
    }),
  );
  return packFingerprint([`pack.yaml ${fingerprint}`, ...files].join('\n'));
}
