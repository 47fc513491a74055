import { ccidFrames, chipCardAnswers } from './chip-card-targets.test-support.ts';
import {
  codeTexts,
  scannerBytes,
  scannerReports,
  stripeReports,
  trackBits,
} from './code-targets.test-support.ts';
import { idCardTexts, samVFrames } from './id-card-targets.test-support.ts';
import type { FuzzTarget } from './target.test-support.ts';
import { wedgeKeys } from './wedge-target.test-support.ts';

/** Every parser of what readers send. */
export const fuzzTargets: readonly FuzzTarget[] = [
  samVFrames,
  idCardTexts,
  ccidFrames,
  chipCardAnswers,
  codeTexts,
  scannerBytes,
  scannerReports,
  stripeReports,
  trackBits,
  wedgeKeys,
];
