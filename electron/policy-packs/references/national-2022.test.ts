import { describe, it } from 'vitest';
import { expectSameYears, hospital, ownPack, type World } from './paper-year.test-support.ts';
import { settleNational2022 } from './national-2022.reference.ts';

const pack = await ownPack('national-2022');

/** What the source speaks of, and a little beside it. */
const world: World = {
  days: ['2021-12-10', '2023-12-31'],
  insured: ['999922'],
  kinds: ['inpatient', 'inpatient', 'outpatient'],
  hospitals: [
    hospital('township'),
    hospital('county', { place: '999922' }),
    hospital('county', { place: '999921' }),
    hospital('city'),
    hospital('city', { place: '999901' }),
    hospital('province'),
    hospital('outside-province'),
  ],
  diagnoses: ['N18.5', 'E11.9', 'J18.9'],
  categories: [
    'extremely-poor',
    'subsistence-allowance',
    'returned-to-poverty',
    'low-income-edge',
    'unstable-lifted',
    'edge-vulnerable',
    'sudden-hardship',
    'illness-expense',
    'disabled',
  ],
};

describe('The national frame of 2022', () => {
  it('comes to what the sentences of its source come to, over whole years', () => {
    expectSameYears(pack, settleNational2022, world);
  });
});
