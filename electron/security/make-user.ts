import type { Role } from '../../shared/contracts/contract.ts';
import { accepted, refused, type Result } from '../../shared/domain/result.ts';
import type { Fen } from '../../shared/money/fen.ts';
import type { Repositories } from '../database/store.ts';
import type { UserTable } from '../database/user-tables.ts';
import { securityRefusal } from './security-refusals.ts';
import { isIdTaken, isNameTaken, readUserId, readUserName } from './user-names.ts';
import {
  auditUserAct,
  enterPassword,
  everybody,
  hashOfNew,
  instantNow,
  refusalUnlessAdministrator,
  type UserParts,
} from './user-parts.ts';
import { transactResult } from '../database/transact-result.ts';
import type { User } from './users.ts';

/** What a trainee may do: settle up to a limit, give nothing back, with a mentor who approves the rest. */
export type Training = { readonly limitFen: Fen; readonly mentor: string };

export type MakeUserInput = {
  readonly userId: string;
  readonly name: string;
  readonly role: Role;
  readonly password: string;
  readonly training?: Training | null;
  /** A program: its password is a secret that this program made and nobody types. */
  readonly isService?: boolean;
  /** Who makes it; null: nobody is there yet, and this is the first administrator. */
  readonly by: User | null;
};

export type MadeUser = { readonly user: User; readonly isFirst: boolean };

export type MakeUserCode =
  | 'users-are-demo'
  | 'not-allowed'
  | 'administrator-missing'
  | 'user-id-bad'
  | 'user-id-taken'
  | 'user-name-bad'
  | 'user-name-taken'
  | 'mentor-missing'
  | 'service-role'
  | 'password-weak';

/**
 * Makes a user. In a folder without any the one thing that can be made is an administrator, by whoever opens the folder
 * with its key; from then on only an administrator makes others. What another person set is changed at the first sign-in.
 */
export async function makeUser(
  parts: UserParts,
  input: MakeUserInput,
): Promise<Result<MadeUser, MakeUserCode>> {
  if (parts.folder.kind === 'demo') return refused(securityRefusal('users-are-demo'));
  const userId = readUserId(input.userId);
  if (userId === null) return refused(securityRefusal('user-id-bad'));
  const name = readUserName(input.name);
  if (name === null) return refused(securityRefusal('user-name-bad'));
  const isService = input.isService === true;
  if (isService && input.role !== 'it-clerk') return refused(securityRefusal('service-role'));
  const before = await parts.store.read((all) => refusalOf(all, { ...input, userId, name }));
  if (before !== null) return before;
  const hashed = isService
    ? accepted(await parts.hasher.hash(input.password))
    : await hashOfNew(parts, { userId, name }, input.password);
  if (!hashed.ok) return hashed;
  return transactResult<MadeUser, MakeUserCode>(parts.store, async (all) => {
    // Again, for another program may have made one meanwhile.
    const now = await refusalOf(all, { ...input, userId, name });
    if (now !== null) return now;
    const isFirst = input.by === null;
    const at = instantNow(parts);
    const by = input.by?.userId ?? userId;
    await all.users.add({
      ...{ id: userId, name, role: input.role, state: 'active', ...trainingRow(input.training) },
      ...{ is_service: isService ? 1 : 0, certificate: null },
      ...{ created_at: at, created_by: by, ended_at: null, ended_by: null },
    });
    const mustChange = !isFirst && !isService;
    await enterPassword(all, { userId, hash: hashed.value, at, by, mustChange });
    await auditUserAct(all, {
      ...{ at, who: by, act: isFirst ? 'make-first-administrator' : 'make-user', about: userId },
      detail: { role: input.role, isService, training: input.training ?? null },
    });
    return accepted({ user: { userId, name, role: input.role }, isFirst });
  });
}

async function refusalOf(
  all: Repositories,
  { by, role, userId, name, training }: MakeUserInput,
): Promise<Result<never, MakeUserCode> | null> {
  const isAnybody = await all.users.isAnybody();
  if (by === null) {
    // Whoever says to be nobody where somebody is there already.
    if (isAnybody) return refused(securityRefusal('not-allowed', { name: userId }));
    if (role !== 'administrator') return refused(securityRefusal('administrator-missing'));
  } else {
    const notAllowed = await refusalUnlessAdministrator(all, by);
    if (notAllowed !== null) return notAllowed;
  }
  const others = await everybody(all);
  if (isIdTaken(userId, others)) return refused(securityRefusal('user-id-taken', { userId }));
  if (isNameTaken(name, others)) return refused(securityRefusal('user-name-taken', { name }));
  return refusalOfTraining(all, training ?? null);
}

/** A mentor is a supervisor who works here. */
export async function refusalOfTraining(
  { users }: Pick<Repositories, 'users'>,
  training: Training | null,
): Promise<Result<never, 'mentor-missing'> | null> {
  if (training === null) return null;
  const mentor = await users.find(training.mentor);
  if (mentor?.state === 'active' && mentor.role === 'supervisor') return null;
  return refused(securityRefusal('mentor-missing'));
}

export function trainingRow(
  training: Training | null | undefined,
): Pick<UserTable, 'is_trainee' | 'trainee_limit_fen' | 'mentor'> {
  if (training === null || training === undefined)
    return { is_trainee: 0, trainee_limit_fen: 0, mentor: null };
  return { is_trainee: 1, trainee_limit_fen: training.limitFen, mentor: training.mentor };
}
