import { constants } from 'node:fs';
import { mkdir, open, realpath } from 'node:fs/promises';
import { join } from 'node:path';

import { holdFolder, NotPlainFileError, type HeldFolder } from '../base/foreign-folder.ts';
import { shareOf } from '../database/network-share.ts';
import type { ImportReport } from '../intake/import-files.ts';
import { HospitalFolderError } from './hospital-folder-error.ts';

/** Our own folders in the folder that the hospital's system writes into. `taken` is an earlier program's. */
export type WorkFolder = 'taking' | 'taken' | 'refused';

/** What stands beside a refused file. */
export const problemsEnding = '.problems.json';
export type RefusedNote = ImportReport & { readonly refusedAt: string };

/**
 * Holds one of our own folders in the exchange folder; null where there is none and none is made. A link of that name,
 * which would have files of ours written over, is refused. Only we may look into it: it holds bills.
 */
export async function holdWorkFolder(
  root: HeldFolder,
  name: WorkFolder,
  { makes }: { readonly makes: boolean },
): Promise<HeldFolder | null> {
  const path = join(root.path, name);
  if (makes) await mkdir(path, { mode: 0o700 }).catch(ifThere);
  try {
    const held = await holdFolder(path, { followsLink: false });
    try {
      await keepOthersOut(held, name);
      return held;
    } catch (problem) {
      await held.close();
      throw problem;
    }
  } catch (problem) {
    if ((problem as NodeJS.ErrnoException).code === 'ENOENT') return null;
    if (!(problem instanceof NotPlainFileError)) throw problem;
    throw unsafe(name, problem);
  }
}

function unsafe(name: WorkFolder, cause: unknown): HospitalFolderError {
  const words = {
    zh: `交换文件夹里的“${name}”是链接、文件或别的用户建的，不是本程序的文件夹，没有经过它读写任何东西。账单留在原处，结算不受影响。`,
    en: `"${name}" in the exchange folder is a link, a file or another user's and not a folder of this program; nothing was read or written through it. Bills stay where they are and settling goes on.`,
  };
  const remedy = {
    zh: '请信息科删掉它并收紧文件夹的权限。',
    en: 'Have the IT clerk remove it and narrow the rights of the folder.',
  };
  return new HospitalFolderError('hospital-folder-unsafe', { words, remedy }, cause);
}

function ifThere(problem: unknown): void {
  if ((problem as NodeJS.ErrnoException).code !== 'EEXIST') throw problem;
}

/** As far as the disk knows owners and rights; a share of another machine may show anything. */
async function keepOthersOut({ path }: HeldFolder, name: WorkFolder): Promise<void> {
  if (process.getuid === undefined) return;
  const folder = await open(path, constants.O_RDONLY);
  try {
    const { mode, uid } = await folder.stat();
    // Somebody made it before we did, to read what we put there.
    if (uid !== process.getuid() && shareOf(await realpath(path)) === null) {
      throw unsafe(name, null);
    }
    if ((mode & 0o077) !== 0) await folder.chmod(0o700).catch(() => undefined);
  } finally {
    await folder.close();
  }
}
