import type { Mutable } from '../domain/mutable.ts';
import type { SettlementInput } from '../domain/person.ts';
import type { SettlementResult, Share } from '../domain/settlement-result.ts';
import { divideProduct, roundDivision } from '../money/divide.ts';
import { fen, type Fen } from '../money/fen.ts';
import { addedByOutcome, advanceYear, partsAfter } from './rules/advance-year.ts';
import { assertResult } from './assert-result.ts';
import type { CompiledPack } from './compile/compiled-pack.ts';
import type { Decision } from './decision.ts';
import { engineWarnings } from './engine-warnings.ts';
import { explain } from './explain/explain.ts';
import { shareOfOutcome } from './explain/share-facts.ts';
import { runSteps, type StepsRun } from './rules/run-steps.ts';
import { gainOf } from './rules/step-outcome.ts';
import { factsOf, type VisitFacts } from './facts/visit-facts.ts';
import { splitBill, type BillSplit } from './rules/split-bill.ts';

/**
 * Says who pays what on a visit under a pack, and why: pure, the same input gives the same result. The
 * caller has chosen the pack with `choosePack`. Throws only where a promise of the contract is broken.
 */
export function decide(pack: CompiledPack, input: SettlementInput): SettlementResult {
  const decision = decideFigures(pack, input);
  const result: Mutable<SettlementResult> = decision.result;
  result.trace = explain(decision);
  return result;
}

/**
 * The same figures without the explanation, for replaying many visits. `bill`: the visit's own bill, where the caller
 * has split it already, for it comes out alike under every pack.
 */
export function decideFigures(
  pack: CompiledPack,
  input: SettlementInput,
  bill: BillSplit = splitBill(input.visit.bill),
): Decision {
  const facts = factsOf(pack, input);
  const run = runSteps(pack, facts, bill);
  const { outcomes, firstPays, before, countedElsewhere, choices } = run;
  const result = resultOf(pack, facts, bill, run);
  assertResult(result, outcomes);
  return { input, facts, bill, outcomes, firstPays, before, countedElsewhere, choices, result };
}

/** What a result needs of its pack. */
export type ResultPack = Pick<CompiledPack, 'id' | 'version' | 'year'> &
  Partial<Pick<CompiledPack, 'accounts' | 'asksForPlace'>>;

/** The result of a bill after its steps, not yet explained. */
export function resultOf(
  pack: ResultPack,
  facts: VisitFacts,
  bill: BillSplit,
  run: StepsRun,
): SettlementResult {
  const { outcomes, firstPays, residual } = run;
  const { input } = facts;
  const { visit } = input;
  const shares: Share[] = [];
  let paid = 0;
  let deductible = 0;
  let hospitalBears = 0;
  let hospitalGains = 0;
  let paidInScope = 0;
  for (const outcome of outcomes) {
    const { shareFen, hospitalBearsFen, fromEligibleFen, course } = outcome;
    shares.push(shareOfOutcome(outcome));
    paid += shareFen;
    hospitalBears += hospitalBearsFen;
    hospitalGains += gainOf(outcome);
    paidInScope += fromEligibleFen;
    const used = course?.kind === 'rate' ? course.deductible : null;
    if (used?.per === 'visit') deductible += used.borneNowFen;
  }
  const within = residual.eligible + residual.firstSelfPay;
  const patientPaysFen = fen(within + residual.outside);
  // What is paid first is outside every later base, so it uses up no deductible of the year either.
  let countedInScope: number = bill.eligibleFen;
  for (const { amountFen } of firstPays) countedInScope -= amountFen;
  const advance = {
    totalFen: bill.totalFen,
    deductiblePaidFen: fen(deductible),
    eligibleFen: fen(countedInScope),
    selfPayFen: patientPaysFen,
    eligibleSelfPayFen: fen(residual.eligible),
  };
  const added = outcomes.map((outcome) => addedByOutcome(outcome, advance));
  const parts = partsAfter(facts, run, added, {
    totalFen: bill.totalFen,
    eligibleFen: bill.eligibleFen,
    deductiblePaidFen: advance.deductiblePaidFen,
    patientPaysFen,
    hospitalBearsFen: fen(hospitalBears),
    eligibleSelfPayFen: advance.eligibleSelfPayFen,
  });
  // A fund may pay more than the visit cost, and the hospital may bear some of it: neither is a share that was paid.
  const covered = Math.min(paid, bill.totalFen - patientPaysFen);
  const coveredInScope = Math.max(0, paidInScope - Math.max(0, hospitalBears));
  const result: Mutable<SettlementResult> = {
    pack: pack.id,
    packVersion: pack.version,
    visitId: visit.id,
    totalFen: bill.totalFen,
    eligibleFen: bill.eligibleFen,
    excluded: {
      classCFen: bill.classCFen,
      classBFirstSelfPayFen: bill.firstSelfPayFen,
      aboveCeilingFen: bill.aboveCeilingFen,
    },
    shares,
    patientPaysFen,
    patientPart: { withinCatalogueFen: fen(within), outsideCatalogueFen: fen(residual.outside) },
    hospitalBearsFen: fen(hospitalBears),
    deductibleFen: fen(deductible),
    ratios: {
      actual: ratioTenThousandths(covered, bill.totalFen),
      inScope: ratioTenThousandths(coveredInScope, bill.eligibleFen),
    },
    due: {
      depositFen: visit.depositFen,
      toCollectFen: fen(Math.max(0, patientPaysFen - visit.depositFen)),
      toRefundFen: fen(Math.max(0, visit.depositFen - patientPaysFen)),
    },
    yearToDate: advanceYear(pack, facts, run, advance, added),
    trace: [],
    warnings: engineWarnings(pack, facts),
  };
  // What only some results have is set afterwards, for copying objects together is slow. In JSON it stands in its place.
  if (hospitalGains !== 0) result.hospitalGainsFen = fen(hospitalGains);
  if (parts !== null) result.earlierParts = parts;
  return result;
}

/** A ratio with four decimals, half-up; nothing of nothing is 0. */
export function ratioTenThousandths(part: number, whole: Fen): number {
  if (whole === 0) return 0;
  return roundDivision(divideProduct(part, 10_000, whole), whole, 'half-up');
}
