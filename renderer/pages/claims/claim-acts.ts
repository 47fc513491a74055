import type { Role } from '../../../shared/contracts/contract.ts';
import type { ClaimRow } from '../../../shared/contracts/claims.ts';

/** What somebody at this page may decide of a claim. */
export type ClaimAct = 'anew' | 'ask-again' | 'not-booked' | 'undo';

/** Acts that take a supervisor as well: somebody may be paid twice, or the hospital gives money up. */
export const takesTwoPeople = (act: ClaimAct): act is 'not-booked' | 'undo' =>
  act === 'not-booked' || act === 'undo';

/** What F8 and F4 do with a claim; null: nothing. First what brings it on, then the other thing. */
export function actsOn(
  { acts }: Pick<ClaimRow, 'acts'>,
  role: Role,
): { readonly first: ClaimAct | null; readonly second: ClaimAct | null } {
  if (role !== 'it-clerk' && role !== 'supervisor') return { first: null, second: null };
  const open: ClaimAct[] = [];
  if (acts.anew) open.push('anew');
  if (acts.askAgain) open.push('ask-again');
  if (acts.notBooked) open.push('not-booked');
  const [first = null, second = acts.undo ? 'undo' : null] = open;
  return { first, second };
}
