import { cp, readdir, rename, rm } from 'node:fs/promises';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { PlaceProblem } from './place-problem.ts';
import { placeUnderTest, removeTemplate, type PlaceUnderTest } from './testing/place-under-test.ts';

/** How long a busy machine may take before a test gives up. */
const patience = { timeout: 300_000 };
const program = fileURLToPath(new URL('./testing/keep-and-die-program.ts', import.meta.url));
let under: PlaceUnderTest;
beforeEach(async () => {
  under = await placeUnderTest();
});
afterEach(async () => {
  await under.remove();
});

afterAll(removeTemplate);

/** The words kept in units of work that the place has, in their order. */
function wordsThere(of: PlaceUnderTest = under): readonly string[] {
  const read = of.read();
  if (!read.ok) throw new Error(read.refusal.code);
  return [...read.value.rows()]
    .flatMap(({ rows }) => rows)
    .filter(({ table_name }) => table_name === 'folder_facts')
    .map(({ row_json }) => (JSON.parse(row_json) as { value_json: string }).value_json)
    .map((word) => JSON.parse(word) as string);
}
const gapOf = () => {
  const read = under.read();
  return read.ok ? read.value.gap : read.refusal.code;
};
const setUp = () => under.second.setUp(under.place);

describe('a second place', () => {
  it('is none where none is set, and nothing is written then', async () => {
    await under.keep('before');
    expect(await under.second.copied()).toBe('none');
    expect((await under.second.state()).place).toBeNull();
  });

  it('has what was kept before the answer, and shows nothing personal', async () => {
    await under.keep('before');
    await setUp();
    await under.keep('张三的一笔');
    expect(await under.second.copied()).toBe('copied');
    expect(wordsThere()).toEqual(['张三的一笔']);
    expect(await under.second.state()).toMatchObject({ problem: null, waiting: 0, oldestAt: null });
    for (const name of await readdir(under.place)) {
      const bytes = under.disk().read(name);
      expect(bytes?.includes('张三') === true || bytes?.includes('SQLite format') === true).toBe(
        false,
      );
    }
  });

  it('that is full keeps the rows that found no room waiting, whole, and has them once there is room', async () => {
    await setUp();
    await under.keep('one');
    await under.second.copied();
    const { length } = under.disk().read(segment()) ?? Buffer.alloc(0);
    for (const room of [0, 1, 5, 40, 200]) {
      under.disk().room = room;
      await under.keep(`at ${String(room)}`);
      expect(await under.second.copied()).toBe('not-yet');
      // In trouble nobody waits for it: the try goes on by itself.
      await vi.waitFor(async () => {
        expect(await under.second.state()).toMatchObject({ problem: 'full' });
      }, patience);
      expect(under.disk().read(segment())?.length).toBe(length);
    }
    const { waiting, oldestAt } = await under.second.state();
    expect(waiting).toBeGreaterThanOrEqual(10);
    expect(oldestAt).not.toBeNull();
    under.disk().room = Number.MAX_SAFE_INTEGER;
    under.timer.expire();
    await vi.waitFor(async () => {
      expect(await under.second.state()).toMatchObject({ problem: null, waiting: 0 });
    }, patience);
    expect(wordsThere()).toEqual(['one', 'at 0', 'at 1', 'at 5', 'at 40', 'at 200']);
    expect(gapOf()).toBeNull();
  });

  it.each([
    ['EROFS', 'read-only'],
    ['EIO', 'missing'],
    ['EMFILE', 'failed'],
  ])('whose system says %s is named as %s and stops nobody', async (code, problem) => {
    await setUp();
    under.disk().refuse = code;
    await under.keep('one');
    expect(await under.second.copied()).toBe('not-yet');
    expect(await under.second.state()).toMatchObject({ problem });
  });

  it('that hangs is waited for until the deadline once, and then by nobody', async () => {
    await setUp();
    let answers: () => void = () => undefined;
    under.hangs = new Promise((resolve) => (answers = resolve));
    await under.keep('one');
    const first = under.second.copied();
    await vi.waitFor(() => {
      expect(under.timer.waiting()).toContain(2000);
    }, patience);
    under.timer.expire();
    expect(await first).toBe('not-yet');
    expect(await under.second.state()).toMatchObject({ problem: 'hangs' });
    await under.keep('two');
    const waited = under.timer.waiting().length;
    expect(await under.second.copied()).toBe('not-yet');
    expect(under.timer.waiting().length).toBe(waited);
    under.hangs = null;
    answers();
    await vi.waitFor(async () => {
      expect(await under.second.state()).toMatchObject({ problem: null, waiting: 0 });
    }, patience);
    expect(wordsThere()).toEqual(['one', 'two']);
  });

  it('pulled out and put back is caught up; an empty folder at its path is never made one', async () => {
    await setUp();
    await rename(under.place, `${under.place}-pulled`);
    await under.keep('one');
    expect(await under.second.copied()).toBe('not-yet');
    expect(await under.second.state()).toMatchObject({ problem: 'missing' });
    await under.second.state();
    const { mkdir } = await import('node:fs/promises');
    await mkdir(under.place);
    under.timer.expire();
    await vi.waitFor(() => {
      expect(under.timer.waiting()).toContain(5000);
    }, patience);
    expect(await readdir(under.place)).toEqual([]);
    await rm(under.place, { recursive: true });
    await rename(`${under.place}-pulled`, under.place);
    await under.keep('two');
    under.timer.expire();
    await vi.waitFor(async () => {
      expect(await under.second.state()).toMatchObject({ problem: null, waiting: 0 });
    }, patience);
    expect(wordsThere()).toEqual(['one', 'two']);
  });

  it('says by the numbers of the rows that an older folder stands in the place of the newer one', async () => {
    await setUp();
    await under.keep('one');
    expect(await under.second.copied()).toBe('copied');
    await under.store.emptyLog();
    const old = await placeUnderTest(under.store);
    try {
      expect(await old.again().compare()).toMatchObject({ kind: 'fits', place: under.place });
      await under.keep('two');
      expect(await under.second.copied()).toBe('copied');
      const [now, found] = [await under.second.compare(), await old.again().compare()];
      if (now.kind !== 'fits' || found.kind !== 'ahead')
        throw new Error(`${now.kind} ${found.kind}`);
      expect(now.there).toBe(now.here);
      expect(found.there).toBe(now.there);
      expect(found.here).toBeLessThan(found.there);
    } finally {
      await old.remove();
    }
  });

  it('that is none, is gone or has no copy tells nothing of how new the books are, and that is what it says', async () => {
    expect(await under.second.compare()).toEqual({ kind: 'none' });
    await setUp();
    await rename(under.place, `${under.place}-away`);
    const { place } = under;
    expect(await under.again().compare()).toEqual({ kind: 'not-asked', place, problem: 'missing' });
    await rename(`${under.place}-away`, under.place);
    for (const name of await readdir(under.place))
      if (/^(?:base|rows)-/.test(name)) await rm(join(under.place, name));
    expect(await under.again().compare()).toEqual({ kind: 'not-asked', place, problem: 'no-base' });
  });

  it('of another hospital is not written to, neither when set nor when put in its stead', async () => {
    const other = await placeUnderTest(undefined, 'another-folder');
    try {
      await other.second.setUp(other.place);
      await setUp();
      await expect(under.second.setUp(other.place)).rejects.toThrow(PlaceProblem);
      await rename(under.place, `${under.place}-mine`);
      await cp(other.place, under.place, { recursive: true });
      const before = await readdir(under.place);
      await under.keep('one');
      expect(await under.second.copied()).toBe('not-yet');
      expect(await under.second.state()).toMatchObject({ problem: 'foreign' });
      expect(await readdir(under.place)).toEqual(before);
      const state = await under.second.state();
      expect(state.place).toBe(under.place);
    } finally {
      await other.remove();
    }
  });

  it('two copies of one folder pointing to one place: the second one is told, and writes nothing', async () => {
    await setUp();
    await under.store.emptyLog();
    const twin = await placeUnderTest(under.store);
    try {
      await under.keep('mine');
      expect(await under.second.copied()).toBe('copied');
      const theirs = twin.again();
      await twin.keep('theirs');
      // The place holds a row under the number of the twin's own: two histories.
      const folder = under.place;
      await twin.store.transact(({ folderFacts }) => folderFacts.set('second-place', folder));
      await vi.waitFor(async () => {
        expect(await theirs.copied()).toBe('not-yet');
      }, patience);
      const { problem } = await theirs.state();
      expect(['history-differs', 'ahead']).toContain(problem);
      await under.keep('mine again');
      expect(await under.second.copied()).toBe('copied');
      expect(wordsThere()).toContain('mine again');
      expect(wordsThere()).not.toContain('theirs');
    } finally {
      await twin.remove();
    }
  });

  it('that another machine took over from takes nothing more', async () => {
    await setUp();
    await under.keep('one');
    await under.second.copied();
    await under.store.emptyLog();
    const taken = await placeUnderTest(under.store);
    try {
      await taken.store.transact(({ journal }) => journal.begin(2, taken.clock.toISOString()));
      const spare = taken.again();
      await spare.setUp(under.place);
      await under.keep('two');
      expect(await under.second.copied()).toBe('not-yet');
      expect(await under.second.state()).toMatchObject({ problem: 'taken-over' });
    } finally {
      await taken.remove();
    }
  });

  it('has at the next start what a killed program had only committed', async () => {
    await setUp();
    await under.keep('acknowledged by nobody');
    const next = under.again();
    next.wake();
    await vi.waitFor(async () => {
      expect(await next.state()).toMatchObject({ problem: null, waiting: 0 });
    }, patience);
    expect(wordsThere()).toEqual(['acknowledged by nobody']);
  });

  it('keeps the order of what was kept, and its age, when the clock is set back', async () => {
    await setUp();
    await under.keep('one');
    await under.second.copied();
    under.clock = new Date('2017-11-20T00:00:00.000Z');
    await under.keep('two');
    expect(await under.second.copied()).toBe('copied');
    await under.keep('three');
    expect(await under.again().copied()).toBe('copied');
    expect(wordsThere()).toEqual(['one', 'two', 'three']);
    expect(under.faults).toEqual([]);
  });

  it('that stays away does not make the database grow: rows are forgotten, and it gets a copy of everything', async () => {
    await setUp();
    await under.second.close();
    const second = under.again({ rowsMax: 40 });
    await under.keep('copied');
    expect(await second.copied()).toBe('copied');
    await rename(under.place, `${under.place}-away`);
    await under.keep('the first that is not there');
    expect(await second.copied()).toBe('not-yet');
    const { oldestAt } = await second.state();
    const words = Array.from({ length: 30 }, (_, index) => `word ${String(index)}`);
    for (const word of words) await under.keep(word);
    const kept = async () =>
      (await under.store.read(({ journal }) => journal.after(0, 1000))).length;
    expect(await kept()).toBeGreaterThan(60);
    under.timer.expire();
    await vi.waitFor(async () => {
      expect(await kept()).toBeLessThan(20);
    }, patience);
    // What was forgotten is not passed over: it is still said since when something is missing.
    const away = await second.state();
    expect(away).toMatchObject({ problem: 'missing', oldestAt });
    expect(away.waiting).toBeGreaterThan(60);
    await under.keep('the last');
    await rename(`${under.place}-away`, under.place);
    under.clock = new Date('2017-11-29T00:00:00.000Z');
    await vi.waitFor(async () => {
      under.timer.expire();
      expect(await second.state()).toMatchObject({ problem: null, waiting: 0, oldestAt: null });
    }, patience);
    expect(gapOf()).toBeNull();
    const read = under.read();
    if (!read.ok) throw new Error(read.refusal.code);
    const head = (await under.store.read(({ journal }) => journal.state(0))).head;
    expect(read.value.lastUnit.sequence).toBe(head);
    await second.close();
  });

  it('has after a restart what a program had committed that was killed before it was copied', async () => {
    await setUp();
    await under.second.close();
    await under.store.close();
    const key = Buffer.from(under.store.key).toString('hex');
    const child = spawn(process.execPath, [program, under.store.folder, key, 'killed'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const said: Buffer[] = [];
    child.stdout.on('data', (piece: Buffer) => said.push(piece));
    const [, signal] = (await once(child, 'exit')) as [number | null, string | null];
    expect([signal, Buffer.concat(said).toString()]).toEqual(['SIGKILL', 'committed\n']);
    expect(wordsThere()).toEqual([]);
    const store = await under.store.another();
    const restarted = under.again({ store });
    restarted.wake();
    await vi.waitFor(() => {
      expect(wordsThere()).toEqual(['killed']);
    }, patience);
    expect(await restarted.copied()).toBe('copied');
    await restarted.close();
  });

  it('on the disk of the data is said to be, when it is set and afterwards', async () => {
    const { sameDisk } = await under.second.setUp(under.place);
    const [ours, theirs] = [statSync(under.store.folder), statSync(under.place)];
    expect(sameDisk).toBe(ours.dev === theirs.dev);
    const later = under.again();
    await later.copied();
    expect((await later.state()).sameDisk).toBe(sameDisk);
  });

  it('forgets rows only behind a copy that was read back, and makes one where rows are missing', async () => {
    await setUp();
    await under.keep('one');
    await under.second.copied();
    const kept = async () => (await under.store.read(({ journal }) => journal.state(0))).first;
    const before = await kept();
    under.files = [{ path: 'policy-packs/ours/pack.yaml', base64: 'AA==' }];
    await under.keep('two');
    await under.second.copied();
    await vi.waitFor(async () => {
      expect(await kept()).toBeGreaterThan(before ?? 0);
    }, patience);
    const read = under.read();
    if (!read.ok) throw new Error(read.refusal.code);
    expect(read.value.files).toEqual(under.files);
    // Everything of the place is gone but what says whose it is: a new copy is made, nothing is guessed.
    for (const name of await readdir(under.place)) {
      if (/^(rows|base)/.test(name)) await rm(join(under.place, name));
    }
    under.clock = new Date('2017-11-29T00:00:00.000Z');
    await under.keep('three');
    await under.second.copied();
    await vi.waitFor(() => {
      expect(gapOf()).toBeNull();
    }, patience);
  });
});

function segment(): string {
  const name = under
    .disk()
    .list()
    .findLast((each) => each.startsWith('rows-'));
  if (name === undefined) throw new Error('no segment');
  return name;
}
