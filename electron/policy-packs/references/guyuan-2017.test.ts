import { describe, expect, it } from 'vitest';
import { compilePack } from '../../../shared/policy/compile/compile-pack.ts';
import { decide } from '../../../shared/policy/decide.ts';
import { prepareCases } from '../prepare-cases.ts';
import { ownPacksFolder } from '../load-packs.ts';
import { expectSameYears, hospital, ownPack, type World } from './paper-year.test-support.ts';
import { settleGuyuan2017 } from './guyuan-2017.reference.ts';

const pack = await ownPack('guyuan-2017');

/** What the source speaks of, and a little beside it. */
const world: World = {
  days: ['2016-12-20', '2018-01-10'],
  insured: ['640422'],
  hospitals: ['village', 'township', 'county', 'city', 'province', 'outside-province'].map(
    (level) => hospital(level),
  ),
  diagnoses: ['J18.9'],
  categories: ['registered-poor', 'registered-poor', 'extremely-poor'],
};

describe('Guyuan 2017', () => {
  it('comes to what the sentences of its source come to, over whole years', () => {
    expectSameYears(pack, settleGuyuan2017, world, {
      neverPays: ['supplement'],
    });
  });

  it('gives the derived vectors under either reading of its "or"', async () => {
    const { cases } = await prepareCases(pack.document, `${ownPacksFolder()}/guyuan-2017/1.2.0`);
    const vectors = cases.filter(({ packCase }) => packCase.case.startsWith('推算算例'));
    const steps = pack.document.steps.map((step) =>
      step.rule === 'guarantee' ? { ...step, combine: 'best-for-patient' as const } : step,
    );
    const best = compilePack({ ...pack.document, steps });
    const guaranteed = (compiled: typeof pack) =>
      vectors.map(({ input }) => {
        const share = decide(compiled, input).shares.find(
          ({ step }) => step === 'government-guarantee',
        );
        return share?.amountFen;
      });
    expect(guaranteed(pack)).toEqual([0, 1_200_000, 100_000, 0]);
    expect(guaranteed(best)).toEqual([122_760, 1_500_000, 350_000, 240_000]);
  });

  it('sends the claim of the guarantee to the third party that pays it', () => {
    const guarantee = pack.steps.find(({ id }) => id === 'government-guarantee');
    expect([guarantee?.payer, guarantee?.destination]).toEqual([
      'government-guarantee',
      'guarantee-insurer',
    ]);
  });
});
