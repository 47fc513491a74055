import { describe, it } from 'vitest';
import { expectSameYears, hospital, ownPack, type World } from './paper-year.test-support.ts';
import { settleJiujiang2023 } from './jiujiang-2023.reference.ts';

const pack = await ownPack('jiujiang-2023');

/** What the source speaks of, and a little beside it. */
const world: World = {
  days: ['2022-12-20', '2024-01-10'],
  insured: ['360402'],
  kinds: ['inpatient', 'inpatient', 'outpatient'],
  hospitals: ['township', 'county', 'city', 'province'].map((level) => hospital(level)),
  diagnoses: ['N18.5', 'E11.9', 'J18.9'],
  categories: [
    'extremely-poor',
    'subsistence-allowance',
    'returned-to-poverty',
    'unstable-lifted',
    'edge-vulnerable',
    'low-income-edge',
    'sudden-hardship',
    'illness-expense',
    'disabled',
  ],
};

describe('Jiujiang 2023', () => {
  it('comes to what the sentences of its source come to, over whole years', () => {
    expectSameYears(pack, settleJiujiang2023, world, { neverPays: ['critical-illness'] });
  });
});
