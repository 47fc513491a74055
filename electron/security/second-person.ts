import type { Role } from '../../shared/contracts/contract.ts';
import { accepted, refused, type Result } from '../../shared/domain/result.ts';
import { fen, type Fen } from '../../shared/money/fen.ts';
import { isDay } from '../../shared/domain/day.ts';
import { readReason } from '../../shared/domain/written-text.ts';
import { shanghaiInstant, type Clock } from '../base/clock.ts';
import type { Ids } from '../base/ids.ts';
import type { SecondPersonRequestTable } from '../database/page-tables.ts';
import type { WaitingTime } from '../database/second-person-repository.ts';
import type { Repositories, Store } from '../database/store.ts';
import { transactResult } from '../database/transact-result.ts';
import { securityRefusal } from './security-refusals.ts';
import { activeUser, type User } from './users.ts';

export type SecondPersonParts = {
  readonly store: Store;
  readonly clock: Pick<Clock, 'now'>;
  readonly ids: Ids;
};

/** The acts that take a second person, as the audit names them. */
export const actsOfTwo = [
  'cancel-settlement',
  'approve-business-date',
  'claim-not-booked',
  'claim-undo',
  'take-back-remittance',
  'close-day',
] as const;
export type ActOfTwo = (typeof actsOfTwo)[number];

/** What somebody wants to do, to what, for which patient, and why. */
export type WantedAct = {
  readonly act: ActOfTwo;
  readonly about: string;
  readonly visitId: string | null;
  readonly reason: string;
};

/** Who acts, and at which page (its session), or by which command. */
export type Actor = { readonly userId: string; readonly page: string };

/**
 * Whose consent an act has. `present`: somebody who has proved who it is at this very page or command. `request`: one that
 * was asked for before and approved, from another page or later. `emergency`: nobody is there.
 */
export type Consent =
  | { readonly kind: 'present'; readonly approvedBy: string }
  | { readonly kind: 'request'; readonly requestId: string }
  | { readonly kind: 'emergency'; readonly reason: string };

/** A request waits for the next workday after the longest holidays, and no longer. */
const validDays = 10;
/** What one person may have waiting. */
const waitingMax = 20;
/** Without anybody else: so much money, and so many that nobody has looked at yet. No clock has a say in it. */
export const emergencyLimits: { readonly amountFen: Fen; readonly unseen: number } = {
  amountFen: fen(100_000),
  unseen: 3,
};
/** A list is a screen; who has more to look at looks at the oldest first. */
const listMax = 200;
/** Who looks at the own ones looks at the last of them. */
const ownListMax = 30;
/** Who asks and does not decide: what others want, and for which patient, is not for them. */
const hearsOfOwnAlone: ReadonlySet<Role> = new Set<Role>(['cashier', 'it-clerk']);

/** `already`: the same was asked before and still waits. */
export type Asked = { readonly requestId: string; readonly already: boolean };

export type AskCode =
  'request-reason-missing' | 'request-for-no-day' | 'too-many-requests' | 'not-allowed';

/** Who does an act, and so may ask for it to be approved. */
const whoseAct: Readonly<Record<ActOfTwo, readonly Role[]>> = {
  'cancel-settlement': ['cashier', 'supervisor'],
  'approve-business-date': ['cashier', 'supervisor'],
  'claim-not-booked': ['it-clerk', 'supervisor'],
  'claim-undo': ['it-clerk', 'supervisor'],
  'take-back-remittance': ['it-clerk', 'supervisor'],
  'close-day': ['it-clerk', 'supervisor'],
};

/** Leaves a request for whoever comes: from another page, or when somebody is there. The same again is the same request. */
export function askSecondPerson(
  { store, clock, ids }: SecondPersonParts,
  wanted: WantedAct,
  by: Actor,
): Promise<Result<Asked, AskCode>> {
  return transactResult<Asked, AskCode>(store, async ({ secondPerson, audit, users }) => {
    const asker = await activeUser(users, by.userId);
    if (asker === null || !whoseAct[wanted.act].includes(asker.role)) {
      const name = asker?.name ?? by.userId;
      return refused(securityRefusal('not-allowed', { name }));
    }
    const asked = { ...wanted, reason: readReason(wanted.reason) };
    if (asked.reason === '') return refused(securityRefusal('request-reason-missing'));
    if (wanted.act === 'approve-business-date' && !isDay(wanted.about))
      return refused(securityRefusal('request-for-no-day'));
    const now = clock.now();
    const waiting = await secondPerson.waiting(waitingAt(now), waitingMax, by.userId);
    const same = waiting.find((each) => isFor(each, wanted));
    if (same !== undefined) return accepted({ requestId: same.id, already: true });
    if (waiting.length >= waitingMax) return refused(securityRefusal('too-many-requests'));
    const row = newRequest({ clock, ids }, asked, by);
    await secondPerson.insert(row);
    const { act, about, reason } = asked;
    await audit.append({
      ...{ at: row.asked_at, who: by.userId, act: 'ask-second-person', about: row.id },
      detail: { act, about, reason, page: by.page },
    });
    return accepted({ requestId: row.id, already: false });
  });
}

