import { accepted, refused } from '../../shared/domain/result.ts';
import { shanghaiInstant } from '../base/clock.ts';
import { securityRefusal } from '../security/security-refusals.ts';
import { nameOfUser } from '../security/users.ts';
import type { DeskParts } from './desk-parts.ts';
import type { CallHandlers } from './handle-call.ts';

/** The pages of this desk: who sits where since when, and sending one away. */
export function sessionCalls({
  pageSessions,
  services: { store, clock },
}: Pick<DeskParts, 'pageSessions' | 'services'>) {
  return {
    'sessions:list': async (_input, { sessionId }) => {
      const listed = await pageSessions.list();
      const names = await store.read(async ({ users }) => {
        const found = new Map<string, string>();
        for (const { userId } of listed) {
          if (userId !== null) found.set(userId, await nameOfUser(users, userId));
        }
        return found;
      });
      return accepted({
        sessions: listed.map(({ id, userId, ...session }) => ({
          ...session,
          sessionId: id,
          user: userId === null ? null : { id: userId, name: names.get(userId) ?? userId },
          isOwn: id === sessionId,
        })),
      });
    },
    'sessions:end': async ({ sessionId }, { userId }) => {
      if (!(await pageSessions.end(sessionId, 'by-administrator'))) {
        return refused(securityRefusal('session-unknown'));
      }
      const at = shanghaiInstant(clock.now());
      await store.transact(({ audit }) =>
        audit.append({ at, who: userId, act: 'end-page', about: sessionId, detail: {} }),
      );
      return accepted({});
    },
  } satisfies Pick<CallHandlers, 'sessions:list' | 'sessions:end'>;
}
