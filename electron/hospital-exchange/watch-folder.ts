import * as systemFiles from 'node:fs/promises';
import { extname, join, sep } from 'node:path';

import { isSafeName, notPlain, writeNewWhole, type HeldFolder } from '../base/foreign-folder.ts';
import { fileHash } from '../base/file-hash.ts';
import type { ImportReport } from '../intake/import-files.ts';
import type { RefusedEntry } from '../intake/intake-problem.ts';
import { removeOldFiles, type RemovedFiles } from './remove-old-files.ts';
import { holdExchangeFolder, type ExchangeFolder } from './hold-exchange-folder.ts';
import { holdWorkFolder, problemsEnding, type RefusedNote } from './work-folders.ts';

/** The calls of the file system on a folder that may be another machine's. */
export type FolderFiles = Pick<typeof systemFiles, 'lstat' | 'readdir' | 'rename' | 'unlink'>;

export type WatchedFolderOptions = {
  readonly folder: string;
  /** The data folder: a folder that leads into it is no exchange folder, or our own files would be taken for bills. */
  readonly home?: string;
  /** Whose the folder was when it was set; absent: whose it is at the first look. */
  readonly ownedBy?: number | null;
  readonly files?: FolderFiles;
  /**
   * Keeps what is good of a file; what it answered with is on disk. `heldAt`: the folder it lies in, held open, so that
   * nothing that is put in its place meanwhile is read.
   */
  readonly importFile: (file: string, heldAt: string) => Promise<ImportReport>;
  /** Refuses a file that keeps changing, unread. */
  readonly refuseRestless: (file: string) => Promise<ImportReport>;
  readonly onTaken: (report: ImportReport) => void;
  readonly onRefused: (refused: readonly RefusedEntry[]) => void;
  /** What each look found of the folder itself. */
  readonly onLooked?: (found: LookedFolder) => void;
  /** The folder or the database failed; the files stay where they are and the next look tries again. */
  readonly onFault?: (problem: unknown) => void;
  readonly everyMs?: number;
  /** Milliseconds that only ever go on. */
  readonly now?: () => number;
  /** The time of day, for the term of refused files. */
  readonly today?: () => Date;
};

/** How a look found the folder: what kept it from looking, and whether everybody may write there. */
export type LookedFolder = { readonly problem: unknown; readonly isForEverybody: boolean };

export type WatchedFolder = {
  /** Looks now; resolves when every complete file is kept or refused. Throws what stood in the way. */
  readonly takeInNow: () => Promise<void>;
  /** Files lying in `refused/`. */
  readonly countRefusals: () => Promise<number>;
  /** Deletes refused files that lay for so many days, and what an earlier program kept of bills it had taken in. */
  readonly removeOld: (days: number) => Promise<RemovedFiles>;
  readonly close: () => Promise<void>;
};

/** A file is complete when two looks this far apart saw the same; two looks may also be a moment apart. */
const quietMs = 500;
/** Files taken in at one look, so that a folder full of them lets others in between. */
const filesALookMax = 500;
/** Refused files moved to `refused/` at one look: it takes longer than to find out that they are no bills, and nobody waits for it. */
const asideALookMax = 50;
/** A file somebody keeps writing to is not waited for longer: it would hold up every bill behind it. */
const restlessMs = 600_000;

/**
 * Watches the folder the hospital's system writes into. A complete file is moved to `taking/` first, so that a
 * newer one of the same name cannot take its place unread; then it is kept and deleted, for the database has the bill, or,
 * with anything refused, moved to `refused/` with its problems beside it. What a crash leaves in `taking/` comes first at
 * a later look, and the same bill taken in again changes nothing. Others write into this folder: it and ours in it are held
 * open while they are looked at, no link is followed and nothing is opened but plain files.
 */
