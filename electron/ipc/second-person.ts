import type { OutputOf } from '../../shared/contracts/contracts.ts';
import { accepted, refused, type Result } from '../../shared/domain/result.ts';
import { databaseRefusal } from '../database/database-refusals.ts';
import type { SecondPersonRequestTable } from '../database/page-tables.ts';
import type { Repositories } from '../database/store.ts';
import { maskName, maskNumbersIn } from '../security/mask.ts';
import {
  actsOfTwo,
  askSecondPerson,
  decideRequest,
  requestsFor,
  reviewEmergency,
  stateOfRequest,
  takeBackRequest,
  type Actor,
  type Consent,
} from '../security/second-person.ts';
import { securityRefusal } from '../security/security-refusals.ts';
import { signIn, type SignInCode } from '../security/sign-in.ts';
import { nameOfUser } from '../security/users.ts';
import { moneyThatMoves } from '../settlement/cancel-settlement.ts';
import type { DeskParts } from './desk-parts.ts';
import { pinOf } from './people.ts';
import type { Caller, CallHandlers } from './handle-call.ts';

/** Requests for a second person: asked at one page, decided at another. */
export function secondPersonCalls({
  services,
  tellPages,
}: Pick<DeskParts, 'services' | 'tellPages'>) {
  /** What waits is another now: every page that shows it asks again. */
  const told = async <Answer extends Result<unknown>>(acts: Promise<Answer>): Promise<Answer> => {
    const answer = await acts;
    if (answer.ok) tellPages('second-person');
    return answer;
  };
  return {
    'second-person:list': async (_input, caller) => {
      const rows = await requestsFor(services, caller);
      return accepted({ requests: await requestViews(services, rows, caller) });
    },
    'second-person:ask': async ({ act, about, reason }, caller) => {
      const visitId = await visitOf(services, act, about);
      if (!visitId.ok) return visitId;
      const wanted = { act, about, reason, visitId: visitId.value };
      return told(askSecondPerson(services, wanted, actorOf(caller)));
    },
    'second-person:decide': (decision, caller) =>
      told(decideRequest(services, decision, actorOf(caller))),
    'second-person:review': ({ requestId }, caller) =>
      told(reviewEmergency(services, requestId, actorOf(caller))),
    'second-person:take-back': ({ requestId }, caller) =>
      told(takeBackRequest(services, requestId, actorOf(caller))),
  } satisfies Pick<CallHandlers, Extract<keyof CallHandlers, `second-person:${string}`>>;
}

type RequestView = OutputOf<'second-person:list'>['requests'][number];

/** The rows as the page shows them: with names, and what they are about for whoever may see a patient. */
function requestViews(
  { store, clock }: DeskParts['services'],
  rows: readonly SecondPersonRequestTable[],
  { userId, role }: Caller,
): Promise<RequestView[]> {
  return store.read(async (repositories) => {
    const personOf = async (id: string | null) =>
      id === null ? null : { id, name: await nameOfUser(repositories.users, id) };
    const views: RequestView[] = [];
    for (const row of rows) {
      const act = actsOfTwo.find((each) => each === row.act);
      if (act === undefined) continue;
      views.push({
        ...{ requestId: row.id, act, about: row.about, visitId: row.visit_id },
        settlement:
          role === 'administrator' ? null : await settlementIn(repositories, act, row.about),
        reason: maskNumbersIn(row.reason),
        state: stateOfRequest(row, clock.now()),
        askedBy: { id: row.asked_by, name: await nameOfUser(repositories.users, row.asked_by) },
        askedAt: row.asked_at,
        askedAtPage: row.asked_page.includes(' ') ? null : row.asked_page,
        expiresAt: row.expires_at,
        decidedBy: await personOf(row.decided_by),
        decidedAt: row.decided_at,
        decisionReason: masked(row.decision_reason),
        emergencyReason: masked(row.emergency_reason),
        isReviewed: row.reviewed_at !== null,
        isOwn: row.asked_by === userId,
      });
    }
    return views;
  });
}

/** What people wrote may hold anybody's number; it is shown to others. */
const masked = (text: string | null): string | null => (text === null ? null : maskNumbersIn(text));

/** Acts that are about a day or a payer's file, and about no patient. */
const actsOfNoVisit: ReadonlySet<(typeof actsOfTwo)[number]> = new Set([
  'approve-business-date',
  'take-back-remittance',
  'close-day',
]);

/** The settlement that a request is about: its number, whose it is, and the money that moves. */
async function settlementIn(
  { settlements, claims }: Pick<Repositories, 'settlements' | 'claims'>,
  act: (typeof actsOfTwo)[number],
  about: string,
): Promise<RequestView['settlement']> {
  if (actsOfNoVisit.has(act)) return null;
  const claim = isOfClaim(act) ? await claims.find(about) : null;
  const settlementId = claim?.settlementId ?? about;
  const found = await settlements.find(settlementId);
  if (found === null) return null;
  const name = (await settlements.inputOf(settlementId))?.person.name ?? '';
  const amountFen = claim?.claimedFen ?? moneyThatMoves(await settlements.tendersOf(settlementId));
  return { number: found.number, maskedName: maskName(name), amountFen };
}

const isOfClaim = (act: (typeof actsOfTwo)[number]): boolean =>
  act === 'claim-not-booked' || act === 'claim-undo';

/** Who acts at which page. */
export const actorOf = ({ userId, sessionId }: Caller): Actor => ({ userId, page: sessionId });

async function visitOf(
  { store }: DeskParts['services'],
  act: (typeof actsOfTwo)[number],
  about: string,
): Promise<Result<string | null, 'settlement-not-found'>> {
  if (actsOfNoVisit.has(act)) return accepted(null);
  const visitId = await store.read(async ({ settlements, claims }) => {
    if (isOfClaim(act)) return (await claims.find(about))?.visitId ?? null;
    return (await settlements.find(about))?.visitId ?? null;
  });
  if (visitId !== null) return accepted(visitId);
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
): Promise<Result<Exclude<Consent, { kind: 'emergency' }>, SignInCode | 'second-person-needed'>> {
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
