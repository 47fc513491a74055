import * as systemFiles from 'node:fs/promises';
import { join } from 'node:path';

import type { ImportReport } from '../intake/import-files.ts';
import type { RefusedEntry } from '../intake/intake-problem.ts';

/** The calls of the file system on a folder that may be another machine's. */
export type FolderFiles = Pick<
  typeof systemFiles,
  'mkdir' | 'readdir' | 'rename' | 'stat' | 'writeFile'
>;

export type WatchedFolderOptions = {
  readonly folder: string;
  readonly files?: FolderFiles;
  /** Keeps what is good of the files; what it answered with is on disk. */
  readonly importFiles: (files: readonly string[]) => Promise<ImportReport>;
  readonly onTaken: (report: ImportReport) => void;
  readonly onRefused: (refused: readonly RefusedEntry[]) => void;
  /** The folder or the database failed; the files stay where they are and the next look tries again. */
  readonly onFault?: (problem: unknown) => void;
  readonly everyMs?: number;
  /** Milliseconds that only ever go on. */
  readonly now?: () => number;
};

export type WatchedFolder = {
  /** Looks now; resolves when every complete file is kept or refused. Throws what stood in the way. */
  readonly takeInNow: () => Promise<void>;
  /** Files lying in `refused/`. */
  readonly countRefusals: () => Promise<number>;
  readonly close: () => Promise<void>;
};

/** A file is complete when two looks this far apart saw the same; two looks may also be a moment apart. */
const quietMs = 500;
const problemsEnding = '.problems.json';

/**
 * Watches the folder the hospital's system writes into. A complete file is moved to `taking/` first, so that a
 * newer one of the same name cannot take its place unread; then it is kept and moved to `taken/`, or, with
 * anything refused, to `refused/` with its problems beside it. What a crash leaves in `taking/` comes first at
 * a later look, and the same bill taken in again changes nothing.
 */
export function startWatchedFolder(options: WatchedFolderOptions): WatchedFolder {
  const { folder, onFault, everyMs = 1000, now = () => performance.now() } = options;
  const { files = systemFiles } = options;
  const taking = join(folder, 'taking');
  let seenThere: SeenFiles = new Map();
  let seenTaking: SeenFiles = new Map();
  let looking: Promise<void> = Promise.resolve();
  let isClosed = false;

  const look = async (): Promise<void> => {
    if (isClosed) return;
    const at = now();
    const there = await filesIn(files, folder);
    seenThere = seenSince(seenThere, there, at);
    seenTaking = seenSince(seenTaking, await filesIn(files, taking).catch(noneIfMissing), at);
    let isTakingEmpty = true;
    for (const file of seenTaking.values()) {
      if (!isComplete(file, at) || !(await takeFile({ ...options, files }, file)))
        isTakingEmpty = false;
    }
    // What is in `taking/` came first: an older bill must not be taken in over a newer one.
    if (!isTakingEmpty) return;
    const held: unknown[] = [];
    for (const file of seenThere.values()) {
      if (!isComplete(file, at)) continue;
      try {
        await claim(files, folder, file.name);
      } catch (problem) {
        // Somebody holds it open, or it is not ours to move: it waits, and the others go on.
        held.push(problem);
        continue;
      }
      if (!(await takeFile({ ...options, files }, file))) return;
    }
    if (held.length > 0) throw held[0];
  };
  /** One after another: no file is taken by two at once, and a folder that hangs holds one thread, not all. */
  const inTurn = <Value>(act: () => Promise<Value>): Promise<Value> => {
    const next = looking.then(act);
    looking = next.then(
      () => undefined,
      () => undefined,
    );
    return next;
  };
  let nextLook: Promise<void> | null = null;
  /** Whoever asks while a look waits for its turn is answered by that one. */
  const lookInTurn = (): Promise<void> => {
    nextLook ??= inTurn(() => {
      nextLook = null;
      return look();
    });
    return nextLook;
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
    countRefusals: () =>
      inTurn(async () => {
        const names = await files.readdir(join(folder, 'refused')).catch(() => []);
        return names.filter((name) => name.endsWith(problemsEnding)).length;
      }),
    async close() {
      isClosed = true;
      clearInterval(timer);
      await looking;
    },
  };
}

