import { accepted, refused, type Result } from '../../shared/domain/result.ts';
import { databaseRefusal } from '../database/database-refusals.ts';
import {
  actsOfTwo,
  askSecondPerson,
  decideRequest,
  listSecondPerson,
  reviewEmergency,
  type Actor,
  type Consent,
} from '../security/second-person.ts';
import { securityRefusal } from '../security/security-refusals.ts';
import { signIn, type SignInCode } from '../security/sign-in.ts';
import { nameOfUser } from '../security/users.ts';
import type { DeskParts } from './desk-parts.ts';
import { pinOf } from './people.ts';
import type { Caller, CallHandlers } from './handle-call.ts';

/** Requests for a second person: asked at one page, decided at another. */
export function secondPersonCalls({ services }: Pick<DeskParts, 'services'>) {
  const { store } = services;
  return {
    'second-person:list': async (_input, caller) => {
      const rows = await listSecondPerson(services);
      const nameOf = (id: string) => store.read(({ users }) => nameOfUser(users, id));
      const requests = [];
      for (const row of rows) {
        const act = actsOfTwo.find((each) => each === row.act);
        const { state } = row;
        if (act === undefined || state === 'refused' || state === 'expired') continue;
        requests.push({
          ...{ requestId: row.id, act, about: row.about, visitId: row.visit_id },
          ...{ reason: row.reason, state, askedAt: row.asked_at, expiresAt: row.expires_at },
          askedBy: { id: row.asked_by, name: await nameOf(row.asked_by) },
          decidedBy:
            row.decided_by === null
              ? null
              : { id: row.decided_by, name: await nameOf(row.decided_by) },
          emergencyReason: row.emergency_reason,
          isOwn: row.asked_by === caller.userId,
        });
      }
      return accepted({ requests });
    },
    'second-person:ask': async ({ act, about, reason }, caller) => {
      const visitId = await visitOf(services, act, about);
      if (!visitId.ok) return visitId;
      const wanted = { act, about, reason, visitId: visitId.value };
      return askSecondPerson(services, wanted, actorOf(caller));
    },
    'second-person:decide': (decision, caller) =>
      decideRequest(services, decision, actorOf(caller)),
    'second-person:review': ({ requestId }, caller) =>
      reviewEmergency(services, requestId, actorOf(caller)),
  } satisfies Pick<
    CallHandlers,
    'second-person:list' | 'second-person:ask' | 'second-person:decide' | 'second-person:review'
  >;
}

/** Who acts at which page. */
export const actorOf = ({ userId, sessionId }: Caller): Actor => ({ userId, page: sessionId });

async function visitOf(
  { store }: DeskParts['services'],
  act: (typeof actsOfTwo)[number],
  about: string,
): Promise<Result<string | null, 'settlement-not-found'>> {
  if (act !== 'cancel-settlement') return accepted(null);
  const found = await store.read(({ settlements }) => settlements.find(about));
  if (found !== null) return accepted(found.visitId);
  return refused(databaseRefusal('settlement-not-found', { settlementId: about }));
}

/** What a page says of whose consent it has; who stands beside proves it with the password, but in a demo. */
export async function consentOf(
  { services, hasher }: Pick<DeskParts, 'services' | 'hasher'>,
  given: {
    readonly approvedBy?: string;
    readonly password?: string;
    readonly pin?: string;
    readonly requestId?: string;
  },
  { sessionId }: Caller,
): Promise<Result<Consent, SignInCode | 'second-person-needed'>> {
  const { approvedBy, password = '', pin, requestId } = given;
  if (requestId !== undefined) return accepted({ kind: 'request', requestId });
  if (approvedBy === undefined) return refused(securityRefusal('second-person-needed'));
  if (services.folder.kind === 'demo') return accepted({ kind: 'present', approvedBy });
  const from = `page ${sessionId}`;
  const signedIn = await signIn(
    { ...services, hasher },
    { userId: approvedBy, password, from, onPage: true, askPin: pinOf(pin) },
  );
  if (!signedIn.ok) return signedIn;
  if (signedIn.value.mustChange !== null) return refused(securityRefusal('sign-in-refused', {}));
  return accepted({ kind: 'present', approvedBy: signedIn.value.user.userId });
}
