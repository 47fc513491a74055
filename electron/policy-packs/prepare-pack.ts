import { packAssumptions } from '../../shared/pack-checks/pack-assumptions.ts';
import { accepted, refused, type Result } from '../../shared/domain/result.ts';
import type { CompiledPack } from '../../shared/policy/compile/compiled-pack.ts';
import { shanghaiInstant, type Clock } from '../base/clock.ts';
import type { Ids } from '../base/ids.ts';
import type { Acceptance } from '../database/pack-acts-repository.ts';
import type { Repositories, Store } from '../database/store.ts';
import { transactResult } from '../database/transact-result.ts';
import { maskNumbersIn } from '../security/mask.ts';
import type { Actor } from '../security/second-person.ts';
import { securityRefusal } from '../security/security-refusals.ts';
import { activeUser } from '../security/users.ts';
import type { Role } from '../../shared/contracts/contract.ts';
import { readReason } from '../../shared/domain/written-text.ts';
import { approvalRefusal } from './approval-refusals.ts';
import type { LoadedPack } from './load-packs.ts';
import { approvalOf, type PackApproval, type PackHere } from './pack-approvals.ts';
import { packRefusal } from './pack-refusals.ts';

export type ApprovalParts = {
  readonly store: Store;
  readonly clock: Pick<Clock, 'now'>;
  readonly ids: Ids;
  readonly folder: { readonly kind: 'demo' | 'live' };
};

/** A pack as it is here, with what it assumes. */
export type PackToApprove = Pick<LoadedPack, 'fingerprint' | 'whole'> & {
  readonly compiled: Pick<CompiledPack, 'id' | 'version' | 'document'>;
};

/** `already`: it was so before, and nothing was kept anew. */
export type PackActDone = { readonly already: boolean };

export type ActCode = 'user-unknown' | 'not-allowed';
export type PrepareCode =
  | ActCode
  | 'pack-changed-meanwhile'
  | 'assumption-unknown'
  | 'acceptance-reason-missing'
  | 'pack-differs';

export type Preparation = {
  /** All assumptions that count as right, each with its reason. */
  readonly accepted: readonly Acceptance[];
  /** The fingerprint of what the officer looked at; absent: what is here. */
  readonly seen?: string;
};

/** A reason is a sentence or two; a document stays where it is and is named. */
const reasonMax = 500;

/**
 * The policy officer says that a pack may be used, as its files are now, and names the assumptions that count as right,
 * each with its reason. A second person has to approve both; until then it settles nothing.
 */
export function preparePack(
  parts: ApprovalParts,
  pack: PackToApprove,
  { accepted: acceptances, seen }: Preparation,
  by: Actor,
): Promise<Result<PackActDone, PrepareCode>> {
  return transactResult<PackActDone, PrepareCode>(parts.store, async (repositories) => {
    const who = await whoMay(repositories, by, ['policy-officer']);
    if (!who.ok) return who;
    if (seen !== undefined && seen !== pack.whole)
      return refused(approvalRefusal('pack-changed-meanwhile', { name: nameOf(pack) }));
    const stated = statedAcceptances(pack, acceptances);
    if (!stated.ok) return stated;
    const text = await textInForce(repositories, pack);
    if (!text.ok) return text;
    const { waiting, state, prepared } = await standingOf(repositories, parts, hereOf(pack));
    const same = waiting ?? (state === 'approved' ? prepared : null);
    if (same !== null && sameAcceptances(same.accepted, stated.value))
      return accepted({ already: true });
    const { id: name, version } = pack.compiled;
    const at = shanghaiInstant(parts.clock.now());
    const entry = await repositories.audit.append({
      ...{ at, who: by.userId, act: 'prepare-pack', about: nameOf(pack) },
      detail: { fingerprint: pack.whole, accepted: stated.value, page: by.page },
    });
    await repositories.packActs.insert({
      ...{ id: parts.ids.next(), act: 'prepare', pack: name, version, fingerprint: pack.whole },
      ...{ prepared_id: null, prepared_by: null, reason: null, folder_kind: parts.folder.kind },
      ...{ at, done_by: by.userId, done_page: by.page, entry, accepted: stated.value },
    });
    return accepted({ already: false });
  });
}

/** The id and version of a pack, as the books and people name it. */
export const nameOf = ({ compiled: { id, version } }: PackToApprove): string => `${id}@${version}`;

export const hereOf = ({ compiled: { id, version }, whole }: PackToApprove): PackHere => ({
  ...{ id, version, fingerprint: whole },
});

/** How a pack stands now, in the transaction that acts. */
export async function standingOf(
  { packActs }: Pick<Repositories, 'packActs'>,
  { folder }: Pick<ApprovalParts, 'folder'>,
  here: PackHere,
): Promise<PackApproval> {
  return approvalOf(await packActs.list(), here, folder.kind);
}

/** Who acts, if he works here today and in one of these roles. */
export async function whoMay(
  { users }: Pick<Repositories, 'users'>,
  { userId }: Actor,
  roles: readonly Role[],
): Promise<Result<void, ActCode>> {
  const user = await activeUser(users, userId);
  if (user === null) return refused(securityRefusal('user-unknown', { userId, place: '/by' }));
  return roles.includes(user.role)
    ? accepted(undefined)
    : refused(securityRefusal('not-allowed', { name: user.name }));
}

/** Another text than the one this version stands for in these books is never brought into use. */
export async function textInForce(
  { packsInForce }: Pick<Repositories, 'packsInForce'>,
  pack: PackToApprove,
): Promise<Result<void, 'pack-differs'>> {
  const { id, version } = pack.compiled;
  const kept = (await packsInForce.list()).find(
    (each) => each.id === id && each.version === version,
  );
  return kept === undefined || kept.sha256 === pack.fingerprint
    ? accepted(undefined)
    : refused(packRefusal('pack-differs', { name: nameOf(pack) }));
}

function statedAcceptances(
  pack: PackToApprove,
  acceptances: readonly Acceptance[],
): Result<readonly Acceptance[], 'assumption-unknown' | 'acceptance-reason-missing'> {
  const known = packAssumptions(pack.compiled.document).map(({ name }) => name);
  const seen = new Set<string>();
  const stated: Acceptance[] = [];
  for (const { assumption, reason } of acceptances) {
    if (!known.includes(assumption)) {
      const name = nameOf(pack);
      return refused(approvalRefusal('assumption-unknown', { name, assumption, known }));
    }
    const said = saidReason(reason);
    if (said === null || seen.has(assumption))
      return refused(approvalRefusal('acceptance-reason-missing', { assumption }));
    seen.add(assumption);
    stated.push({ assumption, reason: said });
  }
  return accepted(stated.sort((a, b) => (a.assumption < b.assumption ? -1 : 1)));
}

/**
 * A reason without the space around it and without a patient's number, for everybody reads it; null where it says nothing or
 * is no reason any more.
 */
export function saidReason(reason: string): string | null {
  const said = readReason(reason);
  return /[\p{L}\p{N}]/u.test(said) && said.length <= reasonMax ? maskNumbersIn(said) : null;
}

const sameAcceptances = (one: readonly Acceptance[], other: readonly Acceptance[]): boolean =>
  JSON.stringify(one.map(pairOf).sort()) === JSON.stringify(other.map(pairOf).sort());

const pairOf = ({ assumption, reason }: Acceptance): string => `${assumption} ${reason}`;
