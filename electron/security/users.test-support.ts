import type { Result } from '../../shared/domain/result.ts';
import type { Role } from '../../shared/contracts/contract.ts';
import type { Store } from '../database/store.ts';
import { makeUser, type MakeUserInput } from './make-user.ts';
import { hasherInPlace } from './password-hasher.ts';
import { signIn } from './sign-in.ts';
import { changePassword } from './change-password.ts';
import type { UserParts } from './user-parts.ts';
import type { User } from './users.ts';

/** A clock that stands until the test moves it, either way. */
export type MovableClock = { now(): Date; moveBy(seconds: number): void };

export function movableClock(start = '2026-11-30T08:00:00+08:00'): MovableClock {
  let at = Date.parse(start);
  return {
    now: () => new Date(at),
    moveBy: (seconds) => {
      at += seconds * 1000;
    },
  };
}

/** The cheapest hash there is: what it costs is the bench's affair. */
export const cheapHasher = hasherInPlace({ memoryKib: 8, passes: 1 });

export const partsOn = (store: Store, clock: MovableClock = movableClock()): UserParts => ({
  ...{ store, clock, hasher: cheapHasher },
  folder: { kind: 'live' },
});

export const goodPassword = 'Kapok-tree 7 herons';
export const otherPassword = 'Eleven-dry 4 ferries';

export function valueOf<Value>(result: Result<Value>): Value {
  if (!result.ok) throw new Error(`${result.refusal.code}: ${result.refusal.message.en}`);
  return result.value;
}

export const codeOf = (result: Result<unknown>): string =>
  result.ok ? 'accepted' : result.refusal.code;

/** The first administrator of a folder, `boss`. */
export async function firstAdministrator(parts: UserParts): Promise<User> {
  const made = { userId: 'boss', name: '管立人', role: 'administrator' } as const;
  return valueOf(await makeUser(parts, { ...made, password: goodPassword, by: null })).user;
}

/** Somebody who has chosen an own password, `goodPassword`, and works. */
export async function worker(
  parts: UserParts,
  by: User,
  {
    userId,
    name,
    role,
    ...more
  }: Pick<MakeUserInput, 'userId' | 'name'> & { role: Role } & Partial<
      Pick<MakeUserInput, 'training'>
    >,
): Promise<User> {
  const set = { userId, name, role, by, password: otherPassword, ...more };
  const { user } = valueOf(await makeUser(parts, set));
  const own = { userId, password: otherPassword, newPassword: goodPassword, from: 'a test' };
  valueOf(await changePassword(parts, own));
  return user;
}

export const comesIn = async (
  parts: UserParts,
  userId: string,
  password: string = goodPassword,
): Promise<boolean> => (await signIn(parts, { userId, password, from: 'a test' })).ok;
