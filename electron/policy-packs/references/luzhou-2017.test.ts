import { describe, expect, it } from 'vitest';
import { expectSameYears, hospital, ownPack, type World } from './paper-year.test-support.ts';
import { settleLuzhou2017 } from './luzhou-2017.reference.ts';

const pack = await ownPack('luzhou-2017');

/** What the source speaks of, and a little beside it. */
const world: World = {
  days: ['2016-12-20', '2018-01-10'],
  insured: ['510502'],
  kinds: ['inpatient', 'outpatient'],
  hospitals: [
    hospital('township'),
    hospital('county', { place: '510521' }),
    hospital('county'),
    hospital('county', { place: '510100' }),
    hospital('city'),
    hospital('province'),
    hospital('outside-province'),
  ],
  diagnoses: ['J18.9', 'H25.9'],
  operations: ['13.1', '13.4', '13.5', '13.7', '13.2', '47.0'],
  categories: ['registered-poor', 'registered-poor', 'disabled'],
  charges: [
    ['western-drug', 'X'],
    ['surgery', 'X'],
    ['anaesthesia', 'X'],
    ['consultation-general', 'X'],
    ['consultation-inpatient', 'X'],
    ['other', 'HZ'],
  ],
};

describe('Luzhou 2017', () => {
  it('comes to what the sentences of its source come to, over whole years', () => {
    expectSameYears(pack, settleLuzhou2017, world);
  });

  it('has averages in its source that fit each other to the fen', () => {
    // 3,760,760 yuan for 910 stays; 122.14 above the 4,010.56 of all patients.
    const meanFen = Math.round(376_076_000 / 910);
    expect(meanFen).toBe(413_270);
    expect(meanFen - 401_056).toBe(12_214);
  });
});
