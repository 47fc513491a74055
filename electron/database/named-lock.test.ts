import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { socketNames, type LockPlace } from './lock-places.ts';
import { lockHolder, takeLock } from './named-lock.ts';

let folder: string;
let place: LockPlace;
const programs = mkdtempSync(join(tmpdir(), 'settlement-lock-holder-'));

const placeAt = (home: string): LockPlace => ({ home, databaseFile: join(home, 'settlement.db') });

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'settlement-lock-'));
  place = placeAt(join(folder, 'desk'));
  mkdirSync(place.home);
  writeFileSync(place.databaseFile, 'the database');
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

afterAll(() => {
  rmSync(programs, { recursive: true });
});

const module = pathToFileURL(join(import.meta.dirname, 'named-lock.ts')).href;
const since = '2017-11-27T20:00:00.000+08:00';

/**
 * Another program that tries the lock at a place whenever it is told one, and holds what it got until it is told the
 * next or killed.
 */
async function startHolder(): Promise<ChildProcess> {
  const program = join(programs, 'holder.mjs');
  writeFileSync(
    program,
    `import { createInterface } from 'node:readline';
     import { takeLock } from ${JSON.stringify(module)};
     let lock = { ok: false };
     process.stdout.write('ready');
     for await (const line of createInterface({ input: process.stdin })) {
       if (lock.ok) lock.value.release();
       lock = await takeLock(JSON.parse(line), 'desk', 'holding the desk', ${JSON.stringify(since)});
       process.stdout.write(lock.ok ? 'held' : 'busy');
     }`,
  );
  const child = spawn(process.execPath, [program], { stdio: ['pipe', 'pipe', 'inherit'] });
  expect(await said(child)).toBe('ready');
  return child;
}

/** A program of a user without any rights that takes names in the system's memory. */
async function startStranger(names: readonly string[]): Promise<ChildProcess> {
  const program = `
    const { createServer } = require('node:net');
    let left = ${String(names.length)};
    for (const name of ${JSON.stringify(names)})
      createServer().listen(name, () => { if (--left === 0) process.stdout.write('ready'); });`;
  const [nobody, nogroup] = [65_534, 65_534].map(String);
  // Node may lie where only root reads, so it gives up its rights when it runs.
  const child = spawn(
    process.execPath,
    ['--eval', `process.setgid(${nogroup}); process.setuid(${nobody});${program}`],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  );
  expect(await said(child)).toBe('ready');
  return child;
}

/** What became of the attempt; sent at once, answered when it is over. */
function tellToTake(child: ChildProcess, at: LockPlace): Promise<string> {
  const answer = said(child);
  child.stdin?.write(`${JSON.stringify(at)}\n`);
  return answer;
}

const said = async ({ stdout }: ChildProcess): Promise<string> => {
  if (stdout === null) throw new Error('a holder speaks');
  const [words] = (await once(stdout, 'data')) as [Buffer];
  return words.toString();
};

async function holdElsewhere(): Promise<ChildProcess> {
  const child = await startHolder();
  expect(await tellToTake(child, place)).toBe('held');
  return child;
}

async function end(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}

/** Refused with the holder's own process, whatever lies in the folder. */
async function expectHeldBy({ pid }: ChildProcess, at: LockPlace = place) {
  const second = await takeLock(at, 'desk', 'a second desk');
  if (second.ok) second.value.release();
  expect(second).toMatchObject({ ok: false, refusal: { code: 'busy', details: [{ pid }] } });
  return second;
}

async function expectFree(at: LockPlace = place): Promise<void> {
  expect(await lockHolder(at, 'desk')).toBeNull();
  const lock = await takeLock(at, 'desk', 'the next desk');
  expect(lock).toMatchObject({ ok: true });
  if (lock.ok) lock.value.release();
}

