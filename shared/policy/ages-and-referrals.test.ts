import { describe, expect, it } from 'vitest';
import type { SettlementInput, YearToDate } from '../domain/person.ts';
import { ageOn, hasReachedAge, isAgeNoLaterThan } from '../domain/stay.ts';
import type { Referral, Visit } from '../domain/visit.ts';
import { fen } from '../money/fen.ts';
import { compileCondition, holds } from './compile/compile-condition.ts';
import { factsOf } from './facts/visit-facts.ts';
import type { PackCondition, ReferralCertificate } from './pack/pack-conditions.ts';
import { documentOf } from './packs.test-support.ts';
import { freshYear } from './rules/advance-year.ts';
import { plainInput } from './visits.test-support.ts';

type Asked = {
  readonly referralCertificate?: ReferralCertificate;
  readonly filingDay?: 'admission' | 'discharge';
};
type Given = {
  readonly visit?: Partial<Visit>;
  readonly birthDate?: string;
  readonly insuredPlace?: string;
  readonly year?: Partial<YearToDate>;
};

const days = { decidingDay: 'admission', year: 'discharge' } as const;

function meets(condition: PackCondition, given: Given, asked: Asked = {}): boolean {
  const { visit, person } = plainInput(1);
  const input: SettlementInput = {
    visit: { ...visit, ...given.visit },
    person: {
      ...person,
      birthDate: given.birthDate ?? person.birthDate,
      insuredPlace: given.insuredPlace ?? person.insuredPlace,
    },
    yearToDate: null,
  };
  const year = given.year === undefined ? null : { ...freshYear(days, input), ...given.year };
  const facts = factsOf({ ...days, ...asked }, { ...input, yearToDate: year });
  return holds(compileCondition(documentOf({}), condition), facts);
}

describe('an age', () => {
  // The plain stay begins on 10 November 2017.
  const isOf = (birthDate: string, age: PackCondition['age']) => meets({ age }, { birthDate });

  it('is counted in days while the rule speaks of days', () => {
    expect(isOf('2017-10-13', { below: { days: 28 } })).toBe(false);
    expect(isOf('2017-10-14', { below: { days: 28 } })).toBe(true);
    expect(isOf('2017-10-13', { from: { days: 28 } })).toBe(true);
  });

  it('is counted in full months while the rule speaks of months', () => {
    expect(isOf('2017-08-10', { from: { months: 3 } })).toBe(true);
    expect(isOf('2017-08-11', { from: { months: 3 } })).toBe(false);
    expect(isOf('2016-11-11', { below: { months: 12 } })).toBe(true);
    expect(isOf('2016-11-10', { below: { months: 12 } })).toBe(false);
  });

  it('is 0 of a child born on the day of admission or after it', () => {
    for (const born of ['2017-11-10', '2017-11-12', '2018-01-02']) {
      expect(isOf(born, { below: 1 })).toBe(true);
      expect(isOf(born, { from: 0, below: { days: 1 } })).toBe(true);
      expect(isOf(born, { from: 0 })).toBe(true);
      expect(ageOn(born, '2017-11-10')).toBe(0);
    }
    expect(hasReachedAge('2017-12-01', '2017-11-10', { months: 0 })).toBe(true);
  });

  it('is compared with another one only where every calendar agrees', () => {
    expect(isAgeNoLaterThan({ months: 12 }, 1)).toBe(true);
    expect(isAgeNoLaterThan(1, { months: 12 })).toBe(true);
    expect(isAgeNoLaterThan({ days: 28 }, { months: 1 })).toBe(true);
    expect(isAgeNoLaterThan({ days: 30 }, { months: 1 })).toBe(false);
    expect(isAgeNoLaterThan({ months: 1 }, { days: 30 })).toBe(false);
    expect(isAgeNoLaterThan({ months: 1 }, { days: 31 })).toBe(true);
    expect(isAgeNoLaterThan({ days: 1000 }, Infinity)).toBe(true);
  });
});

