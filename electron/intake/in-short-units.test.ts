import { AsyncResource } from 'node:async_hooks';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { YearToDate } from '../../shared/domain/person.ts';
import { fen } from '../../shared/money/fen.ts';
import { encodeSettlementInput } from '../../shared/contracts/stored-visit.ts';
import { withCheckDigit } from '../../shared/domain/invented-numbers.test-support.ts';
import { timeOrderedIds } from '../base/ids.ts';
import type { Pace } from '../base/pace.ts';
import { createTestStore, type TestStore } from '../database/test-store.ts';
import { settleVisit } from '../settlement/settle-visit.ts';
import {
  colonCancer,
  dependenciesOn,
  ownPacks,
  valueOf,
} from '../settlement/settlement.test-support.ts';
import { importFiles } from './import-files.ts';
import { inShortUnits } from './in-short-units.ts';

let store: TestStore;
beforeEach(async () => {
  store = await createTestStore();
  return () => store.remove();
});

/** Time that goes on by what the test says each item takes; what happens at a rest is the test's, too. */
function pacedBy(itemMs: number, atRest: () => Promise<void> = () => Promise.resolve()) {
  let now = 0;
  const pace: Pace = { now: () => now, rest: atRest };
  return {
    pace,
    takeTime: () => {
      now += itemMs;
    },
  };
}

describe('many items in short units of work', () => {
  it('holds the data for a moment, lets a waiting key in before the next, and does each once in order', async () => {
    const order: string[] = [];
    const keys: Promise<void>[] = [];
    // Pressed while a unit is under way, by somebody else.
    const pressKey = AsyncResource.bind(() => {
      const key = store.transact(async (all) => {
        await all.folderFacts.set('key', true);
        order.push('key');
      });
      keys.push(key);
    });
    const { pace, takeTime } = pacedBy(12);
    const done = await inShortUnits({ store, pace }, [1, 2, 3, 4, 5, 6, 7], {
      async each({ folderFacts }, item) {
        if (item === 1) pressKey();
        await folderFacts.set('item', item);
        takeTime();
        order.push(String(item));
        return item * 10;
      },
      beside: (_all, inside, { from, isLast }) => {
        order.push(`${String(inside.length)} from ${String(from)}${isLast ? ', all' : ''}`);
        return Promise.resolve();
      },
    }).finally(() => Promise.all(keys));
    expect(done).toEqual([10, 20, 30, 40, 50, 60, 70]);
    const units = [
      '1',
      '2',
      '3',
      '3 from 0',
      'key',
      '4',
      '5',
      '6',
      '3 from 3',
      '7',
      '1 from 6, all',
    ];
    expect(order).toEqual(units);
  });

  it('keeps what was done beside in the same unit, or neither', async () => {
    const { pace, takeTime } = pacedBy(100);
    const work = inShortUnits({ store, pace }, ['one', 'two'], {
      async each({ folderFacts }, item) {
        takeTime();
        await folderFacts.set(item, true);
      },
      async beside({ folderFacts }, _done, { from }) {
        await folderFacts.set('reached', from);
        if (from === 1) throw new Error('the plug was pulled');
      },
    });
    await expect(work).rejects.toThrow('the plug was pulled');
    const facts = await store.read(async ({ folderFacts }) => ({
      one: await folderFacts.get('one'),
      two: await folderFacts.get('two'),
      reached: await folderFacts.get('reached'),
    }));
    expect(facts).toEqual({ one: true, two: null, reached: 0 });
  });
});

describe('bills taken in together', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'in-short-units-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const numberOf = (at: number): string => withCheckDigit(`4306261960010100${String(at)}`);

  it('are refused one by one: what a refused one wrote is taken back, those beside it stay', async () => {
    const input = await colonCancer();
    const colon = encodeSettlementInput({ ...input, yearToDate: null });
    const dependencies = dependenciesOn(store, await ownPacks());
    const pace: Pace = {
      now: () => 0,
      rest: () => Promise.reject(new Error('one unit is enough')),
    };
    const take = async (documents: readonly unknown[]) => {
      const file = join(folder, 'visits.json');
      await writeFile(file, JSON.stringify(documents));
      return importFiles({ ...dependencies, ids: timeOrderedIds(), pace }, [file]);
    };
    await take([colon]);
    const visitId = colon.visit.id;
    valueOf(await settleVisit(dependencies, { visitId, by: 'cashier1' }));
    const of = (id: string, person: object = {}, more: object = {}) => ({
      ...colon,
      ...more,
      visit: { ...colon.visit, id, dischargedOn: '2017-12-05' },
      person: { ...colon.person, ...person },
    });
    // Dated after the settlement, and silent about it: refused, after its bill was written.
    const yearToDate: YearToDate = {
      ...{ year: 2017, asOf: '2017-12-01', includesVisits: ['elsewhere'], admissions: 2 },
      ...{ deductiblePaidFen: fen(100_000), eligibleFen: fen(1_750_000), levels: ['township'] },
      ...{ paidFen: { 'basic-medical-insurance': fen(1_500_000) } },
      ...{ byStep: { basic: { paidFen: fen(1_500_000) } } },
      ...{ selfPayFen: fen(300_000), eligibleSelfPayFen: fen(250_000) },
    };
    const silent = encodeSettlementInput({ ...input, yearToDate });
    const before = await store.read(({ audit }) => audit.end());
    const report = await take([
      of('ZY-1', { idNumber: numberOf(1) }),
      of('ZY-2', { name: '张三丰' }, { yearToDate: null }),
      of('ZY-3', {}, { yearToDate: silent.yearToDate }),
      of('ZY-4', { idNumber: numberOf(2) }),
    ]);
    expect(report.accepted.map(({ visitId: id }) => id)).toEqual(['ZY-1', 'ZY-4']);
    expect(report.refused.map(({ code }) => code)).toEqual([
      'person-differs',
      'year-to-date-ambiguous',
    ]);
    const kept = await store.read(async ({ visits, audit }) => ({
      there: await Promise.all(['ZY-1', 'ZY-2', 'ZY-3', 'ZY-4'].map((id) => visits.find(id))),
      acts: await audit.list({ after: before?.sequence ?? 0, limit: 10 }),
    }));
    expect(kept.there.map((each) => each?.visitId)).toEqual(['ZY-1', undefined, undefined, 'ZY-4']);
    // The question of the doubt was kept with the others; of the refused one there is no trace.
    expect(kept.acts.map(({ act, about }) => `${act} ${about}`)).toEqual([
      'take-in-visit ZY-1',
      'ask-about-person ZY-2',
      'take-in-visit ZY-4',
    ]);
  });
});