type Nothing = Record<string, never>;

/** Before it is known who asked: whether there is such a request is told to those who may decide one. */
const nobodyYet = '';

export type ReviewCode =
  'request-unknown' | 'second-person-needed' | 'user-unknown' | 'not-allowed';

export type DecideCode =
  | 'request-unknown'
  | 'request-decided'
  | 'request-expired'
  | 'request-reason-missing'
  | 'second-person-needed'
  | 'user-unknown'
  | 'not-allowed';

/** A supervisor who is not the one who asked says yes or no; a reason that is given is kept, and a blank one is none. */
export function decideRequest(
  { store, clock }: Pick<SecondPersonParts, 'store' | 'clock'>,
  decision: {
    readonly requestId: string;
    readonly isApproved: boolean;
    readonly reason: string;
  },
  by: Actor,
): Promise<Result<Nothing, DecideCode>> {
  const { requestId, isApproved } = decision;
  const reason = readReason(decision.reason);
  return transactResult<Nothing, DecideCode>(store, async ({ secondPerson, users, audit }) => {
    const mayDecide = await approverOf({ users }, by.userId, nobodyYet);
    if (!mayDecide.ok) return mayDecide;
    const row = await secondPerson.find(requestId);
    if (row === null) return refused(securityRefusal('request-unknown'));
    const approver = await approverOf({ users }, by.userId, row.asked_by);
    if (!approver.ok) return approver;
    if (row.state !== 'pending') return refused(securityRefusal('request-decided'));
    if (isOver(row, clock.now())) return refused(securityRefusal('request-expired'));
    if (!isApproved && reason === '') return refused(securityRefusal('request-reason-missing'));
    const said = reason === '' ? null : reason;
    const at = shanghaiInstant(clock.now());
    await secondPerson.change(row, {
      state: isApproved ? 'approved' : 'refused',
      ...{ decided_at: at, decided_by: by.userId, decided_page: by.page, decision_reason: said },
    });
    await audit.append({
      ...{ at, who: by.userId, act: isApproved ? 'approve-request' : 'refuse-request' },
      about: requestId,
      detail: { act: row.act, about: row.about, page: by.page, reason: said },
    });
    return accepted({});
  });
}

export type TakeBackCode = 'request-unknown' | 'request-decided';

/** Whoever asked takes a request back; one that was approved is then used by nobody. */
export function takeBackRequest(
  { store, clock }: Pick<SecondPersonParts, 'store' | 'clock'>,
  requestId: string,
  by: Actor,
): Promise<Result<Nothing, TakeBackCode>> {
  return transactResult<Nothing, TakeBackCode>(store, async ({ secondPerson, audit }) => {
    const row = await secondPerson.find(requestId);
    if (row?.asked_by !== by.userId) return refused(securityRefusal('request-unknown'));
    if (row.state !== 'pending' && row.state !== 'approved')
      return refused(securityRefusal('request-decided'));
    const at = shanghaiInstant(clock.now());
    await secondPerson.change(row, { state: 'expired', taken_back_at: at });
    await audit.append({
      ...{ at, who: by.userId, act: 'take-back-request', about: requestId },
      detail: { act: row.act, about: row.about, page: by.page },
    });
    return accepted({});
  });
}

