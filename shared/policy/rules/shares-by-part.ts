import { fen, type Fen } from '../../money/fen.ts';
import { shareOf } from '../../money/share-of.ts';
import type { Band, RateRule, RateValue } from '../compile/compiled-pack.ts';
import type { BillSplit } from './split-bill.ts';
import type { BandShare } from './step-outcome.ts';

/** What each band or catalogue class of the cost above the deductible pays, in fen; of one plain rate there is none. */
export function sharesOf(
  rule: RateRule,
  value: RateValue,
  passed: number,
  borne: number,
  above: Fen,
  bill: BillSplit,
): readonly BandShare[] {
  switch (value.kind) {
    case 'rate':
      return noShares;
    case 'bands':
      return payByBand(rule, value.bands, passed, above);
    case 'classes':
      return payByClass(rule, value, borne, above, bill);
  }
}

const noShares: readonly BandShare[] = [];

/** Each band pays its rate only on the part that is inside it, and is rounded on its own. */
function payByBand(
  { rounding }: RateRule,
  bands: readonly Band[],
  passed: number,
  above: Fen,
): readonly BandShare[] {
  const shares: BandShare[] = [];
  const end = passed + above;
  bands.forEach(({ aboveFen, rate }, index) => {
    const until = bands[index + 1]?.aboveFen ?? Infinity;
    const part = Math.min(end, until) - Math.max(passed, aboveFen);
    if (part <= 0) return;
    const partFen = fen(part);
    shares.push({ label: 'band', rate, partFen, paysFen: shareOf(partFen, rate, rounding) });
  });
  return shares;
}

/** The deductible comes off class A first; what was waived or is paid first came off class B. */
export function payByClass(
  { rounding }: RateRule,
  { classA, classB }: Extract<RateValue, { kind: 'classes' }>,
  borne: number,
  above: Fen,
  bill: BillSplit,
): readonly BandShare[] {
  const eligibleA = Math.min(bill.eligibleClassAFen, above + borne);
  const partA = fen(Math.max(0, eligibleA - borne));
  const partB = fen(above - partA);
  return [
    { label: 'class-a', rate: classA, partFen: partA, paysFen: shareOf(partA, classA, rounding) },
    { label: 'class-b', rate: classB, partFen: partB, paysFen: shareOf(partB, classB, rounding) },
  ];
}
