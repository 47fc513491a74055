import { lstatSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { whyNot } from '../base/foreign-folder.ts';

/**
 * What lies in a data folder that was copied away and put back may not be what this program left there: under one of its names a link
 * to a file of somebody's, through which it would write, or a pipe or a device, for which it would wait for ever.
 */
export type PlantedFile = { readonly place: string; readonly why: 'link' | 'not-a-file' };

/** Written to in place, or read whole without asking further. */
const ownFiles = [
  ...['settlement.anchor', 'settlement.key-check', 'last-backup.json', 'run.json', 'last-port'],
  ...['settlement.db-wal', 'settlement.db-shm', 'settlement.db-journal'],
];
/** Whose files are written to in place. Other folders may be links to a larger disk: what is written there is made new. */
const ownFolders = ['locks', 'logs'];
/** May be a link of the clerk's own, for SQLite keeps its log beside what it leads to; never anything but a file. */
const databaseName = 'settlement.db';

/** The first of the folder's own names that leads to what is not its own; null: none does. */
export function plantedIn(home: string): PlantedFile | null {
  const found = ownFiles.map((name) => asFile(join(home, name)));
  const inFolders = ownFolders.flatMap((name) => {
    const place = join(home, name);
    if (lstatSync(place, { throwIfNoEntry: false })?.isSymbolicLink() === true)
      return [{ place, why: 'link' } as const];
    return namesIn(place).map((each) => asFile(join(place, each)));
  });
  return [asDatabase(join(home, databaseName)), ...found, ...inFolders].find(isPlanted) ?? null;
}

const isPlanted = (found: PlantedFile | null): found is PlantedFile => found !== null;

function asFile(place: string): PlantedFile | null {
  const facts = lstatSync(place, { throwIfNoEntry: false });
  if (facts?.isSymbolicLink() === true) return { place, why: 'link' };
  // A folder in the place of a file is refused where it is opened, with the system's own word.
  return facts === undefined || facts.isFile() || facts.isDirectory()
    ? null
    : { place, why: 'not-a-file' };
}

function asDatabase(place: string): PlantedFile | null {
  const facts = statSync(place, { throwIfNoEntry: false });
  return facts === undefined || facts.isFile() || facts.isDirectory()
    ? null
    : { place, why: 'not-a-file' };
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch (problem) {
    // Not there yet, or no folder: said where it is needed.
    if (['ENOENT', 'ENOTDIR'].includes(whyNot(problem))) return [];
    throw problem;
  }
}
