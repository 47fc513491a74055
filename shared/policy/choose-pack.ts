import type { SettlementInput } from '../domain/person.ts';
import { accepted, refused, type Result, type Words } from '../domain/result.ts';
import type { CompiledPack } from './compile/compiled-pack.ts';
import { firstUnmet } from './compile/compile-condition.ts';
import { factsOf } from './facts/visit-facts.ts';
import { policyRefusal } from './policy-refusals.ts';

/** The pack that applies, or why none is: the two reasons are told apart by their codes. */
export type ChosenPack = Result<CompiledPack, 'no-pack'> | Result<CompiledPack, 'several-packs'>;

/**
 * The one pack that applies to a visit: by place, insurance, kind of visit and categories of the person,
 * in the highest version of it in force on the day of discharge. None or several is a refusal: a person no pack
 * covers is never given one of ours.
 */
export function choosePack(packs: readonly CompiledPack[], input: SettlementInput): ChosenPack {
  const matching = packs.filter((pack) => whyNotAmong(packs, pack, input) === null);
  const [first, ...more] = matching;
  if (first !== undefined && more.length === 0) return accepted(first);
  if (first !== undefined) {
    const names = matching.map(({ id, version }) => `${id}@${version}`);
    return refused(policyRefusal('several-packs', { names }));
  }
  return refused(
    policyRefusal('no-pack', {
      message: noPackWords(packs, input),
      packs: packs.map((pack) => ({
        pack: `${pack.id}@${pack.version}`,
        because: whyNotAmong(packs, pack, input),
      })),
    }),
  );
}

/**
 * By which of its two days a visit's year is found: that of discharge, unless the pack that applies whatever the year
 * counts by admission. Known before the year is, for a pack may ask which stay of the year it is.
 */
export function yearRuleOf(
  packs: readonly CompiledPack[],
  { visit, person }: Pick<SettlementInput, 'visit' | 'person'>,
): Pick<CompiledPack, 'year'> {
  const chosen = choosePack(packs, { visit, person, yearToDate: null });
  return chosen.ok ? chosen.value : { year: 'discharge' };
}

/** Why a pack among others does not apply to a visit: the visit, or a higher version of the same pack. */
function whyNotAmong(
  packs: readonly CompiledPack[],
  pack: CompiledPack,
  input: SettlementInput,
): Words | null {
  const because = whyNot(pack, input);
  if (because !== null) return because;
  const higher = packs.find(
    (other) =>
      other.id === pack.id &&
      compareVersions(other.version, pack.version) > 0 &&
      isInForce(other, input.visit.dischargedOn),
  );
  if (higher === undefined) return null;
  const { version } = higher;
  return { zh: `已由 ${version} 版取代`, en: `replaced by its version ${version}` };
}

/** Below 0 where the first version is the lower; each part counts as a number. */
export function compareVersions(one: string, other: string): number {
  const [parts, others] = [one, other].map((version) => version.split('.').map(Number));
  for (let at = 0; at < 3; at += 1) {
    const difference = (parts?.[at] ?? 0) - (others?.[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/**
 * Whether a higher version of the same pack with the same first day replaces a version on every day it is in force:
 * it settles nothing any more, and its text stays as it was.
 */
export function isReplaced(
  { id, version, inForceFrom, inForceUntil }: CompiledPack,
  all: readonly CompiledPack[],
): boolean {
  return all.some(
    (other) =>
      other.id === id &&
      compareVersions(other.version, version) > 0 &&
      other.inForceFrom === inForceFrom &&
      (other.inForceUntil === null ||
        (inForceUntil !== null && inForceUntil <= other.inForceUntil)),
  );
}

/** Why a pack does not apply to a visit; null if it does. */
export function whyNot(pack: CompiledPack, input: SettlementInput): Words | null {
  const { visit, person } = input;
  const { places, insurance, kinds } = pack.appliesTo;
  if (person.insurance === 'none') return { zh: '未参保', en: 'not insured' };
  if (!insurance.includes(person.insurance)) {
    return { zh: '险种不适用', en: `not for the insurance "${person.insurance}"` };
  }
  if (!places.some((place) => person.insuredPlace.startsWith(place))) {
    return {
      zh: `参保地 ${person.insuredPlace} 不在适用地区`,
      en: `not for persons insured in ${person.insuredPlace}`,
    };
  }
  if (!kinds.includes(visit.kind)) {
    return { zh: '就诊类型不适用', en: `not for a visit of the kind "${visit.kind}"` };
  }
  if (!isInForce(pack, visit.dischargedOn)) {
    return {
      zh: `出院日期 ${visit.dischargedOn} 不在有效期内`,
      en: `not in force on the day of discharge, ${visit.dischargedOn}`,
    };
  }
  if (pack.scope.length === 0) return null;
  const unmet = firstUnmet(pack.scope, factsOf(pack, input));
  if (unmet === null) return null;
  const { zh, en } = unmet.words;
  return { zh, en: `${en.slice(0, 1).toLowerCase()}${en.slice(1)}` };
}

/** Whether a pack is in force on a day; the end is exclusive. */
export function isInForce(pack: CompiledPack, day: string): boolean {
  return pack.inForceFrom <= day && (pack.inForceUntil === null || day < pack.inForceUntil);
}

function noPackWords(packs: readonly CompiledPack[], input: SettlementInput): Words {
  if (input.person.insurance === 'none') {
    return {
      zh: `此人未参保，没有适用的待遇政策，费用全部自费。`,
      en: `This person is not insured: no policy pack applies and all is self-pay.`,
    };
  }
  const [only, ...more] = packs;
  const reason = only !== undefined && more.length === 0 ? whyNot(only, input) : null;
  return {
    zh: `没有适用于此人本次就诊的待遇政策${reason === null ? '' : `：${reason.zh}`}。`,
    en: `No policy pack applies to this visit${reason === null ? '' : `: ${reason.en}`}.`,
  };
}