export function startWatchedFolder(options: WatchedFolderOptions): WatchedFolder {
  const { folder, onFault, everyMs = 1000, now = () => performance.now() } = options;
  const { files = systemFiles } = options;
  const exchange: ExchangeFolder = {
    ...{ setting: 'hospital-in', folder, ownedBy: options.ownedBy ?? null },
    ...(options.home === undefined ? {} : { home: options.home }),
  };
  let seenThere: SeenFiles = new Map();
  let seenTaking: SeenFiles = new Map();
  let looking: Promise<void> = Promise.resolve();
  let isClosed = false;
  const aside: WaitingAside = new Map();

  const look = async (): Promise<void> => {
    if (isClosed) return;
    try {
      const root = await holdExchangeFolder(exchange);
      try {
        await lookInto(root);
      } finally {
        await root.close();
      }
      options.onLooked?.({ problem: null, isForEverybody: root.isForEverybody });
    } catch (problem) {
      options.onLooked?.({ problem, isForEverybody: false });
      throw problem;
    }
  };
  const lookInto = async (root: HeldFolder): Promise<void> => {
    const at = now();
    const there = await filesIn(files, root.path);
    seenThere = seenSince(seenThere, there, at);
    const taking = await holdWorkFolder(root, 'taking', { makes: there.length > 0 });
    if (taking === null) {
      seenTaking = new Map();
      return;
    }
    try {
      await takeWhatIsThere({ root, taking, at });
    } finally {
      await taking.close();
    }
  };
  const takeWhatIsThere = async ({ root, taking, at }: Held): Promise<void> => {
    seenTaking = seenSince(seenTaking, await filesIn(files, taking.path), at);
    const held: HeldOptions = { ...options, files, root, taking, aside };
    const stuck: unknown[] = [];
    // What is in `taking/` came first: an older bill must not be taken in over a newer one.
    if (await takeWhatWasClaimed(held, at)) stuck.push(...(await takeNew(held, at)));
    await putAside(held, [...aside.keys()].slice(0, asideALookMax));
    if (stuck.length > 0) throw stuck[0];
  };
  /** What a look before this one, or a program that was ended, left in `taking/`; whether nothing of it is left. */
  const takeWhatWasClaimed = async (held: HeldOptions, at: number): Promise<boolean> => {
    let isEmpty = true;
    for (const file of seenTaking.values()) {
      const known = aside.get(file.name);
      if (known !== undefined && isSame(known.file, file)) continue;
      aside.delete(file.name);
      const isRestless = !isComplete(file, at) && at - file.first >= restlessMs;
      if (isRestless) await refuseRestless(held, file);
      else if (!isComplete(file, at) || !(await takeFile(held, file))) isEmpty = false;
    }
    return isEmpty;
  };
  /** Claims and takes new files, oldest first; what could not be moved is answered. */
  const takeNew = async (held: HeldOptions, at: number): Promise<readonly unknown[]> => {
    const { root, taking } = held;
    const stuck: unknown[] = [];
    let left = filesALookMax;
    for (const file of seenThere.values()) {
      if (!isComplete(file, at)) continue;
      if (left === 0) break;
      left -= 1;
      // No name stands in `taking/` twice: one of this name that is refused makes room first.
      if (aside.has(file.name)) await putAside(held, [file.name]);
      try {
        await files.rename(file.path ?? join(root.path, file.name), join(taking.path, file.name));
      } catch (problem) {
        // Somebody holds it open, or it is not ours to move: it waits, and the others go on.
        stuck.push(problem);
        continue;
      }
      if (!(await takeFile(held, file))) break;
    }
    return stuck;
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
    removeOld: (days) =>
      inTurn(() => removeOldFiles({ exchange, days, now: (options.today ?? todayOf)() })),
    async close() {
      isClosed = true;
      clearInterval(timer);
      await looking;
    },
  };
}

const todayOf = (): Date => new Date();

type Held = { readonly root: HeldFolder; readonly taking: HeldFolder; readonly at: number };
type HeldOptions = WatchedFolderOptions &
  Pick<Held, 'root' | 'taking'> & { readonly files: FolderFiles; readonly aside: WaitingAside };

/** Files in `taking/` that were refused, by name, as they were read: they wait to be moved, and no bill waits for them. */
type WaitingAside = Map<string, { readonly file: FoundFile; readonly report: ImportReport }>;

type FoundFile = {
  readonly name: string;
  readonly size: number;
  readonly changedMs: number;
  /** Its path as the disk has it, where its own name is no text and `name` is one of ours. */
  readonly path?: Buffer;
};

/** A file, when on our own clock it was first seen as it is now, and when it was first seen at all. */
type SeenFile = FoundFile & { readonly since: number; readonly first: number };
type SeenFiles = ReadonlyMap<string, SeenFile>;

