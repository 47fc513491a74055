import type { SettlementInput } from '../../shared/domain/person.ts';
import { choosePack, compareVersions, isInForce, whyNot } from '../../shared/policy/choose-pack.ts';
import type { CompiledPack } from '../../shared/policy/compile/compiled-pack.ts';
import { selfPayPack } from '../../shared/policy/decide-self-pay.ts';
import { receivedPack } from '../../shared/policy/received-figures.ts';
import { wayOf, type Way } from '../settlement/decide-again.ts';
import { packName } from '../settlement/pack-texts.ts';

/** The draft that is tried, in all its versions (or several that go together), and every pack in use. */
export type TriedPacks = {
  readonly draft: readonly CompiledPack[];
  readonly packs: readonly CompiledPack[];
  /** By which of them a visit is settled today, as `id@version`; a pack that nobody approved settles nothing. Absent: all. */
  readonly inUse?: readonly string[];
};

/** How a visit is decided as things are, and as they would be under the draft. */
export type Ways = {
  readonly was: Way;
  readonly now: Way;
  /** The draft decides it now, or its pack decided it before: else it is no visit of this pack. */
  readonly isReached: boolean;
};

/** Why a way is not known: the version that settled is not here any more, or several packs apply. */
export type NoWayCode = 'pack-gone' | 'several-packs';

/** How visits are decided under some packs. */
export type WayFinder = (
  input: SettlementInput,
  settledBy: { readonly pack: string; readonly packVersion: string } | null,
) => Ways | NoWayCode;

/**
 * A draft goes before every other pack and on every day: next year's rules are tried on the visits of last year. Of
 * several versions the highest in force on the day of discharge counts; where none is, the highest of all. A visit that
 * the same pack settled and the draft does not cover any more is decided as if there were no such pack; every other visit
 * stays with the way it was settled by, on the year as it is then.
 */
export function wayFinder({ draft, packs, inUse }: TriedPacks): WayFinder {
  const counting =
    inUse === undefined ? packs : packs.filter((pack) => inUse.includes(packName(pack)));
  const ids = new Set(draft.map(({ id }) => id));
  const drafts = [...ids].map((wanted) =>
    draft
      .filter(({ id }) => id === wanted)
      .sort((one, other) => compareVersions(other.version, one.version))
      .map((pack) => ({ pack, always: { ...pack, inForceFrom: '', inForceUntil: null } })),
  );
  const others = counting.filter(({ id }) => !ids.has(id));
  const draftFor = (input: SettlementInput): CompiledPack | 'several-packs' | null => {
    const day = input.visit.dischargedOn;
    let found: CompiledPack | null = null;
    for (const versions of drafts) {
      const tried = versions.find(({ pack }) => isInForce(pack, day)) ?? versions[0];
      if (tried === undefined || whyNot(tried.always, input) !== null) continue;
      if (found !== null) return 'several-packs';
      found = tried.pack;
    }
    return found;
  };
  return (input, settledBy) => {
    const was = settledBy === null ? byChoice(counting, input) : wayOf(packs, settledBy);
    if (was === null) return 'pack-gone';
    if (was === 'several-packs') return was;
    const now = draftFor(input);
    if (now === 'several-packs') return now;
    if (now !== null) return { was, now, isReached: true };
    if (!ids.has(was.id)) return { was, now: was, isReached: false };
    const instead = byChoice(others, input);
    return instead === 'several-packs' ? instead : { was, now: instead, isReached: true };
  };
}

/** How the packs in use decide a visit that nobody settled. */
function byChoice(packs: readonly CompiledPack[], input: SettlementInput): Way | 'several-packs' {
  const chosen = choosePack(packs, input);
  if (chosen.ok) return chosen.value;
  if (chosen.refusal.code === 'several-packs') return 'several-packs';
  return input.visit.payerFigures === undefined ? selfPayPack : receivedPack;
}
