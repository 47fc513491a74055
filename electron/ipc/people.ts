import { accepted, refused, type Result } from '../../shared/domain/result.ts';
import { changePassword } from '../security/change-password.ts';
import { changeUser } from '../security/change-user.ts';
import { endUser } from '../security/end-user.ts';
import { listUsers } from '../security/list-users.ts';
import { makeUser } from '../security/make-user.ts';
import { resetPassword, unlockUser } from '../security/reset-password.ts';
import { securityRefusal } from '../security/security-refusals.ts';
import { signIn, type SignedIn, type SignInCode } from '../security/sign-in.ts';
import { readSignInRules } from '../security/sign-in-rules.ts';
import type { UserParts } from '../security/user-parts.ts';
import { demoUsers, findDemoUser, type User } from '../security/users.ts';
import { fen } from '../../shared/money/fen.ts';
import { readingOnlyView } from './desk.ts';
import type { DeskParts } from './desk-parts.ts';
import type { CallHandlers, WhoAsks } from './handle-call.ts';

type PeopleCall = Extract<keyof CallHandlers, `people:${string}`>;
type PeopleParts = Pick<DeskParts, 'pageSessions' | 'hasher' | 'services'>;

/** Who sits at the page, sitting down and leaving; and looking after users. */
export function peopleCalls(desk: PeopleParts) {
  const { services, hasher, pageSessions } = desk;
  const { store, clock, folder } = services;
  const parts: UserParts = { store, clock, folder, hasher };
  /** Sits down at the page with what it shows from now on; where somebody else was faster, the page asks who sits there. */
  const sitDown = async (
    { sessionId }: WhoAsks,
    { userId }: User,
    passwordNumber: number,
  ): Promise<string | null> =>
    (await pageSessions.signedIn(sessionId, userId, { passwordNumber }))?.secret ?? null;
  return {
    'people:who': async (_input, asks) => {
      const isDemo = folder.kind === 'demo';
      const readingOnly = store.readingOnly();
      const { isAnybody, rules } = await store.read(async ({ users, folderFacts }) => ({
        isAnybody: await users.isAnybody(),
        rules: await readSignInRules(folderFacts),
      }));
      return accepted({
        user: asks.userId === null ? null : personOf(asks),
        isFirstStart: !isDemo && !isAnybody && readingOnly === null,
        demoUsers: isDemo ? demoUsers.map(personOf) : [],
        idleMinutes: isDemo ? null : rules['idle-minutes'],
        readingOnly: readingOnlyView(readingOnly),
      });
    },
    'people:sign-in': async ({ userId, password, pin }, asks) => {
      const from = `page ${asks.sessionId}`;
      const turn = pageSessions.turnAt(asks.sessionId);
      const signedIn =
        folder.kind === 'demo'
          ? signInToDemo(userId)
          : await signIn(parts, { userId, password, from, onPage: true, askPin: pinOf(pin) });
      if (!signedIn.ok) return signedIn;
      const { user, passwordNumber, mustChange, daysLeft } = signedIn.value;
      const at = { user: personOf(user), mustChange, daysLeft };
      if (mustChange !== null) return accepted({ ...at, newSecret: null });
      const by = { turn, passwordNumber };
      const seated = await pageSessions.signedIn(asks.sessionId, user.userId, by);
      if (seated === null) return refused(securityRefusal('sign-in-overtaken'));
      return accepted({ ...at, newSecret: seated.secret });
    },
    'people:lock': async (_input, { sessionId }) => {
      await pageSessions.signedOut(sessionId);
      return accepted({});
    },
    'people:change-password': async ({ userId, password, newPassword, pin }, asks) => {
      const from = `page ${asks.sessionId}`;
      const given = { userId, password, newPassword, from, onPage: true, askPin: pinOf(pin) };
      const changed = await changePassword(parts, given);
      if (!changed.ok) return changed;
      const { user, passwordNumber } = changed.value;
      await leaveOtherPages(desk, user.userId, asks.sessionId);
      return accepted({
        user: personOf(user),
        newSecret: await sitDown(asks, user, passwordNumber),
      });
    },
    'people:make-first': async ({ userId, name, password }, asks) => {
      const first = { userId, name, password, role: 'administrator', by: null } as const;
      const made = await makeUser(parts, first);
      if (!made.ok) return made;
      const { user } = made.value;
      return accepted({
        user: personOf(user),
        newSecret: await sitDown(asks, user, firstPassword),
      });
    },
    'people:list': async () => {
      const users = await listUsers(parts);
      return accepted({
        users: users.map(({ training, ...user }) => ({
          ...user,
          training:
            training === null
              ? null
              : { limitFen: fen(training.limitFen), mentor: training.mentor },
        })),
      });
    },
    'people:add': async (given, by) => {
      const made = await makeUser(parts, { ...given, by });
      return made.ok ? accepted({ user: personOf(made.value.user) }) : made;
    },
    'people:change': async (given, by) => {
      const changed = await changeUser(parts, { ...given, by });
      return changed.ok ? accepted({ user: personOf(changed.value.user) }) : changed;
    },
    'people:end': async ({ userId }, by) => {
      const ended = await endUser(parts, { userId, by });
      if (!ended.ok) return ended;
      await leaveOtherPages(desk, userId, null);
      return accepted({});
    },
    'people:reset-password': async ({ userId, password }, by) => {
      const reset = await resetPassword(parts, { userId, password, by });
      if (!reset.ok) return reset;
      await leaveOtherPages(desk, userId, by.sessionId);
      return accepted({});
    },
    'people:unlock': async ({ userId }, by) => {
      const unlocked = await unlockUser(parts, { userId, by });
      return unlocked.ok ? accepted({}) : unlocked;
    },
  } satisfies Pick<CallHandlers, PeopleCall>;
}

/** The number of the password somebody is made with. */
const firstPassword = 1;

/** The page was asked before, and says the PIN with the password. */
export const pinOf = (pin: string | undefined) => () => Promise.resolve(pin ?? null);

const personOf = ({ userId, name, role }: User) => ({ id: userId, name, role });

/** A demo is for trying: its users sit down by name alone. */
function signInToDemo(userId: string): Result<SignedIn, SignInCode> {
  const user = findDemoUser(userId.trim());
  if (user === null) return refused(securityRefusal('sign-in-refused', {}));
  return accepted({ user, passwordNumber: null, mustChange: null, daysLeft: null });
}

/** Where somebody sits with a password that is no more, or an account that is ended, nobody sits from now on. */
async function leaveOtherPages(
  { pageSessions }: PeopleParts,
  userId: string,
  but: string | null,
): Promise<void> {
  for (const page of await pageSessions.list()) {
    if (page.userId === userId && page.end === null && page.id !== but)
      await pageSessions.signedOut(page.id);
  }
}
