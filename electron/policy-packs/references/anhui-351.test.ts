import { describe, expect, it } from 'vitest';
import type { SettlementInput } from '../../../shared/domain/person.ts';
import { decide } from '../../../shared/policy/decide.ts';
import { plainInput } from '../../../shared/policy/visits.test-support.ts';
import { expectSameYears, hospital, ownPack, type World } from './paper-year.test-support.ts';
import { settleAnhui351 } from './anhui-351.reference.ts';

const pack = await ownPack('anhui-351');

/** What the source speaks of, and a little beside it. */
const world: World = {
  days: ['2017-01-01', '2021-01-10'],
  insured: ['340123'],
  kinds: ['inpatient', 'inpatient', 'outpatient'],
  hospitals: ['village', 'township', 'county', 'city', 'province', 'outside-province'].map(
    (level) => hospital(level),
  ),
  diagnoses: ['I10', 'E11.9', 'I25.1', 'I69.3', 'J44.9', 'C18.9'],
  categories: ['registered-poor', 'registered-poor', 'disabled'],
};

function stayInTheProvince(yuan: number): SettlementInput {
  const input = plainInput(yuan);
  const hospital = { ...input.visit.hospital, level: 'province' as const };
  return { ...input, visit: { ...input.visit, hospital } };
}

describe('Anhui, the yearly ceilings and the chronic outpatients of the poor', () => {
  it('comes to what the sentences of its source come to, over whole years', () => {
    expectSameYears(pack, settleAnhui351, world, {
      neverPays: ['critical-illness', 'medical-assistance'],
    });
  });

  it('leaves nothing of the second stay of Huangshan, 0.07 less than was published', () => {
    const first = decide(pack, stayInTheProvince(26_000));
    expect(first.patientPaysFen).toBe(1_000_000);
    const { yearToDate } = first;
    const second = decide(pack, { ...stayInTheProvince(88_404.89), yearToDate });
    expect(second.patientPaysFen).toBe(0);
    // Published: 0.07 for the patient, so 88,404.82 for all others together: dust of separate roundings.
    const published = { patientFen: 7, othersFen: 8_840_482 };
    expect(published.othersFen + published.patientFen).toBe(second.totalFen);
    const othersFen = second.shares.reduce((sum, { amountFen }) => sum + amountFen, 0);
    expect(othersFen - published.othersFen).toBe(7);
    expect(published.patientFen - second.patientPaysFen).toBe(7);
  });
});
