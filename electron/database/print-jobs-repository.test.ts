import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { timeOrderedIds } from '../base/ids.ts';
import { storePublishedSettlement } from '../documents/testing/stored-settlement.ts';
import { openStore } from './open-store.ts';
import type { PrintJob } from './print-jobs-repository.ts';
import { createTestStore, type TestStore } from './test-store.ts';

const ids = timeOrderedIds();
const at = '2017-11-27T10:15:03.000+08:00';
const interrupted = {
  code: 'maybe-printed',
  message: { zh: '可能已打印', en: 'perhaps printed' },
  remedy: { zh: '请看打印机', en: 'look at the printer' },
};

let store: TestStore;
let settlementId: string;

beforeEach(async () => {
  store = await createTestStore();
  settlementId = await storePublishedSettlement(store, ids);
});
afterEach(() => store.remove());

async function receipt(): Promise<PrintJob> {
  const job = await store.read(({ printJobs }) => printJobs.nextToPrint('receipt', []));
  if (job === null) throw new Error('no receipt waits');
  return job;
}

const states = async (): Promise<readonly string[]> =>
  (await store.read(({ printJobs }) => printJobs.ofSettlement(settlementId))).map(
    ({ document, state }) => `${document} ${state}`,
  );

describe('print jobs', () => {
  it('are begun by one program only', async () => {
    const { id } = await receipt();
    const other = await store.another();
    const begun = await Promise.all(
      [store, other].map((each) =>
        each.transact(({ printJobs }) => printJobs.begin(id, 'tcp://printer', at)),
      ),
    );
    expect(begun.toSorted()).toEqual([false, true]);
    const job = await store.read(({ printJobs }) => printJobs.find(id));
    expect(job).toMatchObject({ state: 'sending', attempts: 1, printer: 'tcp://printer' });
  });

  it('end only if they were begun', async () => {
    const { id } = await receipt();
    const outcome = { attempt: 1, state: 'confirmed', problem: null, at } as const;
    const finish = () => store.transact(({ printJobs }) => printJobs.finish(id, outcome));
    expect(await finish()).toBe(false);
    await store.transact(({ printJobs }) => printJobs.begin(id, 'tcp://printer', at));
    expect(await finish()).toBe(true);
    expect(await finish()).toBe(false);
    expect(await store.read(({ printJobs }) => printJobs.nextToPrint('receipt', []))).toBeNull();
  });

  it('found being sent become uncertain slips, and statements to be made again', async () => {
    const jobs = await store.read(({ printJobs }) => printJobs.ofSettlement(settlementId));
    await store.transact(async ({ printJobs }) => {
      for (const { id } of jobs) await printJobs.begin(id, 'tcp://printer', at);
    });
    const uncertain = await store.transact(({ printJobs }) => printJobs.recover(interrupted, at));
    expect(uncertain).toMatchObject([
      { document: 'receipt', state: 'unknown', problem: interrupted },
    ]);
    expect((await states()).toSorted()).toEqual(['receipt unknown', 'statement queued']);
    const asked = await store.read(({ printJobs }) => printJobs.inState('unknown', 10));
    expect(asked.map(({ id }) => id)).toEqual(uncertain.map(({ id }) => id));
    // An uncertain sheet is no sheet that waits.
    expect(await store.read(({ printJobs }) => printJobs.nextToPrint('receipt', []))).toBeNull();
    expect(
      await store.transact(({ printJobs }) => printJobs.withdraw(uncertain[0]?.id ?? '', at)),
    ).toBe(false);
  });

  it('count copies per document', async () => {
    const order = { settlementId, createdAt: at, createdBy: 'cashier1' };
    const copies = await store.transact(async ({ printJobs }) => [
      await printJobs.queueCopy({ ...order, id: ids.next(), document: 'receipt' }),
      await printJobs.queueCopy({ ...order, id: ids.next(), document: 'receipt' }),
      await printJobs.queueCopy({ ...order, id: ids.next(), document: 'statement' }),
    ]);
    expect(copies.map(({ copyNumber }) => copyNumber)).toEqual([1, 2, 1]);
    expect(await receipt()).toMatchObject({ copyNumber: 0 });
  });

  it('never have two originals of one document', async () => {
    const again = store.transact(({ printJobs }) =>
      printJobs.queueForSettlement({
        settlementId,
        documents: ['receipt'],
        createdAt: at,
        createdBy: 'cashier1',
        ids,
      }),
    );
    await expect(again).rejects.toThrow(/UNIQUE/);
  });
});

describe('the sheets of a window', () => {
  it('are its own: another window neither takes them nor takes them over', async () => {
    const { id } = await receipt();
    expect(await store.transact(({ printJobs }) => printJobs.begin(id, 'tcp://printer', at))).toBe(
      true,
    );
    const other = await openStore({
      file: store.file,
      key: store.key,
      window: { id: 'window 2', program: '0.1.0' },
    });
    try {
      expect(
        await other.read(({ printJobs }) => printJobs.nextToPrint('statement', [])),
      ).toBeNull();
      const taken = await other.transact(({ printJobs }) => printJobs.recover(interrupted, at));
      expect(taken).toEqual([]);
      expect(await other.read(({ printJobs }) => printJobs.inState('sending', 9))).toEqual([]);
    } finally {
      await other.close();
    }
    const outcome = { attempt: 1, state: 'confirmed', problem: null, at } as const;
    expect(await store.transact(({ printJobs }) => printJobs.finish(id, outcome))).toBe(true);
  });
});
