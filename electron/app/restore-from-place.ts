import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { accepted, refused, type Result, type Words } from '../../shared/domain/result.ts';
import { yuanTextFromFen } from '../../shared/money/yuan-text.ts';
import { fen } from '../../shared/money/fen.ts';
import { shanghaiInstant, systemClock } from '../base/clock.ts';
import { copyNamedFile, isSafeName, NotPlainFileError } from '../base/foreign-folder.ts';
import { programVersion } from '../base/program-version.ts';
import { JournalMismatchError, openReplay } from '../database/replay-journal.ts';
import { openStore, type OpenedStore } from '../database/open-store.ts';
import type { Window } from '../database/unit-of-work.ts';
import { documentRefusal } from '../documents/document-refusals.ts';
import { placeKeys } from '../second-place/place-format.ts';
import { placeDisk, type PlaceDisk } from '../second-place/place-disk.ts';
import { PlaceWriter } from '../second-place/place-writer.ts';
import type { PlaceGap } from '../second-place/place-problem.ts';
import { readPlace, type ReadablePlace } from '../second-place/read-place.ts';
import { restoreRefusal, type RestoreCode } from '../second-place/restore-refusals.ts';
import { secondPlaceSetting } from '../second-place/second-place.ts';
import { verifyFolder } from '../settlement/verify-folder.ts';
import { readLiveKey, writeDataFolder, type FolderCode } from './data-folder.ts';

export type RestoreFromPlace = {
  /** The second place. */
  readonly place: string;
  /** The folder to be made; it is not there or empty. */
  readonly home: string;
  readonly environment: NodeJS.ProcessEnv;
  /** Takes what is whole before a gap, where there is one. */
  readonly upToGap: boolean;
  readonly who: string;
  readonly say: (words: Words) => void;
  readonly now?: () => Date;
};

/** What was recovered. Amounts are yuan text. */
type RestoredFolder = {
  readonly from: string;
  readonly copyOf: string;
  readonly rows: number;
  /** When the last unit of work was kept that is here; null: none came after the copy. */
  readonly upTo: string | null;
  readonly settlements: number;
  readonly total: string;
  readonly lastSettlement: string | null;
  readonly auditHead: { readonly sequence: number; readonly hash: string } | null;
  readonly claimsUnknown: number;
  readonly receiptsToAsk: number;
  /** The number that each day goes on with. */
  readonly numbersFrom: readonly { readonly businessDate: string; readonly next: number }[];
  readonly gap: PlaceGap | null;
  /** Whether the place was marked as taken over and goes on as this folder's second place. */
  readonly placeTakenOver: boolean;
  readonly verified: boolean;
};

/** More settlements than a window makes in a day: numbers a lost machine may have given are left out. */
const numbersLeftOut = 1000;
/** A folder that lay for longer starts its days anew. */
const daysMax = 3660;

/**
 * Takes over on a machine that has nothing, from a second place and the key: the newest copy, every whole unit of work
 * after it, then the whole is verified before the folder takes its name. What nobody can know is asked or left out:
 * claims without a final answer are unknown, receipts are asked for, numbers are skipped.
 */
export async function restoreFromPlace(
  options: RestoreFromPlace,
): Promise<Result<RestoredFolder, RestoreCode | FolderCode>> {
  const { place, home, environment, say } = options;
  if (existsSync(home) && readdirSync(home).length > 0) {
    return refused(restoreRefusal('home-not-empty', { home }));
  }
  const key = readLiveKey(home, environment);
  if (!key.ok) return key;
  say({ zh: `正在核对第二存放处：${place} …`, en: `Looking through ${place} …` });
  try {
    return await restoreReading(key.value, options);
  } catch (problem) {
    if (!(problem instanceof PlaceGoneError)) throw problem;
    return refused(restoreRefusal('place-changed', { place, why: problem.why }));
  }
}

async function restoreReading(
  key: Buffer,
  options: RestoreFromPlace,
): Promise<Result<RestoredFolder, RestoreCode>> {
  const { place, home } = options;
  const read = readPlace(place, diskThatMayGo(place), placeKeys(key));
  if (!read.ok) return read;
  const { gap } = read.value;
  if (gap !== null && !options.upToGap) {
    return refused(restoreRefusal('place-has-gap', { place, gap }));
  }
  mkdirSync(dirname(home), { recursive: true });
  const making = `${home}.restoring-${randomUUID().slice(0, 8)}`;
  try {
    const restored = await restoreInto(making, read.value, key, options);
    if (!restored.ok) return restored;
    // An empty folder of that name gives way.
    if (existsSync(home)) await rm(home, { recursive: true });
    await rename(making, home);
    return restored;
  } finally {
    await rm(making, { recursive: true, force: true });
  }
}

