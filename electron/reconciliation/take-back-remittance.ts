import { shanghaiInstant } from '../base/clock.ts';
import { databaseRefusal } from '../database/database-refusals.ts';
import { assertRoom } from '../database/reading-only.ts';
import type { Repositories } from '../database/store.ts';
import { transactResult } from '../database/transact-result.ts';
import {
  takeConsent,
  type Actor,
  type Consent,
  type ConsentCode,
} from '../security/second-person.ts';
import { accepted, refused, type Result } from '../../shared/domain/result.ts';
import { readReason } from '../../shared/domain/written-text.ts';
import { figuresOf } from './judge-line.ts';
import { reconciliationRefusal } from './reconciliation-refusals.ts';
import type { ReconcilingParts } from './take-in-remittance.ts';

export type TakeBackCode =
  | 'remittance-unknown'
  | 'remittance-taken-back'
  | 'difference-reason-missing'
  | 'day-closed'
  | ConsentCode;

export type TakenBack = { readonly remittanceId: string; readonly claims: number };

/**
 * Takes a remittance back that should not have been taken in: its claims stand again where they would without it, and its open
 * differences are gone. It and its file stay in the books; the payer's mended one may then come under the same number. A second
 * person consents, for it makes paid claims unpaid.
 */
export function takeBackRemittance(
  { store, clock, ids }: ReconcilingParts,
  { remittanceId, reason }: { readonly remittanceId: string; readonly reason: string },
  by: Actor,
  consent: Exclude<Consent, { kind: 'emergency' }>,
): Promise<Result<TakenBack, TakeBackCode>> {
  assertRoom(store);
  return transactResult<TakenBack, TakeBackCode>(store, async (repositories) => {
    const { remittances, differences, audit } = repositories;
    const said = readReason(reason);
    if (said === '') return refused(reconciliationRefusal('difference-reason-missing'));
    const remittance = await remittances.find(remittanceId);
    if (remittance === null)
      return refused(reconciliationRefusal('remittance-unknown', { id: remittanceId }));
    const { number } = remittance;
    if (remittance.state === 'taken-back')
      return refused(reconciliationRefusal('remittance-taken-back', { number }));
    const { business_date: businessDate } = remittance;
    if ((await repositories.dayCloses.closeOf(businessDate)) !== null)
      return refused(databaseRefusal('day-closed', { businessDate }));
    const wanted = {
      ...{ act: 'take-back-remittance' as const, about: remittanceId, visitId: null },
      ...{ reason: said, amountFen: null, usedFor: remittanceId },
    };
    const given = await takeConsent(repositories, { clock, ids }, wanted, by, consent);
    if (!given.ok) return given;
    const { requestId, approvedBy, reason: why } = given.value;
    const at = shanghaiInstant(clock.now());
    const paid = await claimsOf(repositories, remittanceId);
    await remittances.takeBack(remittanceId, { at, who: by.userId, reason: why });
    // Read again: what is booked to them now is without it.
    for (const claim of await remittances.claims(paid)) {
      const approved = await remittances.approvedAtAcceptance(claim.id);
      const figures = figuresOf(claim, claim.booked, approved);
      await remittances.keepFigures(claim.id, at, 'remittance-taken-back', figures);
    }
    await differences.letGoOfRemittance(remittanceId, at, by.userId);
    await audit.append({
      ...{ at, who: by.userId, act: 'take-back-remittance', about: remittanceId },
      detail: {
        ...{ number, payer: remittance.payer, paidFen: remittance.paid_fen, reason: why },
        ...{ approvedBy, requestId, claims: paid.length, page: by.page },
      },
    });
    return accepted({ remittanceId, claims: paid.length });
  });
}

const linesAtOnce = 500;

/** The claims that its lines are booked to. */
async function claimsOf({ remittances }: Repositories, id: string): Promise<readonly string[]> {
  const found = new Set<string>();
  for (let after = 0; ;) {
    const page = await remittances.linesOf(id, { after, limit: linesAtOnce });
    for (const { claim_id: claim, state } of page)
      if (claim !== null && state === 'booked') found.add(claim);
    const last = page.at(-1);
    if (last === undefined) return [...found];
    after = last.position;
  }
}
