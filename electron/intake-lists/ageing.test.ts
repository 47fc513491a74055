import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { encodeSettlementInput } from '../../shared/contracts/stored-visit.ts';
import type { Person, SettlementInput } from '../../shared/domain/person.ts';
import type { Visit } from '../../shared/domain/visit.ts';
import { packOf, stepOf } from '../../shared/policy/packs.test-support.ts';
import { plainInput } from '../../shared/policy/visits.test-support.ts';
import { timeOrderedIds } from '../base/ids.ts';
import { receivedAsJson } from '../database/bill-identity.ts';
import { createTestStore, type TestStore } from '../database/test-store.ts';
import { answerPersonQuestion, openPersonQuestions } from '../identification/person-questions.ts';
import { keepVisitDocument } from '../intake/keep-visit-document.ts';
import { settleVisit } from '../settlement/settle-visit.ts';
import {
  dependenciesOn,
  refusalOf,
  testClock,
  valueOf,
} from '../settlement/settlement.test-support.ts';
import { countAgeing, listAgeing, type AgeingQuestion } from './ageing.ts';

let store: TestStore;
beforeEach(async () => {
  store = await createTestStore();
});
afterEach(() => store.remove());

const own = plainInput(0).person;
const numberOf: Readonly<Record<string, string>> = {
  A: '430626195001010016',
  B: '430626197008153019',
};
type Stay = { readonly visit?: Partial<Visit>; readonly person?: Partial<Person> };

function stay(id: string, dischargedOn: string, { visit, person }: Stay = {}): SettlementInput {
  const input = plainInput(1000);
  return {
    ...input,
    visit: { ...input.visit, ...visit, id, admittedOn: '2017-09-01', dischargedOn },
    person: { ...own, idNumber: numberOf[id] ?? own.idNumber, ...person },
  };
}

/** As intake receives it, on a day of its own. */
const receive = (input: SettlementInput, day = '2017-11-27') =>
  keepVisitDocument(
    {
      store,
      ids: timeOrderedIds(),
      clock: { ...testClock, now: () => new Date(`${day}T02:00:00Z`) },
    },
    receivedAsJson(encodeSettlementInput(input)),
    'bills.json',
  );
const every: AgeingQuestion = { from: 'discharge', waitsFor: null, daysAtLeast: null };
const dependencies = () => ({ store, clock: testClock });
const list = async (asked: Partial<AgeingQuestion> = {}, limit = 100) =>
  listAgeing(dependencies(), { ...every, ...asked }, { after: null, limit });
const ids = async (asked: Partial<AgeingQuestion> = {}) =>
  (await list(asked)).map(({ visitId }) => visitId);

