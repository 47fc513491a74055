import { rm } from 'node:fs/promises';
import { join } from 'node:path';

import type { CopiedState } from '../../shared/contracts/contract.ts';
import type { Timer } from '../base/timer.ts';
import { checkCopy, copyDatabase } from '../database/copy-database.ts';
import type { JournalRow, JournalState } from '../database/journal-repository.ts';
import type { Store } from '../database/store.ts';
import { assertFits } from './assert-fits.ts';
import { compareWithPlace, type PlaceComparison } from './compare-with-place.ts';
import { boundJournal, forgottenSince, nothingForgotten } from './bound-journal.ts';
import { filesHash, type OwnFile } from './place-format.ts';
import { PlaceLock } from './place-lock.ts';
import { placeProblemOf as codeOf, PlaceProblem, type PlaceProblemCode } from './place-problem.ts';
import type { PlaceAnswer, PlaceOf, PlaceRequest, PlaceThread } from './place-requests.ts';
import type { PlaceTail } from './place-writer.ts';
import { noSecondPlace, type SecondPlaceState } from './second-place-state.ts';

export type SecondPlaceDependencies = {
  readonly store: Store;
  readonly folder: {
    readonly home: string;
    readonly id: string;
    readonly kind: 'demo' | 'live';
    readonly key: Uint8Array;
    readonly databaseFile: string;
  };
  /** The number of the last migration: what rows are of. */
  readonly schema: number;
  readonly thread: PlaceThread;
  readonly timer: Timer;
  readonly now: () => Date;
  /** The hospital's own packs and whatever else settling needs beside the database. */
  readonly ownFiles: () => Promise<readonly OwnFile[]>;
  /** Only a desk makes copies of everything by itself; a command has no time for it. */
  readonly makesBases: boolean;
  readonly onFault: (problem: unknown) => void;
  /** So many rows are kept for a place that is away; absent: `journalRowsMax`. */
  readonly rowsMax?: number;
};

/** An act waits so long for its rows to be in the second place, in milliseconds; then it says that they are not. */
const copyDeadlineMs = 2000;
/** After a problem the place is tried again so often. */
const retryMs = 5000;
/** A copy of everything that failed is tried again so often. */
const baseRetryMs = 60_000;
/** Rows written in one piece: a bill of hundreds of lines is a row of some 100 kB. */
const rowsAtOnce = 200;
/** A new copy of everything is due after a day, or after this much of rows: takeover replays them all. */
const baseAgeMs = 24 * 60 * 60 * 1000;
const rowBytesMax = 512 * 1024 * 1024;

/** Where rows go and how many wait; since when some are missing that were forgotten before they were copied. */
type Kept = {
  readonly of: PlaceOf;
  readonly state: JournalState;
  readonly forgottenSince: string | null;
};

/** Where rows go and those that wait, at most one piece of them; `head`: the last row of all that wait. */
type Pending = {
  readonly of: PlaceOf;
  readonly rows: readonly JournalRow[];
  readonly head: number;
};

/** The name of the setting, and of the fact it is kept as. */
export const secondPlaceSetting = 'second-place';

/**
 * Brings everything the folder keeps to its second place. It never stands in anybody's way: the place is spoken to in a
 * thread, one request at a time, and who waits for it waits for a deadline. What could not be copied stays in the
 * journal and is copied when the place answers again.
 */
export class SecondPlace {
  readonly #with: SecondPlaceDependencies;
  readonly #listeners = new Set<() => void>();
  #place: string | null = null;
  #copiedTo = 0;
  #problem: PlaceProblemCode | null = null;
  #baseAt: string | null = null;
  #sameDisk = false;
  #running: Promise<void> | null = null;
  #lookingAtBase: Promise<void> | null = null;
  #makingBase: Promise<void> | null = null;
  #bounding: Promise<void> | null = null;
  #baseNotBefore = 0;
  readonly #lock: PlaceLock;
  #cancelRetry: () => void = () => undefined;
  #closed = false;

