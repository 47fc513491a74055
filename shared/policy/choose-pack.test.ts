import { describe, expect, it } from 'vitest';
import type { Person, SettlementInput } from '../domain/person.ts';
import type { Visit } from '../domain/visit.ts';
import { choosePack } from './choose-pack.ts';
import { packOf } from './packs.test-support.ts';
import { plainInput } from './visits.test-support.ts';

const poor = packOf({
  id: 'poor',
  appliesTo: {
    places: ['430626'],
    insurance: ['resident'],
    kinds: ['inpatient'],
    categories: { any: ['registered-poor'] },
  },
});
const general = packOf({
  id: 'general',
  appliesTo: {
    places: ['430626'],
    insurance: ['resident'],
    kinds: ['inpatient'],
    categories: { none: ['registered-poor'] },
  },
});

function inputOf(person: Partial<Person>, visit: Partial<Visit> = {}): SettlementInput {
  const input = plainInput(100);
  return { ...input, person: { ...input.person, ...person }, visit: { ...input.visit, ...visit } };
}

function chosen(input: SettlementInput, packs = [poor, general]): string {
  const choice = choosePack(packs, input);
  return choice.ok ? `${choice.value.id}@${choice.value.version}` : choice.refusal.code;
}

describe('choosing the pack of a visit', () => {
  it('goes by the categories of the person', () => {
    expect(chosen(inputOf({}))).toBe('poor@1.0.0');
    expect(chosen(inputOf({ categories: [] }))).toBe('general@1.0.0');
    expect(
      chosen(inputOf({ categories: [{ name: 'registered-poor', until: '2017-01-31' }] })),
    ).toBe('general@1.0.0');
  });

  it('takes the version in force on the day of discharge; the end is exclusive', () => {
    const later = packOf({
      ...poor.document,
      version: '2.0.0',
      inForceFrom: '2018-01-01',
      inForceUntil: null,
    });
    const onDay = (dischargedOn: string) =>
      chosen(inputOf({}, { dischargedOn }), [poor, general, later]);
    expect(onDay('2017-12-31')).toBe('poor@1.0.0');
    expect(onDay('2018-01-01')).toBe('poor@2.0.0');
    expect(onDay('2016-12-31')).toBe('no-pack');
  });

  it('takes the highest version of a pack in force, each part of it as a number', () => {
    const next = (version: string, more: object = {}) =>
      packOf({ ...poor.document, version, ...more });
    const packs = [next('1.9.0'), poor, next('1.10.0'), general];
    expect(chosen(inputOf({}), packs)).toBe('poor@1.10.0');
    // Not in force yet, it replaces nothing.
    const early = next('2.0.0', { inForceFrom: '2018-01-01', inForceUntil: null });
    expect(chosen(inputOf({}), [...packs, early])).toBe('poor@1.10.0');
    // Whom the higher version leaves out the lower one does not take back.
    const narrower = next('1.11.0', {
      appliesTo: { ...poor.document.appliesTo, categories: { any: ['orphan'] } },
    });
    expect(chosen(inputOf({}), [...packs, narrower])).toBe('no-pack');
  });

  it.each([
    ['not insured', inputOf({ insurance: 'none' })],
    ['insured as an employee', inputOf({ insurance: 'employee' })],
    ['insured elsewhere', inputOf({ insuredPlace: '430602' })],
    ['an outpatient', inputOf({}, { kind: 'outpatient' })],
  ])('gives none of ours to a person %s', (_what, input) => {
    expect(chosen(input)).toBe('no-pack');
  });

  it('says in words what a cashier can do when no pack applies', () => {
    const choice = choosePack([poor], inputOf({ insurance: 'none' }));
    if (choice.ok) throw new Error('a pack was given to a person who is not insured');
    expect(choice.refusal.message.zh).toContain('未参保');
    expect(choice.refusal.message.zh).toContain('没有收钱');
    expect(choice.refusal.remedy.zh).toContain('全自费');
  });

  it('refuses when two packs apply, naming both', () => {
    const twin = packOf({ ...poor.document, id: 'twin' });
    const choice = choosePack([poor, twin], inputOf({}));
    expect(choice).toMatchObject({
      ok: false,
      refusal: { code: 'several-packs', details: ['poor@1.0.0', 'twin@1.0.0'] },
    });
  });
});