describe('bills that came and are not settled', () => {
  it('wait since the day of discharge, the longest first, and say for whom', async () => {
    const blockers = [{ code: 'drugs-not-returned', text: '头孢 2 支' }];
    valueOf(await receive(stay('fresh', '2017-11-27')));
    valueOf(await receive(stay('old', '2017-10-21', { visit: { blockers } })));
    valueOf(await receive(stay('week', '2017-11-20')));
    const bills = await list();
    expect(
      bills.map(({ visitId, daysSinceDischarge, waitsFor }) => [
        visitId,
        daysSinceDischarge,
        waitsFor,
      ]),
    ).toEqual([
      ['old', 37, 'blocked'],
      ['week', 7, 'nobody-came'],
      ['fresh', 0, 'nobody-came'],
    ]);
    const [first] = bills[0]?.hindrances ?? [];
    expect(first?.zh).toContain('病区护士站和药房');
    expect(first?.zh).toContain('头孢 2 支');
    expect(bills[1]?.hindrances).toEqual([]);
  });

  it('are counted by whole days, at the day itself and not the day before it', async () => {
    for (const [id, day] of [
      ['d0', '2017-11-27'],
      ['d1', '2017-11-26'],
      ['d3', '2017-11-24'],
      ['d6', '2017-11-21'],
      ['d7', '2017-11-20'],
      ['d29', '2017-10-29'],
      ['d30', '2017-10-28'],
    ] as const)
      valueOf(await receive(stay(id, day)));
    const counts = await countAgeing(dependencies(), 'discharge');
    expect(counts.find(({ waitsFor }) => waitsFor === 'nobody-came')).toEqual({
      ...{ waitsFor: 'nobody-came', all: 7, atLeast: [6, 5, 3, 1] },
    });
    expect(await ids({ daysAtLeast: 7 })).toEqual(['d30', 'd29', 'd7']);
    expect(await ids({ daysAtLeast: 30 })).toEqual(['d30']);
    // A figure and the list behind it are never two things.
    for (const [at, days] of ([1, 3, 7, 30] as const).entries())
      expect(await ids({ daysAtLeast: days })).toHaveLength(counts[2]?.atLeast[at] ?? -1);
  });

  it('wait since they came first, however often they come again', async () => {
    valueOf(await receive(stay('A', '2017-11-01'), '2017-11-02'));
    valueOf(await receive(stay('B', '2017-11-20'), '2017-11-21'));
    // The same once more, and another one in its place.
    valueOf(await receive(stay('A', '2017-11-01'), '2017-11-26'));
    valueOf(await receive(stay('B', '2017-11-20', { visit: { bed: '9' } }), '2017-11-27'));
    const bills = await list({ from: 'arrival' });
    expect(bills.map(({ visitId, daysSinceArrival }) => [visitId, daysSinceArrival])).toEqual([
      ['A', 25],
      ['B', 6],
    ]);
    expect(await ids({ from: 'arrival', daysAtLeast: 7 })).toEqual(['A']);
  });

  it('are no longer there once they are settled', async () => {
    valueOf(await receive(stay('A', '2017-11-20')));
    const desk = dependenciesOn(store, [packOf({ steps: [stepOf({ id: 'basic' })] })]);
    valueOf(await settleVisit(desk, { visitId: 'A', by: 'cashier1' }));
    expect(await ids()).toEqual([]);
    expect((await countAgeing(dependencies(), 'discharge')).map(({ all }) => all)).toEqual([
      0, 0, 0,
    ]);
  });

  it('whose patient is in doubt wait for a supervisor, also where nothing of them is taken in', async () => {
    valueOf(await receive(stay('A', '2017-11-20')));
    // Whoever is known by one bill alone is corrected by that one.
    const again = stay('C', '2017-11-25', { person: { idNumber: numberOf['A'] ?? '' } });
    valueOf(await receive(again));
    expect(
      refusalOf(await receive(stay('doubted', '2017-11-10', { person: { name: '李春生' } }))),
    ).toBe('person-differs');
    const [first] = await list();
    expect(first).toMatchObject({
      ...{ visitId: 'doubted', waitsFor: 'question', dischargedOn: '2017-11-10', totalFen: null },
    });
    expect(await ids({ waitsFor: 'question' })).toEqual(['doubted']);
    // Of a bill that is there, a later one may be in doubt.
    const later = stay('A', '2017-11-21', { person: { name: '李春生' } });
    expect(refusalOf(await receive(later))).toBe('person-differs');
    expect((await list()).map(({ visitId, waitsFor }) => [visitId, waitsFor])).toEqual([
      ['doubted', 'question'],
      ['A', 'question'],
      ['C', 'nobody-came'],
    ]);
    const all = (await countAgeing(dependencies(), 'arrival')).map((each) => each.all);
    expect(all).toEqual([0, 2, 1]);
  });

  it('wait for the hospital where somebody has said that the number is another person’s', async () => {
    valueOf(await receive(stay('A', '2017-11-20')));
    await receive(stay('doubted', '2017-11-10', { person: { name: '李春生' } }));
    const [question] = await openPersonQuestions({ store });
    valueOf(
      await answerPersonQuestion(
        { store, clock: testClock },
        { questionId: question?.id ?? '', isSame: false, reason: '两个人', by: 'supervisor1' },
      ),
    );
    const [first] = await list({ waitsFor: 'blocked' });
    expect(first?.visitId).toBe('doubted');
    expect(first?.hindrances[0]?.zh).toContain('登记处');
    expect(await ids({ waitsFor: 'question' })).toEqual([]);
  });

  it('come page by page, each once, whatever the size of a page', async () => {
    const days = ['2017-11-20', '2017-11-21', '2017-11-20', '2017-10-01', '2017-11-27'];
    for (const [at, day] of days.entries()) valueOf(await receive(stay(`V${String(at)}`, day)));
    await receive(stay('doubted', '2017-11-20', { person: { name: '李春生' } }));
    for (const from of ['discharge', 'arrival'] as const) {
      const whole = await ids({ from });
      expect(new Set(whole).size).toBe(6);
      for (const limit of [1, 2, 4]) {
        const found: string[] = [];
        let after: Awaited<ReturnType<typeof list>>[number] | null = null;
        for (;;) {
          const page = await listAgeing(dependencies(), { ...every, from }, { after, limit });
          if (page.length === 0) break;
          found.push(...page.map(({ visitId }) => visitId));
          after = page.at(-1) ?? null;
        }
        expect(found).toEqual(whole);
      }
    }
  });
});
