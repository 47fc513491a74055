import { describe, expect, it } from 'vitest';
import type { PersonCategory, SettlementInput } from '../domain/person.ts';
import type { Diagnosis } from '../domain/visit.ts';
import { ageOn, isListedDisease, meetsCategories } from './person-conditions.ts';
import { plainInput } from './visits.test-support.ts';

describe('the categories of a person on a day', () => {
  const holds = (...categories: PersonCategory[]) => {
    const person = { ...plainInput(1).person, categories };
    const any = { any: ['orphan', 'disabled'] as const };
    return meetsCategories({ any: [...any.any] }, person, '2017-11-10');
  };

  it('count from their first to their last day, both included', () => {
    expect(holds({ name: 'orphan', from: '2017-11-10' })).toBe(true);
    expect(holds({ name: 'orphan', from: '2017-11-11' })).toBe(false);
    expect(holds({ name: 'orphan', until: '2017-11-10' })).toBe(true);
    expect(holds({ name: 'orphan', until: '2017-11-09' })).toBe(false);
  });

  it('count without end where no day is given, and one of several is enough', () => {
    expect(holds({ name: 'orphan' })).toBe(true);
    expect(holds({ name: 'low-income-edge' })).toBe(false);
    expect(holds({ name: 'low-income-edge' }, { name: 'disabled' })).toBe(true);
    expect(holds()).toBe(false);
  });

  it('can be asked not to be there', () => {
    const person = { ...plainInput(1).person, categories: [{ name: 'orphan' as const }] };
    expect(meetsCategories({ none: ['orphan'] }, person, '2017-11-10')).toBe(false);
    expect(meetsCategories({ none: ['disabled'] }, person, '2017-11-10')).toBe(true);
    expect(meetsCategories(null, person, '2017-11-10')).toBe(true);
  });
});

describe('the age of a person', () => {
  it('goes up on the birthday, not before', () => {
    expect(ageOn('2000-11-10', '2017-11-09')).toBe(16);
    expect(ageOn('2000-11-10', '2017-11-10')).toBe(17);
    expect(ageOn('2000-02-29', '2017-02-28')).toBe(16);
    expect(ageOn('2000-02-29', '2017-03-01')).toBe(17);
    expect(ageOn('2017-11-10', '2017-11-10')).toBe(0);
  });
});

describe('a list of diseases', () => {
  const isListed = (
    diagnoses: 'principal' | 'any',
    given: readonly Diagnosis[],
    birthDate = '1950-01-01',
  ) => {
    const input = plainInput(1);
    const asked: SettlementInput = {
      ...input,
      visit: { ...input.visit, diagnoses: given },
      person: { ...input.person, birthDate },
    };
    const name = { zh: '病种', en: 'diseases' };
    const codes = [
      { prefix: 'C18', name: '结肠癌' },
      { prefix: 'C91.0', name: '儿童白血病', youngerThan: 18 },
    ];
    return isListedDisease({ name, diagnoses, codes }, asked, '2017-11-10');
  };
  const diagnosis = (code: string, principal: boolean): Diagnosis => ({
    code,
    name: code,
    principal,
  });

  it('goes by the beginning of the code', () => {
    expect(isListed('principal', [diagnosis('C18.900', true)])).toBe(true);
    expect(isListed('principal', [diagnosis('C19.900', true)])).toBe(false);
    expect(isListed('principal', [])).toBe(false);
  });

  it('looks at the principal diagnosis only, unless it says any', () => {
    const given = [diagnosis('J18.900', true), diagnosis('C18.900', false)];
    expect(isListed('principal', given)).toBe(false);
    expect(isListed('any', given)).toBe(true);
  });

  it('can be for the young only', () => {
    const given = [diagnosis('C91.000', true)];
    expect(isListed('principal', given, '1999-11-11')).toBe(true);
    expect(isListed('principal', given, '1999-11-10')).toBe(false);
  });
});
