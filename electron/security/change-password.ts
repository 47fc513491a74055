import { accepted, refused, type Result } from '../../shared/domain/result.ts';
import { transactResult } from '../database/transact-result.ts';
import { securityRefusal } from './security-refusals.ts';
import { noteNotLetIn, signIn, type SignInCode } from './sign-in.ts';
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

/** `passwordNumber`: of the new password, among the user's. */
export type ChangedPassword = {
  readonly user: User;
  readonly passwordNumber: number;
  readonly changedAt: string;
};

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
): Promise<Result<ChangedPassword, ChangePasswordCode>> {
  if (parts.folder.kind === 'demo') return refused(securityRefusal('users-are-demo'));
  const signedIn = await signIn(parts, input);
  if (!signedIn.ok) return signedIn;
  const { user, passwordNumber: shown } = signedIn.value;
  const hashed = await hashOfNew(parts, user, input.newPassword);
  if (!hashed.ok) return hashed;
  const changedAt = instantNow(parts);
  const changed = await transactResult<ChangedPassword, 'sign-in-refused'>(
    parts.store,
    async (all) => {
      const found = await changeableUser(all, user.userId);
      // Ended meanwhile: it is as if the old password had not been right.
      if (!found.ok) return refused(securityRefusal('sign-in-refused', {}));
      const { userId } = user;
      const hash = hashed.value;
      // Reset or changed meanwhile: what was shown is a password no more, and changes nothing.
      const [now] = await all.users.passwordsOf(userId, 1);
      if (now?.number !== shown) return refused(securityRefusal('sign-in-refused', {}));
      await enterPassword(all, { userId, hash, at: changedAt, by: userId, mustChange: false });
      await auditUserAct(all, {
        ...{ at: changedAt, who: userId, act: 'change-password', about: userId },
        detail: { from: input.from.slice(0, 100) },
      });
      return accepted({ user, passwordNumber: now.number + 1, changedAt });
    },
  );
  if (!changed.ok) {
    const { userId } = user;
    await noteNotLetIn(parts, { userId, why: 'password-changed-meanwhile', from: input.from });
  }
  return changed;
}
