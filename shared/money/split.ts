import { divideProduct } from './divide.ts';
import { fen, sumFen, type Fen } from './fen.ts';

/**
 * Splits an amount in fen by whole weights so that the parts add up to it: everyone gets the whole fen of
 * his part, and the fen left over go one by one to the largest remainders, the earlier first.
 *
 * Throws a `RangeError` on a negative amount, on no weights, on a negative weight or only zero weights.
 */
export function split(amount: Fen, weights: readonly number[]): readonly Fen[] {
  if (amount < 0) throw new RangeError('a negative amount is not split');
  let sum = 0;
  for (const weight of weights) {
    if (!Number.isSafeInteger(weight) || weight < 0) throw new RangeError('not a weight');
    sum += weight;
  }
  if (!Number.isSafeInteger(sum) || sum < 1) throw new RangeError('the weights add up to nothing');
  const divisions = weights.map((weight) => divideProduct(amount, weight, sum));
  const parts = divisions.map((division) => division.whole);
  let left = amount - parts.reduce((total, part) => total + part, 0);
  const byRemainder = divisions
    .map((division, index) => ({ rest: division.rest, index }))
    .sort((a, b) => b.rest - a.rest || a.index - b.index);
  for (const { index } of byRemainder) {
    if (left === 0) break;
    parts[index] = (parts[index] ?? 0) + 1;
    left -= 1;
  }
  const split = parts.map(fen);
  if (sumFen(split) !== amount) throw new Error('the parts do not add up to the amount split');
  return split;
}
