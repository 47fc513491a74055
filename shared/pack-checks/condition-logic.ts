import { insurances } from '../domain/person.ts';
import { isAgeNoLaterThan, type Age } from '../domain/stay.ts';
import { hospitalLevels, visitKinds } from '../domain/visit.ts';
import {
  hospitalAreas,
  outOfAreaStates,
  referralStates,
  type PackCondition,
  type PlainCondition,
} from '../policy/pack/pack-conditions.ts';
import type { PackDocument } from '../policy/pack/pack-schema.ts';
import { sameData } from './same-data.ts';

/** Conditions that hold together, as far as is known at a place of a pack. */
export type Context = readonly PackCondition[];

/** What a pack asks of every visit, as a condition. */
export function contextOfPack({
  appliesTo,
  inForceFrom,
  inForceUntil,
}: Pick<PackDocument, 'appliesTo' | 'inForceFrom' | 'inForceUntil'>): Context {
  const before = inForceUntil === null ? {} : { before: inForceUntil };
  const inForce = { discharged: { from: inForceFrom, ...before } };
  // Places are no part of a condition; the scope's other parts are read as one.
  return [appliesTo, { visitKinds: appliesTo.kinds }, inForce];
}

/**
 * Whether no visit at all can meet all the conditions together. True only where it can be shown: two lists of
 * diseases that share no code may both fit a patient with two diseases, unless both are of the one he came for.
 */
export function neverTogether(document: PackDocument, conditions: Context): boolean {
  return alternativesOf(conditions).every((plain) => isImpossible(document, narrowed(plain)));
}

/** Whether every visit that meets a context meets a condition too; true only where it can be shown. */
export function alwaysHolds(
  document: PackDocument,
  condition: PackCondition,
  context: Context,
): boolean {
  return oneAlwaysHolds(document, [condition], context);
}

/** The same of at least one of several conditions, not of the same one for every visit. */
export function oneAlwaysHolds(
  document: PackDocument,
  conditions: Context,
  context: Context,
): boolean {
  const wider = conditions.flatMap((condition) => alternativesOf([condition]));
  return alternativesOf(context.flatMap(oneByOne)).every((plain) => {
    const known = narrowed(plain);
    if (isImpossible(document, known)) return true;
    return wider.some((parts) => parts.every((part) => isKnown(document, part, known)));
  });
}

/** A condition that names several categories or levels, told apart into one alternative for each. */
function oneByOne({ anyOf, ...plain }: PackCondition): Context {
  const condition: PackCondition =
    anyOf === undefined ? plain : { ...plain, anyOf: anyOf.flatMap(levelByLevel) };
  const { categories, hospitalLevels: levels, referral } = condition;
  const each = (alternatives: readonly PlainCondition[] | undefined): Context =>
    alternatives === undefined ? [] : [{ anyOf: [...alternatives] }];
  const held = categories !== undefined && 'any' in categories ? categories.any : undefined;
  return [
    condition,
    ...each(held?.map((one) => ({ categories: { any: [one] } }))),
    ...each(levels?.map((one) => ({ hospitalLevels: [one] }))),
    ...each(referral?.map((one) => ({ referral: [one] }))),
  ];
}

function levelByLevel(alternative: PlainCondition): readonly PlainCondition[] {
  const { hospitalLevels: levels } = alternative;
  return levels === undefined
    ? [alternative]
    : levels.map((one) => ({ ...alternative, hospitalLevels: [one] }));
}

/** More combinations of alternatives than this are not gone through: nothing is claimed of them. */
const alternativesMax = 100;

/** Conditions without `anyOf`: one list of plain ones for every way to choose an alternative of each. */
function alternativesOf(conditions: Context): readonly (readonly PlainCondition[])[] {
  let combinations: (readonly PlainCondition[])[] = [[]];
  for (const { anyOf, ...plain } of conditions) {
    const choices: readonly PlainCondition[] = anyOf ?? [{}];
    if (combinations.length * choices.length > alternativesMax) {
      combinations = combinations.map((chosen) => [...chosen, plain]);
      continue;
    }
    combinations = combinations.flatMap((chosen) =>
      choices.map((choice) => [...chosen, plain, choice]),
    );
  }
  return combinations;
}

