import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { encodeSettlementInput } from '../../shared/contracts/stored-visit.ts';
import { timeOrderedIds } from '../base/ids.ts';
import type { Timer } from '../base/timer.ts';
import type { LockPlace } from '../database/lock-places.ts';
import { takeLock } from '../database/named-lock.ts';
import { createTestStore, type TestStore } from '../database/test-store.ts';
import { colonCancer, testClock, valueOf } from '../settlement/settlement.test-support.ts';
import { importFiles } from './import-files.ts';
import { asIntakeOwner, IntakeHeldError } from './intake-owner.ts';

let home: string;
let place: LockPlace;
let store: TestStore;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'intake-owner-'));
  const databaseFile = join(home, 'settlement.db');
  await writeFile(databaseFile, '');
  place = { home, databaseFile };
  store = await createTestStore();
});
afterEach(async () => {
  await store.remove();
  await rm(home, { recursive: true, force: true });
});

/** Time passes at once, and somebody looks at how long it was. */
const hurried = (): { readonly waited: number[]; readonly timer: Timer } => {
  const waited: number[] = [];
  const timer: Timer = (ms, act) => {
    waited.push(ms);
    queueMicrotask(act);
    return () => undefined;
  };
  return { waited, timer };
};

describe('the one owner of intake', () => {
  it('is named to who has to wait for it in vain: what it does, who it is and on which machine', async () => {
    const held = valueOf(await takeLock(place, 'intake', '导入文件，clerk9 操作，机器 his-pc'));
    const { waited, timer } = hurried();
    const asked = asIntakeOwner({ folder: place, clock: testClock, timer }, '接收', () =>
      Promise.resolve('never'),
    );
    const problem: unknown = await asked.catch((each: unknown) => each);
    if (!(problem instanceof IntakeHeldError)) throw new Error('intake had two owners');
    expect(problem.refusal.code).toBe('busy');
    expect(problem.refusal.message.zh).toContain('clerk9');
    expect(problem.refusal.message.zh).toContain(String(process.pid));
    expect(waited.reduce((sum, ms) => sum + ms, 0)).toBeGreaterThanOrEqual(5000);
    held.release();
    const free = await asIntakeOwner({ folder: place, clock: testClock }, '接收', () =>
      Promise.resolve('now'),
    );
    expect(free).toBe('now');
  });

  it('is one door after another in one program, in the order they came, also where one fails', async () => {
    const done: string[] = [];
    let inside = 0;
    const door = (name: string, fails = false) =>
      asIntakeOwner({ folder: place, clock: testClock }, name, async () => {
        inside += 1;
        expect(inside).toBe(1);
        await store.read(({ visits }) => visits.countUnsettled());
        inside -= 1;
        done.push(name);
        if (fails) throw new Error(name);
      });
    const all = await Promise.allSettled([door('folder'), door('pull', true), door('push')]);
    expect(done).toEqual(['folder', 'pull', 'push']);
    expect(all.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  });

  it('takes in a file as such, and nothing of it while another program is', async () => {
    const file = join(home, 'bill.json');
    await writeFile(file, JSON.stringify(encodeSettlementInput(await colonCancer())));
    const { timer } = hurried();
    const dependencies = {
      ...{ store, clock: testClock, ids: timeOrderedIds(), folder: place, timer },
    };
    const held = valueOf(await takeLock(place, 'intake', 'pull'));
    await expect(importFiles(dependencies, [file])).rejects.toBeInstanceOf(IntakeHeldError);
    expect(await store.read(({ visits }) => visits.countUnsettled())).toBe(0);
    held.release();
    expect((await importFiles(dependencies, [file])).accepted).toHaveLength(1);
    // It is free again.
    valueOf(await takeLock(place, 'intake', 'pull')).release();
  });
});
