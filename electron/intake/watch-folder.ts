import { mkdir, readdir, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { ImportReport } from './import-files.ts';
import type { RefusedEntry } from './intake-problem.ts';

export type WatchedFolderOptions = {
  readonly folder: string;
  /** Keeps what is good of the files; what it answered with is on disk. */
  readonly importFiles: (files: readonly string[]) => Promise<ImportReport>;
  readonly onTaken: (report: ImportReport) => void;
  readonly onRefused: (refused: readonly RefusedEntry[]) => void;
  /** The folder or the database failed; the files stay where they are and the next look tries again. */
  readonly onFault?: (problem: unknown) => void;
  readonly everyMs?: number;
};

export type WatchedFolder = {
  /** Looks now; resolves when every complete file is kept or refused. Throws what stood in the way. */
  readonly takeInNow: () => Promise<void>;
  /** Files lying in `refused/`. */
  readonly countRefusals: () => Promise<number>;
  readonly close: () => Promise<void>;
};

/** A file nobody wrote to for this long is complete without a second look. */
const quietMs = 1000;
const problemsEnding = '.problems.json';

/**
 * Watches the folder the hospital's system writes into. A complete file is kept, then moved to `taken/`; one
 * with anything refused goes to `refused/` with its problems beside it. A crash between the two leaves the file
 * in place, and the same bill taken in again changes nothing.
 */
export function startWatchedFolder(options: WatchedFolderOptions): WatchedFolder {
  const { folder, onFault, everyMs = 1000 } = options;
  let sizes = new Map<string, number>();
  let looking: Promise<void> = Promise.resolve();
  let isClosed = false;

  const look = async (): Promise<void> => {
    if (isClosed) return;
    const found = await filesIn(folder);
    const complete = found.filter(
      ({ name, size, ageMs }) => sizes.get(name) === size || ageMs >= quietMs,
    );
    sizes = new Map(found.map(({ name, size }) => [name, size]));
    for (const { name } of complete) {
      await takeFile(options, name);
      sizes.delete(name);
    }
  };
  /** One look after another, so that no file is taken by two at once. */
  const lookInTurn = (): Promise<void> => {
    const next = looking.then(look);
    looking = next.catch(() => undefined);
    return next;
  };
  let isWaiting = false;
  const timer = setInterval(() => {
    if (isWaiting) return;
    isWaiting = true;
    lookInTurn()
      .catch((problem: unknown) => onFault?.(problem))
      .finally(() => {
        isWaiting = false;
      });
  }, everyMs);
  timer.unref();

  return {
    takeInNow: lookInTurn,
    async countRefusals() {
      const names = await readdir(join(folder, 'refused')).catch(() => []);
      return names.filter((name) => name.endsWith(problemsEnding)).length;
    },
    async close() {
      isClosed = true;
      clearInterval(timer);
      await looking;
    },
  };
}

type FoundFile = { readonly name: string; readonly size: number; readonly ageMs: number };

/** Files that may be taken in, by name; those still being written under another name are left alone. */
async function filesIn(folder: string): Promise<readonly FoundFile[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries
    .filter((entry) => entry.isFile() && /\.(json|csv|txt|xlsx)$/i.test(entry.name))
    .map(({ name }) => name)
    .sort();
  const found: FoundFile[] = [];
  for (const name of names) {
    // A file may be gone between the two looks; then it is not ours to take.
    const facts = await stat(join(folder, name)).catch(() => null);
    if (facts !== null) found.push({ name, size: facts.size, ageMs: Date.now() - facts.mtimeMs });
  }
  return found;
}

async function takeFile(options: WatchedFolderOptions, name: string): Promise<void> {
  const { folder, importFiles, onTaken, onRefused } = options;
  const report = await importFiles([join(folder, name)]);
  const isGood = report.refused.length === 0;
  const target = join(folder, isGood ? 'taken' : 'refused');
  await mkdir(target, { recursive: true });
  const newName = await freeName(target, name);
  if (!isGood) {
    const problems = report.refused.map((entry) => ({ ...entry, file: name }));
    const text = `${JSON.stringify({ ...report, refused: problems }, null, 2)}\n`;
    await writeFile(join(target, `${newName}${problemsEnding}`), text);
  }
  await rename(join(folder, name), join(target, newName));
  if (report.accepted.length > 0) onTaken(report);
  if (!isGood) onRefused(report.refused);
}

/** The name, or the name with the first free number, so that no earlier file is written over. */
async function freeName(folder: string, name: string): Promise<string> {
  const there = new Set(await readdir(folder));
  let candidate = name;
  for (let number = 2; there.has(candidate); number += 1) candidate = `${String(number)}-${name}`;
  return candidate;
}
