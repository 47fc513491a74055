import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { createTestStore } from '../database/test-store.ts';
import { countersOfYear } from '../database/year-counters.ts';
import type { SettlementInput } from '../../shared/domain/person.ts';
import { richPack } from '../../shared/policy/packs.test-support.ts';
import { randomInput } from '../../shared/policy/visits.test-support.ts';
import { cancelSettlement } from './cancel-settlement.ts';
import { settleVisit } from './settle-visit.ts';
import { dependenciesOn, keepVisit, refusalOf, valueOf } from './settlement.test-support.ts';
import { verifyFolder } from './verify-folder.ts';

const depth = Number(process.env['TEST_DEPTH'] ?? '1');

const visitIds = ['ZY1', 'ZY2', 'ZY3', 'ZY4'];
const visitNumber = fc.nat({ max: visitIds.length - 1 });

/** What people do at windows, in any order. */
const act = fc.oneof(
  fc.record({ kind: fc.constant('import' as const), visit: visitNumber, input: randomInput }),
  fc.record({
    kind: fc.constant('settle' as const),
    visit: visitNumber,
    window: fc.nat({ max: 1 }),
  }),
  fc.record({ kind: fc.constant('settle-twice' as const), visit: visitNumber }),
  fc.record({
    kind: fc.constant('cancel' as const),
    visit: visitNumber,
    window: fc.nat({ max: 1 }),
  }),
);

/** What the model knows: which visits exist, and which of them are settled, as what. */
type Model = { known: Set<string>; settled: Map<string, string>; given: Set<string> };

/** Each run opens two programs on a new file. */
const timeoutMs = 300_000 * depth;

describe('any sequence of importing, settling and cancelling', () => {
  it(
    'leaves books that add up, one settlement per visit, and no number given twice',
    async () => {
      const acts = fc.array(act, { minLength: 6, maxLength: 24 });
      await fc.assert(fc.asyncProperty(acts, playActs), {
        numRuns: depth > 1 ? 8 * depth : 3,
        endOnFailure: true,
      });
    },
    timeoutMs,
  );
});

type Act = ReturnType<typeof act.generate>['value'];

async function playActs(acts: readonly Act[]): Promise<void> {
  const store = await createTestStore();
  try {
    const windows = [store, await store.another()].map((each) => dependenciesOn(each, [richPack]));
    const model: Model = { known: new Set(), settled: new Map(), given: new Set() };
    for (const each of acts) await play(each, windows, model);
    const { checks } = await verifyFolder({ store });
    expect(checks.filter(({ ok }) => !ok)).toEqual([]);
    await expectNothingLeftOver(windows, model);
  } finally {
    await store.remove();
  }
}

type Windows = readonly ReturnType<typeof dependenciesOn>[];

function windowOf(windows: Windows, index: number) {
  const window = windows[index];
  if (window === undefined) throw new Error('no such window');
  return window;
}

async function play(each: Act, windows: Windows, model: Model): Promise<void> {
  const visitId = visitIds[each.visit] ?? '';
  const first = windowOf(windows, 0);
  if (each.kind === 'import') {
    await keepVisit(first.store, asVisit(each.input, visitId));
    model.known.add(visitId);
    return;
  }
  if (each.kind === 'cancel') {
    const settlementId = model.settled.get(visitId);
    if (settlementId === undefined) return;
    const by = { by: 'cashier1', approvedBy: 'supervisor1' };
    const cancel = () =>
      cancelSettlement(windowOf(windows, each.window), { settlementId, reason: '重算', ...by });
    expect(valueOf(await cancel()).already).toBe(false);
    expect(valueOf(await cancel()).already).toBe(true);
    model.settled.delete(visitId);
    return;
  }
  const at = each.kind === 'settle' ? [each.window] : [0, 1, 0];
  const settling = at.map((window) => settleVisit(windowOf(windows, window), { visitId, by: 'c' }));
  const answers = await Promise.all(settling);
  if (!model.known.has(visitId)) {
    expect(answers.map(refusalOf)).toEqual(at.map(() => 'visit-unknown'));
    return;
  }
  const settled = answers.map(valueOf);
  const ids = new Set(settled.map(({ settlement }) => settlement.settlementId));
  expect(ids.size).toBe(1);
  const [id] = ids;
  const before = model.settled.get(visitId);
  const fresh = settled.filter(({ already }) => !already);
  expect(fresh).toHaveLength(before === undefined ? 1 : 0);
  if (before === undefined) {
    for (const { settlement } of fresh) {
      expect(model.given.has(settlement.number)).toBe(false);
      model.given.add(settlement.number);
    }
  } else {
    expect(id).toBe(before);
  }
  model.settled.set(visitId, id ?? '');
}

/** All visits are one person's, so that they meet in the same counters. */
function asVisit(input: SettlementInput, id: string): SettlementInput {
  return { ...input, visit: { ...input.visit, id }, yearToDate: null };
}

/** With everything cancelled, the year is as if nothing had happened. */
async function expectNothingLeftOver(windows: Windows, model: Model): Promise<void> {
  const window = windowOf(windows, 1);
  for (const settlementId of model.settled.values()) {
    const by = { by: 'cashier1', approvedBy: 'supervisor1' };
    valueOf(await cancelSettlement(window, { settlementId, reason: '重算', ...by }));
  }
  const [anyVisit] = model.known;
  if (anyVisit === undefined) return;
  await window.store.read(async ({ visits, counters }) => {
    const record = await visits.find(anyVisit);
    const year = await counters.ofYear(record?.personId ?? '', 2017);
    expect(year === null ? {} : countersOfYear(year.yearToDate)).toEqual({});
  });
  const { checks } = await verifyFolder({ store: window.store });
  expect(checks.filter(({ ok }) => !ok)).toEqual([]);
}
