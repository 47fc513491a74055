import type { Role } from '../../../shared/contracts/contract.ts';
import type { OutputOf } from '../../../shared/contracts/contracts.ts';

/** A request for a second person, or what was done without one, as the program lists it. */
export type ListedRequest = OutputOf<'second-person:list'>['requests'][number];

/** What whoever sits here may do with one. */
export type RequestAct = 'approve' | 'refuse' | 'review' | 'take-back';

/** What F8 and F4 do with it; null: nothing. Nobody decides what the own person asked. */
export function actsOn(
  request: ListedRequest,
  role: Role,
): { readonly first: RequestAct | null; readonly second: RequestAct | null } {
  const { isOwn, state, emergencyReason, isReviewed } = request;
  if (isOwn) {
    const isOpen = state === 'pending' || state === 'approved';
    return { first: null, second: isOpen ? 'take-back' : null };
  }
  if (role !== 'supervisor') return { first: null, second: null };
  if (emergencyReason !== null) return { first: isReviewed ? null : 'review', second: null };
  return state === 'pending'
    ? { first: 'approve', second: 'refuse' }
    : { first: null, second: null };
}

/** The three parts of the page: what waits for a second person, what was done without one, and the own ones. */
export type RequestParts = Readonly<
  Record<'waiting' | 'emergencies' | 'own', readonly ListedRequest[]>
>;

export function partsOf(requests: readonly ListedRequest[]): RequestParts {
  const others = requests.filter(({ isOwn }) => !isOwn);
  return {
    waiting: others.filter(
      ({ emergencyReason, state }) => emergencyReason === null && state === 'pending',
    ),
    emergencies: others.filter(({ emergencyReason }) => emergencyReason !== null),
    own: requests.filter(({ isOwn }) => isOwn),
  };
}

/** How much waits for whoever sits here: what is to be decided or looked at, and own ones that may be used now. */
export function waitingFor(requests: readonly ListedRequest[], role: Role): number {
  return requests.filter(
    (request) =>
      actsOn(request, role).first !== null || (request.isOwn && request.state === 'approved'),
  ).length;
}
