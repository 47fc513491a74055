import { describe, expect, it } from 'vitest';
import { expectSameYears, hospital, ownPack, type World } from './paper-year.test-support.ts';
import { settleGuyuanGeneral2017 } from './guyuan-general-2017.reference.ts';

const pack = await ownPack('guyuan-general-2017');

/** What the source speaks of, and a little beside it. */
const world: World = {
  days: ['2016-12-20', '2018-01-10'],
  insured: ['640422'],
  hospitals: ['village', 'township', 'county', 'city', 'province', 'outside-province'].map(
    (level) => hospital(level),
  ),
  diagnoses: ['J18.9'],
  categories: ['registered-poor', 'extremely-poor', 'disabled'],
};

describe('Guyuan 2017, ordinary residents', () => {
  it('comes to what the sentences of its source come to, over whole years', () => {
    expectSameYears(pack, settleGuyuanGeneral2017, world, { neverPays: ['supplement'] });
  });

  it('has figures in its source that add up', () => {
    expect(269 + 848).toBe(1117);
    // 5,572 stays, 963.00 borne on average with 93.2 % paid: a mean bill of 14,161.76.
    expect(Math.round((96_300 * 1000) / 68)).toBe(1_416_176);
  });
});
