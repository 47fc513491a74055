import type { Fen } from '../../shared/money/fen.ts';

export type BarShare = {
  readonly key: string;
  readonly colour: string;
  readonly label: string;
  readonly amountFen: Fen;
};

export type BarPart = BarShare & {
  readonly percent: number;
  readonly x: number;
  readonly width: number;
};

/** The bar's own units: its width whatever the screen's. */
export const barWidth = 1000;
/** A share of a few fen is still seen. */
const narrowest = 3;
const gap = 2;

/** Where each non-zero share stands in the bar; together they fill it from end to end. */
export function barParts(shares: readonly BarShare[]): readonly BarPart[] {
  const paying = shares.filter(({ amountFen }) => amountFen > 0);
  const total = paying.reduce((sum, { amountFen }) => sum + amountFen, 0);
  if (total === 0) return [];
  const room = barWidth - gap * (paying.length - 1) - narrowest * paying.length;
  let x = 0;
  return paying.map((share) => {
    const portion = share.amountFen / total;
    const width = narrowest + room * portion;
    const part = { ...share, percent: portion * 100, x, width };
    x += width + gap;
    return part;
  });
}
