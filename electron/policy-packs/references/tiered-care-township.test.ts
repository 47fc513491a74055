import { describe, it } from 'vitest';
import { expectAgreement, ownPack } from './agree.test-support.ts';
import { settleTieredCareTownship } from './tiered-care-township.reference.ts';

const pack = await ownPack('tiered-care-township');

describe('A township hospital under tiered care', () => {
  it('agrees with a second calculation on random visits', () => {
    expectAgreement(pack, settleTieredCareTownship);
  });
});
