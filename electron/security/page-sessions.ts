import { createHash, randomBytes } from 'node:crypto';

import { shanghaiInstant, type Clock } from '../base/clock.ts';
import type { Ids } from '../base/ids.ts';
import type {
  PageEndReason,
  PageKind,
  PageSessionRecord,
} from '../database/page-sessions-repository.ts';
import type { Repositories, Store } from '../database/store.ts';

export type { PageEndReason, PageKind } from '../database/page-sessions-repository.ts';

/** A page that was let in and may ask; `userId` null: in nobody's name. */
export type PageSession = Pick<PageSessionRecord, 'id' | 'page' | 'userId'>;

/** A page as it is listed; `end` null: it may still ask. */
export type ListedPageSession = Omit<PageSessionRecord, 'livedMs' | 'secrets'>;

/** Somebody sat down at a page. `secret`: what it shows from now on; null: a window of the program shows none. */
export type Seated = { readonly secret: string | null };

/** How somebody sits down: on which password, and since which turn of the page; not said: none, and now. */
export type SitsDown = { readonly turn?: number; readonly passwordNumber?: number | null };

/** A page that asks: let in, or why not. Who does not show a secret of ours is told nothing but that. */
export type FoundPage =
  | { readonly ok: true; readonly session: PageSession }
  | { readonly ok: false; readonly ended: PageEndReason | null };

/** What somebody tried to come in with: a used or invented opening token, a page's secret, the owner's. */
export type WrongProof = 'opening-token' | 'page-secret' | 'owner-secret';

/** How long a page may be there. */
export type PageSessionLimits = {
  /** Without a call: nobody works there any more. The lock of the screen comes long before. */
  readonly idleMs: number;
  /** In all: the longest shift; the next one begins with a page of its own. */
  readonly absoluteMs: number;
};

const hourMs = 3_600_000;
export const pageSessionLimits: PageSessionLimits = { idleMs: 2 * hourMs, absoluteMs: 16 * hourMs };

/**
 * A secret that was replaced is taken for so long, until the new one is used: an answer that was lost locks no page out. It
 * opens no more than the way in.
 */
export const replacedSecretMs = 60_000;

/** The use of a page is written down so often: a stop loses no more of it. */
const noteUseEveryMs = 5 * 60_000;
/** Who guesses fills no audit: one entry in so long says how often it was. */
const noteWrongEveryMs = 60_000;
/** What has ended beyond these is only in the books. */
const endedMax = 200;
/** Pages read at once; however many there are, each that may ask is listed, and ends when it is to. */
const readAtOnce = 200;

export type PageSessionsDependencies = {
  readonly store: Store;
  readonly clock: Pick<Clock, 'now'>;
  /** The machine's own counter; nobody sets it back. */
  readonly monotonicMs: () => number;
  readonly ids: Ids;
  /** Who acts at a page that was just let in; null: nobody, until somebody signs in. */
  readonly firstUserId: string | null;
  readonly onFault: (problem: unknown) => void;
  readonly limits?: PageSessionLimits;
};

/** Why a page ends without anybody who ends it there. */
const endsByItself: ReadonlySet<PageEndReason> = new Set(['idle', 'too-old', 'stopped']);

/** What this process knows of a page beside its row: when it was last used, and pages no row could be written for. */
type Known = {
  record: PageSessionRecord;
  /** False where not everything could be written: then what this process knows counts, for as long as it runs. */
  isKept: boolean;
  usedMs: number;
  notedMs: number;
  livedMsThen: number;
  /** When the secret that replaces it was given, by the machine's counter; null: not since this program runs. */
  nextSecretMs: number | null;
  /** How often somebody sat down there since this program runs. */
  turn: number;
  /** Which of the user's passwords whoever sits there has shown, by its number; null: none, since this program runs. */
  passwordNumber: number | null;
};

/**
 * The pages that were let in. Each has a secret of its own, of which only the hash is kept, and ends by idle time, by its
 * age, or because somebody ends it. Who signs in there gives it a new one, and whoever had the one before has nothing. A row
 * of the books says so, so that a page outlives a restart of the desk. Ages are the longer of two: by the clock, and by
 * the machine's counter, so that a clock set back lets no page live longer.
 */
