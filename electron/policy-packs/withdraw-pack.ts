import { accepted, refused, type Result } from '../../shared/domain/result.ts';
import { shanghaiInstant } from '../base/clock.ts';
import { transactResult } from '../database/transact-result.ts';
import type { Actor } from '../security/second-person.ts';
import { approvalRefusal } from './approval-refusals.ts';
import type { PackHere } from './pack-approvals.ts';
import {
  saidReason,
  standingOf,
  whoMay,
  type ActCode,
  type ApprovalParts,
  type PackActDone,
} from './prepare-pack.ts';

export type WithdrawCode = ActCode | 'pack-not-approved' | 'withdrawal-reason-missing';

/**
 * Stops a pack, or takes back a preparation: from now on nothing is settled by it, and nothing by a lower version of it
 * that was approved before. What was settled stays. One person is enough to stop, also one whose files are gone.
 */
export function withdrawPack(
  parts: ApprovalParts,
  here: PackHere,
  { reason }: { readonly reason: string },
  by: Actor,
): Promise<Result<PackActDone, WithdrawCode>> {
  return transactResult<PackActDone, WithdrawCode>(parts.store, async (repositories) => {
    const { id, version } = here;
    const name = `${id}@${version}`;
    const who = await whoMay(repositories, by, ['policy-officer', 'supervisor']);
    if (!who.ok) return who;
    const said = saidReason(reason);
    if (said === null) return refused(approvalRefusal('withdrawal-reason-missing'));
    const { state, approved, withdrawn, waiting } = await standingOf(repositories, parts, here);
    if (withdrawn !== null && waiting === null) return accepted({ already: true });
    if (approved === null && state === 'draft')
      return refused(approvalRefusal('pack-not-approved', { name }));
    const at = shanghaiInstant(parts.clock.now());
    const entry = await repositories.audit.append({
      ...{ at, who: by.userId, act: 'withdraw-pack', about: name },
      detail: { reason: said, page: by.page },
    });
    await repositories.packActs.insert({
      ...{ id: parts.ids.next(), act: 'withdraw', pack: id, version, fingerprint: null },
      ...{ prepared_id: null, prepared_by: null, reason: said, folder_kind: parts.folder.kind },
      ...{ at, done_by: by.userId, done_page: by.page, entry, accepted: [] },
    });
    return accepted({ already: false });
  });
}
