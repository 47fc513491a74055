import type { PageSession, PageSessions } from '../security/page-sessions.ts';
import { activeUser, findDemoUser } from '../security/users.ts';
import type { DeskServices } from './desk-parts.ts';
import type { WhoAsks } from './handle-call.ts';

/**
 * Who makes the calls of a page: whoever signed in there, with the role of now, as long as the account stands and the password
 * that was shown there is the one it has: after a reset, by whichever door, the page is nobody's. A page that
 * a live folder had before it had users has nobody: the demo's users are in a demo alone.
 */
export async function callerOfPage(
  { store, folder }: Pick<DeskServices, 'store' | 'folder'>,
  pageSessions: Pick<PageSessions, 'passwordShownAt'>,
  { id, userId }: PageSession,
): Promise<WhoAsks> {
  const shown = pageSessions.passwordShownAt(id);
  const nobody = { sessionId: id, userId: null };
  if (userId === null) return nobody;
  if (folder.kind === 'demo') {
    const user = findDemoUser(userId);
    return user === null ? nobody : { ...user, sessionId: id };
  }
  const user = await store.read(async ({ users }) => {
    if (!(await users.isAnybody())) return null;
    const [password = null] = await users.passwordsOf(userId, 1);
    return password?.number === shown ? activeUser(users, userId) : null;
  });
  return user === null ? nobody : { ...user, sessionId: id };
}