type FoundFile = { readonly name: string; readonly size: number; readonly changedMs: number };

/** A file, and when on our own clock it was first seen as it is now. */
type SeenFile = FoundFile & { readonly since: number };
type SeenFiles = ReadonlyMap<string, SeenFile>;

function seenSince(before: SeenFiles, found: readonly FoundFile[], at: number): SeenFiles {
  const seen = found.map((file): [string, SeenFile] => {
    const known = before.get(file.name) ?? null;
    return [file.name, known !== null && isSame(known, file) ? known : { ...file, since: at }];
  });
  return new Map(seen);
}

/** Times of files are only compared with each other: the clock of a file server may show anything. */
function isSame(one: FoundFile, other: FoundFile): boolean {
  return one.size === other.size && one.changedMs === other.changedMs;
}

function isComplete(file: SeenFile, at: number): boolean {
  return at - file.since >= quietMs;
}

/** Files that may be taken in, oldest first; those still being written under another name are left alone. */
async function filesIn(files: FolderFiles, folder: string): Promise<readonly FoundFile[]> {
  const entries = await files.readdir(folder, { withFileTypes: true });
  const found: FoundFile[] = [];
  for (const entry of entries) {
    if (!entry.isFile() || !/\.(json|csv|txt|xlsx)$/i.test(entry.name)) continue;
    const file = await lookAt(files, folder, entry.name);
    if (file !== null) found.push(file);
  }
  return found.sort((a, b) => a.changedMs - b.changedMs || (a.name < b.name ? -1 : 1));
}

function noneIfMissing(problem: unknown): readonly FoundFile[] {
  if (problem instanceof Error && 'code' in problem && problem.code === 'ENOENT') return [];
  throw problem;
}

/** The file as it is now; null if it is gone, for then it is not ours to take. */
async function lookAt(files: FolderFiles, folder: string, name: string): Promise<FoundFile | null> {
  const facts = await files.stat(join(folder, name)).catch(() => null);
  return facts === null ? null : { name, size: facts.size, changedMs: facts.mtimeMs };
}

/** Moves a file to `taking/`, which is empty but for files claimed in the same look: no name stands there twice. */
async function claim(files: FolderFiles, folder: string, name: string): Promise<void> {
  const target = join(folder, 'taking');
  await files.mkdir(target, { recursive: true });
  await files.rename(join(folder, name), join(target, name));
}

/** Keeps a file of `taking/` and moves it on; false where it stays there for a later look. */
async function takeFile(
  options: WatchedFolderOptions & { readonly files: FolderFiles },
  file: FoundFile,
): Promise<boolean> {
  const { folder, files, importFiles, onTaken, onRefused } = options;
  const { name } = file;
  const taking = join(folder, 'taking');
  const before = await lookAt(files, taking, name);
  if (before === null) return true;
  // Somebody wrote to it since it was looked at; it is complete when it stays the same again.
  if (!isSame(before, file)) return false;
  const report = await importFiles([join(taking, name)]);
  if (report.accepted.length > 0) onTaken(report);
  const after = await lookAt(files, taking, name);
  if (after !== null && !isSame(before, after)) return false;
  const isGood = report.refused.length === 0;
  const target = join(folder, isGood ? 'taken' : 'refused');
  await files.mkdir(target, { recursive: true });
  const newName = await freeName(files, target, name);
  if (!isGood) {
    const problems = report.refused.map((entry) => ({ ...entry, file: name }));
    const text = `${JSON.stringify({ ...report, refused: problems }, null, 2)}\n`;
    await files.writeFile(join(target, `${newName}${problemsEnding}`), text);
  }
  await files.rename(join(taking, name), join(target, newName));
  if (!isGood) onRefused(report.refused);
  return true;
}

/** The name, or the name with the first free number, so that no earlier file is written over. */
async function freeName(files: FolderFiles, folder: string, name: string): Promise<string> {
  const there = new Set(await files.readdir(folder));
  let candidate = name;
  for (let number = 2; there.has(candidate); number += 1) candidate = `${String(number)}-${name}`;
  return candidate;
}
