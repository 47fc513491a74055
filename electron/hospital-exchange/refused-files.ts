import { lstat, readdir, rename, unlink } from 'node:fs/promises';
import { join } from 'node:path';

import { z } from 'zod';

import { accepted, refused, type Result } from '../../shared/domain/result.ts';
import { readReason } from '../../shared/domain/written-text.ts';
import { shanghaiInstant, type Clock } from '../base/clock.ts';
import { fileHash } from '../base/file-hash.ts';
import { isSafeName, notPlain, readPlainFile, type HeldFolder } from '../base/foreign-folder.ts';
import { within } from '../base/within.ts';
import type { Timer } from '../base/timer.ts';
import { assertRoom } from '../database/reading-only.ts';
import type { Store } from '../database/store.ts';
import { maskNumbersIn } from '../security/mask.ts';
import { exchangeRefusal } from './exchange-refusals.ts';
import { incomingFolderErrorOf } from './hospital-folder-error.ts';
import { holdExchangeFolder, type ExchangeFolder } from './hold-exchange-folder.ts';
import { holdWorkFolder, problemsEnding } from './work-folders.ts';

const wordsSchema = z.object({ zh: z.string(), en: z.string() });
const problemSchema = z.object({
  row: z.int().exactOptional(),
  column: z.string().exactOptional(),
  place: z.string().exactOptional(),
  code: z.string(),
  message: wordsSchema,
  remedy: wordsSchema,
});
const noteSchema = z.object({
  refusedAt: z.iso.datetime(),
  accepted: z.array(z.object({ visitId: z.string() })),
  refused: z.array(problemSchema),
});

/** Something of a refused file, where it stands and what to do. */
type RefusedFileProblem = z.infer<typeof problemSchema>;

/** A file that was not taken, or not all of it, and lies in `refused/`. */
export type RefusedFile = {
  /** By which a page names it: a hospital may put a patient's number into the name of a file. */
  readonly fileId: string;
  readonly name: string;
  /** Null where the note beside it cannot be read any more. */
  readonly refusedAt: string | null;
  /** How many visits of it were taken. */
  readonly taken: number;
  /** The first of them, and how many there are. */
  readonly problems: readonly RefusedFileProblem[];
  readonly problemCount: number;
};

type RefusedFilesCode = 'intake-folder-missing' | 'intake-folder-away';
type RetryFileCode = RefusedFilesCode | 'refused-file-gone' | 'refused-file-waits';
type RemoveFileCode = RefusedFilesCode | 'refused-file-gone' | 'refused-file-reason-missing';

/** What the acts on refused files stand on. */
export type RefusedFilesPlace = {
  readonly store: Store;
  readonly clock: Pick<Clock, 'now'>;
  /** The folder that bills come from; null: none is set. */
  readonly exchange: ExchangeFolder | null;
  readonly timer?: Timer;
};

const noteBytesMax = 8 * 1024 * 1024;
/** So many problems of a file are shown; whoever has mended these tries it again. */
const problemsShownMax = 200;
/** A share that does not answer keeps nobody at the page for longer. */
const folderWaitMs = 5000;

/**
 * Files in `refused/`, by name, after one of them: by its id (none where that one is gone, for nobody knows its place then), or
 * by its name, be it there or not. `limit` of them at most.
 */
export function listRefusedFiles(
  place: RefusedFilesPlace,
  {
    after,
    afterName,
    limit,
  }: { readonly after?: string; readonly afterName?: string; readonly limit: number },
): Promise<Result<readonly RefusedFile[], RefusedFilesCode>> {
  return inRefused(
    place,
    async ({ refused: { path } }) => {
      const names = await namesIn(path);
      const shown = restAfter(names, { after, afterName }).slice(0, limit);
      return accepted(shown.map((name) => refusedFileIn(path, name)));
    },
    accepted([]),
  );
}

function restAfter(
  names: readonly string[],
  {
    after,
    afterName,
  }: { readonly after: string | undefined; readonly afterName: string | undefined },
): readonly string[] {
  if (afterName !== undefined) return names.filter((name) => name > afterName);
  if (after === undefined) return names;
  const last = names.findIndex((name) => isCalled(name, after));
  return last < 0 ? [] : names.slice(last + 1);
}

/**
 * Puts a refused file (its name, or its id) before the others to be taken in: it was mended, or what stood in its way is no more.
 * Its note goes; what is refused of it then is said anew.
 */
