import { describe, it } from 'vitest';
import { expectSameYears, hospital, ownPack, type World } from './paper-year.test-support.ts';
import { settleTieredCareTownship } from './tiered-care-township.reference.ts';

const pack = await ownPack('tiered-care-township');

/** What the source speaks of, and a little beside it. */
const world: World = {
  days: ['2015-05-20', '2017-01-10'],
  insured: ['999907'],
  kinds: ['inpatient', 'inpatient', 'outpatient'],
  hospitals: [
    hospital('township'),
    hospital('township', { place: '999907' }),
    hospital('township', { place: '999908' }),
    hospital('county'),
  ],
  diagnoses: ['I67.8', 'I25.1', 'G45.9', 'G45.0', 'J18.9', 'C18.9'],
  operations: ['47.0', '53.0', '13.4'],
  categories: ['extremely-poor', 'registered-poor'],
  charges: [
    ['western-drug', 'X'],
    ['western-drug', 'X'],
    ['registration', 'X'],
    ['ultrasound', 'X'],
    ['ambulance', 'X'],
    ['imaging', 'X'],
  ],
};

describe('A township hospital under tiered care', () => {
  it('comes to what the sentences of its source come to, over whole years', () => {
    expectSameYears(pack, settleTieredCareTownship, world);
  });
});
