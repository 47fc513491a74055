import { accepted, refused, type Result } from '../../shared/domain/result.ts';
import { shanghaiInstant } from '../base/clock.ts';
import { transactResult } from '../database/transact-result.ts';
import type { Actor } from '../security/second-person.ts';
import { securityRefusal } from '../security/security-refusals.ts';
import { approvalRefusal } from './approval-refusals.ts';
import { packRefusal } from './pack-refusals.ts';
import {
  hereOf,
  nameOf,
  standingOf,
  whoMay,
  type ActCode,
  type ApprovalParts,
  type PackActDone,
  type PackToApprove,
} from './prepare-pack.ts';

export type ApproveCode = ActCode | 'pack-not-prepared' | 'second-person-needed' | 'pack-differs';

/**
 * A supervisor who is not the one who prepared a pack approves it, with the assumptions that were accepted: it counts from
 * now on, as its files are now. `preparedId`: the preparation that was looked at; another made meanwhile is not approved
 * unseen. Whether two accounts are one person nobody can know here.
 */
export function approvePack(
  parts: ApprovalParts,
  pack: PackToApprove,
  { preparedId }: { readonly preparedId?: string },
  by: Actor,
): Promise<Result<PackActDone, ApproveCode>> {
  return transactResult<PackActDone, ApproveCode>(parts.store, async (repositories) => {
    const who = await whoMay(repositories, by, ['supervisor']);
    if (!who.ok) return who;
    const { waiting, state, prepared } = await standingOf(repositories, parts, hereOf(pack));
    const isStanding = preparedId === undefined || prepared?.id === preparedId;
    if (waiting === null && state === 'approved' && isStanding) return accepted({ already: true });
    const isSeen = preparedId === undefined || waiting?.id === preparedId;
    if (waiting === null || waiting.done_by === null || !isSeen)
      return refused(approvalRefusal('pack-not-prepared', { name: nameOf(pack) }));
    if (waiting.done_by === by.userId) return refused(securityRefusal('second-person-needed'));
    const { id, version } = pack.compiled;
    const at = shanghaiInstant(parts.clock.now());
    const { fingerprint: sha256 } = pack;
    const kept = await repositories.packsInForce.keep({ id, version, sha256, at });
    if (kept !== sha256) return refused(packRefusal('pack-differs', { name: nameOf(pack) }));
    const entry = await repositories.audit.append({
      ...{ at, who: by.userId, act: 'approve-pack', about: nameOf(pack) },
      detail: {
        ...{ fingerprint: pack.whole, preparedBy: waiting.done_by, prepared: waiting.entry },
        ...{ accepted: waiting.accepted.map(({ assumption }) => assumption), page: by.page },
      },
    });
    await repositories.packActs.insert({
      ...{ id: parts.ids.next(), act: 'approve', pack: id, version, fingerprint: pack.whole },
      ...{ prepared_id: waiting.id, prepared_by: waiting.done_by, reason: null },
      ...{ folder_kind: parts.folder.kind, at, done_by: by.userId, done_page: by.page, entry },
      accepted: [],
    });
    return accepted({ already: false });
  });
}
