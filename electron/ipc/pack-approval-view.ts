import type {
  PackApprovalView,
  PackAssumptionView,
} from '../../shared/contracts/pack-approvals.ts';
import { packAssumptions } from '../../shared/pack-checks/pack-assumptions.ts';
import type { PackAct } from '../database/pack-acts-repository.ts';
import type { Repositories } from '../database/store.ts';
import type { LoadedPack } from '../policy-packs/load-packs.ts';
import { approvalOf, type PackApproval } from '../policy-packs/pack-approvals.ts';
import { hereOf } from '../policy-packs/prepare-pack.ts';
import { nameOfUser } from '../security/users.ts';
import type { DeskServices } from './desk-parts.ts';

/** Everything that was done with packs, and who is who. */
export type KnownActs = {
  readonly acts: readonly PackAct[];
  readonly nameOf: (userId: string) => string;
};

export async function knownActs({
  packActs,
  users,
}: Pick<Repositories, 'packActs' | 'users'>): Promise<KnownActs> {
  const acts = await packActs.list();
  const names = new Map<string, string>();
  for (const { done_by: id } of acts)
    if (id !== null && !names.has(id)) names.set(id, await nameOfUser(users, id));
  return { acts, nameOf: (userId) => names.get(userId) ?? userId };
}

/** How a pack stands in this folder. */
export function standingOfPack(
  { acts }: KnownActs,
  pack: LoadedPack,
  { approvedOnly }: Pick<DeskServices, 'approvedOnly'>,
): PackApproval {
  return approvalOf(acts, hereOf(pack), approvedOnly === null ? 'demo' : 'live');
}

/** The same as the page shows it to who sits there. */
export function approvalView(
  known: KnownActs,
  pack: LoadedPack,
  services: Pick<DeskServices, 'approvedOnly'>,
  userId: string,
): PackApprovalView {
  const { state, waiting, prepared, approved, withdrawn } = standingOfPack(known, pack, services);
  const done = (act: PackAct | null) => {
    if (act?.done_by === null || act?.done_by === undefined) return null;
    return { by: { id: act.done_by, name: known.nameOf(act.done_by) }, at: act.at };
  };
  const [waits, stopped] = [done(waiting), done(withdrawn)];
  return {
    state,
    isRequired: services.approvedOnly !== null,
    fingerprint: pack.whole,
    settledBefore: approved?.act === 'settled-before',
    waiting:
      waits === null || waiting === null
        ? null
        : { ...waits, preparedId: waiting.id, isOwn: waiting.done_by === userId },
    prepared: done(prepared),
    approved: done(approved),
    withdrawn: stopped === null ? null : { ...stopped, reason: withdrawn?.reason ?? '' },
  };
}

/** What the pack assumes, and what of it is accepted. */
export function assumptionViews(
  known: KnownActs,
  pack: LoadedPack,
  services: Pick<DeskServices, 'approvedOnly'>,
): PackAssumptionView[] {
  const { document } = pack.compiled;
  const { waiting, accepted } = standingOfPack(known, pack, services);
  return packAssumptions(document).map(({ name, label, reason, steps }) => ({
    ...{ name, label, reason },
    steps: steps.map(
      (id) => document.steps.find((step) => step.id === id)?.name ?? { zh: id, en: id },
    ),
    accepted:
      accepted === 'all'
        ? ''
        : (accepted.find(({ assumption }) => assumption === name)?.reason ?? null),
    waiting: waiting?.accepted.find(({ assumption }) => assumption === name)?.reason ?? null,
  }));
}
