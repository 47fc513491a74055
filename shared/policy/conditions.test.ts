import { describe, expect, it } from 'vitest';
import type { PersonCategory, SettlementInput, YearToDate } from '../domain/person.ts';
import type { Diagnosis, Visit } from '../domain/visit.ts';
import { fen } from '../money/fen.ts';
import { freshYear } from './rules/advance-year.ts';
import { compileCondition, firstUnmet, holds } from './compile/compile-condition.ts';
import type { PackCondition } from './pack/pack-conditions.ts';
import type { PackDiseaseList } from './pack/pack-figures.ts';
import { documentOf } from './packs.test-support.ts';
import { ageOn } from '../domain/stay.ts';
import { factsOf } from './facts/visit-facts.ts';
import { plainInput } from './visits.test-support.ts';

const days = { decidingDay: 'admission', year: 'discharge' } as const;
const source = { document: 'a-notice', article: '1' };
const name = (text: string) => ({ zh: text, en: text });

type Given = {
  readonly visit?: Partial<Visit>;
  readonly person?: Partial<SettlementInput['person']>;
  readonly year?: Partial<YearToDate>;
};

function inputOf({ visit, person, year }: Given): SettlementInput {
  const input = plainInput(1);
  return {
    visit: { ...input.visit, ...visit },
    person: { ...input.person, ...person },
    yearToDate: year === undefined ? null : { ...freshYear(days, input), ...year },
  };
}

const lists: Partial<ReturnType<typeof documentOf>> = {
  diseaseLists: {
    cancers: {
      name: name('cancers'),
      diagnoses: 'principal',
      codes: [
        { prefix: 'C18', name: '结肠癌' },
        { prefix: 'C91.0', name: '儿童白血病', youngerThan: 18 },
      ],
      source,
    },
  },
  procedureLists: {
    eyes: { name: name('eyes'), codes: [{ prefix: '13.', name: '晶状体手术' }], source },
  },
  hospitalLists: {
    ours: { name: name('ours'), codes: [{ code: 'H1', name: '县医院' }], source },
  },
};

const meets = (condition: PackCondition, given: Given = {}): boolean =>
  holds(compileCondition(documentOf(lists), condition), factsOf(days, inputOf(given)));

