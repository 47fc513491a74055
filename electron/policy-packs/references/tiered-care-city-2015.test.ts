import { describe, expect, it } from 'vitest';
import { decide } from '../../../shared/policy/decide.ts';
import { plainInput } from '../../../shared/policy/visits.test-support.ts';
import { expectSameYears, hospital, ownPack, type World } from './paper-year.test-support.ts';
import { settleTieredCareCity2015 } from './tiered-care-city-2015.reference.ts';

const pack = await ownPack('tiered-care-city-2015');

/** What the source speaks of, and a little beside it. */
const world: World = {
  days: ['2014-12-25', '2016-01-05'],
  insured: ['999908'],
  hospitals: ['village', 'township', 'county', 'city', 'province', 'outside-province'].map(
    (level) => hospital(level),
  ),
  diagnoses: ['J18.9'],
  categories: ['registered-poor'],
};

describe('The pilot city of tiered care, 2015', () => {
  it('comes to what the sentences of its source come to, over whole years', () => {
    expectSameYears(pack, settleTieredCareCity2015, world);
  });

  it('shows the nominal rate in the reckoning and the actual one of the whole bill', () => {
    const input = plainInput(3000, 1200);
    const hospital = { ...input.visit.hospital, level: 'township' as const };
    const result = decide(pack, { ...input, visit: { ...input.visit, hospital } });
    expect(result.trace.find(({ id }) => id === 'basic.pays')?.formula).toBe('3,000.00 × 90%');
    expect(result.ratios).toEqual({ actual: 6429, inScope: 9000 });
  });
});
