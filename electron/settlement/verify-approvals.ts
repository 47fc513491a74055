import { z } from 'zod';

import { approvalSummary, type ApprovalSummary } from '../policy-packs/approval-summary.ts';
import type { PackToApprove } from '../policy-packs/prepare-pack.ts';
import type { Store } from '../database/store.ts';
import type { FoundProblem } from '../database/verification-repository.ts';
import { packName } from './pack-texts.ts';
import { checkOf, type Check } from './verify-folder.ts';

/** Under which name the audit says which packs count because they were settled by before. */
export const settledBeforeEntry = 'packs-settled-before';

const listedSchema = z.object({ packs: z.array(z.string()) });

/**
 * How every pack that anything was done with stands, by whom and since when; and whether those that count because they
 * were settled by before are the ones the audit named when approvals began.
 */
export async function checkOfApprovals(
  store: Store,
  packs: readonly PackToApprove[],
  folderKind: 'demo' | 'live',
): Promise<Check> {
  const { acts, listed } = await store.read(async ({ packActs, audit }) => ({
    acts: await packActs.list(),
    listed: (await audit.about(settledBeforeEntry)).flatMap(
      ({ detail_json: text }) => listedSchema.safeParse(JSON.parse(text)).data?.packs ?? [],
    ),
  }));
  const before = acts
    .filter(({ act }) => act === 'settled-before')
    .map(({ pack, version }) => packName({ id: pack, version }));
  const problems: FoundProblem[] = [
    ...(folderKind === 'demo' ? [] : before.filter((name) => !listed.includes(name))).map(
      (about) => ({ about, problem: 'counts as approved, and the audit never said so' }),
    ),
    ...listed
      .filter((name) => !before.includes(name))
      .map((about) => ({ about, problem: 'counted as approved, and nothing is kept of it' })),
  ];
  const notes = packs.flatMap((pack) => {
    const summary = approvalSummary(acts, pack, folderKind);
    if (summary.state === 'draft') return [];
    return [{ about: packName(pack.compiled), problem: stateWords(summary) }];
  });
  return { ...checkOf('packs-approved', problems), ...(notes.length === 0 ? {} : { notes }) };
}

function stateWords(summary: ApprovalSummary): string {
  const { state, settledBefore, preparedBy, preparedAt, approvedBy, approvedAt } = summary;
  const { withdrawnBy, withdrawnAt, withdrawnBecause, open } = summary;
  const parts: string[] = [state];
  if (settledBefore) parts.push('was settled by before approvals were asked for');
  if (preparedBy !== null) parts.push(`prepared by ${preparedBy} ${preparedAt ?? ''}`);
  if (approvedBy !== null) parts.push(`approved by ${approvedBy} ${approvedAt ?? ''}`);
  if (withdrawnBy !== null) {
    parts.push(`withdrawn by ${withdrawnBy} ${withdrawnAt ?? ''}: ${withdrawnBecause ?? ''}`);
  }
  if (open.length > 0) parts.push(`assumptions nobody accepted: ${String(open.length)}`);
  return parts.join('; ');
}