export class PageSessions {
  readonly #with: PageSessionsDependencies;
  readonly #limits: PageSessionLimits;
  readonly #known = new Map<string, Known>();
  readonly #listeners = new Set<(sessionId: string, reason: PageEndReason) => void>();
  readonly #changeListeners = new Set<() => void>();
  readonly #leftListeners = new Set<(sessionId: string) => void>();
  readonly #newSecretListeners = new Set<(sessionId: string) => void>();
  readonly #writing = new Set<Promise<unknown>>();
  readonly #wrong = new Map<WrongProof, { times: number; notedMs: number | null }>();

  constructor(dependencies: PageSessionsDependencies) {
    this.#with = dependencies;
    this.#limits = dependencies.limits ?? pageSessionLimits;
  }

  /** Lets a page in; the secret is told this once. A window of the program itself needs none and gets none. */
  async open(page: 'browser'): Promise<{ readonly session: PageSession; readonly secret: string }>;
  async open(page: 'window'): Promise<{ readonly session: PageSession; readonly secret: null }>;
  async open(page: PageKind): Promise<{ session: PageSession; secret: string | null }> {
    const { clock, ids, firstUserId, monotonicMs } = this.#with;
    const secret = randomBytes(32).toString('base64url');
    const at = shanghaiInstant(clock.now());
    const record: PageSessionRecord = {
      ...{ id: ids.next(), page, userId: firstUserId, end: null },
      ...{ openedAt: at, lastUsedAt: at, livedMs: 0 },
      secrets: { sha256: hashOf(secret), next: null },
    };
    const isKept = await this.#written(({ pageSessions }) => pageSessions.insert(record));
    this.#known.set(record.id, knownOf(record, monotonicMs(), isKept));
    this.#tellChange();
    return { session: sessionOf(record), secret: page === 'browser' ? secret : null };
  }

  /** The page that shows this secret, which counts as a use of it. */
  async find(secret: string): Promise<FoundPage> {
    const sha256 = hashOf(secret);
    const record = await this.#recordOf(
      ({ pageSessions }) => pageSessions.findBySecret(sha256),
      (known) => opensWith(known.record, sha256) !== 'nothing',
    );
    const opens = record?.page === 'browser' ? opensWith(record, sha256) : 'nothing';
    if (record === null || opens === 'nothing') return this.#turnedAway('page-secret');
    if (opens === 'way-in' && this.#sinceReplacedMs(record) > replacedSecretMs)
      return this.#turnedAway('page-secret');
    const found = await this.#used(record);
    if (!found.ok || opens === 'page') return found;
    // Whoever shows what was replaced may have copied it before: it opens the way in, in nobody's name.
    if (opens === 'way-in') return { ok: true, session: { ...found.session, userId: null } };
    await this.#takeNextSecret(record, sha256);
    return found;
  }

