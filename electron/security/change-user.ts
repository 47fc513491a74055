import type { Role } from '../../shared/contracts/contract.ts';
import { accepted, refused, type Result } from '../../shared/domain/result.ts';
import { transactResult } from '../database/transact-result.ts';
import { refusalOfTraining, trainingRow, type Training } from './make-user.ts';
import { securityRefusal } from './security-refusals.ts';
import {
  auditUserAct,
  changeableUser,
  instantNow,
  refusalUnlessAdministrator,
  type UserParts,
} from './user-parts.ts';
import type { User } from './users.ts';

export type ChangeUserInput = {
  readonly userId: string;
  readonly role?: Role;
  /** null: no trainee any more; absent: as it is. */
  readonly training?: Training | null;
  readonly by: User;
};

export type ChangeUserCode =
  'not-allowed' | 'user-unknown' | 'user-ended' | 'ends-self' | 'service-role' | 'mentor-missing';

/** Gives a user another role or limits; it counts from the next act on, also of one who is signed in. */
export async function changeUser(
  parts: UserParts,
  { userId, role, training, by }: ChangeUserInput,
): Promise<Result<{ readonly user: User }, ChangeUserCode>> {
  return transactResult<{ readonly user: User }, ChangeUserCode>(parts.store, async (all) => {
    const notAllowed = await refusalUnlessAdministrator(all, by);
    if (notAllowed !== null) return notAllowed;
    const found = await changeableUser(all, userId);
    if (!found.ok) return found;
    const row = found.value;
    // With it the last administrator stays one, too: whoever changes another is one.
    if (userId === by.userId && role !== undefined && role !== row.role)
      return refused(securityRefusal('ends-self'));
    if (row.is_service === 1 && role !== undefined && role !== 'it-clerk')
      return refused(securityRefusal('service-role'));
    const untrained = await refusalOfTraining(all, training ?? null);
    if (untrained !== null) return untrained;
    await all.users.change(userId, {
      ...(role === undefined ? {} : { role }),
      ...(training === undefined ? {} : trainingRow(training)),
    });
    await auditUserAct(all, {
      ...{ at: instantNow(parts), who: by.userId, act: 'change-user', about: userId },
      detail: {
        role: { was: row.role, now: role ?? row.role },
        ...(training === undefined ? {} : { training }),
      },
    });
    return accepted({ user: { userId, name: row.name, role: role ?? row.role } });
  });
}