describe('the categories of a person on a day', () => {
  const orphanOrDisabled = (...categories: PersonCategory[]) =>
    meets({ categories: { any: ['orphan', 'disabled'] } }, { person: { categories } });

  it('count from their first to their last day, both included', () => {
    expect(orphanOrDisabled({ name: 'orphan', from: '2017-11-10' })).toBe(true);
    expect(orphanOrDisabled({ name: 'orphan', from: '2017-11-11' })).toBe(false);
    expect(orphanOrDisabled({ name: 'orphan', until: '2017-11-10' })).toBe(true);
    expect(orphanOrDisabled({ name: 'orphan', until: '2017-11-09' })).toBe(false);
  });

  it('count without end where no day is given, and one of several is enough', () => {
    expect(orphanOrDisabled({ name: 'orphan' })).toBe(true);
    expect(orphanOrDisabled({ name: 'low-income-edge' })).toBe(false);
    expect(orphanOrDisabled({ name: 'low-income-edge' }, { name: 'disabled' })).toBe(true);
    expect(orphanOrDisabled()).toBe(false);
  });

  it('can be asked not to be there', () => {
    const person = { categories: [{ name: 'orphan' as const }] };
    expect(meets({ categories: { none: ['orphan'] } }, { person })).toBe(false);
    expect(meets({ categories: { none: ['disabled'] } }, { person })).toBe(true);
    expect(meets({}, { person })).toBe(true);
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

  it('is asked from a year, inclusive, and below one, exclusive', () => {
    const aged = (birthDate: string) =>
      meets({ age: { from: 6, below: 70 } }, { person: { birthDate } });
    expect(aged('2011-11-10')).toBe(true);
    expect(aged('2011-11-11')).toBe(false);
    expect(aged('1947-11-11')).toBe(true);
    expect(aged('1947-11-10')).toBe(false);
  });
});

describe('a list of diseases', () => {
  const isListed = (
    diagnoses: PackDiseaseList['diagnoses'],
    given: readonly Diagnosis[],
    birthDate = '1950-01-01',
  ) => {
    const list = lists.diseaseLists?.['cancers'];
    if (list === undefined) throw new Error('no list');
    const document = documentOf({ diseaseLists: { cancers: { ...list, diagnoses } } });
    const input = inputOf({ visit: { diagnoses: given }, person: { birthDate } });
    return holds(compileCondition(document, { diseases: 'cancers' }), factsOf(days, input));
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

describe('a condition on hospital, visit and person', () => {
  it('asks for level, grade, type and list of the hospital', () => {
    const hospital = {
      code: 'H1',
      name: '县医院',
      level: 'county',
      grade: 2,
      type: 'tcm',
    } as const;
    const given = { visit: { hospital } };
    expect(meets({ hospitalLevels: ['county'] }, given)).toBe(true);
    expect(meets({ hospitalLevels: ['city'] }, given)).toBe(false);
    expect(meets({ hospitalGrades: [2] }, given)).toBe(true);
    expect(meets({ hospitalGrades: [3] }, given)).toBe(false);
    expect(meets({ hospitalTypes: ['tcm'] }, given)).toBe(true);
    expect(meets({ hospitalTypes: ['general'] }, given)).toBe(false);
    expect(meets({ hospitals: 'ours' }, given)).toBe(true);
    expect(meets({ hospitals: 'ours' })).toBe(false);
    // A grade or type the visit does not state is never the one asked for.
    expect(meets({ hospitalGrades: [1, 2, 3] })).toBe(false);
    expect(meets({ hospitalTypes: ['general', 'tcm', 'specialist'] })).toBe(false);
  });

  it('asks for procedures, kind, employment, doctor and disability', () => {
    const procedures = [{ code: '13.4100', name: '超声乳化' }];
    expect(meets({ procedures: 'eyes' }, { visit: { procedures } })).toBe(true);
    expect(meets({ procedures: 'eyes' })).toBe(false);
    expect(meets({ visitKinds: ['outpatient'] })).toBe(false);
    expect(meets({ insurance: ['employee'] })).toBe(false);
    expect(meets({ employment: ['retired'] }, { person: { employment: 'retired' } })).toBe(true);
    expect(meets({ employment: ['retired'] })).toBe(false);
    expect(meets({ contractedDoctor: true }, { person: { contractedDoctor: true } })).toBe(true);
    expect(meets({ contractedDoctor: false })).toBe(true);
    expect(meets({ disabilityLevels: [1, 2] }, { person: { disabilityLevel: 2 } })).toBe(true);
    expect(meets({ disabilityLevels: [1, 2] }, { person: { disabilityLevel: 3 } })).toBe(false);
  });

  it('counts the admissions of the year, this one included', () => {
    const fourth = { admissionOfYear: { from: 4 } };
    expect(meets(fourth, { year: { admissions: 3 } })).toBe(true);
    expect(meets(fourth, { year: { admissions: 2 } })).toBe(false);
    expect(meets({ admissionOfYear: { until: 1 } })).toBe(true);
    // Counters of another year say nothing of this one.
    expect(meets(fourth, { year: { admissions: 3, year: 2016 } })).toBe(false);
    // A later part of the same stay is no new admission.
    const earlierParts = { parts: 1, deductiblePaidFen: fen(0) };
    expect(meets(fourth, { year: { admissions: 3 }, visit: { earlierParts } })).toBe(false);
  });

  it('takes a referral issued after admission for none of use, and an emergency as such', () => {
    const referral = (issuedOn: string) => ({
      certificate: 'ZZ1',
      issuedOn,
      fromHospitalLevel: 'township' as const,
      previousVisitId: null,
      deductiblePaidFen: fen(0),
    });
    const inTime = { visit: { referral: referral('2017-11-10') } };
    const late = { visit: { referral: referral('2017-11-11') } };
    expect(meets({ referral: ['valid'] }, inTime)).toBe(true);
    expect(meets({ referral: ['valid'] }, late)).toBe(false);
    expect(meets({ referral: ['late'] }, late)).toBe(true);
    expect(meets({ referral: ['none'] })).toBe(true);
    expect(meets({ referral: ['emergency'] }, { visit: { emergency: true } })).toBe(true);
    const lateEmergency = { visit: { ...late.visit, emergency: true } };
    expect(meets({ referral: ['emergency'] }, lateEmergency)).toBe(true);
    expect(meets({ outOfArea: ['local'] })).toBe(true);
    const filed = { visit: { outOfArea: { filed: 'long-term' as const } } };
    expect(meets({ outOfArea: ['long-term'] }, filed)).toBe(true);
  });

  it('wants a certificate of a chronic disease that covers the day of discharge', () => {
    const covered = (certificateFrom: string, until?: string) =>
      meets(
        { chronicDiseases: 'cancers' },
        {
          visit: {
            chronicDisease: {
              code: 'C18.900',
              certificateFrom,
              ...(until === undefined ? {} : { until }),
            },
          },
        },
      );
    expect(covered('2017-11-27')).toBe(true);
    expect(covered('2017-11-28')).toBe(false);
    expect(covered('2017-01-01', '2017-11-27')).toBe(true);
    expect(covered('2017-01-01', '2017-11-26')).toBe(false);
    expect(meets({ chronicDiseases: 'cancers' })).toBe(false);
  });

  it('holds where one of its alternatives does, and names the first part that does not', () => {
    const anyOf = [{ hospitalLevels: ['city' as const] }, { age: { from: 60 } }];
    expect(meets({ anyOf })).toBe(true);
    expect(meets({ anyOf }, { person: { birthDate: '1990-01-01' } })).toBe(false);
    expect(meets({ anyOf, insurance: ['employee'] })).toBe(false);
    const condition = compileCondition(documentOf(lists), {
      hospitalLevels: ['county'],
      diseases: 'cancers',
      hospitals: 'ours',
    });
    const unmet = firstUnmet(condition, factsOf(days, inputOf({})));
    expect(unmet?.code).toBe('hospital-not-designated');
    expect(unmet?.words.zh).toContain('ours');
  });

  it('counts the days of discharge from the first, inclusive, to the last, exclusive', () => {
    expect(meets({ discharged: { from: '2017-11-27' } })).toBe(true);
    expect(meets({ discharged: { before: '2017-11-27' } })).toBe(false);
    expect(meets({ discharged: { from: '2017-11-01', before: '2017-11-28' } })).toBe(true);
  });
});
