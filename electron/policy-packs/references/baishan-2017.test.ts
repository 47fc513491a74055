import { describe, it } from 'vitest';
import { expectSameYears, hospital, ownPack, type World } from './paper-year.test-support.ts';
import { settleBaishan2017 } from './baishan-2017.reference.ts';

const pack = await ownPack('baishan-2017');

/** What the source speaks of, and a little beside it. */
const world: World = {
  days: ['2017-05-20', '2018-12-10'],
  insured: ['220602'],
  hospitals: [
    hospital('county'),
    hospital('county', { place: '220623' }),
    hospital('county', { place: '220502' }),
    hospital('city', { code: 'H22060000001' }),
    hospital('city', { code: 'H22060000002' }),
    hospital('city'),
    hospital('province'),
    hospital('province', { place: '220100' }),
  ],
  diagnoses: ['C15.9', 'C16.9', 'C18.9', 'C20.9', 'N18.0', 'C91.0', 'C92.4', 'Q21.0', 'Q21.1'],
  categories: ['registered-poor', 'extremely-poor', 'subsistence-allowance'],
  born: ['2000-01-01', '2018-06-01'],
};

describe('Baishan 2017', () => {
  it('comes to what the sentences of its source come to, over whole years', () => {
    expectSameYears(pack, settleBaishan2017, world);
  });
});
