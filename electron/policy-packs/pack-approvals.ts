import type { packApprovalStates } from '../../shared/contracts/pack-approvals.ts';
import type { Acceptance, PackAct } from '../database/pack-acts-repository.ts';

/**
 * How a version of a pack stands in a folder. `draft`: nobody has done anything with it; `prepared`: the policy officer has,
 * and a second person has not; `approved`: it counts; `changed`: its files are not those that were prepared or approved;
 * `withdrawn`: it counted, and somebody stopped it.
 */
export type PackApprovalState = (typeof packApprovalStates)[number];

export type PackApproval = {
  readonly state: PackApprovalState;
  /** The preparation that waits for a second person, of the files as they are here; null: none does. */
  readonly waiting: PackAct | null;
  /** The last approval, whether or not it still counts; or that it was settled by before there were any. */
  readonly approved: PackAct | null;
  /** What was approved: the preparation. */
  readonly prepared: PackAct | null;
  readonly withdrawn: PackAct | null;
  /** The assumptions that are accepted; `all`: the folder settled by it before it was asked. */
  readonly accepted: readonly Acceptance[] | 'all';
};

/** A version of a pack as its files are here. */
export type PackHere = {
  readonly id: string;
  readonly version: string;
  /** Of its text and every file it names. */
  readonly fingerprint: string;
};

/**
 * How a pack stands, from all that was done with packs in their order. What was done in a demo counts in no folder that
 * is at work, for anybody there is whoever he says.
 */
export function approvalOf(
  acts: readonly PackAct[],
  here: PackHere,
  folderKind: 'demo' | 'live',
): PackApproval {
  const own = acts.filter(
    ({ pack, version, folder_kind: kind }) =>
      pack === here.id && version === here.version && (kind === 'live' || folderKind === 'demo'),
  );
  let approved: PackAct | null = null;
  let withdrawn: PackAct | null = null;
  let pending: PackAct | null = null;
  for (const act of own) {
    switch (act.act) {
      case 'settled-before':
        approved = act;
        break;
      case 'prepare':
        pending = act;
        break;
      case 'approve':
        [approved, withdrawn, pending] = [act, null, null];
        break;
      case 'withdraw':
        // What was prepared before was prepared for what is stopped now.
        [withdrawn, pending] = [act, null];
        break;
    }
  }
  const prepared = own.find(({ id }) => id === approved?.prepared_id) ?? null;
  const isOfHere = ({ fingerprint }: PackAct): boolean =>
    fingerprint === null || fingerprint === here.fingerprint;
  const waiting = pending !== null && isOfHere(pending) ? pending : null;
  const settledBefore = approved?.act === 'settled-before';
  return {
    state: stateOf({ approved, withdrawn, pending, waiting }, isOfHere),
    ...{ waiting, approved, prepared, withdrawn },
    accepted: settledBefore ? 'all' : (prepared?.accepted ?? []),
  };
}

type Standing = Pick<PackApproval, 'approved' | 'withdrawn' | 'waiting'> & {
  readonly pending: PackAct | null;
};

function stateOf(
  { approved, withdrawn, pending, waiting }: Standing,
  isOfHere: (act: PackAct) => boolean,
): PackApprovalState {
  if (withdrawn !== null) return waiting === null ? 'withdrawn' : 'prepared';
  if (approved !== null) return isOfHere(approved) ? 'approved' : 'changed';
  if (pending === null) return 'draft';
  return waiting === null ? 'changed' : 'prepared';
}
