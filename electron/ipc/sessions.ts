import type { Role } from '../../shared/contracts/contract.ts';
import { accepted, refused } from '../../shared/domain/result.ts';
import { shanghaiInstant } from '../base/clock.ts';
import { securityRefusal } from '../security/security-refusals.ts';
import { noteNotLetIn } from '../security/sign-in.ts';
import { nameOfUser } from '../security/users.ts';
import type { DeskParts } from './desk-parts.ts';
import type { CallHandlers } from './handle-call.ts';

/** Those who look after the desk see and end every page; anybody else the own ones. */
const looksAfterPages: ReadonlySet<Role> = new Set<Role>(['it-clerk', 'administrator']);

/** The pages of this desk: who sits where since when, and sending one away. */
export function sessionCalls({
  pageSessions,
  services: { store, clock },
}: Pick<DeskParts, 'pageSessions' | 'services'>) {
  return {
    'sessions:list': async (_input, { sessionId, userId: own, role }) => {
      const all = await pageSessions.list();
      const listed = looksAfterPages.has(role) ? all : all.filter(({ userId }) => userId === own);
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
    'sessions:end': async ({ sessionId }, { userId, role, sessionId: from }) => {
      const page = (await pageSessions.list()).find(({ id }) => id === sessionId);
      const isOwn = page?.userId === userId;
      // Another's page is answered as one that is not there: nobody learns by asking which there are.
      if (!isOwn && !looksAfterPages.has(role)) {
        await noteNotLetIn(
          { store, clock },
          { userId, why: 'page-of-another', from: `page ${from}` },
        );
        return refused(securityRefusal('session-unknown'));
      }
      if (!(await pageSessions.end(sessionId, isOwn ? 'signed-out' : 'by-administrator'))) {
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
