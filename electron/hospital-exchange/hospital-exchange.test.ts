import * as systemFiles from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { timeOrderedIds } from '../base/ids.ts';
import { manualTimer } from '../base/timer.test-support.ts';
import { createTestStore, type TestStore } from '../database/test-store.ts';
import { testClock } from '../settlement/settlement.test-support.ts';
import { startHospitalExchange, type HospitalExchange } from './hospital-exchange.ts';
import type { FolderFiles } from './watch-folder.ts';

let store: TestStore;
let folder: string;
beforeEach(async () => {
  store = await createTestStore();
  folder = await systemFiles.mkdtemp(join(tmpdir(), 'exchange-'));
});
afterEach(async () => {
  await store.remove();
  await systemFiles.rm(folder, { recursive: true, force: true });
});

/** The folder of a machine that may stop answering, and what it was asked. */
function share() {
  let hangs = false;
  let unanswered = 0;
  const waiting: (() => void)[] = [];
  const answered =
    <Given extends unknown[], Value>(call: (...given: Given) => Promise<Value>) =>
    async (...given: Given): Promise<Value> => {
      if (hangs) {
        unanswered += 1;
        await new Promise<void>((resolve) => waiting.push(resolve));
      }
      return call(...given);
    };
  const files = {
    ...systemFiles,
    readdir: answered(systemFiles.readdir as (path: string) => Promise<string[]>),
    lstat: answered(systemFiles.lstat as (path: string) => Promise<unknown>),
  } as unknown as FolderFiles;
  return {
    files,
    hang: () => {
      hangs = true;
    },
    comeBack: () => {
      hangs = false;
      for (const resume of waiting.splice(0)) resume();
    },
    unanswered: () => unanswered,
  };
}

function exchangeOver(files: FolderFiles) {
  const { timer, waiting, expire } = manualTimer();
  let ended = 0;
  const faults: unknown[] = [];
  const exchange: HospitalExchange = startHospitalExchange({
    dependencies: { store, clock: testClock, ids: timeOrderedIds() },
    incoming: folder,
    outgoing: null,
    makesFolders: false,
    onFault: (problem) => faults.push(problem),
    tell: () => undefined,
    timer,
    files,
    onHanging: () => {
      ended += 1;
    },
  });
  return { exchange, waiting, expire, faults, ended: () => ended };
}

describe('the exchange with a folder of another machine', () => {
  it('keeps a card waiting for 300 ms and no longer, and holds one thread however many cards come', async () => {
    const machine = share();
    const { exchange, waiting, expire } = exchangeOver(machine.files);
    expect(await exchange.takeInNow()).toBe('taken');
    machine.hang();
    const cards = Array.from({ length: 20 }, () => exchange.takeInNow());
    const counts = Array.from({ length: 20 }, () => exchange.countRefusals());
    expect(waiting()).toEqual(Array<number>(40).fill(300));
    expire();
    expect(new Set(await Promise.all(cards))).toEqual(new Set(['late']));
    expect(new Set(await Promise.all(counts))).toEqual(new Set([0]));
    expect(machine.unanswered()).toBeLessThanOrEqual(1);
    machine.comeBack();
    expect(await exchange.takeInNow()).toBe('taken');
    await exchange.close();
  });

  it('says that the bills are as they were where the folder cannot be read', async () => {
    await systemFiles.rm(folder, { recursive: true });
    const { exchange, faults } = exchangeOver(systemFiles);
    expect(await exchange.takeInNow()).toBe('late');
    expect(faults).toHaveLength(1);
    await exchange.close();
  });

  it('closes although the folder never answers', async () => {
    const machine = share();
    const { exchange, expire, waiting, ended } = exchangeOver(machine.files);
    machine.hang();
    const late = exchange.takeInNow();
    await expect.poll(machine.unanswered).toBe(1);
    const closed = exchange.close();
    await expect.poll(waiting).toContain(3000);
    expire();
    await closed;
    expect([ended(), await late]).toEqual([1, 'late']);
    machine.comeBack();
  });
});
