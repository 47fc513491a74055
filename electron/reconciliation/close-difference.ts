import { shanghaiInstant } from '../base/clock.ts';
import { databaseRefusal } from '../database/database-refusals.ts';
import { assertRoom } from '../database/reading-only.ts';
import type { DifferenceTable, RemittanceLineTable } from '../database/remittance-tables.ts';
import type { Repositories } from '../database/store.ts';
import { transactResult } from '../database/transact-result.ts';
import type { Actor } from '../security/second-person.ts';
import { accepted, refused, type Result } from '../../shared/domain/result.ts';
import { readReason } from '../../shared/domain/written-text.ts';
import { fen } from '../../shared/money/fen.ts';
import { figuresOf, isBookable } from './judge-line.ts';
import type { StatedLine } from './read-remittance.ts';
import { reconciliationRefusal } from './reconciliation-refusals.ts';
import type { ReconcilingParts } from './take-in-remittance.ts';

/** What a person decides of a difference. */
export type DifferenceDecision = { readonly differenceId: string; readonly reason: string };

export type ClosedDifference = {
  readonly differenceId: string;
  readonly state: 'explained' | 'corrected';
};

export type CloseDifferenceCode =
  'difference-unknown' | 'difference-closed' | 'difference-reason-missing' | 'day-closed';

/** Says why a difference is as it is and what becomes of it. The books stay as they are. */
export function explainDifference(
  parts: ReconcilingParts,
  decision: DifferenceDecision,
  by: Actor,
): Promise<Result<ClosedDifference, CloseDifferenceCode>> {
  return close(parts, decision, async ({ differences, audit }, difference, reason, at) => {
    const state = 'explained' as const;
    await differences.close(difference.id, { state, at, who: by.userId, reason });
    await audit.append({
      ...{ at, who: by.userId, act: 'explain-difference', about: difference.id },
      detail: { ...saidOf(audit, difference), reason, page: by.page },
    });
    return accepted({ differenceId: difference.id, state });
  });
}

/**
 * Books a line of a remittance that was put aside, now that its claim can take it: it was accepted meanwhile, or the line pays what
 * was still owed of it. Refused where it would not fit: money is never booked past what was claimed.
 */
export function bookRemittanceLine(
  parts: ReconcilingParts,
  decision: DifferenceDecision,
  by: Actor,
): Promise<Result<ClosedDifference, CloseDifferenceCode | 'line-not-bookable'>> {
  return close<'line-not-bookable'>(
    parts,
    decision,
    async (repositories, difference, reason, at) => {
      const { differences, remittances, audit } = repositories;
      const line = await lineOf(repositories, difference);
      const claims = line === null ? [] : await remittances.claimsNamed([line.reference]);
      const own = claims.filter(({ destination }) => destination === difference.payer);
      const [claim] = own;
      if (line === null || claim === undefined || own.length > 1)
        return refused(reconciliationRefusal('line-not-bookable', { why: difference.class }));
      if (!isBookable(statedOf(line), own, difference.payer))
        return refused(reconciliationRefusal('line-not-bookable', { why: claim.state }));
      await remittances.bookLine(line.remittance_id, line.position, claim.id);
      const [paid = claim] = await remittances.claims([claim.id]);
      await remittances.keepFigures(
        claim.id,
        at,
        'remitted',
        figuresOf(paid, paid.booked, claim.claimedFen),
      );
      const state = 'corrected' as const;
      await differences.close(difference.id, { state, at, who: by.userId, reason });
      await audit.append({
        ...{ at, who: by.userId, act: 'book-remittance-line', about: difference.id },
        detail: {
          ...{ ...saidOf(audit, difference), reason, page: by.page },
          ...{ claimId: claim.id, paidFen: line.paid_fen },
        },
      });
      return accepted({ differenceId: difference.id, state });
    },
  );
}

async function lineOf(
  { remittances }: Repositories,
  { remittance_id: id, position }: DifferenceTable,
): Promise<RemittanceLineTable | null> {
  if (id === null || position === null) return null;
  const remittance = await remittances.find(id);
  return remittance?.state === 'taken' ? remittances.line(id, position) : null;
}

const statedOf = (line: RemittanceLineTable): StatedLine => ({
  ...{ reference: line.reference, step: line.step, claimedFen: fen(line.claimed_fen) },
  ...{ approvedFen: fen(line.approved_fen), adjustedFen: fen(line.adjusted_fen) },
  ...{ paidFen: fen(line.paid_fen), code: line.code, words: line.words },
});

/** What was closed: its figures, and a mark that tells whether the row was changed since. */
function saidOf(audit: Pick<Repositories['audit'], 'markOfRows'>, difference: DifferenceTable) {
  const { business_date: businessDate, payer, class: of, subject } = difference;
  const { ours_fen: oursFen, theirs_fen: theirsFen } = difference;
  const said = { businessDate, payer, class: of, subject, oursFen, theirsFen };
  return { ...said, mark: audit.markOfRows('difference', { id: difference.id, ...said }) };
}

/** The common way: a reason, a difference that is open, one unit of work. */
async function close<Code extends string = never>(
  { store, clock }: ReconcilingParts,
  { differenceId, reason }: DifferenceDecision,
  act: (
    repositories: Repositories,
    difference: DifferenceTable,
    reason: string,
    at: string,
  ) => Promise<Result<ClosedDifference, Code>>,
): Promise<Result<ClosedDifference, CloseDifferenceCode | Code>> {
  assertRoom(store);
  return transactResult<ClosedDifference, CloseDifferenceCode | Code>(
    store,
    async (repositories) => {
      const said = readReason(reason);
      if (said === '') return refused(reconciliationRefusal('difference-reason-missing'));
      const difference = await repositories.differences.find(differenceId);
      if (difference === null)
        return refused(reconciliationRefusal('difference-unknown', { id: differenceId }));
      const { state } = difference;
      if (state !== 'open') return refused(reconciliationRefusal('difference-closed', { state }));
      const { business_date: businessDate } = difference;
      if ((await repositories.dayCloses.closeOf(businessDate)) !== null)
        return refused(databaseRefusal('day-closed', { businessDate }));
      return act(repositories, difference, said, shanghaiInstant(clock.now()));
    },
  );
}
