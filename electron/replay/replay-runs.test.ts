import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { createTestStore, type TestStore } from '../database/test-store.ts';
import { settleVisit } from '../settlement/settle-visit.ts';
import {
  dependenciesOn,
  keepVisit,
  refusalOf,
  valueOf,
} from '../settlement/settlement.test-support.ts';
import { readWorkbook } from '../workbooks/read-workbook.ts';
import { packOf, percentParameter } from '../../shared/policy/packs.test-support.ts';
import { plainInput } from '../../shared/policy/visits.test-support.ts';
import type { ReplayOrder } from './replay.ts';
import { ReplayRuns, type ReplayState } from './replay-runs.ts';

const pack = packOf();
const draft = packOf({ version: '1.1.0', parameters: { half: percentParameter('80') } });
const order: ReplayOrder = {
  ...{ draft: [draft], sample: null, withUnsettled: false },
  period: { from: '2017-11-01', until: '2017-11-30' },
};

let store: TestStore;
let runs: ReplayRuns;
/** Hears every change; answered once the run has come to its end. */
let seen: ReplayState['kind'][];
let ended: Promise<void>;

beforeEach(async () => {
  store = await createTestStore();
  await keepVisit(store, { ...plainInput(1000), yearToDate: null });
  valueOf(await settleVisit(dependenciesOn(store, [pack]), { visitId: 'ZY1', by: 'cashier1' }));
  begin(store);
});
afterEach(async () => {
  await runs.close();
  await store.remove();
});

function begin(over: Pick<TestStore, 'read' | 'readApart'>): void {
  seen = [];
  const { promise, resolve } = Promise.withResolvers<undefined>();
  ended = promise;
  runs = new ReplayRuns({
    store: over as TestStore,
    here: () => ({ packs: [pack], approvedOnly: null }),
    changed: () => {
      const { kind } = runs.state();
      seen.push(kind);
      if (kind === 'done' || kind === 'compared' || kind === 'refused') resolve(undefined);
    },
    inWords: (problem) => {
      const words = { zh: String(problem), en: String(problem) };
      return { code: 'a-fault', message: words, remedy: words };
    },
  });
}

describe('the run of a desk', () => {
  it('is told from its beginning to its result, and can be taken away as a workbook', async () => {
    expect(runs.state()).toEqual({ kind: 'none' });
    expect(refusalOf(await runs.workbook())).toBe('no-replay');
    valueOf(runs.start(order));
    await ended;
    expect(runs.state()).toMatchObject({
      ...{ kind: 'done', order },
      report: { visits: 1, payers: [{ beforeFen: 50_000, afterFen: 80_000 }] },
    });
    expect([seen[0], seen.at(-1)]).toEqual(['under-way', 'done']);
    const { name, bytes } = valueOf(await runs.workbook());
    expect(name).toBe('replay-a-county-1.1.0-2017-11-01-2017-11-30.xlsx');
    expect(readWorkbook(bytes)).toHaveProperty('rows');
  });

  it('is a shadow run where a payer’s own results are named, and refuses a file that is none', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'shadow-'));
    try {
      const file = join(folder, 'results.csv');
      await writeFile(file, 'visit.id,payer,amount\nZY1,basic-medical-insurance,700.00\n');
      valueOf(runs.start(order, file));
      await ended;
      expect(runs.state()).toMatchObject({
        ...{ kind: 'compared', results: file },
        report: {
          ...{ visits: 1, agreeing: 0 },
          steps: [{ step: 'basic', differing: 1, oursFen: 80_000, theirsFen: 70_000 }],
          differences: [{ visitId: 'ZY1', differenceFen: 10_000, row: 2 }],
        },
      });
      const { name, bytes } = valueOf(await runs.workbook());
      expect(name).toBe('shadow-a-county-1.1.0-2017-11-01-2017-11-30.xlsx');
      expect(readWorkbook(bytes)).toHaveProperty('rows');
      begin(store);
      valueOf(runs.start(order, join(folder, 'nowhere.csv')));
      await ended;
      expect(runs.state()).toMatchObject({ kind: 'refused', refusal: { code: 'results-refused' } });
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('is one at a time, and the next may begin when it has ended', async () => {
    valueOf(runs.start(order));
    expect(refusalOf(runs.start(order))).toBe('replay-under-way');
    await ended;
    begin(store);
    valueOf(runs.start(order));
    await ended;
    expect(runs.state().kind).toBe('done');
  });

  it('is stopped by whoever asks, and nothing is left of it', async () => {
    runs.stop();
    expect(runs.state()).toEqual({ kind: 'none' });
    valueOf(runs.start(order));
    runs.stop();
    expect(runs.state()).toMatchObject({ kind: 'under-way', isStopping: true });
    await ended;
    expect(runs.state()).toMatchObject({ kind: 'refused', refusal: { code: 'replay-stopped' } });
    expect(refusalOf(await runs.workbook())).toBe('no-replay');
  });

  it('says why it broke, and another may begin', async () => {
    begin({ ...store, readApart: () => Promise.reject(new Error('the disk is gone')) });
    valueOf(runs.start(order));
    await ended;
    expect(runs.state()).toMatchObject({ kind: 'refused', refusal: { code: 'a-fault' } });
    expect(runs.start(order).ok).toBe(true);
  });
});
