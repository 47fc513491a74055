import { closeSync, fsyncSync, openSync } from 'node:fs';

import { openWorkerConnection } from './worker-connection.ts';

/**
 * Writes a copy of a database, encrypted with the same key, while others go on working with it: the state of one
 * moment, whole, without free pages. It is on the disk when this answers. The target must not exist.
 */
export async function copyDatabase(
  { file, key }: { readonly file: string; readonly key: Uint8Array },
  target: string,
): Promise<void> {
  const connection = await openWorkerConnection({ file, key, readOnly: true });
  try {
    // SQLite's own way of copying (`sqlite3_backup`) does not work on encrypted files.
    await connection.execute('vacuum into ?', [target]);
  } finally {
    await connection.close();
  }
  const descriptor = openSync(target, 'r+');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
