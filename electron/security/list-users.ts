import { everybody, type UserParts } from './user-parts.ts';
import { afterAttempt } from './sign-in.ts';
import { readSignInRules } from './sign-in-rules.ts';
import { demoUsers } from './users.ts';
import type { UserTable } from '../database/user-tables.ts';

/** A user as whoever looks after users sees one. */
export type ListedUser = {
  readonly userId: string;
  readonly name: string;
  readonly role: UserTable['role'];
  readonly state: 'active' | 'locked' | 'ended';
  readonly isService: boolean;
  readonly training: { readonly limitFen: number; readonly mentor: string } | null;
  readonly hasCertificate: boolean;
  readonly mustChange: boolean;
  readonly passwordSetAt: string | null;
  /** How many things are still to be handed over. */
  readonly holds: number;
  readonly createdAt: string | null;
  readonly endedAt: string | null;
};

/** Everybody, also who has left. */
export async function listUsers(parts: Omit<UserParts, 'hasher'>): Promise<readonly ListedUser[]> {
  if (parts.folder.kind === 'demo') return demoUsers.map(listedDemoUser);
  return parts.store.read(async (all) => {
    const rules = await readSignInRules(all.folderFacts);
    const listed: ListedUser[] = [];
    for (const row of await everybody(all)) {
      const [password] = await all.users.passwordsOf(row.id, 1);
      const failures = await all.users.failuresOf(row.id);
      const isLocked = afterAttempt(failures, parts, rules).isLocked;
      listed.push({
        ...{ userId: row.id, name: row.name, role: row.role },
        state: row.state === 'ended' ? 'ended' : isLocked ? 'locked' : 'active',
        isService: row.is_service === 1,
        training:
          row.is_trainee === 0
            ? null
            : { limitFen: row.trainee_limit_fen, mentor: row.mentor ?? '' },
        hasCertificate: row.certificate !== null,
        mustChange: password?.must_change === 1,
        passwordSetAt: password?.made_at ?? null,
        holds: (await all.users.holdingsOf(row.id)).length,
        ...{ createdAt: row.created_at, endedAt: row.ended_at },
      });
    }
    return listed;
  });
}

function listedDemoUser({ userId, name, role }: (typeof demoUsers)[number]): ListedUser {
  return {
    ...{ userId, name, role, state: 'active', isService: false, training: null },
    ...{ hasCertificate: false, mustChange: false, passwordSetAt: null, holds: 0 },
    ...{ createdAt: null, endedAt: null },
  };
}