export function retryRefusedFile(
  place: RefusedFilesPlace,
  { file, by }: { readonly file: string; readonly by: string },
): Promise<Result<{ readonly fileId: string }, RetryFileCode>> {
  return inRefused<{ readonly fileId: string }, RetryFileCode>(
    place,
    async ({ root, refused: { path } }) => {
      const name = await plainFileOf(path, file);
      if (name === null) return refused(exchangeRefusal('refused-file-gone'));
      const taking = await holdWorkFolder(root, 'taking', { makes: true });
      if (taking === null) throw new Error('a folder that is made is there');
      try {
        // What is taken in comes out of `taking/`, where nobody else writes: no file is written over.
        if ((await lstat(join(taking.path, name)).catch(() => null)) !== null)
          return refused(exchangeRefusal('refused-file-waits'));
        const problems = refusedFileIn(path, name).problemCount;
        await enterAct(place, { act: 'retry-refused-file', by, name, detail: { problems } });
        await rename(join(path, name), join(taking.path, name));
        await unlink(join(path, name + problemsEnding)).catch(() => undefined);
        return accepted({ fileId: idOf(name) });
      } finally {
        await taking.close();
      }
    },
    refused(exchangeRefusal('refused-file-gone')),
  );
}

/** Deletes a refused file (its name, or its id) that nobody needs any more, and what was said of it. */
export function removeRefusedFile(
  place: RefusedFilesPlace,
  {
    file,
    by,
    reason: written,
  }: { readonly file: string; readonly by: string; readonly reason: string },
): Promise<Result<{ readonly fileId: string }, RemoveFileCode>> {
  const reason = readReason(written);
  if (reason === '')
    return Promise.resolve(refused(exchangeRefusal('refused-file-reason-missing')));
  return inRefused<{ readonly fileId: string }, RemoveFileCode>(
    place,
    async ({ refused: { path } }) => {
      const name = await plainFileOf(path, file);
      if (name === null) return refused(exchangeRefusal('refused-file-gone'));
      await enterAct(place, { act: 'remove-refused-file', by, name, detail: { reason } });
      await unlink(join(path, name));
      await unlink(join(path, name + problemsEnding)).catch(() => undefined);
      return accepted({ fileId: idOf(name) });
    },
    refused(exchangeRefusal('refused-file-gone')),
  );
}

/** Who did what, before it is done: what cannot be entered is not done. */
async function enterAct(
  { store, clock }: RefusedFilesPlace,
  {
    act,
    by,
    name,
    detail,
  }: {
    readonly act: string;
    readonly by: string;
    readonly name: string;
    readonly detail: Readonly<Record<string, unknown>>;
  },
): Promise<void> {
  assertRoom(store);
  const entry = { at: shanghaiInstant(clock.now()), who: by, act, about: maskNumbersIn(name) };
  await store.transact(({ audit }) => audit.append({ ...entry, detail }));
}

/** Holds `refused/` open while something is done there; `ifNone` where nothing was ever refused. */
async function inRefused<Value, Code extends string>(
  { exchange, timer }: RefusedFilesPlace,
  act: (held: {
    readonly root: HeldFolder;
    readonly refused: HeldFolder;
  }) => Promise<Result<Value, Code>>,
  ifNone: Result<Value, Code>,
): Promise<Result<Value, Code | RefusedFilesCode>> {
  if (exchange === null) return refused(exchangeRefusal('intake-folder-missing'));
  const holding = async (): Promise<Result<Value, Code>> => {
    const root = await holdExchangeFolder(exchange);
    try {
      const held = await holdWorkFolder(root, 'refused', { makes: false });
      if (held === null) return ifNone;
      try {
        return await act({ root, refused: held });
      } finally {
        await held.close();
      }
    } finally {
      await root.close();
    }
  };
  try {
    const done = await within(folderWaitMs, holding(), timer);
    return done ?? refused(exchangeRefusal('intake-folder-away'));
  } catch (problem) {
    if (incomingFolderErrorOf(exchange.folder, problem) === null) throw problem;
    return refused(exchangeRefusal('intake-folder-away'));
  }
}

/** The files that were refused, by name: those with a note beside them. */
async function namesIn(path: string): Promise<readonly string[]> {
  const all = await readdir(path);
  const there = new Set(all);
  return all.filter((name) => there.has(name + problemsEnding) && isSafeName(name)).sort();
}

const idOf = (name: string): string => fileHash(Buffer.from(name)).slice(0, 24);
const isCalled = (name: string, called: string): boolean =>
  name === called || idOf(name) === called;

/** The name of a plain file that was refused; null: there is none. A name that a page made up leads nowhere else. */
async function plainFileOf(path: string, called: string): Promise<string | null> {
  const name = (await namesIn(path)).find((each) => isCalled(each, called));
  if (name === undefined) return null;
  const facts = await lstat(join(path, name), { bigint: true }).catch(() => null);
  return facts !== null && notPlain(facts) === null ? name : null;
}

function refusedFileIn(path: string, name: string): RefusedFile {
  try {
    const text = readPlainFile(join(path, name + problemsEnding), noteBytesMax).toString('utf8');
    const { refusedAt, accepted: taken, refused: problems } = noteSchema.parse(JSON.parse(text));
    return {
      ...{
        fileId: idOf(name),
        name,
        refusedAt,
        taken: taken.length,
        problemCount: problems.length,
      },
      problems: problems.slice(0, problemsShownMax),
    };
  } catch {
    // Somebody took the note away or wrote into it: the file is still there to be tried again.
    return { fileId: idOf(name), name, refusedAt: null, taken: 0, problems: [], problemCount: 0 };
  }
}
