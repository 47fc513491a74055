import type { SettlementInput, YearToDate } from '../../shared/domain/person.ts';
import {
  choosePack,
  compareVersions,
  isInForce,
  whyNot,
  yearRuleOf,
} from '../../shared/policy/choose-pack.ts';
import type { CompiledPack } from '../../shared/policy/compile/compiled-pack.ts';
import { selfPayPack } from '../../shared/policy/decide-self-pay.ts';
import { settlementYearOf } from '../../shared/policy/facts/visit-facts.ts';
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

/** A year as it stands before the visit, rebuilt; null: nothing is known of it. */
export type YearBefore = (year: number) => YearToDate | null;

/** The years a visit is decided on: as things are, and under the draft. */
export type YearsBefore = { readonly was: YearBefore; readonly now: YearBefore };

/** How visits are decided under some packs. The year that is stored with a visit has no say. */
export type WayFinder = (
  input: SettlementInput,
  settledBy: { readonly pack: string; readonly packVersion: string } | null,
  years: YearsBefore,
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
  const draftFor = (
    input: SettlementInput,
    years: YearBefore,
  ): CompiledPack | 'several-packs' | null => {
    const day = input.visit.dischargedOn;
    let found: CompiledPack | null = null;
    for (const versions of drafts) {
      const tried = versions.find(({ pack }) => isInForce(pack, day)) ?? versions[0];
      if (tried === undefined) continue;
      if (whyNot(tried.always, onYearOf(tried.pack, input, years)) !== null) continue;
      if (found !== null) return 'several-packs';
      found = tried.pack;
    }
    return found;
  };
  return (input, settledBy, years) => {
    const was = settledBy === null ? byChoice(counting, input, years.was) : wayOf(packs, settledBy);
    if (was === null) return 'pack-gone';
    if (was === 'several-packs') return was;
    const now = draftFor(input, years.now);
    if (now === 'several-packs') return now;
    if (now !== null) return { was, now, isReached: true };
    if (!ids.has(was.id)) return { was, now: was, isReached: false };
    const instead = byChoice(others, input, years.now);
    return instead === 'several-packs' ? instead : { was, now: instead, isReached: true };
  };
}

/** A visit on the year that a pack reckons it by. */
export function onYearOf(
  pack: Pick<CompiledPack, 'year'>,
  input: SettlementInput,
  years: YearBefore,
): SettlementInput {
  const { visit, person } = input;
  return { visit, person, yearToDate: years(settlementYearOf(pack, input)) };
}

/** How the packs in use decide a visit that nobody settled, as in settling. */
function byChoice(
  packs: readonly CompiledPack[],
  input: SettlementInput,
  years: YearBefore,
): Way | 'several-packs' {
  const chosen = choosePack(packs, onYearOf(yearRuleOf(packs, input), input, years));
  if (chosen.ok) return chosen.value;
  if (chosen.refusal.code === 'several-packs') return 'several-packs';
  return input.visit.payerFigures === undefined ? selfPayPack : receivedPack;
}
