import { describe, expect, it } from 'vitest';
import { fen } from '../../money/fen.ts';
import { rateFromPercentText } from '../../money/rate.ts';
import { roundingModes, roundingUnits } from '../../money/rounding.ts';
import { shareOf } from '../../money/share-of.ts';
import { fractionOf, modesAgree } from './rounding-mutants.ts';

/** Every amount up to two hundred yuan, and such as make a tie at the coarser units. */
const amounts = [
  ...Array.from({ length: 20_000 }, (_each, index) => index),
  ...Array.from({ length: 400 }, (_each, index) => index * 2500),
];

describe('two modes of rounding', () => {
  it.each(['0', '100', '50', '80', '86', '60', '85.5', '33.3333', '12.5', '75'])(
    'are said to agree on %s per cent exactly where they do on every amount',
    (percent) => {
      const rate = rateFromPercentText(percent);
      for (const unit of roundingUnits) {
        for (const a of roundingModes) {
          for (const b of roundingModes) {
            let differ = false;
            for (const amount of amounts) {
              if (differ) break;
              differ =
                shareOf(fen(amount), rate, { unit, mode: a }) !==
                shareOf(fen(amount), rate, { unit, mode: b });
            }
            const agree = a === b || modesAgree(a, b, unit, [fractionOf(percent)]);
            // A rate of many decimals may show the difference only far beyond these amounts.
            if (agree) expect(differ, `${percent} ${unit} ${a} ${b}`).toBe(false);
            else if (percent !== '33.3333')
              expect(differ, `${percent} ${unit} ${a} ${b}`).toBe(true);
          }
        }
      }
    },
  );
});
