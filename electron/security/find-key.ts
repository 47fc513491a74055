import { join } from 'node:path';

import { readPlainFile } from '../base/foreign-folder.ts';
import { certificateBytesMax } from './client-certificate.ts';
import type { KeyOrder } from './prove-key.ts';

/** Where a user's key lies: a folder of a stick, usually. */
export type KeyPlace = { readonly folder: string; readonly userId: string };
export type FoundKey = Pick<KeyOrder, 'bytes' | 'form'>;

/** The names a key may have in the folder of keys, behind the user's id. */
const endings = ['p12', 'pfx', 'pem', 'key'] as const;

/**
 * The first file of the user's id that is a plain one and no larger than a key; null: there is none. It waits for the folder,
 * for ever where that does not answer: it is called in a thread of its own.
 */
export function findKey({ folder, userId }: KeyPlace): FoundKey | null {
  for (const ending of endings) {
    try {
      const bytes = new Uint8Array(
        readPlainFile(join(folder, `${userId}.${ending}`), certificateBytesMax),
      );
      return { bytes, form: ending === 'p12' || ending === 'pfx' ? 'pkcs12' : 'pem' };
    } catch {
      // Not there, no plain file, or none of this size.
    }
  }
  return null;
}
