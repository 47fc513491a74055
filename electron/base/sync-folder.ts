import { closeSync, fsyncSync, openSync } from 'node:fs';
import { open } from 'node:fs/promises';

// Windows keeps new names by itself and opens no folders.
const keepsNamesItself = process.platform === 'win32';

/** Makes new names in a folder durable: a file that was written and renamed is there after a power failure. */
export async function syncFolder(folder: string): Promise<void> {
  if (keepsNamesItself) return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** The same while this thread waits. */
export function syncFolderNow(folder: string): void {
  if (keepsNamesItself) return;
  const descriptor = openSync(folder, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