const setParts = [
  'hospitalLevels',
  'hospitalGrades',
  'hospitalTypes',
  'visitKinds',
  'insurance',
  'employment',
  'referral',
  'outOfArea',
  'hospitalArea',
  'disabilityLevels',
] as const;
type SetPart = (typeof setParts)[number];

const listParts = ['hospitals', 'diseases', 'procedures', 'chronicDiseases'] as const;
type ListPart = (typeof listParts)[number];

/** A number, a day as text, or an age. */
type Bound = string | Age;

/** From (inclusive) until (exclusive). */
type Range = { readonly from: Bound; readonly before: Bound };

/** Several plain conditions taken together. */
type Narrowed = {
  readonly sets: ReadonlyMap<SetPart, readonly (string | number)[]>;
  readonly ranges: ReadonlyMap<string, Range>;
  /** Of each of these groups at least one category is held. */
  readonly oneOf: readonly (readonly string[])[];
  readonly noneOf: readonly string[];
  readonly lists: ReadonlyMap<ListPart, readonly string[]>;
  readonly contractedDoctor: readonly boolean[];
  readonly emergency: readonly boolean[];
  readonly denied: readonly PlainCondition['not'][];
  readonly places: readonly (readonly string[])[];
};

function narrowed(conditions: readonly PlainCondition[]): Narrowed {
  const sets = new Map<SetPart, readonly (string | number)[]>();
  const ranges = new Map<string, Range>();
  const lists = new Map<ListPart, readonly string[]>();
  const oneOf: (readonly string[])[] = [];
  const noneOf: string[] = [];
  const contractedDoctor: boolean[] = [];
  const emergency: boolean[] = [];
  const denied: PlainCondition['not'][] = [];
  const places: (readonly string[])[] = [];
  for (const condition of conditions) {
    for (const part of setParts) {
      const values: readonly (string | number)[] | undefined = condition[part];
      if (values === undefined) continue;
      const before = sets.get(part);
      sets.set(part, before === undefined ? values : before.filter((one) => values.includes(one)));
    }
    for (const [part, range] of rangesOf(condition)) {
      const before = ranges.get(part);
      ranges.set(part, before === undefined ? range : narrower(before, range));
    }
    for (const part of listParts) {
      const key = condition[part];
      if (key !== undefined) lists.set(part, [...(lists.get(part) ?? []), key]);
    }
    const { categories } = condition;
    if (categories !== undefined) {
      if ('any' in categories) oneOf.push(categories.any);
      else noneOf.push(...categories.none);
    }
    if (condition.emergency !== undefined) emergency.push(condition.emergency);
    if (condition.not !== undefined) denied.push(condition.not);
    if (condition.hospitalPlaces !== undefined) places.push(condition.hospitalPlaces);
    if (condition.contractedDoctor !== undefined) contractedDoctor.push(condition.contractedDoctor);
  }
  knowWhereLevelsLie(sets);
  return { sets, ranges, oneOf, noneOf, lists, contractedDoctor, emergency, denied, places };
}

/**
 * A hospital outside the province lies in another area, and in the own area lies none of them; whoever is treated in
 * another area is not treated at home.
 */
function knowWhereLevelsLie(sets: Map<SetPart, readonly (string | number)[]>): void {
  const levels = sets.get('hospitalLevels');
  const mustBe = (area: string): void => {
    const before = sets.get('hospitalArea') ?? hospitalAreas;
    sets.set(
      'hospitalArea',
      before.filter((each) => each === area),
    );
  };
  if (sets.get('outOfArea')?.every((filing) => filing === 'local') === true) mustBe('own');
  const areas = sets.get('hospitalArea');
  if (levels?.every((level) => level === 'outside-province') === true) {
    sets.set(
      'hospitalArea',
      (areas ?? hospitalAreas).filter((area) => area === 'other'),
    );
  } else if (areas?.every((area) => area === 'own') === true) {
    const known = levels ?? hospitalLevels;
    sets.set(
      'hospitalLevels',
      known.filter((level) => level !== 'outside-province'),
    );
  }
  if (sets.get('hospitalArea')?.every((area) => area === 'other') !== true) return;
  const filings = sets.get('outOfArea') ?? outOfAreaStates;
  sets.set(
    'outOfArea',
    filings.filter((filing) => filing !== 'local'),
  );
}

