import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { createTestStore, type TestStore } from '../database/test-store.ts';
import { filesByHand, type IntakeSource } from './intake-source.ts';
import { rememberLastTaken } from './last-taken.ts';

let store: TestStore;
beforeEach(async () => {
  store = await createTestStore();
});
afterEach(() => store.remove());

const last = { at: '2017-11-27T09:14:31.000+08:00', what: 'bills.csv', taken: 41, refused: 3 };
const folder = (change: Partial<IntakeSource> = {}): IntakeSource => ({
  ...{ id: 'folder', kind: 'folder', where: '/in', state: 'working', problem: null },
  ...{ askedAt: null, last: null },
  ...change,
});
const faults: unknown[] = [];
let tell: () => void = () => undefined;
const open = (sources: () => readonly IntakeSource[], on: TestStore = store) =>
  rememberLastTaken({
    ...{ store: on, sources, onFault: (problem) => faults.push(problem) },
    subscribe: (listener) => {
      tell = () => {
        listener({ topic: 'visits', version: 1 });
      };
    },
  });

describe('what came last from a source', () => {
  it('is known again at the next start, and a newer one takes its place', async () => {
    let now = folder();
    const first = await open(() => [now, filesByHand]);
    expect(first.sources()).toEqual([now, filesByHand]);
    now = folder({ last });
    tell();
    await first.close();
    const second = await open(() => [folder(), filesByHand]);
    expect(second.sources()).toEqual([folder({ last }), filesByHand]);
    const newer = { ...last, at: '2017-11-28T08:00:00.000+08:00', what: 'more.csv' };
    const third = await open(() => [folder({ last: newer })]);
    expect(third.sources()).toEqual([folder({ last: newer })]);
    tell();
    await third.close();
    expect((await open(() => [folder()])).sources()).toEqual([folder({ last: newer })]);
  });

  it('is not said of another folder than it came from', async () => {
    const first = await open(() => [folder({ last })]);
    tell();
    await first.close();
    const moved = folder({ where: '/other' });
    expect((await open(() => [moved])).sources()).toEqual([moved]);
  });

  it('is nothing where what is kept is no such thing', async () => {
    await store.transact(({ folderFacts }) => folderFacts.set('last-taken-folder', { last: 5 }));
    expect((await open(() => [folder()])).sources()).toEqual([folder()]);
  });

  it('is kept once, however often it is told that something came', async () => {
    let writes = 0;
    const counted: TestStore = {
      ...store,
      transact: (...given) => {
        writes += 1;
        return store.transact(...given);
      },
    };
    const taken = await open(() => [folder({ last })], counted);
    for (let time = 0; time < 5; time += 1) tell();
    await taken.close();
    expect(writes).toBe(1);
    expect(faults).toEqual([]);
  });
});