/** A stick that was pulled out, or a share that went away, while it was read. */
class PlaceGoneError extends Error {
  override readonly name = 'PlaceGoneError';
  readonly why: string;

  constructor(why: string) {
    super(`the place went away: ${why}`);
    this.why = why;
  }
}

/** Reads of the place; what the system refuses there is no fault of the folder that is made. */
function diskThatMayGo(place: string): Pick<PlaceDisk, 'list' | 'read' | 'facts' | 'hash'> {
  const disk = placeDisk(place);
  return {
    list: () => unlessGone(() => disk.list()),
    read: (name) => unlessGone(() => disk.read(name)),
    facts: (name) => unlessGone(() => disk.facts(name)),
    hash: (name) => unlessGone(() => disk.hash(name)),
  };
}

function unlessGone<T>(act: () => T): T {
  try {
    return act();
  } catch (problem) {
    // A link or a pipe in the place of a file is passed over by whoever reads; no room is this machine's.
    const isOther = problem instanceof NotPlainFileError || !(problem instanceof Error);
    if (isOther || !('code' in problem) || problem.code === 'ENOSPC') throw problem;
    throw new PlaceGoneError(String(problem.code));
  }
}

async function restoreInto(
  making: string,
  readable: ReadablePlace,
  key: Buffer,
  options: RestoreFromPlace,
): Promise<Result<RestoredFolder, RestoreCode>> {
  const { place, say } = options;
  const { folder, base, files, term, lastUnit, gap } = readable;
  writeDataFolder(making, { kind: folder.kind, id: folder.id }, key);
  for (const { path, base64 } of files) {
    const parts = path.split('/');
    // The place holds the hospital's own packs; nothing else has a right to a name in the folder.
    if (parts[0] !== 'policy-packs' || !parts.every(isSafeName)) continue;
    const target = join(making, ...parts);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, Buffer.from(base64, 'base64'), { flag: 'wx' });
  }
  const file = join(making, 'settlement.db');
  say({ zh: `正在从 ${place} 复制数据 …`, en: `Copying the data from ${place} …` });
  unlessGone(() => {
    copyNamedFile(join(place, base.file), file);
  });
  // It was whole when it was looked at; what was copied since is what counts.
  if (placeDisk(making).hash('settlement.db') !== base.sha256) {
    return refused(restoreRefusal('place-changed', { place, why: base.file }));
  }
  const window: Window = { id: folder.id, program: programVersion };
  const rows = await replayed({ file, key }, window, readable, say);
  if (!rows.ok)
    return refused(restoreRefusal('place-does-not-fit', { place, problem: rows.problem }));
  // The place is read twice. Rows that were there at first and are not now would be missing, and nobody would be told.
  const missing = lastUnit.sequence - base.sequence - rows.count;
  if (missing !== 0) {
    return refused(restoreRefusal('place-changed', { place, why: `rows: -${String(missing)}` }));
  }
  const store = await openStore({ file, key, window, folderId: folder.id });
  try {
    const changed = await goOnWith(store, readable, options);
    say({ zh: '正在核对全部账目 …', en: 'Verifying all the books …' });
    const { ok, checks } = await verifyFolder({ store });
    if (!ok) {
      const problems = checks.filter((check) => !check.ok);
      return refused(restoreRefusal('restored-books-wrong', { problems }));
    }
    const placeTakenOver = fence({ place, folder, term: term + 1, key });
    if (!placeTakenOver) await goOnWithoutPlace(store);
    return accepted({
      from: place,
      copyOf: base.madeAt,
      rows: rows.count,
      upTo: lastUnit.at,
      ...(await recovered(store)),
      ...changed,
      gap,
      placeTakenOver,
      verified: true,
    });
  } finally {
    await store.close();
  }
}

type Replayed =
  { readonly ok: true; readonly count: number } | { readonly ok: false; readonly problem: string };

