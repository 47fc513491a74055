import type { Role } from '../../shared/contracts/contract.ts';

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

/** Who acts where nobody is named. */
export const usualUserId = 'cashier1';

export function findUser(userId: string): User | null {
  return demoUsers.find((user) => user.userId === userId) ?? null;
}

/** A user's name as paper and lists show it; the id of one who is no longer known. */
export function userName(userId: string): string {
  return findUser(userId)?.name ?? userId;
}
