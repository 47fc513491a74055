import { expect } from 'vitest';

import { plainInput } from '../../shared/policy/visits.test-support.ts';
import type { Repositories } from './store.ts';
import { nothingMoved } from './stored-documents/moved-document.ts';

/** What is asked of a person, its answer, and another number of the person. */
export async function personQuestionsOnce(
  { persons, personQuestions, personYears, counters, visits }: Repositories,
  { personId, at }: { readonly personId: string; readonly at: string },
): Promise<void> {
  await personQuestions.ask({
    ...{ id: 'pq', person_id: personId, came_by: 'visit', visit_id: 'A', source: 'a.csv' },
    ...{ place: null, differs: 'name', asked_at: at, said_number: 'x', said_name: 'x' },
    ...{ said_birth_date: null, said_sex: null, known_name: 'y' },
    ...{ known_birth_date: '1950-01-01', known_sex: 'male' },
  });
  expect(await personQuestions.find('pq')).toMatchObject({ state: 'open' });
  expect(await personQuestions.ofPerson(personId)).toHaveLength(1);
  expect(await personQuestions.open({ limit: 1 })).toHaveLength(1);
  expect(await personQuestions.openOfVisit('A')).toHaveLength(1);
  expect(await personQuestions.openOfRegister('民政局')).toEqual([]);
  const by = 'supervisor1';
  await personQuestions.answer('pq', { state: 'same', at, by, reason: 'x' });
  expect(await persons.isKnownBesides(personId, 'nothing')).toBe(true);
  await persons.linkNumber({ idNumber: 'X1', personId, at, by, reason: 'x', moved: nothingMoved });
  expect(await persons.numbersOf(personId)).toHaveLength(1);
  expect((await persons.findByIdNumber('x1'))?.id).toBe(personId);
  expect((await persons.linkOf('x1'))?.personId).toBe(personId);
  expect(await persons.findOwner('X1')).toBeNull();
  expect(await persons.categoriesOf(personId)).not.toEqual([]);
  await persons.unlinkNumber('X1');
  const bill = { questionId: 'pq', visitId: 'A', source: 'a.csv', receivedAt: at, document: {} };
  await personQuestions.keepBill({ ...bill, hashes: { bill: 'b', received: 'r' }, made: null });
  expect(await personQuestions.billsOfPerson(personId)).toHaveLength(1);
  await personQuestions.dropBillsOfVisit('A');
  await visits.setBlockerCount('A', 0);
  const before = await counters.ofYear(personId, 2017);
  const openings = await personYears.openingsOf(personId);
  const other = await persons.upsertFromVisit({
    ...{ newId: 'pq-other', visitId: 'A', at },
    person: { ...plainInput(0).person, idNumber: 'X2' },
  });
  const moved = await personYears.moveVisits(['A'], { from: personId, to: other });
  for (const year of [...new Set([...moved, ...openings.keys()])]) {
    await personYears.openYearAs({ personId, year }, null);
    await personYears.openYearAs({ personId, year }, openings.get(year) ?? null);
  }
  await personYears.moveVisits(['A'], { from: other, to: personId });
  expect(await counters.ofYear(personId, 2017)).toEqual(before);
}

/** Bills that wait, by both ways of counting. */
export async function waitingOnce(visits: Repositories['visits']): Promise<void> {
  for (const from of ['discharge', 'arrival'] as const) {
    for (const waitsFor of [null, 'blocked', 'question'] as const) {
      const after = { since: '2017', visitId: 'A' };
      await visits.waitingBills({ from, waitsFor, before: '2017-11-28', after, limit: 2 });
    }
    await visits.waitingBills({ from, waitsFor: null, before: null, after: null, limit: 2 });
    await visits.countWaitingBills({ from, days: ['2017-11-27', '2017-11-20'] });
  }
}
