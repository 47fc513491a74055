import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { settlementInputFromVisitJson } from '../../shared/contracts/visit-json.ts';
import { encodeSettlementInput } from '../../shared/contracts/stored-visit.ts';
import type { Person, SettlementInput } from '../../shared/domain/person.ts';
import { packOf, stepOf } from '../../shared/policy/packs.test-support.ts';
import { plainInput } from '../../shared/policy/visits.test-support.ts';
import { createTestStore, type TestStore } from '../database/test-store.ts';
import { joinVisit, type JoinInput } from './join-visit.ts';
import { settleVisit } from './settle-visit.ts';
import { dependenciesOn, keepVisit, refusalOf, valueOf } from './settlement.test-support.ts';
import { reportSupplements } from './supplements-report.ts';
import { unlinkNumber } from './unlink-number.ts';
import { verifyFolder } from './verify-folder.ts';

/** Insurance pays half of what the insured have. */
const half = packOf({ steps: [stepOf({ id: 'basic' })] });

let store: TestStore;
beforeEach(async () => {
  store = await createTestStore();
});
afterEach(async () => {
  const { checks } = await verifyFolder({ store });
  await store.remove();
  expect(checks.filter(({ ok }) => !ok)).toEqual([]);
});

const { person: insured } = plainInput(0);
const nobody: Person = {
  ...insured,
  ...{ name: '无名氏', idNumber: '', document: 'none', insurance: 'none', categories: [] },
};

function stay(id: string, yuan: number, person: Partial<Person> = nobody): SettlementInput {
  const input = plainInput(yuan);
  return { ...input, person: { ...input.person, ...person }, visit: { ...input.visit, id } };
}

const dependencies = () => dependenciesOn(store, [half]);
const settle = async (visitId: string) =>
  valueOf(await settleVisit(dependencies(), { visitId, by: 'cashier1' })).settlement;
const reason = '家属持身份证来认';
const join = (input: Partial<JoinInput> = {}) =>
  joinVisit(dependencies(), {
    ...{ visitId: 'A', number: insured.idNumber, reason, by: 'supervisor1', isPreview: false },
    ...input,
  });
const personOf = (visitId: string) =>
  store.read(async ({ visits }) => (await visits.find(visitId))?.personId ?? '');
const owed = () =>
  reportSupplements({ store, packs: [half], approvedOnly: null }, { personIds: 'all' });

describe('a person without a number', () => {
  it('is a person of that visit alone: two unknown patients are not one, and have no common year', async () => {
    await keepVisit(store, stay('A', 1000));
    await keepVisit(store, stay('B', 800));
    expect(await personOf('A')).not.toBe(await personOf('B'));
    await settle('A');
    const { result } = await settle('B');
    expect(result.yearToDate.selfPayFen).toBe(80_000);
  });

  it('stays the same person of the visit when the bill comes again', async () => {
    await keepVisit(store, stay('A', 1000));
    const before = await personOf('A');
    await keepVisit(store, stay('A', 1200));
    expect(await personOf('A')).toBe(before);
  });

  it('asks no payer for anything as long as nobody knows who it is', async () => {
    await keepVisit(store, stay('A', 1000, { ...nobody, insurance: 'resident' }));
    const settled = await settleVisit(dependencies(), { visitId: 'A', by: 'cashier1' });
    expect(refusalOf(settled)).toBe('claim-incomplete');
    valueOf(await join());
    expect((await settle('A')).result.patientPaysFen).toBe(50_000);
  });

  it('is joined to the person who is known, and what is owed since is told', async () => {
    await keepVisit(store, stay('A', 1000));
    await keepVisit(store, stay('B', 800, insured));
    expect((await settle('A')).result.patientPaysFen).toBe(100_000);
    expect((await owed()).persons).toEqual([]);
    const shown = valueOf(await join({ isPreview: true, reason: '' }));
    expect(shown).toMatchObject({ visits: ['A'], other: { name: '无*氏', idNumber: '' } });
    expect((await owed()).persons).toEqual([]);
    valueOf(await join());
    expect(await personOf('A')).toBe(await personOf('B'));
    expect((await owed()).totals).toMatchObject({ supplementFen: 50_000 });
    const acts = await store.read(({ audit }) => audit.list({ after: 0, limit: 10 }));
    expect(acts.at(-1)).toMatchObject({ act: 'join-visit', about: 'A', who: 'supervisor1' });
  });

  it('who was not known is known by the bill from then on', async () => {
    await keepVisit(store, stay('A', 1000, { ...nobody, name: '张三之子' }));
    valueOf(await join());
    const known = await store.read(({ persons }) => persons.findByIdNumber(insured.idNumber));
    expect(known).toMatchObject({ name: '张三之子', id_number: insured.idNumber });
    expect(await personOf('A')).toBe(known?.id);
  });

  it('is not spoken of by the bill of the visit any more, once joined', async () => {
    await keepVisit(store, stay('A', 1000));
    await keepVisit(store, stay('B', 800, insured));
    valueOf(await join());
    await keepVisit(store, stay('A', 1200));
    const known = await store.read(({ persons }) => persons.findByIdNumber(insured.idNumber));
    expect(known?.name).toBe(insured.name);
    expect(await personOf('A')).toBe(known?.id);
  });

  it('is one of the visit alone again where it was joined to the wrong one', async () => {
    await keepVisit(store, stay('A', 1000));
    await keepVisit(store, stay('B', 800, insured));
    await settle('A');
    const alone = await personOf('A');
    valueOf(await join());
    valueOf(
      await unlinkNumber(dependencies(), {
        ...{ number: '#A', reason, by: 'supervisor1' },
        isPreview: false,
      }),
    );
    expect(await personOf('A')).toBe(alone);
    expect((await owed()).persons).toEqual([]);
  });

  it.each([
    ['a visit nobody knows', { visitId: 'Z' }, 'visit-unknown'],
    ['a patient who has a number', { visitId: 'B' }, 'visit-has-number'],
    ['a number that is none', { number: '4.30626E+17' }, 'number-unreadable'],
    ['no reason', { reason: ' ' }, 'link-reason-missing'],
  ] as const)('is not joined: %s', async (_what, input, code) => {
    await keepVisit(store, stay('A', 1000));
    await keepVisit(store, stay('B', 800, insured));
    expect(refusalOf(await join(input))).toBe(code);
  });
});

describe('a bill without a number', () => {
  const reading = (person: object) => {
    const document = encodeSettlementInput(stay('A', 1000)) as { person: object };
    return settlementInputFromVisitJson({ ...document, person: { ...document.person, ...person } });
  };

  it.each([
    [{ idNumber: undefined }],
    [{ idNumber: '' }],
    [{ idNumber: '无' }],
    [{ idNumber: '000000000000000000' }],
  ])('is taken where it says that there is no document: %j', (person) => {
    const written = Object.fromEntries(
      Object.entries({ ...person, document: 'none' }).filter(([, value]) => value !== undefined),
    );
    expect(valueOf(reading(written)).input.person).toMatchObject({
      document: 'none',
      idNumber: '',
    });
  });

  it.each([
    [{ document: 'none', idNumber: insured.idNumber }, 'id-number-wrong'],
    [{ document: 'citizen', idNumber: '' }, 'id-number-missing'],
    [{ document: 'passport', idNumber: '无' }, 'id-number-missing'],
  ])('is refused where it contradicts itself: %j', (person, code) => {
    expect(refusalOf(reading(person))).toBe(code);
  });
});
