import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { timeOrderedIds } from '../../base/ids.ts';
import { killedAt } from '../../base/killed-at.test-support.ts';
import { manualTimer } from '../../base/timer.test-support.ts';
import { createTestStore, type TestStore } from '../../database/test-store.ts';
import { testClock } from '../../settlement/settlement.test-support.ts';
import {
  lifetimeMs,
  startAccountLocks,
  type AccountLocks,
  type AccountLocksOptions,
} from './account-locks.ts';
import type { SqlSettings } from './connection-settings.ts';
import { HospitalDatabaseError } from './hospital-database.ts';
import { accountRoutines, hospitalTables, settingsFor } from './hospital-views.test-support.ts';
import { keptAccountLocks } from './kept-account-locks.ts';
import { openRoutinesApart } from './database-apart.ts';
import { authority } from './sql-certificates.test-support.ts';
import {
  startMariadbServer,
  startPostgresServer,
  type SqlServer,
} from './sql-servers.test-support.ts';

const program = fileURLToPath(new URL('../testing/account-lock-program.ts', import.meta.url));

describe.each([
  { name: 'PostgreSQL', start: startPostgresServer },
  { name: 'MariaDB', start: startMariadbServer },
])('accounts locked at $name', ({ start }) => {
  let server: SqlServer;
  let folder: string;
  let settings: SqlSettings;
  let store: TestStore;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'account-locks-'));
    server = await start();
    const files = { password: join(folder, 'password'), authority: join(folder, 'authority.pem') };
    await writeFile(files.password, `${server.password}\n`, { mode: 0o600 });
    await writeFile(files.authority, authority);
    settings = {
      ...settingsFor(server, files),
      'hospital-sql-lock': 'sw_lock',
      'hospital-sql-unlock': 'sw_unlock',
    };
    await server.script([...hospitalTables(server), ...accountRoutines(server)]);
  });
  beforeEach(async () => {
    await server.script(['delete from locked', 'delete from booking']);
    store = await createTestStore();
    return () => store.remove();
  });
  afterAll(async () => {
    await (server as SqlServer | undefined)?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  /** A desk; its time goes on and its line is cut when the test says so. */
  function desk(other: Partial<AccountLocksOptions> = {}) {
    const time = manualTimer();
    const line = { isCut: false };
    const now = { ms: 0 };
    const locks: AccountLocks = startAccountLocks({
      ...{ store, clock: testClock, ids: timeOrderedIds(), settings, by: 'desk' },
      ...{ timer: time.timer, monotonicMs: () => now.ms },
      fetchBill: () => Promise.resolve('taken'),
      open: (...given) =>
        line.isCut
          ? Promise.reject(new HospitalDatabaseError('unreachable', 'ECONNREFUSED'))
          : openRoutinesApart(...given),
      onFault: (problem) => {
        throw problem;
      },
      ...other,
    });
    return { ...locks, time, line, now };
  }
  const locked = () => server.ask('select visit from locked order by visit');
  const keptIds = async () => (await store.read(keptAccountLocks)).map(({ visitId }) => visitId);
  const codeOf = async (asked: ReturnType<AccountLocks['hold']>) =>
    (await asked).refusal?.code ?? null;

  it('while a page has the visit open, and no longer', async () => {
    const { hold, free, isHeld } = desk();
    expect(await hold('ZY1', 'page')).toEqual({ isLocked: true, refusal: null });
    expect(await locked()).toEqual(['ZY1']);
    expect(await keptIds()).toEqual(['ZY1']);
    expect([isHeld('ZY1', 'page'), isHeld('ZY1', 'other'), isHeld('ZY2', 'page')]).toEqual([
      ...[true, false, false],
    ]);
    // Asked again it is the same lock, longer.
    expect(await codeOf(hold('ZY1', 'page'))).toBeNull();
    await free('ZY1', 'page');
    expect([await locked(), await keptIds(), isHeld('ZY1', 'page')]).toEqual([[], [], false]);
  });

  it('is refused in the words of the hospital where somebody still books', async () => {
    const { hold, isHeld } = desk();
    await server.script(["insert into booking values ('ZY1', '内一科护士站')"]);
    const lock = await hold('ZY1', 'page');
    expect(lock).toMatchObject({
      isLocked: false,
      refusal: {
        code: 'account-hindered',
        message: { zh: expect.stringContaining('内一科护士站 正在记账') as string },
      },
    });
    expect([await locked(), await keptIds(), isHeld('ZY1', 'page')]).toEqual([[], [], false]);
    await server.script(['delete from booking']);
    expect(await codeOf(hold('ZY1', 'page'))).toBeNull();
  });

  it('is shared by two pages of a desk on one visit, and freed by the last of them', async () => {
    const { hold, free, isHeld } = desk();
    expect(await codeOf(hold('ZY1', 'one'))).toBeNull();
    expect(await codeOf(hold('ZY1', 'other'))).toBeNull();
    await free(null, 'one');
    expect([await locked(), isHeld('ZY1', 'one'), isHeld('ZY1', 'other')]).toEqual([
      ...[['ZY1'], false, true],
    ]);
    await free(null, 'other');
    expect(await locked()).toEqual([]);
  });

  it('is not taken twice: another desk is told, and frees nothing that is not its own', async () => {
    const apart = await createTestStore();
    const [one, other] = [desk(), desk({ store: apart })];
    expect(await codeOf(one.hold('ZY1', 'page'))).toBeNull();
    expect(await codeOf(other.hold('ZY1', 'page'))).toBe('account-hindered');
    await other.free('ZY1', 'page');
    await other.settled('ZY1');
    expect(await locked()).toEqual(['ZY1']);
    await one.settled('ZY1');
    expect(await codeOf(other.hold('ZY1', 'page'))).toBeNull();
    await other.close();
    expect(await locked()).toEqual([]);
    await apart.remove();
  });

  it('does not outlive a page that says no more', async () => {
    const { hold, time, free } = desk();
    await hold('ZY1', 'gone');
    expect(time.waiting()).toEqual([lifetimeMs]);
    time.expire();
    // Whatever is asked next comes behind the freeing.
    await free('ZY1', 'gone');
    expect([await locked(), await keptIds()]).toEqual([[], []]);
  });

  it('frees at once what a page leaves while the hospital has not answered yet', async () => {
    const { hold, free } = desk();
    const [lock] = await Promise.all([hold('ZY1', 'page'), free('ZY1', 'page')]);
    expect(lock.isLocked).toBe(true);
    expect([await locked(), await keptIds()]).toEqual([[], []]);
  });

  it('is settled under only where the bill came behind the lock', async () => {
    const why = { zh: '视图里没有这次就诊。', en: 'It is not in the view.' };
    const { hold, isHeld } = desk({ fetchBill: () => Promise.resolve({ message: why }) });
    const lock = await hold('ZY1', 'page');
    expect(lock).toMatchObject({
      isLocked: true,
      refusal: {
        code: 'account-bill-not-fetched',
        message: { zh: expect.stringContaining(why.zh) as string },
      },
    });
    expect(isHeld('ZY1', 'page')).toBe(false);
  });

  it('does not wait for a hospital that does not answer, and frees what came of it afterwards', async () => {
    let answer: () => void = () => undefined;
    const hasToAnswer = new Promise<void>((resolve) => {
      answer = resolve;
    });
    let asked: () => void = () => undefined;
    const isAsked = new Promise<void>((resolve) => {
      asked = resolve;
    });
    const { hold, free, time } = desk({
      open: async (...given) => {
        asked();
        await hasToAnswer;
        return openRoutinesApart(...given);
      },
    });
    const holding = hold('ZY1', 'page');
    await isAsked;
    time.expire();
    expect(await codeOf(holding)).toBe('account-lock-no-answer');
    const leaving = free('ZY1', 'page');
    answer();
    await leaving;
    expect([await locked(), await keptIds()]).toEqual([[], []]);
  });

  it('goes on until its time is up where the database goes away, and is freed when it is back', async () => {
    const { hold, free, isHeld, freeLeftOver, line, now, time } = desk();
    await hold('ZY1', 'page');
    line.isCut = true;
    expect(await codeOf(hold('ZY1', 'page'))).toBeNull();
    now.ms += lifetimeMs;
    expect(isHeld('ZY1', 'page')).toBe(false);
    expect(await codeOf(hold('ZY1', 'page'))).toBe('account-lock-no-answer');
    await free('ZY1', 'page');
    expect([await locked(), await keptIds()]).toEqual([['ZY1'], ['ZY1']]);
    expect(time.waiting()).toEqual([60_000]);
    line.isCut = false;
    await freeLeftOver();
    expect([await locked(), await keptIds()]).toEqual([[], []]);
  });

  it('is freed by the next start where a desk was killed, before or after the hospital was asked', async () => {
    const words = [store.file, Buffer.from(store.key).toString('hex'), JSON.stringify(settings)];
    await killedAt('account-lock:before-call', program, [...words, 'ZY1']);
    expect([await locked(), await keptIds()]).toEqual([[], ['ZY1']]);
    await killedAt('account-lock:after-call', program, [...words, 'ZY2']);
    expect([await locked(), await keptIds()]).toEqual([['ZY2'], ['ZY1', 'ZY2']]);
    // A command beside the desk frees its own and nobody else's.
    await desk({ by: 'command' }).freeLeftOver();
    expect(await locked()).toEqual(['ZY2']);
    await desk().freeLeftOver();
    expect([await locked(), await keptIds()]).toEqual([[], []]);
  });

  it('is none where only one of the two routines is set: that is said, and nothing asked', async () => {
    const half = { ...settings, 'hospital-sql-unlock': null };
    const { hold, isOffered } = desk({ settings: half });
    expect(isOffered).toBe(true);
    expect(await codeOf(hold('ZY1', 'page'))).toBe('account-lock-no-answer');
    expect(await locked()).toEqual([]);
    const none = desk({ settings: { ...half, 'hospital-sql-lock': null } });
    expect(none.isOffered).toBe(false);
    expect(await none.hold('ZY1', 'page')).toEqual({ isLocked: false, refusal: null });
  });

  it('does not keep a desk from closing, nor a cashier waiting, where the server is stopped', async () => {
    const { hold, close } = desk();
    await hold('ZY1', 'page');
    await server.stop();
    expect(await codeOf(hold('ZY2', 'page'))).toBe('account-lock-no-answer');
    await close();
    expect(await keptIds()).toEqual(['ZY1', 'ZY2']);
  });
});
