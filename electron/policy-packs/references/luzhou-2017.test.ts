import { describe, expect, it } from 'vitest';
import { expectAgreement, ownPack } from './agree.test-support.ts';
import { settleLuzhou2017 } from './luzhou-2017.reference.ts';

const pack = await ownPack('luzhou-2017');

describe('Luzhou 2017', () => {
  it('agrees with a second calculation on random visits', () => {
    expectAgreement(pack, settleLuzhou2017);
  });

  it('has averages in its source that fit each other to the fen', () => {
    // 3,760,760 yuan for 910 stays; 122.14 above the 4,010.56 of all patients.
    const meanFen = Math.round(376_076_000 / 910);
    expect(meanFen).toBe(413_270);
    expect(meanFen - 401_056).toBe(12_214);
  });
});
