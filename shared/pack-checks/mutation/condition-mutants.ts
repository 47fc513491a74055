import { employments, insurances, personCategories } from '../../domain/person.ts';
import { hospitalLevels, hospitalTypes, visitKinds } from '../../domain/visit.ts';
import {
  hospitalGrades,
  hospitalAreas,
  outOfAreaStates,
  referralStates,
  type PackCondition,
  type PlainCondition,
} from '../../policy/pack/pack-conditions.ts';
import type { Age } from '../../domain/stay.ts';
import type { PackDocument } from '../../policy/pack/pack-schema.ts';
import { alwaysHolds, neverTogether, type Context } from '../condition-logic.ts';
import { placedConditions, type ConditionPlace } from './condition-places.ts';
import { without, withEntry, withValue, type Mutant, type Path } from './mutant.ts';
import { movedAge, movedNumber } from './moved-number.ts';
import { neighbourDays } from './neighbour-days.ts';

/** A changed condition and the visits it now holds for and did not before, or the other way round. */
type ConditionMutant = Mutant & { readonly affected: Context };

/** Every condition of a pack with one value less, one more, or one bound moved. */
export function conditionMutants(document: PackDocument): Mutant[] {
  return placedConditions(document).flatMap((place) => [
    ...ofAlternatives(document, place),
    ...plainOnes(place).flatMap(({ path, condition, beside }) =>
      ofPlain(document, path, condition).filter(
        ({ data, affected }) =>
          !isSame(document, place, conditionAt(data, place.path)) &&
          !isHidden(document, place, [...beside, ...affected]),
      ),
    ),
  ]);
}

/**
 * Whether no visit a change concerns can show it: there is none where the condition is asked, or another
 * exception or variant counts for all of them anyway.
 */
function isHidden(
  document: PackDocument,
  { contexts, makesNoDifference }: ConditionPlace,
  affected: Context,
): boolean {
  return contexts.every((context) => {
    const visits = [...context, ...affected];
    return neverTogether(document, visits) || makesNoDifference(visits);
  });
}

/** The condition itself and each of its alternatives. */
function plainOnes({ path, condition }: ConditionPlace): {
  readonly path: Path;
  readonly condition: PlainCondition;
  readonly beside: Context;
}[] {
  const { anyOf, ...plain } = condition;
  return [
    { path, condition: plain, beside: anyOf === undefined ? [] : [{ anyOf }] },
    ...(anyOf ?? []).map((alternative, index) => ({
      path: [...path, 'anyOf', index],
      condition: alternative,
      beside: [plain],
    })),
  ];
}

/**
 * Whether a changed condition holds for exactly the same visits, wherever the pack asks for it: a hospital
 * level added to a step of a pack that is not for that level, say. Such a change can be seen by no case.
 */
function isSame(
  document: PackDocument,
  { condition, contexts }: ConditionPlace,
  changed: PackCondition,
): boolean {
  const implies = (from: PackCondition, to: PackCondition, context: Context) =>
    alwaysHolds(document, to, [...context, from]);
  return contexts.every(
    (context) => implies(condition, changed, context) && implies(changed, condition, context),
  );
}

function conditionAt(data: unknown, path: Path): PackCondition {
  let value = data;
  for (const key of path) value = (value as Readonly<Record<string | number, unknown>>)[key];
  return value as PackCondition;
}

/** A set part, all it may hold, and what a visit with such a value is. */
type SetWords = {
  readonly all: readonly (string | number)[];
  readonly zh: string;
  readonly en: string;
};

const sets = {
  hospitalLevels: { all: hospitalLevels, zh: '医院级别', en: 'the hospital level' },
  hospitalGrades: { all: hospitalGrades, zh: '医院等级', en: 'the hospital grade' },
  hospitalTypes: { all: hospitalTypes, zh: '医院类型', en: 'the hospital type' },
  visitKinds: { all: visitKinds, zh: '就诊类型', en: 'the kind of visit' },
  // Persons without insurance are refused before any pack is asked: "none" can change nothing.
  insurance: { all: insurances.filter((each) => each !== 'none'), zh: '险种', en: 'the insurance' },
  employment: { all: employments, zh: '人员身份', en: 'the employment' },
  referral: { all: referralStates, zh: '转诊情况', en: 'the referral' },
  outOfArea: { all: outOfAreaStates, zh: '异地备案', en: 'the filing out of area' },
  hospitalArea: { all: hospitalAreas, zh: '医院所在地区', en: 'the area of the hospital' },
  disabilityLevels: { all: [1, 2, 3, 4], zh: '残疾等级', en: 'the disability level' },
} as const satisfies Readonly<Record<string, SetWords>>;

/** Of these every visit has one; of the others it may have none. */
function isOfEveryVisit(part: keyof typeof sets): boolean {
  return [
    'hospitalLevels',
    'visitKinds',
    'insurance',
    'referral',
    'outOfArea',
    'hospitalArea',
  ].includes(part);
}

