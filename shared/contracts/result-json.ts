import { z } from 'zod';
import type { SettlementResult } from '../domain/settlement-result.ts';
import { resultShape, type ResultJson } from '../domain/shapes/result-shape.ts';
import { compiledOnce } from './compiled-once.ts';

export type { ResultJson } from '../domain/shapes/result-shape.ts';

const result = compiledOnce(resultShape);

/** The Result JSON of the contract, what `settle` prints and what a settlement keeps: amounts as yuan text, ratios with four decimals. */
export function resultJsonFromResult(decided: SettlementResult): ResultJson {
  return z.encode(result(), decided);
}

/** The result a Result JSON states; throws if it is not one (what we stored ourselves always is). */
export function settlementResultFromResultJson(data: unknown): SettlementResult {
  return result().parse(data);
}
