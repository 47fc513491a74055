import type { Role } from '../../shared/contracts/contract.ts';
import type { UserTable } from '../database/user-tables.ts';
import type { UsersRepository } from '../database/users-repository.ts';

/** A person who may sign in. */
export type User = { readonly userId: string; readonly name: string; readonly role: Role };

/** The users of a demo folder; none of them needs a password. */
export const demoUsers: readonly User[] = [
  { userId: 'cashier1', name: '收费员一', role: 'cashier' },
  { userId: 'supervisor1', name: '班组长一', role: 'supervisor' },
  { userId: 'clerk1', name: '信息员一', role: 'it-clerk' },
  { userId: 'policy1', name: '政策员一', role: 'policy-officer' },
  { userId: 'auditor1', name: '审计员一', role: 'auditor' },
];

/** Who acts in a demo where nobody is named. */
export const usualUserId = 'cashier1';

/** Who acts at a page that was just let in, before anybody signs in there; null: nobody. A demo is worked at once. */
const firstUserIds: Readonly<Record<'demo' | 'live', string | null>> = {
  demo: usualUserId,
  live: null,
};

export function firstUserId(folder: 'demo' | 'live'): string | null {
  return firstUserIds[folder];
}

/** A demo user; null where the demo has none of that id. */
export function findDemoUser(userId: string): User | null {
  return demoUsers.find((user) => user.userId === userId) ?? null;
}

/** A row as the rest of the program speaks of a user. */
export function userOfRow({ id, name, role }: UserTable): User {
  return { userId: id, name, role };
}

/**
 * Somebody who works here now, with the role of now: asked for every act, so that one who was ended or has another role
 * since signing in does no more than that. Where nobody was ever made (a demo), the demo's users are who they say.
 */
export async function activeUser(
  users: Pick<UsersRepository, 'find' | 'isAnybody'>,
  userId: string,
): Promise<User | null> {
  const row = await users.find(userId);
  if (row !== null) return row.state === 'active' ? userOfRow(row) : null;
  return (await users.isAnybody()) ? null : findDemoUser(userId);
}

/**
 * A user's name as paper and lists show it, also of one who is gone. What a folder settled before it had users is under
 * the demo's names; the id where nobody is known by it.
 */
export async function nameOfUser(
  users: Pick<UsersRepository, 'find'>,
  userId: string,
): Promise<string> {
  const row = await users.find(userId);
  return row?.name ?? findDemoUser(userId)?.name ?? userId;
}