function seenSince(before: SeenFiles, found: readonly FoundFile[], at: number): SeenFiles {
  const seen = found.map((file): [string, SeenFile] => {
    const known = before.get(file.name) ?? null;
    if (known !== null && isSame(known, file)) return [file.name, known];
    return [file.name, { ...file, since: at, first: known?.first ?? at }];
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

/**
 * Files that may be taken in, oldest first; those still being written under another name are left alone, and folders
 * too. Links, pipes and devices that bear the name of a bill are here, to be refused and not to be opened.
 */
async function filesIn(files: FolderFiles, folder: string): Promise<readonly FoundFile[]> {
  const entries = await files.readdir(folder, { withFileTypes: true });
  const found: FoundFile[] = [];
  for (const entry of entries) {
    if (entry.isDirectory() || !endingsTaken.test(entry.name)) continue;
    const file = await lookAt(files, folder, entry.name);
    if (file !== null) found.push(file);
  }
  if (entries.some(({ name }) => name.includes('\uFFFD')))
    found.push(...(await filesInOtherCharacters(files, folder)));
  return found.sort((a, b) => a.changedMs - b.changedMs || (a.name < b.name ? -1 : 1));
}

const endingsTaken = /\.(?:json|csv|txt|xlsx)$/i;

/**
 * Files whose names are bytes of another encoding than the disk's: an old share or a program on Windows writes Chinese
 * names so. Nobody finds them by a text, so they get a name of ours when they are taken.
 */
async function filesInOtherCharacters(files: FolderFiles, folder: string): Promise<FoundFile[]> {
  const found: FoundFile[] = [];
  for (const raw of await files.readdir(folder, { encoding: 'buffer' })) {
    const [ending] = endingsTaken.exec(raw.toString('latin1')) ?? [];
    if (ending === undefined || Buffer.from(raw.toString('utf8')).equals(raw)) continue;
    const path = Buffer.concat([Buffer.from(join(folder, sep)), raw]);
    const facts = await files.lstat(path).catch(() => null);
    if (facts === null || facts.isDirectory()) continue;
    const name = `name-in-other-characters-${fileHash(raw).slice(0, 12)}${ending.toLowerCase()}`;
    found.push({ name, size: facts.size, changedMs: facts.mtimeMs, path });
  }
  return found;
}

/** The file as it is now; null if it is gone, for then it is not ours to take. Of a link, the link itself. */
async function lookAt(files: FolderFiles, folder: string, name: string): Promise<FoundFile | null> {
  const facts = await files.lstat(join(folder, name)).catch(() => null);
  return facts === null ? null : { name, size: facts.size, changedMs: facts.mtimeMs };
}

/** Keeps a file of `taking/` and deletes it or moves it on; false where it stays there for a later look. */
async function takeFile(options: HeldOptions, file: FoundFile): Promise<boolean> {
  const { folder, files, taking, importFile, onTaken } = options;
  const { name } = file;
  const before = await lookAt(files, taking.path, name);
  if (before === null) return true;
  // Somebody wrote to it since it was looked at; it is complete when it stays the same again.
  if (!isSame(before, file)) return false;
  const report = await importFile(join(folder, 'taking', name), taking.path);
  if (report.accepted.length > 0) onTaken(report);
  const after = await lookAt(files, taking.path, name);
  if (after !== null && !isSame(before, after)) return false;
  if (report.refused.length === 0) {
    // The database has it, encrypted; a bill in plain text is nobody's archive.
    if (after !== null) await files.unlink(join(taking.path, name));
    return true;
  }
  if (after !== null) options.aside.set(name, { file: after, report });
  return true;
}

async function refuseRestless(options: HeldOptions, file: FoundFile): Promise<void> {
  const { name } = file;
  const report = await options.refuseRestless(join(options.folder, 'taking', name));
  const now = await lookAt(options.files, options.taking.path, name);
  if (now !== null) options.aside.set(name, { file: now, report });
}

/** Moves files to `refused/`, for their owner alone to read, with what was wrong beside each. */
async function putAside(options: HeldOptions, names: readonly string[]): Promise<void> {
  const { files, root, aside, onRefused } = options;
  if (names.length === 0) return;
  const refused = await holdWorkFolder(root, 'refused', { makes: true });
  if (refused === null) throw new Error('a folder that is made is there');
  try {
    // Read once for all of them: what lies there may be many.
    const there = new Set(await files.readdir(refused.path));
    for (const name of names) {
      const known = aside.get(name);
      if (known === undefined) continue;
      // One that was written to or taken away since it was read is looked at anew.
      const now = await lookAt(files, options.taking.path, name);
      if (now !== null && isSame(now, known.file)) {
        await putOneAside(options, { ...known, refused, there });
        onRefused(known.report.refused);
      }
      aside.delete(name);
    }
  } finally {
    await refused.close();
  }
}

async function putOneAside(
  { files, taking, today = todayOf }: HeldOptions,
  {
    file: { name },
    report,
    refused,
    there,
  }: {
    readonly file: FoundFile;
    readonly report: ImportReport;
    readonly refused: HeldFolder;
    readonly there: Set<string>;
  },
): Promise<void> {
  const newName = freeName(there, nameOfOurs(name));
  const problems = report.refused.map((entry) => ({ ...entry, file: name }));
  const note: RefusedNote = { ...report, refused: problems, refusedAt: today().toISOString() };
  const text = Buffer.from(`${JSON.stringify(note, null, 2)}\n`);
  await writeNewWhole(join(refused.path, newName + problemsEnding), text, { mode: 0o600 });
  await keepToOwner(join(taking.path, name));
  await files.rename(join(taking.path, name), join(refused.path, newName));
}

/** Of a plain file alone: a link leads elsewhere, and a second name is another's. */
async function keepToOwner(file: string): Promise<void> {
  const facts = await systemFiles.lstat(file, { bigint: true });
  if (notPlain(facts) !== null || process.platform === 'win32') return;
  // What another user wrote is his to open or close; the folder around it lets nobody in.
  await systemFiles.chmod(file, 0o600).catch(() => undefined);
}

/** A name that may stand in a list and have an ending put behind it. */
function nameOfOurs(name: string): string {
  if (isSafeName(name)) return name;
  return `unsafe-name-${fileHash(Buffer.from(name)).slice(0, 12)}${extname(name).toLowerCase()}`;
}

/** The name, or the name with the first free number, so that no earlier file is written over; it is taken then. */
function freeName(there: Set<string>, name: string): string {
  let candidate = name;
  for (let number = 2; there.has(candidate) || there.has(candidate + problemsEnding); number += 1)
    candidate = `${String(number)}-${name}`;
  there.add(candidate);
  there.add(candidate + problemsEnding);
  return candidate;
}
