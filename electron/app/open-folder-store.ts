import { accessSync, constants } from 'node:fs';

import { programVersion } from '../base/program-version.ts';
import { DatabaseFullError } from '../database/database-errors.ts';
import { databaseRefusal } from '../database/database-refusals.ts';
import { diskRoom } from '../database/disk-room.ts';
import {
  openStore,
  openStoreOnCopy,
  type OpenedStore,
  type OpenStoreOptions,
} from '../database/open-store.ts';
import type { ReadingOnly } from '../database/reading-only.ts';
import type { DataFolder } from './data-folder.ts';

/**
 * Opens the data of a folder: for writing where its disk takes anything, else over a private copy for reading only. On a
 * full disk the reserve is freed first, so that a desk starts on it and lets finish what is under way.
 */
export async function openFolderStore(
  folder: DataFolder,
  { mustExist, onAnchorFault }: Required<Pick<OpenStoreOptions, 'mustExist' | 'onAnchorFault'>>,
): Promise<OpenedStore> {
  const { home, databaseFile, key, id } = folder;
  const window = { id, program: programVersion };
  const books = { file: databaseFile, key, window, folderId: id, mustExist };
  if (isReadOnly(home) || isReadOnly(databaseFile)) {
    return openStoreOnCopy(books, databaseRefusal('disk-read-only'));
  }
  const room = diskRoom(home);
  room.letFinish();
  try {
    const store = await openStore({ ...books, room, onAnchorFault });
    // Makes the reserve where there is none yet.
    if (store.readingOnly() === null) store.noRoom();
    return store;
  } catch (problem) {
    if (!(problem instanceof DatabaseFullError)) throw problem;
    return openStoreOnCopy(books, whyNotWritten(problem));
  }
}

function whyNotWritten({ code }: DatabaseFullError): ReadingOnly {
  return code.startsWith('SQLITE_READONLY')
    ? databaseRefusal('disk-read-only')
    : databaseRefusal('disk-no-room', { freeBytes: 0 });
}

/** Asked of the system, which knows a disk that is mounted read-only even where this user may do anything. */
function isReadOnly(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return false;
  } catch (problem) {
    // A file that is not there is another matter.
    return (problem as NodeJS.ErrnoException).code !== 'ENOENT';
  }
}
