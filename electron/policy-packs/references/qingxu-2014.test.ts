import { describe, expect, it } from 'vitest';
import { compilePack } from '../../../shared/policy/compile/compile-pack.ts';
import { decide } from '../../../shared/policy/decide.ts';
import { plainInput } from '../../../shared/policy/visits.test-support.ts';
import { expectSameYears, hospital, ownPack, type World } from './paper-year.test-support.ts';
import { settleQingxu2014 } from './qingxu-2014.reference.ts';

const pack = await ownPack('qingxu-2014');

/** What the source speaks of, and a little beside it. */
const world: World = {
  days: ['2015-06-01', '2017-01-10'],
  insured: ['140121'],
  hospitals: [
    hospital('village'),
    hospital('township', { place: '140121' }),
    hospital('township'),
    hospital('county'),
    hospital('county', { type: 'tcm' }),
    hospital('county', { type: 'general', place: '140121' }),
    hospital('county', { place: '140122' }),
    hospital('city'),
  ],
  diagnoses: ['K35.9', 'K35.1', 'G45.9', 'J18.9'],
  categories: ['registered-poor'],
};

describe('Qingxu 2014', () => {
  it('comes to what the sentences of its source come to, over whole years', () => {
    expectSameYears(pack, settleQingxu2014, world);
  });

  it('gives the exact figures where the patient’s part is rounded to the fen', () => {
    const steps = pack.document.steps.map((step) =>
      step.rule === 'quota'
        ? { ...step, rounding: { unit: 'fen' as const, mode: 'half-up' as const } }
        : step,
    );
    const exact = compilePack({ ...pack.document, steps });
    const settled = (code: string, yuan: number) => {
      const input = plainInput(yuan);
      const diagnoses = [{ code, name: code, principal: true }];
      const result = decide(exact, { ...input, visit: { ...input.visit, diagnoses } });
      return [result.patientPaysFen, result.shares[0]?.amountFen, result.hospitalBearsFen];
    };
    expect(settled('K35.900', 2799)).toEqual([61_578, 343_200, -124_878]);
    expect(settled('G45.900', 3602)).toEqual([79_244, 390_000, -109_044]);
    expect(settled('K35.900', 6000)).toEqual([96_800, 343_200, 160_000]);
  });

  it('finds the errors of its source by their exact difference, and leaves them', () => {
    // Means before the reform: what was paid and borne is one yuan short of the cost, twice.
    expect(2542 + 1566 - 4109).toBe(-1);
    expect(2861 + 1654 - 4516).toBe(-1);
    // An increase of 890 on 2,542 is called 25 % and is 35 %.
    expect(Math.round((890 / 2542) * 100)).toBe(35);
  });

  it('has five hospitals whose cases, payments and surplus add up row by row, in hundreds of yuan', () => {
    const hospitals = [
      [592, 15_968, 19_123, 3155],
      [239, 5097, 7826, 2729],
      [105, 3011, 3796, 785],
      [108, 2507, 3696, 1189],
      [57, 1148, 1355, 207],
    ] as const;
    const sums = [0, 1, 2, 3].map((column) =>
      hospitals.reduce((sum, row) => sum + (row[column] ?? 0), 0),
    );
    expect(sums).toEqual([1101, 27_731, 35_796, 8065]);
    for (const [, paid, settled, surplus] of hospitals) expect(settled - paid).toBe(surplus);
  });
});
