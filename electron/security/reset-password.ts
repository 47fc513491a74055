import { accepted, refused, type Result } from '../../shared/domain/result.ts';
import { transactResult } from '../database/transact-result.ts';
import { securityRefusal } from './security-refusals.ts';
import {
  auditUserAct,
  changeableUser,
  enterPassword,
  hashOfNew,
  instantNow,
  refusalUnlessAdministrator,
  type UserParts,
} from './user-parts.ts';
import type { User } from './users.ts';

export type ResetPasswordCode =
  'not-allowed' | 'user-unknown' | 'user-ended' | 'password-weak' | 'users-are-demo';

/**
 * Sets the password of one who forgot it, who changes it at the next sign-in; a lock ends with it. Of a program's
 * account it is a new secret, which no rule is about.
 */
export async function resetPassword(
  parts: UserParts,
  {
    userId,
    password,
    by,
  }: { readonly userId: string; readonly password: string; readonly by: User },
): Promise<Result<{ readonly userId: string }, ResetPasswordCode>> {
  if (parts.folder.kind === 'demo') return refused(securityRefusal('users-are-demo'));
  const looked = await parts.store.read(
    async (all) => (await refusalUnlessAdministrator(all, by)) ?? changeableUser(all, userId),
  );
  if (!looked.ok) return looked;
  const { name, is_service: isService } = looked.value;
  const hashed =
    isService === 1
      ? accepted(await parts.hasher.hash(password))
      : await hashOfNew(parts, { userId, name }, password);
  if (!hashed.ok) return hashed;
  return transactResult(parts.store, async (all) => {
    const notAllowed = await refusalUnlessAdministrator(all, by);
    if (notAllowed !== null) return notAllowed;
    const found = await changeableUser(all, userId);
    if (!found.ok) return found;
    const at = instantNow(parts);
    // One's own is nobody else's secret.
    const mustChange = isService === 0 && userId !== by.userId;
    await enterPassword(all, { userId, hash: hashed.value, at, by: by.userId, mustChange });
    await all.users.keepFailures({ user_id: userId, failures: 0, last_at: at, locked_at: null });
    await auditUserAct(all, {
      ...{ at, who: by.userId, act: 'reset-password', about: userId },
      detail: {},
    });
    return accepted({ userId });
  });
}

/** Lets one sign in again who was locked out, before the lock ends by itself. */
export async function unlockUser(
  parts: UserParts,
  { userId, by }: { readonly userId: string; readonly by: User },
): Promise<Result<{ readonly userId: string }, 'not-allowed' | 'user-unknown' | 'user-ended'>> {
  return transactResult(parts.store, async (all) => {
    const notAllowed = await refusalUnlessAdministrator(all, by);
    if (notAllowed !== null) return notAllowed;
    const found = await changeableUser(all, userId);
    if (!found.ok) return found;
    const at = instantNow(parts);
    await all.users.keepFailures({ user_id: userId, failures: 0, last_at: at, locked_at: null });
    await all.audit.append({
      ...{ at, who: by.userId, act: 'unlock-user', about: userId },
      detail: {},
    });
    return accepted({ userId });
  });
}
