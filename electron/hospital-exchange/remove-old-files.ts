import { lstat, readdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';

import { z } from 'zod';

import { readPlainFile, type HeldFolder } from '../base/foreign-folder.ts';
import { holdExchangeFolder, type ExchangeFolder } from './hold-exchange-folder.ts';
import { holdWorkFolder, problemsEnding } from './work-folders.ts';

/** How many files were deleted. */
export type RemovedFiles = { readonly refused: number; readonly taken: number };

const noteBytesMax = 8 * 1024 * 1024;
const dayMs = 86_400_000;
const noteSchema = z.object({ refusedAt: z.iso.datetime() });

/**
 * Deletes what need not lie in plain text any longer: refused files that lay for so many days, and the bills that an
 * earlier program kept in `taken/` after the database had them. Links are deleted themselves, never what they lead to.
 */
export async function removeOldFiles({
  exchange,
  days,
  now,
}: {
  readonly exchange: ExchangeFolder;
  readonly days: number;
  readonly now: Date;
}): Promise<RemovedFiles> {
  const root = await holdExchangeFolder(exchange);
  try {
    const before = now.getTime() - days * dayMs;
    return {
      refused: await inFolder(root, 'refused', (held) => removeRefused(held, before)),
      taken: await inFolder(root, 'taken', removeAll),
    };
  } finally {
    await root.close();
  }
}

async function inFolder(
  root: HeldFolder,
  name: 'refused' | 'taken',
  remove: (folder: HeldFolder) => Promise<number>,
): Promise<number> {
  const held = await holdWorkFolder(root, name, { makes: false });
  if (held === null) return 0;
  try {
    return await remove(held);
  } finally {
    await held.close();
  }
}

async function removeRefused({ path }: HeldFolder, before: number): Promise<number> {
  let removed = 0;
  const names = (await readdir(path)).filter((name) => !name.endsWith(problemsEnding));
  const notes = (await readdir(path)).filter((name) => name.endsWith(problemsEnding));
  for (const name of names) {
    if ((await refusedAtOf(path, name)) >= before) continue;
    if (!(await removeName(join(path, name)))) continue;
    await removeName(join(path, name + problemsEnding));
    removed += 1;
  }
  // A note whose file somebody took away says things about a patient, too.
  for (const note of notes) {
    const name = note.slice(0, -problemsEnding.length);
    if (names.includes(name) || (await refusedAtOf(path, name)) >= before) continue;
    if (await removeName(join(path, note))) removed += 1;
  }
  return removed;
}

/** As the note beside it says; without one, when it was last changed. */
async function refusedAtOf(folder: string, name: string): Promise<number> {
  const note = join(folder, name + problemsEnding);
  try {
    const read: unknown = JSON.parse(readPlainFile(note, noteBytesMax).toString('utf8'));
    return Date.parse(noteSchema.parse(read).refusedAt);
  } catch {
    const facts = await lstat(join(folder, name)).catch(() => lstat(note));
    return facts.mtimeMs;
  }
}

async function removeAll({ path }: HeldFolder): Promise<number> {
  let removed = 0;
  for (const name of await readdir(path)) {
    if (await removeName(join(path, name))) removed += 1;
  }
  return removed;
}

/** A folder that somebody put there stays; what is in it is none of ours. */
async function removeName(path: string): Promise<boolean> {
  try {
    await unlink(path);
    return true;
  } catch {
    return false;
  }
}
