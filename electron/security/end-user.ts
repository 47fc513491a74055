import { accepted, refused, type Result } from '../../shared/domain/result.ts';
import { transactResult } from '../database/transact-result.ts';
import { securityRefusal } from './security-refusals.ts';
import {
  auditUserAct,
  changeableUser,
  hasOtherAdministrator,
  instantNow,
  refusalUnlessAdministrator,
  type UserParts,
} from './user-parts.ts';
import type { User } from './users.ts';

export type EndUserCode =
  | 'not-allowed'
  | 'user-unknown'
  | 'user-ended'
  | 'ends-self'
  | 'last-administrator'
  | 'user-still-holds';

/**
 * Ends an account, from the next act on also of one who is signed in. Not before everything that the user holds is
 * handed over; and never the own one, nor the last administrator's.
 */
export async function endUser(
  parts: UserParts,
  { userId, by }: { readonly userId: string; readonly by: User },
): Promise<Result<{ readonly userId: string; readonly endedAt: string }, EndUserCode>> {
  type Ended = { readonly userId: string; readonly endedAt: string };
  return transactResult<Ended, EndUserCode>(parts.store, async (all) => {
    const notAllowed = await refusalUnlessAdministrator(all, by);
    if (notAllowed !== null) return notAllowed;
    const found = await changeableUser(all, userId);
    if (!found.ok) return found;
    if (found.value.role === 'administrator' && !(await hasOtherAdministrator(all, userId)))
      return refused(securityRefusal('last-administrator'));
    if (userId === by.userId) return refused(securityRefusal('ends-self'));
    const holdings = await all.users.holdingsOf(userId);
    if (holdings.length > 0) {
      const listed = holdings.map(({ id, kind, what, since }) => ({ id, kind, what, since }));
      return refused(securityRefusal('user-still-holds', { holdings: listed }));
    }
    const endedAt = instantNow(parts);
    await all.users.change(userId, { state: 'ended', ended_at: endedAt, ended_by: by.userId });
    await auditUserAct(all, {
      ...{ at: endedAt, who: by.userId, act: 'end-user', about: userId },
      detail: {},
    });
    return accepted({ userId, endedAt });
  });
}
