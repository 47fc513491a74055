import { accepted, refused, type Result } from '../../shared/domain/result.ts';
import type { Services } from '../app/services.ts';
import { claimRefusal } from '../claims/claim-refusals.ts';
import { reconciliationRefusal } from '../reconciliation/reconciliation-refusals.ts';
import { maskNumbersIn } from '../security/mask.ts';
import { databaseRefusal } from '../database/database-refusals.ts';
import {
  askSecondPerson,
  decideRequest,
  requestsFor,
  reviewEmergency,
  stateOfRequest,
  type Actor,
  type WantedAct,
} from '../security/second-person.ts';
import { textOption, type Command } from './command.ts';
import { commandOfActs, type ActCall } from './command-of-acts.ts';

/** Who has proved who it is at the command line acts from there. */
const actorOf = ({ by }: ActCall): Actor => ({
  userId: by().userId,
  page: 'command second-person',
});

const reasonOf = ({ call }: ActCall): string => textOption(call, 'reason') ?? '';

/**
 * What takes a second person, where nobody stands beside: asked now, decided by a supervisor when there is one. Without
 * words it lists what waits, and what was done in an emergency and nobody has looked at; for a cashier or an IT clerk the own
 * ones alone. Who refuses says why, with `--reason`, as at the page.
 */
export const secondPersonCommand: Command = commandOfActs({
  name: 'second-person',
  usage:
    '[ask-cancel SETTLEMENT-ID|ask-date DATE|ask-not-booked CLAIM-ID|ask-undo CLAIM-ID|ask-take-back REMITTANCE-ID|ask-close-day DATE --reason TEXT | approve ID|refuse ID|review ID] [--as USER]',
  options: { reason: { type: 'string' } },
  roles: ['cashier', 'supervisor', 'it-clerk', 'auditor', 'administrator'],
  list: async (services, by) => (await requestsFor(services, by())).map(requestJsonAt(services)),
  acts: {
    'ask-cancel': async (given) => {
      const wanted = await cancellationOf(given.services, given.about, reasonOf(given));
      return wanted.ok ? askSecondPerson(given.services, wanted.value, actorOf(given)) : wanted;
    },
    'ask-date': (given) => {
      const { services, about } = given;
      const act = 'approve-business-date';
      const wanted = { act, about, visitId: null, reason: reasonOf(given) } as const;
      return askSecondPerson(services, wanted, actorOf(given));
    },
    'ask-not-booked': (given) => askAboutClaim(given, 'claim-not-booked'),
    'ask-undo': (given) => askAboutClaim(given, 'claim-undo'),
    'ask-take-back': async (given) => {
      const { services, about } = given;
      const found = await services.store.read(({ remittances }) => remittances.find(about));
      if (found === null)
        return refused(reconciliationRefusal('remittance-unknown', { id: about }));
      const wanted = { act: 'take-back-remittance', about, visitId: null } as const;
      return askSecondPerson(services, { ...wanted, reason: reasonOf(given) }, actorOf(given));
    },
    'ask-close-day': ({ services, about, ...given }) => {
      const wanted = { act: 'close-day', about, visitId: null } as const;
      const all = { ...given, services, about };
      return askSecondPerson(services, { ...wanted, reason: reasonOf(all) }, actorOf(all));
    },
    approve: (given) => decide(given, true),
    refuse: (given) => decide(given, false),
    review: (given) => reviewEmergency(given.services, given.about, actorOf(given)),
  },
});

function decide(given: ActCall, isApproved: boolean) {
  const decision = { requestId: given.about, isApproved, reason: reasonOf(given) };
  return decideRequest(given.services, decision, actorOf(given));
}

async function askAboutClaim(given: ActCall, act: 'claim-not-booked' | 'claim-undo') {
  const { services, about } = given;
  const claim = await services.store.read(({ claims }) => claims.find(about));
  if (claim === null) return refused(claimRefusal('claim-not-found', { claimId: about }));
  const wanted = { act, about, visitId: claim.visitId, reason: reasonOf(given) };
  return askSecondPerson(services, wanted, actorOf(given));
}

async function cancellationOf(
  { store }: Services,
  settlementId: string,
  reason: string,
): Promise<Result<WantedAct, 'settlement-not-found'>> {
  const found = await store.read(({ settlements }) => settlements.find(settlementId));
  if (found === null) return refused(databaseRefusal('settlement-not-found', { settlementId }));
  const { visitId } = found;
  return accepted({ act: 'cancel-settlement', about: settlementId, visitId, reason });
}

/** A request as it is answered: what people wrote may hold anybody's number. */
const requestJsonAt =
  ({ clock }: Services) =>
  (row: Awaited<ReturnType<typeof requestsFor>>[number]) => ({
    ...{ requestId: row.id, act: row.act, about: row.about, visitId: row.visit_id },
    ...{ reason: maskNumbersIn(row.reason), state: stateOfRequest(row, clock.now()) },
    ...{ askedBy: row.asked_by, askedAt: row.asked_at },
    ...{ expiresAt: row.expires_at, decidedBy: row.decided_by },
    ...{ emergency: row.emergency_reason === null ? null : maskNumbersIn(row.emergency_reason) },
  });