  constructor(dependencies: SecondPlaceDependencies) {
    this.#with = dependencies;
    this.#lock = new PlaceLock(dependencies.folder, dependencies.timer);
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async state(): Promise<SecondPlaceState> {
    const kept = await this.#kept();
    if (kept === null) return noSecondPlace;
    const { waiting } = kept.state;
    const oldestAt = kept.forgottenSince ?? kept.state.oldestAt;
    return {
      place: kept.of.place,
      problem: waiting > 0 || this.#problem === 'no-base' ? this.#problem : null,
      oldestAt,
      waiting,
      sameDisk: this.#sameDisk,
      baseAt: this.#baseAt,
    };
  }

  /**
   * Whether everything that was kept before this call is in the second place: at once where it is, or where the place
   * is in trouble already; else within the deadline.
   */
  async copied(): Promise<CopiedState> {
    const reading = this.#pending();
    if (this.#place !== null && this.#problem === null) this.#lock.takeAhead(reading);
    const pending = await reading;
    if (pending === null) return 'none';
    const { head } = pending;
    if (this.#isThere(head)) return 'copied';
    const isInTrouble = this.#problem !== null;
    const running = this.#copyUntil(head, pending);
    // A place in trouble is tried, but not waited for.
    if (isInTrouble) {
      running.catch(this.#with.onFault);
      return 'not-yet';
    }
    await this.#within(copyDeadlineMs, running);
    if (this.#isThere(head)) return 'copied';
    if (this.#running !== null) this.#meet('hangs');
    return 'not-yet';
  }

  /**
   * Asks the place itself whether the books are as new as it is. A whole older folder in the place of a newer one shows by
   * nothing else, for everything that remembers how far the books were lies in the folder. Within the deadline of an act.
   */
  async compare(): Promise<PlaceComparison> {
    const kept = await this.#kept();
    if (kept === null) return { kind: 'none' };
    const asked = { ...kept.of, kind: 'look' } as const;
    return compareWithPlace(this.#with.store, kept.of.place, async () => {
      const looking = this.#lock.holding(() => this.#askWithin(asked, copyDeadlineMs));
      return this.#tailOf(await looking);
    });
  }

  /** Something may have been kept: copies it in the background. */
  wake(): void {
    void this.copied().catch(this.#with.onFault);
  }

  /**
   * Makes a folder the second place, with a copy of everything in it. Throws a `PlaceProblem`, and then nothing was
   * changed. Answers whether it is on the disk of the data itself, which it should not be.
   */
  async setUp(place: string): Promise<{ readonly sameDisk: boolean }> {
    const { store, now } = this.#with;
    const [before, term] = await store.read(async ({ folderFacts, journal }) => [
      await folderFacts.get(secondPlaceSetting),
      await journal.term(),
    ]);
    const first = this.#of(place, term ?? 1);
    const prepared = await this.#askWithin({ ...first, kind: 'prepare' }, setUpDeadlineMs);
    // What stands there of another history stays and is not gone on with.
    const fits = term !== null && before === place && (await this.#fits(first));
    const next = fits ? term : (term ?? 0) + 1;
    const of = this.#of(place, next);
    await store.transact(async ({ folderFacts, journal }) => {
      await folderFacts.set(secondPlaceSetting, place);
      await journal.begin(next, now().toISOString());
    });
    try {
      await this.#makeBase(of);
    } catch (problem) {
      await store.transact(async ({ folderFacts, journal }) => {
        await folderFacts.set(secondPlaceSetting, before);
        if (term === null) await journal.stop();
        else await journal.begin(term, now().toISOString());
      });
      throw problem;
    }
    this.#problem = null;
    this.#tell();
    return { sameDisk: prepared.kind === 'prepared' && prepared.sameDisk };
  }

  /** The folder has no second place any more; what is in the last one stays there. */
  async stop(): Promise<void> {
    await this.#with.store.transact(async ({ folderFacts, journal }) => {
      await folderFacts.set(secondPlaceSetting, null);
      await journal.stop();
    });
    this.#tell();
  }

  /** Copies what it can within the deadline and ends; nobody waits for a place that hangs. */
  async close(): Promise<void> {
    this.#cancelRetry();
    await this.copied().catch(this.#with.onFault);
    await this.#within(copyDeadlineMs, this.#lookingAtBase ?? Promise.resolve());
    this.#closed = true;
    this.#cancelRetry();
    await this.#within(copyDeadlineMs, this.#makingBase ?? Promise.resolve());
    await this.#bounding;
    await this.#lock.letGo();
    await this.#with.thread.close();
  }

  #of(place: string, term: number): PlaceOf {
    const { home, id, kind, key } = this.#with.folder;
    return { place, home, folder: { id, kind }, key, term };
  }

  /** Where the rows go and how many wait; null: there is no second place. */
  async #kept(): Promise<Kept | null> {
    const kept = await this.#with.store.read(async ({ folderFacts, journal }) => ({
      place: await folderFacts.get(secondPlaceSetting),
      since: await folderFacts.get(forgottenSince),
      term: await journal.term(),
      state: await journal.state(this.#copiedTo),
    }));
    if (typeof kept.place !== 'string' || kept.term === null) return null;
    if (kept.place !== this.#place) {
      this.#place = kept.place;
      this.#copiedTo = 0;
      this.#problem = null;
      return this.#kept();
    }
    return {
      of: this.#of(kept.place, kept.term),
      state: kept.state,
      forgottenSince: typeof kept.since === 'string' ? kept.since : null,
    };
  }

  /** What waits, as far as one piece goes; null: there is no second place. */
  async #pending(): Promise<Pending | null> {
    const { place, term, rows, head } = await this.#with.store.read(async ({ journal }) => {
      const asked = { fact: secondPlaceSetting, after: this.#copiedTo, limit: rowsAtOnce };
      const found = await journal.pending(asked);
      const isAll = found.rows.length < rowsAtOnce;
      const last = found.rows.at(-1)?.sequence ?? this.#copiedTo;
      return { ...found, head: isAll ? last : (await journal.state(last)).head };
    });
    if (typeof place !== 'string' || term === null) return null;
    if (place !== this.#place) {
      this.#place = place;
      this.#copiedTo = 0;
      this.#problem = null;
      return this.#pending();
    }
    return { of: this.#of(place, term), rows, head };
  }

  #isThere(head: number): boolean {
    return this.#copiedTo >= head && this.#copiedTo > 0;
  }

