import { accepted, refused, type Result } from '../../shared/domain/result.ts';
import { securityRefusal } from './security-refusals.ts';
import { signIn, type SignInCode } from './sign-in.ts';
import {
  auditUserAct,
  changeableUser,
  enterPassword,
  hashOfNew,
  instantNow,
  type UserParts,
} from './user-parts.ts';
import type { User } from './users.ts';

export type ChangePasswordCode = SignInCode | 'password-weak' | 'users-are-demo';

/** Changes one's own password. The old one is asked for, and counts as a sign-in does: here, too, nobody may guess. */
export async function changePassword(
  parts: UserParts,
  input: {
    readonly userId: string;
    readonly password: string;
    readonly newPassword: string;
    readonly from: string;
    readonly askPin?: () => Promise<string | null>;
    readonly onPage?: boolean;
  },
): Promise<Result<{ readonly user: User; readonly changedAt: string }, ChangePasswordCode>> {
  if (parts.folder.kind === 'demo') return refused(securityRefusal('users-are-demo'));
  const signedIn = await signIn(parts, input);
  if (!signedIn.ok) return signedIn;
  const { user } = signedIn.value;
  const hashed = await hashOfNew(parts, user, input.newPassword);
  if (!hashed.ok) return hashed;
  const changedAt = instantNow(parts);
  return parts.store.transact(async (all) => {
    const found = await changeableUser(all, user.userId);
    // Ended meanwhile: it is as if the old password had not been right.
    if (!found.ok) return refused(securityRefusal('sign-in-refused', {}));
    const { userId } = user;
    const hash = hashed.value;
    await enterPassword(all, { userId, hash, at: changedAt, by: userId, mustChange: false });
    await auditUserAct(all, {
      ...{ at: changedAt, who: userId, act: 'change-password', about: userId },
      detail: { from: input.from.slice(0, 100) },
    });
    return accepted({ user, changedAt });
  });
}
