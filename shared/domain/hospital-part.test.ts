import { describe, expect, it } from 'vitest';
import { fen } from '../money/fen.ts';
import { hospitalLinesOf } from './hospital-part.ts';

const quota = [{ base: 'quota' as const }];
const rate = [{ base: 'in-scope' as const }];

describe('what a settlement means for the hospital', () => {
  it.each([
    ['nothing', 0, undefined, rate, []],
    ['it bears what is beyond the quota', 160_000, undefined, quota, [['bears', 160_000]]],
    ['it keeps what the quota is above the cost', -124_900, 124_900, quota, [['keeps', -124_900]]],
    [
      'it bears of one quota and keeps of another',
      5_000,
      2_000,
      quota,
      [
        ['bears', 7_000],
        ['keeps', -2_000],
      ],
    ],
    ['it holds what earlier parts were paid too much', -300, undefined, rate, [['holds', -300]]],
    [
      'it keeps of a quota and holds beside',
      -500,
      200,
      quota,
      [
        ['holds', -300],
        ['keeps', -200],
      ],
    ],
    [
      'a result of an earlier release says no gain',
      -124_900,
      undefined,
      quota,
      [['keeps', -124_900]],
    ],
  ] as const)('%s', (_what, bears, gains, shares, lines) => {
    const found = hospitalLinesOf({
      hospitalBearsFen: fen(bears),
      ...(gains === undefined ? {} : { hospitalGainsFen: fen(gains) }),
      shares,
    });
    expect(found.map(({ kind, amountFen }) => [kind, amountFen])).toEqual(lines);
    expect(found.reduce((sum, { amountFen }) => sum + amountFen, 0)).toBe(bears);
  });
});
