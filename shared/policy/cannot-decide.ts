import type { Words } from '../domain/result.ts';

/** Why a pack that applies cannot decide a visit. */
export type CannotDecideCode = 'rate-too-fine' | 'classes-unknown';

/** Thrown by the engine where a pack cannot decide a visit exactly; `decideOrRefuse` makes a refusal of it. */
export class CannotDecide extends Error {
  readonly code: CannotDecideCode;
  readonly step: Words;

  constructor(code: CannotDecideCode, step: Words) {
    super(`${code}: ${step.en}`);
    this.code = code;
    this.step = step;
  }
}
