import { describe, expect, it } from 'vitest';
import type { SettlementInput } from '../../../shared/domain/person.ts';
import { decide } from '../../../shared/policy/decide.ts';
import { plainInput } from '../../../shared/policy/visits.test-support.ts';
import { expectSameYears, hospital, ownPack, type World } from './paper-year.test-support.ts';
import { settleNanchang2025 } from './nanchang-2025.reference.ts';

const pack = await ownPack('nanchang-2025');

/** What the source speaks of, and a little beside it. */
const world: World = {
  days: ['2024-12-20', '2026-01-10'],
  insured: ['360102'],
  insurance: ['resident', 'resident', 'employee'],
  employment: ['working', 'retired', 'civil-servant', null],
  hospitals: [
    hospital('township', { grade: 1 }),
    hospital('county', { grade: 2 }),
    hospital('city', { grade: 3 }),
    hospital('county'),
    hospital('outside-province', { grade: 3 }),
  ],
  diagnoses: ['J18.9'],
  categories: [
    'extremely-poor',
    'orphan',
    'subsistence-allowance',
    'returned-to-poverty',
    'low-income-edge',
  ],
  born: ['1940-01-01', '2024-06-01'],
  digits: 8,
};

function tertiaryStay(yuan: number, person: Partial<SettlementInput['person']>): SettlementInput {
  const input = plainInput(yuan);
  const hospital = { ...input.visit.hospital, level: 'city' as const, grade: 3 as const };
  return {
    ...input,
    visit: { ...input.visit, admittedOn: '2025-04-02', dischargedOn: '2025-04-15', hospital },
    person: { ...input.person, insuredPlace: '360102', categories: [], ...person },
  };
}

function paidBy(input: SettlementInput): Record<string, number> {
  const { shares, patientPaysFen } = decide(pack, input);
  const amounts = shares.map(({ step, amountFen }) => [step, amountFen] as const);
  return { ...Object.fromEntries(amounts), patient: patientPaysFen };
}

describe('Nanchang 2025', () => {
  it('comes to what the sentences of its source come to, over whole years', () => {
    expectSameYears(pack, settleNanchang2025, world, { neverPays: ['medical-assistance'] });
  });

  it('pays 18,000 and 0 of 30,600 in scope, 2,665 of critical illness in hardship, 9,935 is left', () => {
    expect(paidBy(tertiaryStay(30_600, {}))).toEqual({
      'basic-resident': 1_800_000,
      'critical-illness': 0,
      patient: 1_260_000,
    });
    expect(
      paidBy(tertiaryStay(30_600, { categories: [{ name: 'subsistence-allowance' }] })),
    ).toEqual({
      'basic-resident': 1_800_000,
      'critical-illness': 266_500,
      'medical-assistance': 0,
      patient: 993_500,
    });
  });

  it('does not come to the published example of a civil servant, which forgets the deductible', () => {
    const published = { basic: 17_000_000, supplement: 2_880_000, patient: 120_000 };
    expect(published.basic + published.supplement + published.patient).toBe(20_000_000);
    const paid = paidBy(
      tertiaryStay(200_000, { insurance: 'employee', employment: 'civil-servant' }),
    );
    expect(paid).toEqual({
      'basic-employee': 16_932_000,
      'large-amount': 0,
      'civil-servant': 2_945_280,
      patient: 122_720,
    });
    // 800 of deductible at 85 %, and 96 % of what that leaves.
    expect(published.basic - (paid['basic-employee'] ?? 0)).toBe(68_000);
    expect((paid['civil-servant'] ?? 0) - published.supplement).toBe(65_280);
    expect((paid['patient'] ?? 0) - published.patient).toBe(2_720);
  });
});
