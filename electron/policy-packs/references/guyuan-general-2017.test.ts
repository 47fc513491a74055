import { describe, expect, it } from 'vitest';
import { expectAgreement, ownPack } from './agree.test-support.ts';
import { settleGuyuanGeneral2017 } from './guyuan-general-2017.reference.ts';

const pack = await ownPack('guyuan-general-2017');

describe('Guyuan 2017, ordinary residents', () => {
  it('agrees with a second calculation on random visits', () => {
    expectAgreement(pack, settleGuyuanGeneral2017);
  });

  it('has figures in its source that add up', () => {
    expect(269 + 848).toBe(1117);
    // 5,572 stays, 963.00 borne on average with 93.2 % paid: a mean bill of 14,161.76.
    expect(Math.round((96_300 * 1000) / 68)).toBe(1_416_176);
  });
});