/** A supervisor has looked at what was done in an emergency, which is then listed no more. */
export function reviewEmergency(
  { store, clock }: Pick<SecondPersonParts, 'store' | 'clock'>,
  requestId: string,
  by: Actor,
): Promise<Result<Nothing, ReviewCode>> {
  return transactResult<Nothing, ReviewCode>(store, async ({ secondPerson, users, audit }) => {
    const mayReview = await approverOf({ users }, by.userId, nobodyYet);
    if (!mayReview.ok) return mayReview;
    const row = await secondPerson.find(requestId);
    if (row === null || row.emergency_reason === null)
      return refused(securityRefusal('request-unknown'));
    const reviewer = await approverOf({ users }, by.userId, row.asked_by);
    if (!reviewer.ok) return reviewer;
    if (row.reviewed_at !== null) return accepted({});
    const at = shanghaiInstant(clock.now());
    await secondPerson.change(row, { reviewed_at: at, reviewed_by: by.userId });
    await audit.append({
      ...{ at, who: by.userId, act: 'review-emergency', about: requestId },
      detail: { act: row.act, about: row.about, page: by.page },
    });
    return accepted({});
  });
}

/** What waits for somebody: requests, and what was done in an emergency. */
export async function listSecondPerson({
  store,
  clock,
}: Pick<SecondPersonParts, 'store' | 'clock'>): Promise<readonly SecondPersonRequestTable[]> {
  const { waiting, emergencies } = await store.read(async ({ secondPerson }) => ({
    waiting: await secondPerson.waiting(waitingAt(clock.now()), listMax),
    emergencies: await secondPerson.emergencies(listMax),
  }));
  return [...waiting, ...emergencies];
}

/**
 * The requests that somebody hears of, at a page and by a command alike: the own ones, whatever became of them, the latest
 * first; for those who decide, and those who look, also what waits of others, which stands before them.
 */
export async function requestsFor(
  parts: Pick<SecondPersonParts, 'store' | 'clock'>,
  { userId, role }: Pick<User, 'userId' | 'role'>,
): Promise<readonly SecondPersonRequestTable[]> {
  const waiting = hearsOfOwnAlone.has(role) ? [] : await listSecondPerson(parts);
  const own = await parts.store.read(({ secondPerson }) =>
    secondPerson.askedBy(userId, ownListMax),
  );
  return [...new Map([...waiting, ...own].map((row) => [row.id, row])).values()];
}

/** What became of a request by now. */
export type RequestState = SecondPersonRequestTable['state'] | 'taken-back';

export function stateOfRequest(row: SecondPersonRequestTable, now: Date): RequestState {
  if (row.taken_back_at !== null) return 'taken-back';
  const waits = row.state === 'pending' || row.state === 'approved';
  return waits && isOver(row, now) ? 'expired' : row.state;
}

export type ConsentCode =
  | 'second-person-needed'
  | 'user-unknown'
  | 'not-allowed'
  | 'request-unknown'
  | 'request-not-approved'
  | 'request-expired'
  | 'request-reason-missing'
  | 'emergency-not-possible';

/** Who consented; null: nobody, in an emergency. `reason`: why, as it stands in the row of the consent. */
export type GivenConsent = {
  readonly requestId: string;
  readonly approvedBy: string | null;
  readonly reason: string;
};

/**
 * Takes the consent an act has, in the transaction that acts: the row in the books is used up with it, or nothing is done.
 * `amountFen`: the money that goes out; null: it is not about money, and nobody does it alone.
 */
export async function takeConsent(
  repositories: Pick<Repositories, 'secondPerson' | 'users'>,
  parts: Pick<SecondPersonParts, 'clock' | 'ids'>,
  wanted: WantedAct & { readonly amountFen: Fen | null; readonly usedFor: string },
  by: Actor,
  consent: Consent,
): Promise<Result<GivenConsent, ConsentCode>> {
  const { secondPerson } = repositories;
  const at = shanghaiInstant(parts.clock.now());
  const used = { state: 'used', used_at: at, used_for: wanted.usedFor } as const;
  if (consent.kind === 'present') {
    const approver = await approverOf(repositories, consent.approvedBy, by.userId);
    if (!approver.ok) return approver;
    const decided = { decided_at: at, decided_by: consent.approvedBy, decided_page: by.page };
    const row = { ...newRequest(parts, wanted, by), ...decided, ...used };
    await secondPerson.insert(row);
    return accepted({ ...givenBy(row), approvedBy: consent.approvedBy });
  }
  if (consent.kind === 'emergency') {
    const reason = readReason(consent.reason);
    const hindered = await emergencyHindered(repositories, wanted.amountFen, by, reason);
    if (hindered !== null) return hindered;
    const row = { ...newRequest(parts, wanted, by), ...used, emergency_reason: reason };
    await secondPerson.insert(row);
    return accepted({ ...givenBy(row), approvedBy: null });
  }
  const row = await secondPerson.find(consent.requestId);
  // Approved for this act, this thing and this person alone; what was used once is used up.
  if (row === null || !isFor(row, wanted) || row.asked_by !== by.userId)
    return refused(securityRefusal('request-unknown'));
  if (row.state !== 'approved' || row.decided_by === null)
    return refused(securityRefusal('request-not-approved'));
  if (isOver(row, parts.clock.now())) return refused(securityRefusal('request-expired'));
  // Whoever approved and has left since, or is no supervisor any more, approves nothing.
  const approver = await approverOf(repositories, row.decided_by, by.userId);
  if (!approver.ok) return approver;
  await secondPerson.change(row, used);
  return accepted({ ...givenBy(row), approvedBy: row.decided_by });
}

