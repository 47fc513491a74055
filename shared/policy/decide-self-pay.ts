import type { SettlementInput } from '../domain/person.ts';
import type { SettlementResult } from '../domain/settlement-result.ts';
import { explainPatient, explainYear } from './explain/explain.ts';
import { explainBill } from './explain/explain-bill.ts';
import { resultOf } from './decide.ts';
import { assertResult } from './assert-result.ts';
import { advanceSelfPay, noSteps } from './rules/advance-year.ts';
import { splitBill } from './rules/split-bill.ts';
import { factsOf } from './facts/visit-facts.ts';

/** The pack a result names where no policy applies. */
export const selfPayPack = {
  id: 'self-pay',
  version: '1.0.0',
  decidingDay: 'discharge',
  year: 'discharge',
} as const;

/**
 * The settlement of a person no pack covers: no payer owes anything, the patient pays the whole bill.
 * Only after `choosePack` has refused with `no-pack`.
 */
export function decideSelfPay(input: SettlementInput): SettlementResult {
  const bill = splitBill(input.visit.bill);
  const facts = factsOf(selfPayPack, input);
  const residual = {
    inScope: bill.eligibleFen,
    eligible: bill.eligibleFen,
    firstSelfPay: bill.firstSelfPayFen,
    outside: bill.classCFen + bill.aboveCeilingFen,
    paidFirst: 0,
    countedSince: 0,
  };
  const split = resultOf(selfPayPack, facts, bill, {
    ...noSteps,
    firstPays: [],
    choices: [],
    residual,
  });
  const yearToDate = advanceSelfPay(selfPayPack, facts, split.patientPaysFen);
  const result = { ...split, yearToDate };
  assertResult(result, []);
  const decision = { input, facts, bill, ...noSteps, firstPays: [], choices: [], result };
  return {
    ...result,
    trace: [...explainBill(bill), ...explainPatient(decision), ...explainYear(decision)],
    // Without a policy there is no year whose figures could matter.
    warnings: [],
  };
}