function rangesOf({ age, admissionOfYear, discharged }: PlainCondition): [string, Range][] {
  const ranges: [string, Range][] = [];
  if (age !== undefined) {
    ranges.push(['age', { from: age.from ?? 0, before: age.below ?? Infinity }]);
  }
  if (admissionOfYear !== undefined) {
    const { from, until } = admissionOfYear;
    ranges.push(['admissionOfYear', { from: from ?? 0, before: (until ?? Infinity) + 1 }]);
  }
  if (discharged !== undefined) {
    const { from, before } = discharged;
    ranges.push(['discharged', { from: from ?? '', before: before ?? lastDay }]);
  }
  return ranges;
}

const lastDay = '9999-99-99';

function anyRange(part: string): Range {
  return part === 'discharged' ? { from: '', before: lastDay } : { from: 0, before: Infinity };
}

function narrower(a: Range, b: Range): Range {
  return {
    from: isNoLater(a.from, b.from) ? b.from : a.from,
    before: isNoLater(b.before, a.before) ? b.before : a.before,
  };
}

/** Whether one bound is reached no later than another for certain; of ages in days and in months it may be open. */
function isNoLater(one: Bound, other: Bound): boolean {
  if (typeof one === 'string' || typeof other === 'string') return one <= other;
  return isAgeNoLaterThan(one, other);
}

function isImpossible(document: PackDocument, known: Narrowed): boolean {
  for (const values of known.sets.values()) if (values.length === 0) return true;
  for (const { from, before } of known.ranges.values()) if (isNoLater(before, from)) return true;
  if (known.oneOf.some((group) => group.every((one) => known.noneOf.includes(one)))) return true;
  if (new Set(known.contractedDoctor).size > 1 || new Set(known.emergency).size > 1) return true;
  // A referral state of emergency is one of an emergency.
  const isNone = known.emergency.includes(false);
  if (isNone && known.sets.get('referral')?.every((state) => state === 'emergency') === true) {
    return true;
  }
  const hospitals = (known.lists.get('hospitals') ?? []).map((key) =>
    (document.hospitalLists?.[key]?.codes ?? []).map(({ code }) => code),
  );
  if (hospitals.length > 0 && shared(hospitals).length === 0) return true;
  return ofOneDisease(document, known).some(
    (lists) => lists.length > 1 && !haveCodeInCommon(lists.map(({ codes }) => codes)),
  );
}

type DiseaseList = NonNullable<PackDocument['diseaseLists']>[string];

/** Lists that speak of one and the same disease: the chronic one a visit is for, its one principal diagnosis. */
function ofOneDisease({ diseaseLists }: PackDocument, { lists }: Narrowed): DiseaseList[][] {
  const named = (part: ListPart): DiseaseList[] =>
    (lists.get(part) ?? []).flatMap((key) => diseaseLists?.[key] ?? []);
  const principal = named('diseases').filter(({ diagnoses }) => diagnoses === 'principal');
  return [named('chronicDiseases'), principal];
}

/** Whether some code begins as one of each list does. */
function haveCodeInCommon(lists: readonly DiseaseList['codes'][]): boolean {
  let common: readonly string[] = [''];
  for (const codes of lists) {
    common = common.flatMap((begun) =>
      codes.flatMap(({ prefix }) =>
        prefix.startsWith(begun) ? [prefix] : begun.startsWith(prefix) ? [begun] : [],
      ),
    );
  }
  return common.length > 0;
}

function shared(lists: readonly (readonly string[])[]): readonly string[] {
  const [first = [], ...others] = lists;
  return first.filter((code) => others.every((other) => other.includes(code)));
}

