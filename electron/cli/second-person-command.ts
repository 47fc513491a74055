import { accepted, refused, type Result } from '../../shared/domain/result.ts';
import type { Services } from '../app/services.ts';
import { databaseRefusal } from '../database/database-refusals.ts';
import {
  askSecondPerson,
  decideRequest,
  listSecondPerson,
  reviewEmergency,
  type Actor,
  type WantedAct,
} from '../security/second-person.ts';
import {
  answer,
  callerIn,
  done,
  refusedWith,
  textOption,
  wrongUsage,
  type Command,
  type CommandAnswer,
} from './command.ts';

/** Who has proved who it is at the command line acts from there. */
const page = 'command second-person';

/**
 * What takes a second person, where nobody stands beside: asked now, decided by a supervisor when there is one. Without
 * words it lists what waits, and what was done in an emergency and nobody has looked at.
 */
export const secondPersonCommand: Command = {
  name: 'second-person',
  usage:
    '[ask-cancel SETTLEMENT-ID|ask-date DATE --reason TEXT | approve ID|refuse ID|review ID] [--as USER]',
  options: { reason: { type: 'string' } },
  words: [0, 2],
  roles: ['cashier', 'supervisor', 'auditor', 'administrator'],
  folder: 'opened',
  run: async (call, services, callers) => {
    const [what, about = ''] = call.words;
    if (what === undefined) return done((await listSecondPerson(services)).map(requestJson));
    const by: Actor = { userId: callerIn(callers).userId, page };
    const reason = textOption(call, 'reason') ?? '';
    switch (what) {
      case 'ask-cancel':
        return ask(services, await cancellationOf(services, about, reason), by);
      case 'ask-date': {
        const wanted = { act: 'approve-business-date', about, visitId: null, reason } as const;
        return ask(services, accepted(wanted), by);
      }
      case 'approve':
      case 'refuse': {
        const decision = { requestId: about, isApproved: what === 'approve' };
        return answer(await decideRequest(services, decision, by));
      }
      case 'review':
        return answer(await reviewEmergency(services, about, by));
      default:
        return wrongUsage(`没有这一步：${what}。`, `There is no such step: ${what}.`);
    }
  },
};

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

async function ask(
  services: Services,
  wanted: Result<WantedAct, 'settlement-not-found'>,
  by: Actor,
): Promise<CommandAnswer> {
  if (!wanted.ok) return refusedWith(wanted.refusal);
  return answer(await askSecondPerson(services, wanted.value, by));
}

function requestJson(row: Awaited<ReturnType<typeof listSecondPerson>>[number]) {
  return {
    ...{ requestId: row.id, act: row.act, about: row.about, visitId: row.visit_id },
    ...{ reason: row.reason, state: row.state, askedBy: row.asked_by, askedAt: row.asked_at },
    ...{ expiresAt: row.expires_at, decidedBy: row.decided_by, emergency: row.emergency_reason },
  };
}
