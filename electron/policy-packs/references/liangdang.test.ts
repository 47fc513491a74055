import { describe, it } from 'vitest';
import { expectSameYears, hospital, ownPack, type World } from './paper-year.test-support.ts';
import { settleLiangdang } from './liangdang.reference.ts';

const pack = await ownPack('liangdang');

/** What the source speaks of, and a little beside it. */
const world: World = {
  days: ['2015-06-01', '2018-01-10'],
  insured: ['621228'],
  hospitals: [
    hospital('village'),
    hospital('township'),
    hospital('county', { place: '621228' }),
    hospital('county'),
    hospital('township', { place: '621224' }),
    hospital('county', { place: '621224' }),
    hospital('city'),
    hospital('province'),
    hospital('outside-province'),
  ],
  diagnoses: ['J18.9', 'K35.9', 'C18.9'],
  categories: ['registered-poor'],
};

describe('Liangdang', () => {
  it('comes to what the sentences of its source come to, over whole years', () => {
    expectSameYears(pack, settleLiangdang, world);
  });
});