/** The reason that was approved is the reason it is done for; what is said afterwards, nobody has consented to. */
const givenBy = ({ id, reason }: SecondPersonRequestTable) => ({ requestId: id, reason });

async function emergencyHindered(
  { secondPerson }: Pick<Repositories, 'secondPerson'>,
  amountFen: Fen | null,
  { userId }: Actor,
  reason: string,
): Promise<Result<never, 'request-reason-missing' | 'emergency-not-possible'> | null> {
  if (reason === '') return refused(securityRefusal('request-reason-missing'));
  if (amountFen === null || amountFen > emergencyLimits.amountFen)
    return refused(securityRefusal('emergency-not-possible', emergencyLimits));
  const unseen = await secondPerson.emergencies(emergencyLimits.unseen, userId);
  if (unseen.length < emergencyLimits.unseen) return null;
  return refused(securityRefusal('emergency-not-possible', emergencyLimits));
}

/** Why somebody who stands beside may not consent; null: may, or nobody stands there. */
export async function refusalOfApprover(
  repositories: Pick<Repositories, 'users'>,
  consent: Consent,
  actingUserId: string,
): Promise<Result<never, 'second-person-needed' | 'user-unknown' | 'not-allowed'> | null> {
  if (consent.kind !== 'present') return null;
  const approver = await approverOf(repositories, consent.approvedBy, actingUserId);
  return approver.ok ? null : approver;
}

/** Who may consent: a supervisor of today who is no trainee, and not the one who acts. */
async function approverOf(
  { users }: Pick<Repositories, 'users'>,
  approvedBy: string,
  actingUserId: string,
): Promise<Result<User, 'second-person-needed' | 'user-unknown' | 'not-allowed'>> {
  const place = '/approvedBy';
  const approver = await activeUser(users, approvedBy);
  if (approver === null)
    return refused(securityRefusal('user-unknown', { userId: approvedBy, place }));
  const isTrainee = (await users.find(approvedBy))?.is_trainee === 1;
  if (approver.role !== 'supervisor' || isTrainee)
    return refused(securityRefusal('not-allowed', { name: approver.name, place }));
  if (approvedBy === actingUserId) return refused(securityRefusal('second-person-needed'));
  return accepted(approver);
}

function newRequest(
  { clock, ids }: Pick<SecondPersonParts, 'clock' | 'ids'>,
  { act, about, visitId, reason }: WantedAct,
  { userId, page }: Actor,
): SecondPersonRequestTable {
  const now = clock.now();
  const expires = new Date(now.getTime() + validDays * 86_400_000);
  return {
    ...{ id: ids.next(), act, about, visit_id: visitId, reason: readReason(reason) },
    ...{ asked_at: shanghaiInstant(now), asked_by: userId, asked_page: page },
    ...{ expires_at: shanghaiInstant(expires), state: 'pending' },
    ...{ decided_at: null, decided_by: null, decided_page: null, emergency_reason: null },
    ...{ used_at: null, used_for: null, reviewed_at: null, reviewed_by: null },
    ...{ decision_reason: null, taken_back_at: null },
  };
}

function isFor(row: SecondPersonRequestTable, { act, about }: WantedAct): boolean {
  return row.act === act && row.about === about;
}

/** A request that was asked in the future, by a clock set back since, is over as well. */
function isOver({ asked_at, expires_at }: SecondPersonRequestTable, at: Date): boolean {
  const { now, askedUntil } = waitingAt(at);
  return expires_at < now || asked_at > askedUntil;
}

/** Instants are written alike, so that they are compared as texts. */
const waitingAt = (now: Date): WaitingTime => ({
  now: shanghaiInstant(now),
  askedUntil: shanghaiInstant(new Date(now.getTime() + 86_400_000)),
});
