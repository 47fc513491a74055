import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { encodeSettlementInput } from '../../shared/contracts/stored-visit.ts';
import type { Person, SettlementInput } from '../../shared/domain/person.ts';
import { packOf, stepOf } from '../../shared/policy/packs.test-support.ts';
import { plainInput } from '../../shared/policy/visits.test-support.ts';
import { timeOrderedIds } from '../base/ids.ts';
import { createTestStore, type TestStore } from '../database/test-store.ts';
import { receivedAsJson } from '../database/bill-identity.ts';
import { keepVisitDocument } from '../intake/keep-visit-document.ts';
import { settleVisit } from '../settlement/settle-visit.ts';
import {
  dependenciesOn,
  keepVisit,
  refusalOf,
  testClock,
  valueOf,
} from '../settlement/settlement.test-support.ts';
import type { DeskParts } from './desk-parts.ts';
import type { Caller } from './handle-call.ts';
import { intakePeopleCalls } from './intake-people.ts';

const half = packOf({ steps: [stepOf({ id: 'basic' })] });
const supervisor: Caller = {
  ...{ sessionId: 'page 1', userId: 'supervisor1', name: '主管', role: 'supervisor' },
};

let store: TestStore;
let told: string[];
let page: ReturnType<typeof intakePeopleCalls>;
beforeEach(async () => {
  store = await createTestStore();
  told = [];
  page = intakePeopleCalls({
    services: dependenciesOn(store, [half]),
    tellPages: (topic: string) => told.push(topic),
  } as unknown as DeskParts);
});
afterEach(() => store.remove());

const own = plainInput(0).person;
function stay(id: string, yuan: number, person: Partial<Person> = {}): SettlementInput {
  const input = plainInput(yuan);
  return { ...input, person: { ...input.person, ...person }, visit: { ...input.visit, id } };
}
const receive = (input: SettlementInput) =>
  keepVisitDocument(
    { store, clock: testClock, ids: timeOrderedIds() },
    receivedAsJson(encodeSettlementInput(input)),
    'bills.json',
  );
const questions = async () => valueOf(await page['intake:person-questions']({})).questions;
const reason = '已看身份证';

describe('people to decide', () => {
  beforeEach(async () => {
    valueOf(await receive(stay('A', 1000)));
    // A second bill of the same number and another name is set aside.
    expect(refusalOf(await receive(stay('B', 800, { name: '李春生' })))).toBe('person-differs');
  });

  it('are shown with both sides, masked but for what differs, and no number in full', async () => {
    const [question, ...more] = await questions();
    expect(more).toEqual([]);
    expect(question).toMatchObject({ cameBy: 'visit', visitId: 'B', differs: ['name'] });
    expect(JSON.stringify(question)).not.toContain(own.idNumber);
  });

  it('are one person where somebody says so with a reason, and the bill that waited comes in', async () => {
    const [question] = await questions();
    const questionId = question?.questionId ?? '';
    const answer = (given: object) =>
      page['intake:answer-person']({ questionId, isSame: true, reason, ...given }, supervisor);
    expect(refusalOf(await answer({ reason: ' ' }))).toBe('person-question-reason-missing');
    expect(refusalOf(await answer({ questionId: 'none' }))).toBe('person-question-unknown');
    expect(told).toEqual([]);
    expect(valueOf(await answer({}))).toEqual({ taken: ['B'], refused: [] });
    expect(told).toEqual(['visits']);
    expect(await questions()).toEqual([]);
    expect(await store.read(({ visits }) => visits.countUnsettled())).toBe(2);
    expect(refusalOf(await answer({}))).toBe('person-question-answered');
  });

  it('are not where somebody says so: the bill goes on waiting', async () => {
    const [question] = await questions();
    const questionId = question?.questionId ?? '';
    const said = { questionId, isSame: false, reason };
    expect(valueOf(await page['intake:answer-person'](said, supervisor))).toEqual({
      ...{ taken: [], refused: [] },
    });
    expect(await store.read(({ visits }) => visits.countUnsettled())).toBe(1);
  });

  it('come by pages, each once', async () => {
    for (const id of ['C', 'D']) await receive(stay(id, 700, { name: `王${id}` }));
    const all = await questions();
    expect(all).toHaveLength(3);
    const after = all[0]?.questionId ?? '';
    const rest = valueOf(await page['intake:person-questions']({ after })).questions;
    expect(rest).toEqual(all.slice(1));
  });
});

describe('numbers of one person', () => {
  const passport = 'E12345678';
  const numbers = () =>
    store.read(async ({ persons }) => {
      const person = await persons.findByIdNumber(own.idNumber);
      return (await persons.numbersOf(person?.id ?? '')).map(({ id_number }) => id_number);
    });
  const settle = async (input: SettlementInput) => {
    await keepVisit(store, input);
    const visitId = input.visit.id;
    valueOf(await settleVisit(dependenciesOn(store, [half]), { visitId, by: 'cashier1' }));
  };

  it('show what would change and change nothing before it is done; then the same is done', async () => {
    await settle(stay('A', 1000));
    await settle(stay('B', 800, { idNumber: passport, document: 'passport' }));
    const act = { number: passport, to: own.idNumber };
    const shown = valueOf(
      await page['intake:link-number']({ ...act, reason: '', isPreview: true }, supervisor),
    );
    expect(shown).toMatchObject({ visits: ['B'] });
    expect(shown.years.map(({ of }) => of.map(({ now }) => now?.selfPayFen ?? null))).toEqual([
      [90_000, null],
    ]);
    expect(JSON.stringify(shown)).not.toContain(own.idNumber);
    expect([await numbers(), told]).toEqual([[], []]);
    const without = { ...act, reason: ' ', isPreview: false };
    expect(refusalOf(await page['intake:link-number'](without, supervisor))).toBe(
      'link-reason-missing',
    );
    const done = { ...act, reason: '已看两本护照', isPreview: false };
    expect(valueOf(await page['intake:link-number'](done, supervisor))).toEqual(shown);
    expect([await numbers(), told]).toEqual([[passport], ['visits']]);
    const back = { number: passport, reason: '看错了', isPreview: true };
    expect(valueOf(await page['intake:unlink-number'](back, supervisor)).visits).toEqual(['B']);
    expect(await numbers()).toEqual([passport]);
    const nobodys = { ...back, number: 'E00000000' };
    expect(refusalOf(await page['intake:unlink-number'](nobodys, supervisor))).toBe(
      'number-not-linked',
    );
  });

  it('take in a visit without one once it has come, and refuse one that has its number', async () => {
    await keepVisit(store, stay('A', 1000));
    const nobody = { name: '无名氏', idNumber: '', document: 'none' as const };
    await keepVisit(store, stay('N', 500, { ...nobody, insurance: 'none', categories: [] }));
    const join = (visitId: string, isPreview: boolean) =>
      page['intake:join-visit'](
        { visitId, number: own.idNumber, reason: isPreview ? '' : reason, isPreview },
        supervisor,
      );
    expect(valueOf(await join('N', true)).visits).toEqual(['N']);
    expect(refusalOf(await join('A', true))).toBe('visit-has-number');
    expect(refusalOf(await join('none', true))).toBe('visit-unknown');
    valueOf(await join('N', false));
    expect(refusalOf(await join('N', false))).toBe('visit-has-number');
  });
});
