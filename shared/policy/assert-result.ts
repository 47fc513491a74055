import type { SettlementResult } from '../domain/settlement-result.ts';
import type { StepOutcome } from './rules/step-outcome.ts';

/**
 * Throws if a promise of the contract on results is broken: everything adds up to the fen, no share and
 * nothing of the patient's is negative, no share passes its base.
 */
export function assertResult(result: SettlementResult, outcomes: readonly StepOutcome[]): void {
  const { excluded, patientPart, due } = result;
  let shares = 0;
  for (const { amountFen } of result.shares) {
    if (amountFen < 0) broken('a share is negative');
    shares += amountFen;
  }
  if (result.totalFen !== shares + result.patientPaysFen + result.hospitalBearsFen) {
    broken('shares, patient and hospital do not add up to the total');
  }
  if ((result.hospitalGainsFen ?? 0) < 0) broken('what the hospital keeps is negative');
  const outOfScope = excluded.classCFen + excluded.classBFirstSelfPayFen + excluded.aboveCeilingFen;
  if (result.totalFen !== result.eligibleFen + outOfScope) {
    broken('in scope and excluded do not add up to the total');
  }
  const { withinCatalogueFen, outsideCatalogueFen } = patientPart;
  if (result.patientPaysFen !== withinCatalogueFen + outsideCatalogueFen) {
    broken('the parts of the patient do not add up');
  }
  if (withinCatalogueFen < 0 || outsideCatalogueFen < 0) {
    broken('a part of the patient is negative');
  }
  const { actual, inScope } = result.ratios;
  if (actual > 10_000 || inScope > 10_000) broken('more was paid than the visit cost');
  if (due.toCollectFen - due.toRefundFen !== result.patientPaysFen - due.depositFen) {
    broken('what is due is not what the patient pays less the deposit');
  }
  for (const { shareFen, baseFen, boundFen, course } of outcomes) {
    const most = course?.kind === 'quota' ? boundFen : baseFen;
    if (shareFen > most) broken('a share passes its base');
  }
}

function broken(promise: string): never {
  throw new Error(`The settlement is not given out: ${promise}.`);
}
