import { refused, type Result } from '../../shared/domain/result.ts';
import type { Fen } from '../../shared/money/fen.ts';
import type { UsersRepository } from '../database/users-repository.ts';
import { securityRefusal } from './security-refusals.ts';

type Users = Pick<UsersRepository, 'find'>;

/** What would be settled: what the patient pays of it, and what would be given back. */
type ToSettle = { readonly patientPaysFen: Fen; readonly toRefundFen: Fen };

/**
 * Why a trainee does not settle this: money would be given back, or the patient's part is above the limit and the mentor
 * has not consented. Null for everybody else, and for what a trainee may.
 */
export async function traineeHindrance(
  users: Users,
  { by, approvedBy }: { readonly by: string; readonly approvedBy?: string },
  { patientPaysFen, toRefundFen }: ToSettle,
): Promise<Result<never, 'trainee-limit' | 'trainee-no-refund'> | null> {
  const row = await users.find(by);
  if (row?.is_trainee !== 1) return null;
  const mentor = row.mentor === null ? null : await users.find(row.mentor);
  const name = mentor?.name ?? '';
  if (toRefundFen > 0) return refused(securityRefusal('trainee-no-refund', { mentor: name }));
  if (patientPaysFen <= row.trainee_limit_fen) return null;
  const isApproved = approvedBy === row.mentor && mentor?.state === 'active';
  if (isApproved) return null;
  return refused(
    securityRefusal('trainee-limit', { mentor: name, limitFen: row.trainee_limit_fen }),
  );
}

/** A trainee takes nothing back: cancelling gives money back. Null for everybody else. */
export async function traineeCancelHindrance(
  users: Users,
  by: string,
): Promise<Result<never, 'trainee-no-refund'> | null> {
  const row = await users.find(by);
  if (row?.is_trainee !== 1) return null;
  const mentor = row.mentor === null ? null : await users.find(row.mentor);
  return refused(securityRefusal('trainee-no-refund', { mentor: mentor?.name ?? '' }));
}