function ofPlain(document: PackDocument, path: Path, condition: PlainCondition): ConditionMutant[] {
  const mutants: ConditionMutant[] = [];
  const { categories, contractedDoctor, emergency } = condition;
  for (const [part, words] of Object.entries(sets)) {
    const name = part as keyof typeof sets;
    const values = condition[name];
    if (values === undefined) continue;
    mutants.push(
      ...ofSet(document, [...path, part], [], values, words).map(
        ({ value, others, ...mutant }) => ({
          ...mutant,
          affected: [
            { ...condition, [name]: undefined },
            ...(others === null
              ? [{ [name]: [value] }]
              : isOfEveryVisit(name)
                ? [{ [name]: others }]
                : []),
          ],
        }),
      ),
    );
  }
  if (categories !== undefined)
    mutants.push(...ofCategories(document, path, condition, categories));
  if (contractedDoctor !== undefined) {
    mutants.push({
      path: [...path, 'contractedDoctor'],
      before: String(contractedDoctor),
      after: String(!contractedDoctor),
      missing: {
        zh: '签约和没有签约家庭医生的案例各加一个',
        en: 'add a case of a person with and one without a contract with a family doctor',
      },
      data: withValue(document, [...path, 'contractedDoctor'], !contractedDoctor),
      affected: [{ ...condition, contractedDoctor: undefined }],
    });
  }
  if (emergency !== undefined) {
    mutants.push({
      path: [...path, 'emergency'],
      before: String(emergency),
      after: '',
      missing: {
        zh: emergency ? '加一个不是急诊的案例' : '加一个急诊的案例',
        en: emergency ? 'add a case that is no emergency' : 'add a case of an emergency',
      },
      data: without(document, [...path, 'emergency']),
      affected: [{ ...condition, emergency: undefined }, { emergency: !emergency }],
    });
  }
  for (const part of ['hospitals', 'diseases', 'procedures', 'chronicDiseases'] as const) {
    const key = condition[part];
    if (key === undefined) continue;
    const affected = [{ ...condition, [part]: undefined }];
    mutants.push({ ...withoutList(document, [...path, part], key), affected });
  }
  return [
    ...mutants,
    ...ofPlaces(document, path, condition),
    ...ofRanges(document, path, condition),
  ];
}

/** A place taken out of the list, and what must not hold left out. */
function ofPlaces(
  document: PackDocument,
  path: Path,
  condition: PlainCondition,
): ConditionMutant[] {
  const { hospitalPlaces = [], not } = condition;
  const isOnly = hospitalPlaces.length === 1;
  const places = hospitalPlaces.map((place, index) => ({
    path: [...path, 'hospitalPlaces', index],
    before: place,
    after: '',
    missing: {
      zh: `医院在 ${place} 内和不在其内的案例各加一个`,
      en: `add a case with a hospital within ${place} and one outside`,
    },
    data: isOnly
      ? without(document, [...path, 'hospitalPlaces'])
      : without(document, [...path, 'hospitalPlaces', index]),
    affected: [{ ...condition, hospitalPlaces: undefined }],
  }));
  if (not === undefined) return places;
  return [
    ...places,
    {
      path: [...path, 'not'],
      before: 'not',
      after: '',
      missing: {
        zh: '加一个属于除外情形（not）的案例',
        en: 'add a case of what is left out (not)',
      },
      data: without(document, [...path, 'not']),
      affected: [{ ...condition, not: undefined }, not],
    },
    ...(Object.keys(not).length > 1
      ? Object.keys(not).map((part) => ({
          path: [...path, 'not', part],
          before: part,
          after: '',
          missing: {
            zh: `加一个除外情形中只有“${part}”不符的案例`,
            en: `add a case in which of what is left out only "${part}" does not hold`,
          },
          data: without(document, [...path, 'not', part]),
          affected: [{ ...condition, not: undefined }],
        }))
      : []),
  ];
}

function ofCategories(
  document: PackDocument,
  path: Path,
  condition: PlainCondition,
  categories: NonNullable<PlainCondition['categories']>,
): ConditionMutant[] {
  const [form, names] = 'any' in categories ? ['any', categories.any] : ['none', categories.none];
  const words = { all: personCategories, zh: '人员类别', en: 'the category' };
  const rest = { ...condition, categories: undefined };
  return ofSet(document, [...path, 'categories'], [form], names, words).map(
    ({ value, ...mutant }) => {
      // One category more or less is felt by those who hold it and none of the others.
      const held = personCategories.filter((name) => name === value);
      const without_ = names.filter((name) => name !== value);
      const alone: Context = [
        { categories: { any: held } },
        ...(without_.length === 0 ? [] : [{ categories: { none: without_ } }]),
      ];
      const isGone = names.length === 1 && names[0] === value;
      const affected: Context = isGone && form === 'any' ? [{ categories: { none: held } }] : alone;
      return { ...mutant, affected: [rest, ...affected] };
    },
  );
}