describe('a named lock', () => {
  it('is refused to a second with who holds it, and given again after release', async () => {
    const first = await takeLock(place, 'upload', 'uploading');
    if (!first.ok) throw new Error('the first taker is refused');
    const second = await takeLock(place, 'upload', 'uploading too');
    expect(second).toMatchObject({
      ok: false,
      refusal: { code: 'busy', details: [{ pid: process.pid, doing: 'uploading' }] },
    });
    first.value.release();
    const third = await takeLock(place, 'upload', 'uploading');
    expect(third.ok).toBe(true);
    if (third.ok) third.value.release();
  });

  it('does not stand in the way of another name or another folder', async () => {
    const first = await takeLock(place, 'upload', 'uploading');
    const other = await takeLock(place, 'restore', 'restoring');
    const elsewhere = placeAt(join(folder, 'elsewhere'));
    mkdirSync(elsewhere.home);
    const third = await takeLock(elsewhere, 'upload', 'uploading');
    expect([first.ok, other.ok, third.ok]).toEqual([true, true, true]);
    for (const lock of [first, other, third]) if (lock.ok) lock.value.release();
  });

  it('names the holder by pid, since when, doing what, as which command', async () => {
    const holder = await holdElsewhere();
    const refusal = await expectHeldBy(holder);
    expect(refusal).toMatchObject({
      refusal: {
        details: [{ pid: holder.pid, since, doing: 'holding the desk', stopped: false }],
      },
    });
    expect(JSON.stringify(refusal)).toContain('holder.mjs');
    expect(await lockHolder(place, 'desk')).toMatchObject({ pid: holder.pid });
    await end(holder);
  });

  it('is freed by the system when its holder is killed, and can be taken at once', async () => {
    await end(await holdElsewhere());
    await expectFree();
  });

  it('stays with a holder that is stopped, and says how to end that', async () => {
    const holder = await holdElsewhere();
    holder.kill('SIGSTOP');
    const refusal = await expectHeldBy(holder);
    expect(refusal).toMatchObject({ refusal: { details: [{ stopped: true }] } });
    expect(JSON.stringify(refusal)).toContain(`kill -CONT ${String(holder.pid)}`);
    expect(await lockHolder(place, 'desk')).toMatchObject({ pid: holder.pid, stopped: true });
    await end(holder);
    await expectFree();
  });

  it('is got by one of two that begin at the same instant, in each of 20 races', async () => {
    const both = await Promise.all([startHolder(), startHolder()]);
    const winners: number[] = [];
    for (let race = 0; race < 20; race += 1) {
      // A folder that is new to both: the lock's file comes into being in the race, too.
      const at = placeAt(join(folder, `race-${String(race)}`));
      mkdirSync(at.home);
      writeFileSync(at.databaseFile, '');
      const answers = await Promise.all(both.map((each) => tellToTake(each, at)));
      winners.push(answers.filter((answer) => answer === 'held').length);
    }
    expect(winners).toEqual(winners.map(() => 1));
    expect(winners).toHaveLength(20);
    await Promise.all(both.map(end));
  });
});

describe.runIf(process.platform === 'linux')('what is done to the folder while a desk runs', () => {
  const attacks: Readonly<Record<string, () => LockPlace>> = {
    'locks/ deleted'() {
      rmSync(join(place.home, 'locks'), { recursive: true });
      return place;
    },
    'the lock file replaced by a copy of itself, with the words of another process'() {
      const file = join(place.home, 'locks', 'desk.lock');
      copyFileSync(file, `${file}.copy`);
      renameSync(`${file}.copy`, file);
      const words = join(place.home, 'locks', 'desk.json');
      writeFileSync(words, readFileSync(words, 'utf8').replace(/"pid":\d+/, '"pid":1'));
      return place;
    },
    'the folder renamed'() {
      const moved = join(folder, 'moved');
      renameSync(place.home, moved);
      return placeAt(moved);
    },
    'the folder renamed and locks/ deleted'() {
      const moved = join(folder, 'moved');
      renameSync(place.home, moved);
      rmSync(join(moved, 'locks'), { recursive: true });
      return placeAt(moved);
    },
    'the database replaced by a copy, and locks/ deleted'() {
      copyFileSync(place.databaseFile, `${place.databaseFile}.copy`);
      renameSync(`${place.databaseFile}.copy`, place.databaseFile);
      rmSync(join(place.home, 'locks'), { recursive: true });
      return place;
    },
    'the database moved to a folder of its own'() {
      const own = placeAt(join(folder, 'own'));
      mkdirSync(own.home);
      renameSync(place.databaseFile, own.databaseFile);
      return own;
    },
    'a symbolic link to the folder, and locks/ deleted'() {
      const link = join(folder, 'link');
      symlinkSync(place.home, link);
      rmSync(join(place.home, 'locks'), { recursive: true });
      return placeAt(link);
    },
  };
  let holder: ChildProcess;
  beforeAll(async () => {
    holder = await startHolder();
  });
  afterAll(() => end(holder));

  /** Lets go of what it has by taking the lock of a folder of its own. */
  async function letGo(): Promise<void> {
    const away = placeAt(join(folder, 'away'));
    mkdirSync(away.home);
    await tellToTake(holder, away);
  }

  it.each(Object.keys(attacks))('%s: a second desk is refused', async (name) => {
    expect(await tellToTake(holder, place)).toBe('held');
    const at = attacks[name]?.() ?? place;
    await expectHeldBy(holder, at);
    expect(await lockHolder(at, 'desk')).toMatchObject({ pid: holder.pid });
    await letGo();
    await expectFree(at);
  });

  it.skipIf(process.getuid?.() !== 0)(
    'another user of the machine takes all its names: it locks nobody out, and a second desk is still refused',
    async () => {
      const names = socketNames(place, 'desk');
      const stranger = await startStranger(names);
      try {
        expect(await lockHolder(place, 'desk')).toBe(null);
        expect(await tellToTake(holder, place)).toBe('held');
        await expectHeldBy(holder, place);
        await letGo();
        await expectFree();
      } finally {
        await end(stranger);
      }
    },
  );

  it('a bind mount of the folder, and locks/ deleted: a second desk is refused', async (context) => {
    const mounted = join(folder, 'mounted');
    mkdirSync(mounted);
    if (spawnSync('mount', ['--bind', place.home, mounted]).status !== 0) {
      context.skip('mounting is not permitted here');
    }
    try {
      expect(await tellToTake(holder, place)).toBe('held');
      rmSync(join(place.home, 'locks'), { recursive: true });
      await expectHeldBy(holder, placeAt(mounted));
      await letGo();
    } finally {
      spawnSync('umount', [mounted]);
    }
  });
});