async function replayed(
  database: { readonly file: string; readonly key: Uint8Array },
  window: Window,
  readable: ReadablePlace,
  say: RestoreFromPlace['say'],
): Promise<Replayed> {
  const replay = await openReplay(database, window);
  const from = readable.base.sequence;
  const all = readable.lastUnit.sequence - from;
  let said = -1;
  try {
    for (const { rows, schema } of readable.rows()) {
      await replay.apply(rows, schema);
      const percent = Math.floor(((replay.head() - from) / all) * 10) * 10;
      if (percent > said) {
        said = percent;
        say({ zh: `已恢复 ${String(percent)}% …`, en: `${String(percent)}% restored …` });
      }
    }
    await replay.finish();
    return { ok: true, count: replay.head() - from };
  } catch (problem) {
    if (!(problem instanceof JournalMismatchError)) throw problem;
    return { ok: false, problem: problem.message };
  } finally {
    await replay.close();
  }
}

/** The machine before this one may still run somewhere: from now on the place takes nothing from it. */
function fence(about: {
  readonly place: string;
  readonly folder: ReadablePlace['folder'];
  readonly term: number;
  readonly key: Buffer;
}): boolean {
  const { place, folder, term, key } = about;
  const now = (): Date => new Date();
  try {
    new PlaceWriter(placeDisk(place), placeKeys(key), { folder, term, now }).prepare();
    return true;
  } catch {
    // A stick with write protection: it is said, and this folder has no second place until one is set.
    return false;
  }
}

async function goOnWith(
  store: OpenedStore,
  { term, folder, lastUnit, gap }: ReadablePlace,
  options: RestoreFromPlace,
): Promise<Pick<RestoredFolder, 'claimsUnknown' | 'receiptsToAsk' | 'numbersFrom'>> {
  const { place, who, now = () => new Date() } = options;
  const facts = await store.read(({ folderFacts }) => folderFacts.all());
  const fixed = facts['business-date'];
  const today = systemClock(typeof fixed === 'string' ? fixed : null).businessDate();
  const at = shanghaiInstant(now());
  return store.transact(async ({ takeover, journal, folderFacts, audit }) => {
    // The journal goes on under the next term; the first copy of everything holds what is changed here.
    await journal.begin(term + 1, now().toISOString());
    await folderFacts.set(secondPlaceSetting, place);
    const claimsUnknown = await takeover.makeClaimsUnknown(
      { code: 'taken-over', words: '换机接管：不知道原机器有没有把它发出去' },
      at,
    );
    const cause = {
      zh: '换机接管，原机器停用前可能打过',
      en: 'another machine took over; the one before may have printed it',
    };
    const problem = documentRefusal('maybe-printed', { cause });
    const receiptsToAsk = await takeover.makeReceiptsUnknown(problem, at);
    await takeover.leaveStatementsBehind();
    const days = daysFrom((await takeover.lastBusinessDate()) ?? today, today);
    const numbersFrom = await takeover.leaveNumbersOut(days, numbersLeftOut, at);
    await audit.append({
      at,
      who,
      act: 'take-over',
      about: folder.id,
      detail: { term: term + 1, upTo: lastUnit, gap, claimsUnknown, receiptsToAsk, numbersFrom },
    });
    return { claimsUnknown, receiptsToAsk, numbersFrom };
  });
}

/** The place cannot be written to: this folder has none until one is set. */
async function goOnWithoutPlace(store: OpenedStore): Promise<void> {
  await store.transact(async ({ journal, folderFacts }) => {
    await journal.stop();
    await folderFacts.set(secondPlaceSetting, null);
  });
}

/** Every day from the one to the other, both counted; the later one alone where the first lies after it or too far back. */
function daysFrom(first: string, last: string): readonly string[] {
  const dayMs = 24 * 60 * 60 * 1000;
  const count = (Date.parse(last) - Date.parse(first)) / dayMs + 1;
  if (!(count >= 1 && count <= daysMax)) return first > last ? [last, first] : [last];
  return Array.from({ length: count }, (_, index) =>
    new Date(Date.parse(first) + index * dayMs).toISOString().slice(0, 10),
  );
}

async function recovered(
  store: OpenedStore,
): Promise<Pick<RestoredFolder, 'settlements' | 'total' | 'lastSettlement' | 'auditHead'>> {
  const { settlements, totalFen, lastNumber, auditHead } = await store.read(({ takeover }) =>
    takeover.recovered(),
  );
  return {
    settlements,
    total: yuanTextFromFen(fen(totalFen)),
    lastSettlement: lastNumber,
    auditHead,
  };
}
