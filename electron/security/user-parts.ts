import { refused, type Result } from '../../shared/domain/result.ts';
import { shanghaiInstant, type Clock } from '../base/clock.ts';
import type { Repositories, Store } from '../database/store.ts';
import type { UserTable } from '../database/user-tables.ts';
import { passwordLengthMax, problemsOfPassword, problemWords } from './check-new-password.ts';
import type { PasswordHasher } from './password-hasher.ts';
import { securityRefusal } from './security-refusals.ts';
import { readSignInRules, type SignInRules } from './sign-in-rules.ts';
import type { User } from './users.ts';

/** What every act on users needs. */
export type UserParts = {
  readonly store: Store;
  readonly clock: Pick<Clock, 'now'>;
  readonly hasher: PasswordHasher;
  /** A demo has its own users. */
  readonly folder: { readonly kind: 'demo' | 'live' };
};

export const instantNow = ({ clock }: Pick<UserParts, 'clock'>): string =>
  shanghaiInstant(clock.now());

/** More than any hospital has; the whole list is asked where names and ids are compared. */
const usersMax = 100_000;

export async function everybody({ users }: Pick<Repositories, 'users'>): Promise<UserTable[]> {
  return [...(await users.list({ after: '', limit: usersMax }))];
}

/** Refused unless who acts is an administrator now, in the transaction that acts. */
export async function refusalUnlessAdministrator(
  { users }: Pick<Repositories, 'users'>,
  by: User,
): Promise<Result<never, 'not-allowed'> | null> {
  const row = await users.find(by.userId);
  if (row?.state === 'active' && row.role === 'administrator') return null;
  return refused(securityRefusal('not-allowed', { name: by.name }));
}

/** The user an act is about; refused where there is none, or one who has left. */
export async function changeableUser(
  { users }: Pick<Repositories, 'users'>,
  userId: string,
): Promise<
  { readonly ok: true; readonly value: UserTable } | Result<never, 'user-unknown' | 'user-ended'>
> {
  const row = await users.find(userId);
  if (row === null) return refused(securityRefusal('user-unknown', { userId, place: '/userId' }));
  if (row.state === 'ended') return refused(securityRefusal('user-ended', { userId }));
  return { ok: true, value: row };
}

/** Whether another administrator works here. */
export async function hasOtherAdministrator(
  repositories: Pick<Repositories, 'users'>,
  userId: string,
): Promise<boolean> {
  return (await everybody(repositories)).some(
    ({ id, role, state }) => id !== userId && role === 'administrator' && state === 'active',
  );
}

/** Why a new password is refused by the rules, before it is hashed; null: it is not. */
export function weakness(
  password: string,
  user: { readonly userId: string; readonly name: string },
  rules: SignInRules,
): Result<never, 'password-weak'> | null {
  const problems = problemsOfPassword(password, user, rules);
  if (problems.length === 0) return null;
  return refused(
    securityRefusal('password-weak', {
      problems: problems.map((each) => problemWords(each, rules)),
    }),
  );
}

/** A password for a user who may have had others: its hash, unless the rules are against it or it was used before. */
export async function hashOfNew(
  { store, hasher }: Pick<UserParts, 'store' | 'hasher'>,
  user: { readonly userId: string; readonly name: string },
  password: string,
): Promise<{ readonly ok: true; readonly value: string } | Result<never, 'password-weak'>> {
  const { rules, earlier } = await store.read(async ({ users, folderFacts }) => {
    const rulesNow = await readSignInRules(folderFacts);
    const kept = await users.passwordsOf(user.userId, rulesNow['password-history']);
    return { rules: rulesNow, earlier: kept.map(({ hash }) => hash) };
  });
  const weak = weakness(password.slice(0, passwordLengthMax + 1), user, rules);
  if (weak !== null) return weak;
  for (const hash of earlier) {
    if (!(await hasher.check(password, hash))) continue;
    const problems = [problemWords('used-before', rules)];
    return refused(securityRefusal('password-weak', { problems }));
  }
  return { ok: true, value: await hasher.hash(password) };
}

/** What is done to a user, or to how he comes in. */
type UserAct = (typeof userActs)[number];

/** The acts by which a user stands as he stands; sign-ins and locks leave him as he is. */
export const userActs = [
  'make-first-administrator',
  'make-user',
  'change-user',
  'end-user',
  'certificate-of-user',
  'change-password',
  'reset-password',
  'renew-password-hash',
] as const;

/**
 * Audits an act on a user, with marks of how the row and the passwords stand after it: who changes them later past the program,
 * with the key and an editor, makes no such mark (`verify-users.ts`).
 */
export async function auditUserAct(
  all: Pick<Repositories, 'users' | 'audit'>,
  entry: {
    readonly at: string;
    readonly who: string;
    readonly act: UserAct;
    readonly about: string;
    readonly detail: object;
  },
): Promise<void> {
  const marks = await marksOfUser(all, entry.about);
  await all.audit.append({ ...entry, detail: { ...entry.detail, marks } });
}

/** Marks of how a user's row and passwords stand; null where the chain has no key. */
export type UserMarks = { readonly user: string | null; readonly passwords: string | null };

export async function marksOfUser(
  { users, audit }: Pick<Repositories, 'users' | 'audit'>,
  userId: string,
): Promise<UserMarks> {
  return {
    user: audit.markOfRows('user', await users.find(userId)),
    passwords: audit.markOfRows('passwords', await users.passwordsOf(userId, passwordsMax)),
  };
}

/** More than anybody has in a working life. */
const passwordsMax = 100_000;

/** Enters a password as the one that counts, in the transaction of the act that sets it. */
export async function enterPassword(
  { users }: Pick<Repositories, 'users'>,
  entered: {
    readonly userId: string;
    readonly hash: string;
    readonly at: string;
    readonly by: string;
    readonly mustChange: boolean;
  },
): Promise<void> {
  const [last] = await users.passwordsOf(entered.userId, 1);
  await users.addPassword({
    ...{ user_id: entered.userId, number: (last?.number ?? 0) + 1, hash: entered.hash },
    ...{ made_at: entered.at, made_by: entered.by, must_change: entered.mustChange ? 1 : 0 },
  });
}
