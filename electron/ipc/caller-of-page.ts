import type { Store } from '../database/store.ts';
import type { PageSession } from '../security/page-sessions.ts';
import { activeUser, findDemoUser } from '../security/users.ts';
import type { WhoAsks } from './handle-call.ts';

/** Who makes the calls of a page: whoever signed in there, as long as the account stands. */
export async function callerOfPage(
  store: Pick<Store, 'read'>,
  { id, userId }: PageSession,
): Promise<WhoAsks> {
  const nobody = { sessionId: id, userId: null };
  if (userId === null) return nobody;
  const user = await store.read(({ users }) => activeUser(users, userId));
  const acting = user ?? findDemoUser(userId);
  return acting === null ? nobody : { ...acting, sessionId: id };
}
