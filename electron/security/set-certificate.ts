import { accepted, refused, type Result } from '../../shared/domain/result.ts';
import { transactResult } from '../database/transact-result.ts';
import { keptCertificate, notThisUsers, readCertificate } from './client-certificate.ts';
import { securityRefusal } from './security-refusals.ts';
import { readKeyFolder } from './sign-in-rules.ts';
import {
  auditUserAct,
  changeableUser,
  everybody,
  hasOtherAdministrator,
  instantNow,
  refusalUnlessAdministrator,
  type UserParts,
} from './user-parts.ts';
import type { User } from './users.ts';

export type SetCertificate = {
  readonly userId: string;
  /** null: none is asked for any more. */
  readonly fingerprint: string | null;
  readonly validUntil: string | null;
};

export type SetCertificateCode =
  | 'not-allowed'
  | 'user-unknown'
  | 'user-ended'
  | 'last-administrator'
  | 'certificate-bad'
  | 'certificates-not-set-up';

/**
 * Gives a user the certificate whose key is asked for at every sign-in from now on, or takes it away. An administrator gets one
 * only where another could help if the stick is lost. `certificate`: PEM; null: none any more.
 */
export async function setCertificate(
  parts: Omit<UserParts, 'hasher'>,
  { userId, certificate, by }: { userId: string; certificate: string | null; by: User },
): Promise<Result<SetCertificate, SetCertificateCode>> {
  return transactResult<SetCertificate, SetCertificateCode>(parts.store, async (all) => {
    const notAllowed = await refusalUnlessAdministrator(all, by);
    if (notAllowed !== null) return notAllowed;
    const found = await changeableUser(all, userId);
    if (!found.ok) return found;
    const read = certificate === null ? null : readCertificate(certificate, parts.clock.now());
    if (read?.ok === false) return read;
    const kept = read?.value ?? null;
    if (kept !== null) {
      if (found.value.is_service === 1) return notThisUsers('of-a-program');
      if ((await readKeyFolder(all.folderFacts)) === null)
        return refused(securityRefusal('certificates-not-set-up'));
      const isTaken = (await everybody(all)).some(
        (each) =>
          each.id !== userId && keptCertificate(each.certificate)?.fingerprint === kept.fingerprint,
      );
      if (isTaken) return notThisUsers('taken');
      const isLast =
        found.value.role === 'administrator' && !(await hasOtherAdministrator(all, userId));
      if (isLast) return refused(securityRefusal('last-administrator'));
    }
    await all.users.change(userId, { certificate: kept?.pem ?? null });
    const fingerprint = kept?.fingerprint ?? null;
    const validUntil = kept?.validUntil.toISOString() ?? null;
    await auditUserAct(all, {
      ...{ at: instantNow(parts), who: by.userId, act: 'certificate-of-user', about: userId },
      detail: { fingerprint, validUntil },
    });
    return accepted({ userId, fingerprint, validUntil });
  });
}