type SetMutant = Mutant & {
  /** The value taken out or put in. */
  readonly value: string | number;
  /** The values that count now that the only one was taken out; null where that is not so, or some have none. */
  readonly others: readonly (string | number)[] | null;
};

/** Every value taken out, every other value put in; a list of one becomes no condition at all. */
function ofSet(
  document: PackDocument,
  part: Path,
  inner: Path,
  values: readonly (string | number)[],
  { all, zh, en }: SetWords,
): SetMutant[] {
  const several = part.at(-1) === 'categories' ? severalCategories : { zh: '', en: '' };
  const path = [...part, ...inner];
  const isOnly = values.length === 1;
  const removed = values.map((value, index): SetMutant => ({
    value,
    others: isOnly ? all.filter((other) => other !== value) : null,
    path,
    before: String(value),
    after: '',
    missing: isOnly
      ? { zh: `加一个${zh}不是 ${value} 的案例`, en: `add a case with ${en} other than ${value}` }
      : {
          zh: `加一个${zh}只有 ${value} 的案例，结果由它决定`,
          en: `add a case with ${en} ${value} alone, whose result depends on it`,
        },
    data: isOnly ? without(document, part) : without(document, [...path, index]),
  }));
  const added = all
    .filter((value) => !values.includes(value))
    .map((value): SetMutant => ({
      value,
      others: null,
      path,
      before: '',
      after: String(value),
      missing: {
        zh: `加一个${zh}为 ${value} 的案例，说明它在这里不算${several.zh}`,
        en: `add a case with ${en} ${value}, which must not count here${several.en}`,
      },
      data: withEntry(document, path, value),
    }));
  return [...removed, ...added];
}

const severalCategories = {
  zh: '（一个人同时有几个不算的类别，一个案例就够）',
  en: ' (a person who holds several that do not count shows them all in one case)',
};

function withoutList(document: PackDocument, path: Path, key: string): Mutant {
  return {
    path,
    before: key,
    after: '',
    missing: {
      zh: `加一个不在“${key}”名单内的案例`,
      en: `add a case that is not on the list "${key}"`,
    },
    data: without(document, path),
  };
}

function ofRanges(
  document: PackDocument,
  path: Path,
  condition: PlainCondition,
): ConditionMutant[] {
  const mutants: ConditionMutant[] = [];
  for (const [bound, value] of Object.entries<Age | undefined>(condition.age ?? {})) {
    if (value === undefined) continue;
    mutants.push(
      ...movedAge(document, [...path, 'age', bound], value).map(({ at, next, ...mutant }) => ({
        ...mutant,
        affected: [{ ...condition, age: undefined }, { age: { from: at, below: next } }],
      })),
    );
  }
  const admissions = Object.entries<number | undefined>(condition.admissionOfYear ?? {});
  for (const [bound, value] of admissions) {
    if (value === undefined) continue;
    const words = { zh: '本年住院次数', en: 'the admission of the year' };
    mutants.push(
      ...movedNumber(document, [...path, 'admissionOfYear', bound], value, words).map(
        ({ at, ...mutant }) => ({
          ...mutant,
          affected: [
            { ...condition, admissionOfYear: undefined },
            { admissionOfYear: { from: at, until: at } },
          ],
        }),
      ),
    );
  }
  for (const [bound, day] of Object.entries(condition.discharged ?? {})) {
    if (day === undefined) continue;
    const moved = movedDay(document, [...path, 'discharged', bound], day);
    const affected = [{ ...condition, discharged: undefined }];
    mutants.push(...moved.map((mutant) => ({ ...mutant, affected })));
  }
  return mutants;
}

/** A day one later and one earlier. */
export function movedDay(document: PackDocument, path: Path, day: string): Mutant[] {
  const { before, after } = neighbourDays(day);
  return [after, before].map((moved) => {
    const at = moved < day ? moved : day;
    return {
      path,
      before: day,
      after: moved,
      missing: {
        zh: `加一个 ${at} 出院的案例`,
        en: `add a case discharged on ${at}`,
      },
      data: withValue(document, path, moved),
    };
  });
}

/** An alternative taken out: another one stands in its place. */
function ofAlternatives(document: PackDocument, { path, condition }: ConditionPlace): Mutant[] {
  const { anyOf = [] } = condition;
  return anyOf.map((_alternative, index) => ({
    path: [...path, 'anyOf', index],
    before: `alternative ${String(index + 1)}`,
    after: '',
    missing: {
      zh: `加一个只符合第 ${String(index + 1)} 种情形的案例`,
      en: `add a case that fits alternative ${String(index + 1)} alone`,
    },
    data: withValue(document, [...path, 'anyOf', index], anyOf[(index + 1) % anyOf.length]),
  }));
}
