import { packAssumptions } from '../../shared/pack-checks/pack-assumptions.ts';
import type { PackAct } from '../database/pack-acts-repository.ts';
import { approvalOf, type PackApprovalState } from './pack-approvals.ts';
import { hereOf, type PackToApprove } from './prepare-pack.ts';

/** How a pack stands, as commands print it. Who and when are null where nobody has. */
export type ApprovalSummary = {
  readonly state: PackApprovalState;
  /** Of its text and every file it names. */
  readonly fingerprint: string;
  /** It counts because the folder had settled by it before approvals were asked for. */
  readonly settledBefore: boolean;
  readonly preparedBy: string | null;
  readonly preparedAt: string | null;
  readonly approvedBy: string | null;
  readonly approvedAt: string | null;
  readonly withdrawnBy: string | null;
  readonly withdrawnAt: string | null;
  readonly withdrawnBecause: string | null;
  readonly accepted: readonly { readonly assumption: string; readonly reason: string }[];
  /** Assumptions nobody has accepted: a step that pays by one is refused. */
  readonly open: readonly string[];
};

export function approvalSummary(
  acts: readonly PackAct[],
  pack: PackToApprove,
  folderKind: 'demo' | 'live',
): ApprovalSummary {
  const standing = approvalOf(acts, hereOf(pack), folderKind);
  const { state, approved, withdrawn, waiting } = standing;
  const settledBefore = approved?.act === 'settled-before';
  // What waits is what is looked at next; else what was approved.
  const prepared = waiting ?? standing.prepared;
  const acceptsAll = waiting === null && settledBefore;
  const accepted = acceptsAll ? [] : (prepared?.accepted ?? []);
  const names = new Set(accepted.map(({ assumption }) => assumption));
  const all = packAssumptions(pack.compiled.document).map(({ name }) => name);
  return {
    ...{ state, fingerprint: pack.whole, settledBefore },
    preparedBy: prepared?.done_by ?? null,
    preparedAt: prepared?.at ?? null,
    approvedBy: approved?.done_by ?? null,
    approvedAt: settledBefore ? null : (approved?.at ?? null),
    withdrawnBy: withdrawn?.done_by ?? null,
    withdrawnAt: withdrawn?.at ?? null,
    withdrawnBecause: withdrawn?.reason ?? null,
    accepted: accepted.map(({ assumption, reason }) => ({ assumption, reason })),
    open: acceptsAll ? [] : all.filter((name) => !names.has(name)),
  };
}