  /** A page that is known without a secret: a window of the program itself, or one whose line is open. */
  async findById(id: string): Promise<FoundPage> {
    const record = await this.#recordOf(
      ({ pageSessions }) => pageSessions.find(id),
      (known) => known.record.id === id,
    );
    return record === null ? { ok: false, ended: null } : this.#used(record);
  }

  /** How often somebody sat down at the page so far: who begins to sign in says it again at the end. */
  turnAt(sessionId: string): number {
    return this.#known.get(sessionId)?.turn ?? 0;
  }

  /** Which password whoever sits at the page has shown, by its number among the user's; null: none, since this program runs. */
  passwordShownAt(sessionId: string): number | null {
    return this.#known.get(sessionId)?.passwordNumber ?? null;
  }

  /**
   * From now on this user acts at the page, which has another secret: the one before is none from the first use of the new
   * one on. null: the page has ended, or somebody else has sat down there since `turn`, and nothing was changed.
   */
  async signedIn(
    sessionId: string,
    userId: string,
    { turn = this.turnAt(sessionId), passwordNumber = null }: SitsDown = {},
  ): Promise<Seated | null> {
    const found = await this.findById(sessionId);
    const known = this.#known.get(sessionId);
    if (!found.ok || known === undefined || known.turn !== turn) return null;
    known.turn += 1;
    known.passwordNumber = passwordNumber;
    if (known.record.userId !== userId) this.#tellLeft(sessionId);
    const secret = found.session.page === 'browser' ? randomBytes(32).toString('base64url') : null;
    const at = shanghaiInstant(this.#with.clock.now());
    const next = secret === null ? null : { sha256: hashOf(secret), at };
    known.nextSecretMs = this.#with.monotonicMs();
    const isKept = await this.#written(({ pageSessions }) =>
      pageSessions.signIn(sessionId, userId, next),
    );
    const { secrets } = known.record;
    known.record = { ...known.record, userId, secrets: { ...secrets, next: next ?? secrets.next } };
    known.isKept &&= isKept;
    this.#tellChange();
    return { secret };
  }

  /** Nobody acts at the page any more; the page stays and somebody may sign in. False: it has ended. */
  async signedOut(sessionId: string): Promise<boolean> {
    const found = await this.findById(sessionId);
    if (!found.ok) return false;
    const known = this.#known.get(sessionId);
    this.#tellLeft(sessionId);
    const isKept = await this.#written(({ pageSessions }) => pageSessions.setUser(sessionId, null));
    if (known !== undefined) {
      known.record = { ...known.record, userId: null };
      known.isKept &&= isKept;
    }
    this.#tellChange();
    return known !== undefined || isKept;
  }

  /** Nobody acts at any page any more; the pages stay, and whoever sat there signs in anew. */
  async leaveAll(): Promise<void> {
    for (const { id, userId } of await this.#live()) if (userId !== null) await this.signedOut(id);
  }

  /** Ends a page: what it asks from now on is refused, and its line is cut. False: there is no such page any more. */
  async end(sessionId: string, reason: PageEndReason): Promise<boolean> {
    const end = { at: shanghaiInstant(this.#with.clock.now()), reason };
    const known = this.#known.get(sessionId);
    const wasLive = known !== undefined && known.record.end === null;
    if (wasLive) known.record = { ...known.record, end };
    let isEnded = wasLive;
    const isKept = await this.#written(async ({ pageSessions, audit }) => {
      const isEndedNow = await pageSessions.end(sessionId, end);
      isEnded = isEndedNow || wasLive;
      // Of what a person does the act itself has an entry.
      if (isEndedNow && endsByItself.has(reason)) {
        const detail = { reason, userId: known?.record.userId ?? null };
        const entry = { at: end.at, who: 'program', act: 'end-page', about: sessionId, detail };
        await audit.append(entry);
      }
    });
    if (isKept && known?.isKept === true) this.#known.delete(sessionId);
    else if (known !== undefined) known.isKept = false;
    if (!isEnded) return false;
    for (const listener of this.#listeners) listener(sessionId, reason);
    this.#tellLeft(sessionId);
    this.#tellChange();
    return true;
  }

  /** Ends every page: the owner has stopped the desk. A program that merely ends leaves them, to find it again. */
  async endAll(reason: PageEndReason): Promise<void> {
    for (const { id } of await this.#live()) await this.end(id, reason);
  }

  /** Ends the pages whose time is up, and writes down what was tried with wrong proofs. For now and then. */
  async endOld(): Promise<void> {
    for (const record of await this.#live()) {
      const reason = this.#timeUp(record);
      if (reason !== null) await this.end(record.id, reason);
    }
    for (const proof of this.#wrong.keys()) await this.#noteWrong(proof);
  }

  /** Every page that may ask, then those that ended, the latest first. */
  async list(): Promise<readonly ListedPageSession[]> {
    const live = await this.#live();
    const ended = await this.#with.store.read(({ pageSessions }) => pageSessions.ended(endedMax));
    return [...live, ...ended].map((record) => ({
      ...sessionOf(record),
      openedAt: record.openedAt,
      lastUsedAt: this.#lastUsedAt(record),
      end: record.end,
    }));
  }

  /** Calls the listener whenever a page ends; the answer stops that. */
  onEnd(listener: (sessionId: string, reason: PageEndReason) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Calls the listener whenever a page came, ended, or has another user; the answer stops that. */
  onChange(listener: () => void): () => void {
    this.#changeListeners.add(listener);
    return () => this.#changeListeners.delete(listener);
  }

  /** Calls the listener whenever nobody acts at a page any more; the answer stops that. */
  onLeft(listener: (sessionId: string) => void): () => void {
    this.#leftListeners.add(listener);
    return () => this.#leftListeners.delete(listener);
  }

  /** Calls the listener whenever a page has used the secret that replaces its own; the answer stops that. */
  onNewSecret(listener: (sessionId: string) => void): () => void {
    this.#newSecretListeners.add(listener);
    return () => this.#newSecretListeners.delete(listener);
  }

  /** Somebody came with a proof that is none: written down, but never so often that guessing fills the books. */
  turnAway(proof: WrongProof): void {
    const before = this.#wrong.get(proof);
    const counted = { times: (before?.times ?? 0) + 1, notedMs: before?.notedMs ?? null };
    this.#wrong.set(proof, counted);
    this.#inTheBackground(this.#noteWrong(proof));
  }

  /** Waits for what is still being written. */
  async close(): Promise<void> {
    await Promise.all(this.#writing);
  }

  #tellLeft(sessionId: string): void {
    for (const listener of this.#leftListeners) listener(sessionId);
  }

  #tellChange(): void {
    for (const listener of this.#changeListeners) listener();
  }

  /** For what no call waits for. */
  #inTheBackground(work: Promise<unknown>): void {
    const writing = work.catch(this.#with.onFault).finally(() => this.#writing.delete(writing));
    this.#writing.add(writing);
  }

  #turnedAway(proof: WrongProof): FoundPage {
    this.turnAway(proof);
    return { ok: false, ended: null };
  }

  async #noteWrong(proof: WrongProof): Promise<void> {
    const counted = this.#wrong.get(proof);
    const now = this.#with.monotonicMs();
    if (counted === undefined || counted.times === 0) return;
    if (counted.notedMs !== null && now - counted.notedMs < noteWrongEveryMs) return;
    this.#wrong.set(proof, { times: 0, notedMs: now });
    const at = shanghaiInstant(this.#with.clock.now());
    const detail = { proof, times: counted.times };
    await this.#written(({ audit }) =>
      audit.append({ at, who: '', act: 'turn-away-page', about: proof, detail }),
    );
  }

  /** A use of the page, unless its time is up. */
  async #used(record: PageSessionRecord): Promise<FoundPage> {
    if (record.end !== null) return { ok: false, ended: record.end.reason };
    const reason = this.#timeUp(record);
    if (reason !== null) {
      await this.end(record.id, reason);
      return { ok: false, ended: reason };
    }
    this.#noteUse(record);
    return { ok: true, session: sessionOf(record) };
  }

  #timeUp(record: PageSessionRecord): PageEndReason | null {
    const now = this.#with.clock.now().getTime();
    const known = this.#known.get(record.id);
    const sinceUsed =
      known === undefined ? 0 : Math.max(0, this.#with.monotonicMs() - known.usedMs);
    const sinceOpened = now - Date.parse(record.openedAt);
    // A clock that was set back counts as much as one that went on.
    const idle = Math.max(sinceUsed, Math.abs(now - Date.parse(this.#lastUsedAt(record))));
    if (idle > this.#limits.idleMs) return 'idle';
    if (Math.max(sinceOpened, this.#livedMs(record)) > this.#limits.absoluteMs) return 'too-old';
    return null;
  }

  #livedMs({ id, livedMs }: PageSessionRecord): number {
    const known = this.#known.get(id);
    if (known === undefined) return livedMs;
    return known.livedMsThen + (this.#with.monotonicMs() - known.notedMs);
  }

  #lastUsedAt({ id, lastUsedAt }: Pick<PageSessionRecord, 'id' | 'lastUsedAt'>): string {
    return this.#known.get(id)?.record.lastUsedAt ?? lastUsedAt;
  }

  #noteUse(record: PageSessionRecord): void {
    const now = this.#with.monotonicMs();
    const lastUsedAt = shanghaiInstant(this.#with.clock.now());
    const known = this.#known.get(record.id);
    if (known === undefined) {
      this.#known.set(record.id, knownOf({ ...record, lastUsedAt }, now, true));
      return;
    }
    known.record = { ...(known.isKept ? record : known.record), lastUsedAt };
    known.usedMs = now;
    if (now - known.notedMs < noteUseEveryMs || !known.isKept) return;
    const livedMs = Math.round(this.#livedMs(record));
    known.livedMsThen = livedMs;
    known.notedMs = now;
    // Nobody waits for it: at worst the page ends a little later than it should.
    this.#inTheBackground(
      this.#written(({ pageSessions }) => pageSessions.noteUse(record.id, { lastUsedAt, livedMs })),
    );
  }

  /** The first use of the secret that replaces the page's own. */
  async #takeNextSecret({ id, secrets }: PageSessionRecord, sha256: string): Promise<void> {
    const isKept = await this.#written(({ pageSessions }) =>
      pageSessions.takeNextSecret(id, sha256),
    );
    const known = this.#known.get(id);
    if (known !== undefined) {
      if (known.record.secrets.next?.sha256 === secrets.next?.sha256)
        known.record = { ...known.record, secrets: { sha256, next: null } };
      known.isKept &&= isKept;
    }
    for (const listener of this.#newSecretListeners) listener(id);
  }

  /** Since when the page's secret is replaced; a clock that was set back counts as much as one that went on. */
  #sinceReplacedMs({ id, secrets: { next } }: PageSessionRecord): number {
    const { clock, monotonicMs } = this.#with;
    const givenMs = this.#known.get(id)?.nextSecretMs ?? null;
    const byCounter = givenMs === null ? 0 : monotonicMs() - givenMs;
    if (next === null) return byCounter;
    return Math.max(byCounter, Math.abs(clock.now().getTime() - Date.parse(next.at)));
  }

  async #live(): Promise<readonly PageSessionRecord[]> {
    const rows = await this.#with.store.read(async ({ pageSessions }) => {
      const all: PageSessionRecord[] = [];
      for (;;) {
        const page = { after: all.at(-1)?.id ?? '', limit: readAtOnce };
        const some = await pageSessions.live(page);
        all.push(...some);
        if (some.length < readAtOnce) return all;
      }
    });
    const unkept = [...this.#known.values()].filter(({ isKept }) => !isKept);
    const others = rows.filter(({ id }) => !unkept.some(({ record }) => record.id === id));
    const ours = unkept.map(({ record }) => record).filter(({ end }) => end === null);
    return [...others, ...ours];
  }

  /** The row, for what another program did to it counts; else what this process alone knows. */
  async #recordOf(
    ask: (repositories: Repositories) => Promise<PageSessionRecord | null>,
    isIt: (known: Known) => boolean,
  ): Promise<PageSessionRecord | null> {
    const { store, onFault } = this.#with;
    let row: PageSessionRecord | null = null;
    let isAsked = true;
    try {
      row = await store.read(ask);
    } catch (problem) {
      // Data that cannot be read is said by the call itself, to a page that is known here.
      onFault(problem);
      isAsked = false;
    }
    const known = row === null ? [...this.#known.values()].find(isIt) : this.#known.get(row.id);
    if (known !== undefined && (!known.isKept || !isAsked)) {
      return row?.end === null || row === null ? known.record : row;
    }
    return row;
  }

  /** Writes where it can: a disk that takes nothing keeps nobody from working with what is there. */
  async #written(work: (repositories: Repositories) => Promise<unknown>): Promise<boolean> {
    const { store, onFault } = this.#with;
    if (store.readingOnly() !== null) return false;
    try {
      await store.transact(work);
      return true;
    } catch (problem) {
      onFault(problem);
      return false;
    }
  }
}

/** What a page opens that shows this: itself, the same as `first-use` of what replaces its secret, or the way in alone. */
function opensWith(
  { secrets: { sha256, next } }: PageSessionRecord,
  shown: string,
): 'page' | 'first-use' | 'way-in' | 'nothing' {
  if (next?.sha256 === shown) return 'first-use';
  if (sha256 !== shown) return 'nothing';
  return next === null ? 'page' : 'way-in';
}

const knownOf = (record: PageSessionRecord, now: number, isKept: boolean): Known => ({
  ...{ record, isKept, usedMs: now, notedMs: now, livedMsThen: record.livedMs },
  ...{ nextSecretMs: null, turn: 0, passwordNumber: null },
});

const sessionOf = ({ id, page, userId }: PageSessionRecord): PageSession => ({ id, page, userId });

/** A secret is 256 random bits: nothing slower than a hash is needed to keep it from whoever reads the table. */
const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('hex');
