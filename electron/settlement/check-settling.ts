import { claimGaps, isClaimed } from '../../shared/domain/claim-gaps.ts';
import type { SettlementInput } from '../../shared/domain/person.ts';
import { accepted, refused, type Refusal, type Result } from '../../shared/domain/result.ts';
import type { SettlementResult } from '../../shared/domain/settlement-result.ts';
import type { Tender, Visit } from '../../shared/domain/visit.ts';
import { fen } from '../../shared/money/fen.ts';
import { settlementRefusal, type Expected } from './settlement-refusals.ts';

/** Why a visit may be previewed but not confirmed; null if the hospital's system has no objection. */
export function notReady({ blockers }: Visit): Refusal<'visit-not-ready'> | null {
  return blockers.length === 0 ? null : settlementRefusal('visit-not-ready', { blockers });
}

/**
 * Why nothing may be settled of which a claim would have to be made that no payer can take: the patient would pay a part
 * and the rest would never come. Null where all is there, or nobody but the patient pays.
 */
export function claimIncomplete(
  input: Pick<SettlementInput, 'visit' | 'person'>,
  result: Pick<SettlementResult, 'shares'>,
): Refusal<'claim-incomplete'> | null {
  if (!isClaimed(result)) return null;
  const gaps = claimGaps(input);
  return gaps.length === 0 ? null : settlementRefusal('claim-incomplete', { gaps });
}

/** Why what the cashier confirmed is no longer what would be settled; null if it still is. */
export function previewOutdated(
  expected: Expected | undefined,
  actual: Expected,
): Refusal<'preview-outdated'> | null {
  if (expected === undefined) return null;
  const { patientPaysFen, billVersion } = expected;
  if (patientPaysFen === actual.patientPaysFen && billVersion === actual.billVersion) return null;
  return settlementRefusal('preview-outdated', { expected, actual });
}

/**
 * How the patient's part is paid. None stated: cash for exactly what is due. What is to be refunded of the
 * deposit is negative. Refused unless they add up to what is due.
 */
export function tendersFor(
  { due }: Pick<SettlementResult, 'due'>,
  stated: readonly Tender[],
): Result<readonly Tender[], 'tender-mismatch'> {
  const dueFen = fen(due.toCollectFen - due.toRefundFen);
  if (stated.length === 0) {
    return accepted(dueFen === 0 ? [] : [{ kind: 'cash', amountFen: dueFen }]);
  }
  // Each may be stated as high as money goes, so their sum may be more than any amount.
  let tendered = 0;
  for (const { amountFen } of stated) tendered += amountFen;
  // Paying one way more in order to give it back another way would be a cash advance.
  const isOneWay = stated.every(({ amountFen }) => amountFen !== 0 && amountFen > 0 === dueFen > 0);
  if (tendered === dueFen && isOneWay) return accepted(stated);
  return refused(settlementRefusal('tender-mismatch', { dueFen, tenderedFen: tendered }));
}