  /** One at a time; who comes while it runs has it run once more, for its rows may have come too late. */
  async #copyUntil(head: number, pending: Pending | null = null): Promise<void> {
    for (let turn = 0; turn < 2 && !this.#isThere(head) && !this.#closed; turn += 1) {
      if (turn > 0 && this.#problem !== null) return;
      this.#running ??= this.#copy(turn === 0 ? pending : null).finally(() => {
        this.#running = null;
      });
      await this.#running;
    }
  }

  async #copy(known: Pending | null): Promise<void> {
    const pending = known ?? (await this.#pending());
    if (pending === null) return;
    const { of } = pending;
    try {
      await this.#lock.holding(async () => {
        const tail = (await this.#appendAsLeft(pending)) ?? (await this.#appendAll(of));
        this.#meet(null);
        this.#lookAtBase(of, tail);
      });
    } catch (problem) {
      this.#meet(codeOf(problem));
      if (!(problem instanceof PlaceProblem)) this.#with.onFault(problem);
      if (this.#problem === 'no-base') this.#startBase(of);
    }
  }

  /** The rows of one piece where the place is as it was left; null: it has to be looked at first, or more wait. */
  async #appendAsLeft({ of, rows }: Pending): Promise<PlaceTail | null> {
    const [first, last] = [rows[0], rows.at(-1)];
    if (first === undefined || last === undefined || this.#copiedTo === 0) return null;
    if (first.sequence !== this.#copiedTo + 1 || rows.length === rowsAtOnce) return null;
    const { thread, schema } = this.#with;
    const tail = this.#tailOf(await thread.ask({ ...of, kind: 'append', rows, schema }));
    // Another program was there meanwhile, or it is another place: whether it fits is looked at first.
    if (tail.isReadAnew || tail.to !== last.sequence) return null;
    this.#copiedTo = tail.to;
    this.#baseAt = tail.base?.madeAt ?? null;
    return tail;
  }

  /** Every row that is kept and not there yet, in order. */
  async #appendAll(of: PlaceOf): Promise<PlaceTail> {
    const { store, thread, schema } = this.#with;
    let tail = this.#tailOf(await thread.ask({ ...of, kind: 'look' }));
    if (tail.isReadAnew || tail.to !== this.#copiedTo) await assertFits(this.#with.store, tail);
    this.#copiedTo = tail.to;
    this.#baseAt = tail.base?.madeAt ?? null;
    for (;;) {
      const rows = await store.read(({ journal }) => journal.after(tail.to, rowsAtOnce));
      const [first] = rows;
      if (first === undefined) return tail;
      if (first.sequence !== tail.to + 1) {
        throw new PlaceProblem('no-base', 'rows the place does not have were forgotten');
      }
      tail = this.#tailOf(await thread.ask({ ...of, kind: 'append', rows, schema }));
      if (tail.isReadAnew || tail.to !== rows.at(-1)?.sequence) {
        throw new PlaceProblem('failed', 'the place is not as it was left');
      }
      this.#copiedTo = tail.to;
    }
  }

  async #fits(of: PlaceOf): Promise<boolean> {
    try {
      await assertFits(
        this.#with.store,
        this.#tailOf(await this.#askWithin({ ...of, kind: 'look' }, setUpDeadlineMs)),
      );
      return true;
    } catch (problem) {
      const code = codeOf(problem);
      if (code === 'no-base') return true;
      if (code === 'ahead' || code === 'history-differs') return false;
      throw problem;
    }
  }

  /** Nobody who waits for his rows waits for this. */
  #lookAtBase(of: PlaceOf, tail: PlaceTail): void {
    this.#lookingAtBase ??= this.#renewBase(of, tail)
      .catch(this.#with.onFault)
      .finally(() => {
        this.#lookingAtBase = null;
      });
  }

  async #renewBase(of: PlaceOf, { base, bytes, filesHash: hash }: PlaceTail): Promise<void> {
    if (base === null || !this.#with.makesBases) return;
    const age = this.#with.now().getTime() - Date.parse(base.madeAt);
    const isOld = age > baseAgeMs && this.#copiedTo > base.sequence;
    if (isOld || bytes > rowBytesMax || filesHash(await this.#with.ownFiles()) !== hash) {
      this.#startBase(of);
    }
  }

  #startBase(of: PlaceOf): void {
    const { makesBases, now, onFault } = this.#with;
    const at = now().getTime();
    if (!makesBases || this.#makingBase !== null || this.#closed) return;
    if (Math.abs(at - this.#baseNotBefore) < baseRetryMs) return;
    this.#baseNotBefore = at;
    this.#makingBase = this.#makeBase(of)
      .then(() => this.#copyUntil(Number.MAX_SAFE_INTEGER))
      .catch((problem: unknown) => {
        this.#meet(this.#problem ?? codeOf(problem));
        onFault(problem);
      })
      .finally(() => {
        this.#makingBase = null;
      });
  }

  /** A copy of everything, read through before it goes over, piece by piece so that rows go between. */
  async #makeBase(of: PlaceOf): Promise<void> {
    const { folder, store, thread } = this.#with;
    const file = join(folder.home, 'second-place-copy.part');
    await rm(file, { force: true });
    try {
      await copyDatabase({ file: folder.databaseFile, key: folder.key }, file);
      const { journalHead: sequence, schema } = await checkCopy({ file, key: folder.key });
      const files = await this.#with.ownFiles();
      await this.#lock.holding(async () => {
        await thread.ask({ ...of, kind: 'begin-base' });
        for (let from = 0, whole = false; !whole;) {
          const piece = await thread.ask({ ...of, kind: 'add-to-base', file, from });
          if (piece.kind !== 'piece') throw new Error('no answer to a piece of a copy');
          ({ to: from, whole } = piece);
        }
        // The copy before this one stays useful only with every row up to the new one.
        await this.#appendAll(of).catch(ignoringPlaceProblems);
        const facts = { sequence, schema };
        const ended = await thread.ask({ ...of, kind: 'end-base', facts, file, files });
        const tail = this.#tailOf(ended);
        this.#copiedTo = tail.to;
        this.#baseAt = tail.base?.madeAt ?? null;
      });
      await store.transact(async ({ folderFacts, journal }) => {
        await journal.forget(sequence);
        await nothingForgotten(folderFacts);
      });
    } finally {
      await rm(file, { force: true });
    }
  }

  /** Waits for something, but not longer than a deadline; never rejects. */
  #within(ms: number, what: Promise<unknown>): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.#with.timer(ms, resolve);
      what
        .catch(() => undefined)
        .finally(() => {
          cancel();
          resolve();
        });
    });
  }

  async #askWithin(request: PlaceRequest, ms: number): Promise<PlaceAnswer> {
    const asked = this.#with.thread.ask(request);
    const answers: PlaceAnswer[] = [];
    await this.#within(
      ms,
      asked.then((answer) => answers.push(answer)),
    );
    const [answer] = answers;
    if (answer !== undefined) return answer;
    // Rejected already, or it hangs.
    const hangs = new PlaceProblem('hangs', `no answer within ${String(ms)} ms`);
    return Promise.race([asked, Promise.reject(hangs)]);
  }

  #meet(problem: PlaceProblemCode | null): void {
    const isNew = problem !== this.#problem;
    this.#problem = problem;
    this.#cancelRetry();
    if (problem !== null && !this.#closed) {
      this.#cancelRetry = this.#with.timer(retryMs, () => {
        this.wake();
        this.#bounding ??= boundJournal(this.#with, this.#copiedTo, () => this.#closed)
          .catch(this.#with.onFault)
          .finally(() => {
            this.#bounding = null;
          });
        if (this.#running !== null) this.#meet(problem);
      });
    }
    if (isNew) this.#tell();
  }

  #tailOf(answer: PlaceAnswer): PlaceTail {
    if (answer.kind !== 'tail') throw new Error(`a place answered ${answer.kind}`);
    this.#sameDisk = answer.sameDisk;
    return answer.tail;
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}

/** A folder that is made the second place answers within this, in milliseconds, or is refused. */
const setUpDeadlineMs = 15_000;

function ignoringPlaceProblems(problem: unknown): void {
  if (!(problem instanceof PlaceProblem)) throw problem;
}
