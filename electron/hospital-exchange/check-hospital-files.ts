import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

import { fileHash } from '../base/file-hash.ts';
import { NotPlainFileError, readPlainFile } from '../base/foreign-folder.ts';
import type { Store } from '../database/store.ts';
import type { HospitalFileMade } from '../database/hospital-files-made.ts';
import type { FoundProblem } from '../database/verification-repository.ts';
import { holdExchangeFolder } from './hold-exchange-folder.ts';
import { HospitalFolderError } from './hospital-folder-error.ts';
import { contentOf, fileNameOf } from './hospital-file-content.ts';

/** At most so many findings are listed, and so many files that are not there any more. */
const findingsMax = 100;
const goneMax = 20;
const pageSize = 100;
/** A file that is longer by more was not written by any version of this program. */
const bytesMoreMax = 1024 * 1024;

/**
 * Compares the files in the folder for the hospital's system with the books: each is as it was written, and none bears
 * a name of ours that the books know nothing of. One that is not there was taken by the hospital's system or deleted, which
 * the books cannot tell apart: `notes` names the latest by their numbers.
 */
export async function checkHospitalFiles({
  store,
  folder,
  home,
  ownedBy = null,
}: {
  readonly store: Store;
  readonly folder: string;
  readonly home?: string;
  readonly ownedBy?: number | null;
}): Promise<CheckedFiles> {
  const where = home === undefined ? {} : { home };
  try {
    const held = await holdExchangeFolder({ setting: 'hospital-out', folder, ownedBy, ...where });
    try {
      return await checkFilesIn({ store, folder: held.path });
    } finally {
      await held.close();
    }
  } catch (problem) {
    if (problem instanceof HospitalFolderError)
      return { problems: [{ about: 'hospital-out', problem: problem.words.en }], notes: [] };
    return cannotBeLookedAt;
  }
}

const cannotBeLookedAt: CheckedFiles = {
  problems: [],
  notes: [
    {
      about: 'hospital-out',
      problem: 'the folder for the hospital’s system cannot be looked at now',
    },
  ],
};

type CheckedFiles = {
  readonly problems: readonly FoundProblem[];
  readonly notes: readonly FoundProblem[];
};

async function checkFilesIn({
  store,
  folder,
}: {
  readonly store: Store;
  readonly folder: string;
}): Promise<CheckedFiles> {
  const names = await readdir(folder).catch(() => null);
  if (names === null) return cannotBeLookedAt;
  const there = new Set(names.filter((name) => /^.+\.(?:settled|cancelled)\.json$/.test(name)));
  const problems: FoundProblem[] = [];
  const gone: HospitalFileMade[] = [];
  let goneCount = 0;
  let after = '';
  for (;;) {
    const made = await store.read(({ verification }) =>
      verification.hospitalFilesMade({ after, limit: pageSize }),
    );
    for (const file of made) {
      const isThere = there.delete(fileNameOf(file));
      if (isThere) {
        const problem = problemOf(file, folder);
        if (problem !== null) problems.push({ about: aboutOf(file), problem });
      } else if (file.isWritten) {
        goneCount += 1;
        gone.push(file);
        if (gone.length > goneMax) gone.shift();
      }
    }
    const last = made.at(-1);
    if (last === undefined) break;
    after = last.id;
  }
  const foreign = [...there].map((name) => ({
    about: name,
    problem: 'bears a name of ours and the books know nothing of it',
  }));
  return {
    problems: [...problems, ...foreign].slice(0, findingsMax),
    notes: notesOf(gone, goneCount),
  };
}

function problemOf(file: HospitalFileMade, folder: string): string | null {
  // Not marked as written yet: a program may be at it, and writes it whole once more.
  if (!file.isWritten) return null;
  const expected = contentOf(file.payload);
  const bytes = readable(join(folder, fileNameOf(file)), expected.length + bytesMoreMax);
  if (bytes === null) return 'its file for the hospital’s system cannot be read';
  if (typeof bytes === 'string') return bytes;
  if (fileHash(bytes) === (file.fileSha256 ?? fileHash(expected))) return null;
  return bytes.length < expected.length
    ? 'its file for the hospital’s system was shortened'
    : 'its file for the hospital’s system was changed';
}

/** Its bytes; in words what stands in its place; null where it cannot be read. */
function readable(file: string, bytesMax: number): Buffer | string | null {
  try {
    return readPlainFile(file, bytesMax);
  } catch (problem) {
    if (problem instanceof RangeError) return 'its file for the hospital’s system was changed';
    return problem instanceof NotPlainFileError
      ? `its file for the hospital’s system is no plain file (${problem.why}); it was not opened`
      : null;
  }
}

function aboutOf({ number, kind }: HospitalFileMade): string {
  return kind === 'settled' ? number : `${number} ${kind}`;
}

function notesOf(gone: readonly HospitalFileMade[], count: number): readonly FoundProblem[] {
  const problem = `its file is not in the folder: taken by the hospital’s system, or deleted (one of ${String(count)})`;
  return gone.map((file) => ({ about: aboutOf(file), problem }));
}