/** All there is of parts that every visit has one of; of the others a visit may have none. */
const everyValue: Partial<Record<SetPart, readonly string[]>> = {
  hospitalLevels,
  visitKinds,
  insurance: insurances,
  referral: referralStates,
  outOfArea: outOfAreaStates,
  hospitalArea: hospitalAreas,
};

/** Whether all that a plain condition asks follows from what is known. */
function isKnown(document: PackDocument, asked: PlainCondition, known: Narrowed): boolean {
  for (const part of setParts) {
    const values: readonly (string | number)[] | undefined = asked[part];
    if (values === undefined) continue;
    const possible = known.sets.get(part) ?? everyValue[part];
    if (possible?.every((value) => values.includes(value)) !== true) return false;
  }
  for (const [part, range] of rangesOf(asked)) {
    const possible = known.ranges.get(part) ?? anyRange(part);
    if (!isNoLater(range.from, possible.from) || !isNoLater(possible.before, range.before)) {
      return false;
    }
  }
  const { categories, contractedDoctor, emergency, not, hospitalPlaces } = asked;
  if (emergency !== undefined && !known.emergency.includes(emergency)) return false;
  // Of what must not hold, and of places, only what is said in the same words is known.
  if (not !== undefined && !known.denied.some((denied) => sameData(denied, not))) return false;
  if (hospitalPlaces !== undefined && !isWithinPlaces(hospitalPlaces, known)) return false;
  if (categories !== undefined && !categoriesKnown(categories, known)) return false;
  if (contractedDoctor !== undefined && !known.contractedDoctor.includes(contractedDoctor)) {
    return false;
  }
  return listParts.every((part) => {
    const key = asked[part];
    if (key === undefined) return true;
    return (known.lists.get(part) ?? []).some((held) => isWithin(document, part, held, key));
  });
}

function isWithinPlaces(asked: readonly string[], { places }: Narrowed): boolean {
  return places.some((held) =>
    held.every((place) => asked.some((wider) => place.startsWith(wider))),
  );
}

function categoriesKnown(
  asked: NonNullable<PlainCondition['categories']>,
  { oneOf, noneOf }: Narrowed,
): boolean {
  if ('none' in asked) return asked.none.every((one) => noneOf.includes(one));
  const wanted: readonly string[] = asked.any;
  return oneOf.some((group) => group.every((one) => wanted.includes(one) || noneOf.includes(one)));
}

/** Whether everything on one list is on another of the same kind too. */
function isWithin(document: PackDocument, part: ListPart, held: string, wanted: string): boolean {
  if (held === wanted) return true;
  if (part === 'hospitals') {
    const codes = document.hospitalLists?.[wanted]?.codes ?? [];
    const inner = document.hospitalLists?.[held]?.codes ?? [];
    return inner.every(({ code }) => codes.some((other) => other.code === code));
  }
  if (part === 'procedures') {
    const codes = document.procedureLists?.[wanted]?.codes ?? [];
    const inner = document.procedureLists?.[held]?.codes ?? [];
    return inner.every(({ prefix }) => codes.some((other) => prefix.startsWith(other.prefix)));
  }
  const outer = document.diseaseLists?.[wanted];
  const inner = document.diseaseLists?.[held];
  if (outer === undefined || inner === undefined) return false;
  // The chronic disease of a visit is one; of diagnoses the list says which count.
  if (part === 'diseases' && outer.diagnoses === 'principal' && inner.diagnoses === 'any')
    return false;
  return inner.codes.every((code) => outer.codes.some((other) => coversCode(other, code)));
}

type AgedCode = { readonly prefix: string; readonly youngerThan?: Age | undefined };

/** Whether every diagnosis one entry of a disease list stands for is one of another entry too. */
export function coversCode(wide: AgedCode, narrow: AgedCode): boolean {
  return (
    narrow.prefix.startsWith(wide.prefix) &&
    (wide.youngerThan === undefined ||
      isAgeNoLaterThan(narrow.youngerThan ?? Infinity, wide.youngerThan))
  );
}
