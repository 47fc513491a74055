import { describe, expect, it } from 'vitest';
import { decide } from '../../../shared/policy/decide.ts';
import { plainInput } from '../../../shared/policy/visits.test-support.ts';
import { expectAgreement, ownPack } from './agree.test-support.ts';
import { settleTieredCareCity2015 } from './tiered-care-city-2015.reference.ts';

const pack = await ownPack('tiered-care-city-2015');

describe('The pilot city of tiered care, 2015', () => {
  it('agrees with a second calculation on random visits', () => {
    expectAgreement(pack, settleTieredCareCity2015);
  });

  it('shows the nominal rate in the reckoning and the actual one of the whole bill', () => {
    const input = plainInput(3000, 1200);
    const hospital = { ...input.visit.hospital, level: 'township' as const };
    const result = decide(pack, { ...input, visit: { ...input.visit, hospital } });
    expect(result.trace.find(({ id }) => id === 'basic.pays')?.formula).toBe('3,000.00 × 90%');
    expect(result.ratios).toEqual({ actual: 6429, inScope: 9000 });
  });
});