describe('a referral', () => {
  const referral: Referral = {
    certificate: 'ZZ1',
    issuedOn: '2017-11-08',
    fromHospitalLevel: 'township',
    previousVisitId: 'ZY-BEFORE',
    deductiblePaidFen: fen(0),
  };
  const counts = (
    referralCertificate: ReferralCertificate,
    change: Partial<Referral> = {},
    given: Given = {},
  ) =>
    meets(
      { referral: ['valid'] },
      { ...given, visit: { ...given.visit, referral: { ...referral, ...change } } },
      { referralCertificate },
    );

  it('holds for so many days, the last one included', () => {
    expect(counts({ validDays: 2 })).toBe(true);
    expect(counts({ validDays: 1 })).toBe(false);
    expect(counts({ validDays: 0 }, { issuedOn: '2017-11-10' })).toBe(true);
  });

  it('leads from the levels named to the levels named, up or down', () => {
    expect(counts({ from: ['township'], to: ['county'] })).toBe(true);
    expect(counts({ from: ['county'] })).toBe(false);
    expect(counts({ to: ['city'] })).toBe(false);
    expect(counts({ direction: 'up' })).toBe(true);
    expect(counts({ direction: 'up' }, { fromHospitalLevel: 'city' })).toBe(false);
    expect(counts({ direction: 'down' }, { fromHospitalLevel: 'city' })).toBe(true);
    expect(counts({ direction: 'up' }, { fromHospitalLevel: 'county' })).toBe(false);
  });

  it('is never one of the stay to itself, whatever the pack asks', () => {
    const { visit } = plainInput(1);
    expect(counts({}, { previousVisitId: visit.id })).toBe(false);
    expect(counts({}, { previousVisitId: null })).toBe(true);
  });

  it('comes from a real earlier visit where the pack asks for one', () => {
    const asked = { earlierVisit: true } as const;
    expect(counts(asked, { previousVisitId: null })).toBe(false);
    expect(counts(asked)).toBe(true);
    const listed = { includesVisits: ['ZY-OTHER', 'ZY-BEFORE'], admissions: 2 };
    expect(counts(asked, {}, { year: listed })).toBe(true);
    const notListed = { includesVisits: ['ZY-OTHER'], admissions: 1 };
    expect(counts(asked, {}, { year: notListed })).toBe(false);
    // The register knows of two stays and lists one.
    expect(counts(asked, {}, { year: { ...notListed, admissions: 2 } })).toBe(true);
  });

  it('that does not count is an emergency where there was one', () => {
    const visit = { referral, emergency: true };
    const asked = { referralCertificate: { validDays: 1 } };
    expect(meets({ referral: ['emergency'] }, { visit }, asked)).toBe(true);
    expect(meets({ referral: ['late'] }, { visit: { referral } }, asked)).toBe(true);
    // An emergency is one with a certificate, too.
    expect(meets({ emergency: true }, { visit })).toBe(true);
    expect(meets({ emergency: false }, { visit })).toBe(false);
    expect(meets({ emergency: false }, {})).toBe(true);
  });
});

describe('care away from home', () => {
  it('was filed in time where the pack says by which day', () => {
    const visit = { outOfArea: { filed: 'referral' as const, filedOn: '2017-11-12' } };
    const filed: PackCondition = { outOfArea: ['referral'] };
    expect(meets(filed, { visit })).toBe(true);
    expect(meets(filed, { visit }, { filingDay: 'discharge' })).toBe(true);
    expect(meets(filed, { visit }, { filingDay: 'admission' })).toBe(false);
    expect(meets({ outOfArea: ['none'] }, { visit }, { filingDay: 'admission' })).toBe(true);
    // Silence about the day is no fault of the patient's.
    const silent = { outOfArea: { filed: 'referral' as const } };
    expect(meets(filed, { visit: silent }, { filingDay: 'admission' })).toBe(true);
  });

  it('is asked of named places; a hospital that says nothing of its place lies at home', () => {
    const { hospital } = plainInput(1).visit;
    const at = (place: string | undefined, level = hospital.level) => {
      const rest = { ...hospital };
      delete rest.place;
      return { visit: { hospital: { ...rest, level, ...(place === undefined ? {} : { place }) } } };
    };
    const inCity: PackCondition = { hospitalPlaces: ['4306', '43'] };
    expect(meets(inCity, at('430602'))).toBe(true);
    expect(meets(inCity, at('440100'))).toBe(false);
    expect(meets(inCity, { ...at(undefined), insuredPlace: '430626' })).toBe(true);
    expect(meets(inCity, { ...at(undefined, 'outside-province'), insuredPlace: '430626' })).toBe(
      false,
    );
  });

  it('may be what a rule leaves out', () => {
    const { hospital } = plainInput(1).visit;
    const not: PackCondition = { not: { hospitalTypes: ['tcm'], hospitalLevels: ['county'] } };
    const of = (type: 'tcm' | 'general', level: 'county' | 'city') =>
      meets(not, { visit: { hospital: { ...hospital, type, level } } });
    expect(of('tcm', 'county')).toBe(false);
    expect(of('tcm', 'city')).toBe(true);
    expect(of('general', 'county')).toBe(true);
  });
});
