import type { Words } from '../../domain/result.ts';
import { hasReachedAge, type Age } from '../../domain/stay.ts';
import type { PackCondition, PlainCondition } from '../pack/pack-conditions.ts';
import type { PackDiseaseList } from '../pack/pack-figures.ts';
import type { PackDocument } from '../pack/pack-schema.ts';
import type { VisitFacts } from '../facts/visit-facts.ts';

/** Why a requirement of a step is not met. */
export type RequirementCode =
  | 'category-not-covered'
  | 'hospital-level-not-covered'
  | 'hospital-not-designated'
  | 'disease-not-listed'
  | 'procedure-not-listed'
  | 'certificate-missing'
  | 'referral-missing'
  | 'requirement-not-met';

/** One part of a condition: whether it holds, and what to say where it does not. */
export type ConditionPart = {
  readonly code: RequirementCode;
  readonly words: Words;
  readonly holds: (facts: VisitFacts) => boolean;
};

/** A condition made ready; every part must hold, and no part at all holds always. */
export type CompiledCondition = readonly ConditionPart[];

export const always: CompiledCondition = [];

export function holds(condition: CompiledCondition, facts: VisitFacts): boolean {
  for (const part of condition) if (!part.holds(facts)) return false;
  return true;
}

/** The first part that does not hold; null where all do. */
export function firstUnmet(condition: CompiledCondition, facts: VisitFacts): ConditionPart | null {
  for (const part of condition) if (!part.holds(facts)) return part;
  return null;
}

/** Makes a condition of a pack ready; its keys have been checked and must resolve. */
export function compileCondition(
  document: PackDocument,
  stated: PackCondition | undefined,
): CompiledCondition {
  if (stated === undefined) return always;
  const { anyOf, ...plain } = stated;
  const parts = partsOf(document, plain);
  if (anyOf === undefined) return parts;
  const alternatives = anyOf.map((alternative) => partsOf(document, alternative));
  const either: ConditionPart = {
    code: 'requirement-not-met',
    words: { zh: '不符合任何一种规定情形', en: 'None of the cases the rule names applies' },
    holds: (facts) => alternatives.some((alternative) => holds(alternative, facts)),
  };
  return [...parts, either];
}

function partsOf(document: PackDocument, condition: PlainCondition): readonly ConditionPart[] {
  return [
    ...ofPerson(condition),
    ...ofVisit(condition),
    ...ofHospital(document, condition),
    ...ofReferral(condition),
    ...ofLists(document, condition),
    ...ofDenied(document, condition),
  ];
}

function ofDenied(document: PackDocument, { not }: PlainCondition): ConditionPart[] {
  if (not === undefined) return [];
  const denied = partsOf(document, not);
  const words = { zh: '属于规定除外的情形', en: 'One of the cases the rule leaves out' };
  return [unmet((facts) => !holds(denied, facts), words)];
}

function ofPerson(condition: PlainCondition): ConditionPart[] {
  const { categories, insurance, employment, age, contractedDoctor, disabilityLevels } = condition;
  const parts: ConditionPart[] = [];
  if (categories !== undefined) {
    parts.push({
      code: 'category-not-covered',
      words: { zh: '救助对象类别不适用', en: 'Not for the categories of this person' },
      holds: ({ categories: held }) => meetsCategories(categories, held),
    });
  }
  if (insurance !== undefined) {
    parts.push(unmet(({ input }) => insurance.includes(input.person.insurance), insuranceWords));
  }
  if (employment !== undefined) {
    parts.push(
      unmet(
        ({ input: { person } }) =>
          person.employment !== undefined && employment.includes(person.employment),
        { zh: '参保人员身份不适用', en: 'Not for the employment of this person' },
      ),
    );
  }
  if (age !== undefined) {
    parts.push(unmet((facts) => isOfAge(age, facts), ageWords));
  }
  if (contractedDoctor !== undefined) {
    parts.push(
      unmet(({ input: { person } }) => (person.contractedDoctor ?? false) === contractedDoctor, {
        zh: '家庭医生签约情况不符',
        en: 'The contract with a family doctor is not as the rule asks',
      }),
    );
  }
  if (disabilityLevels !== undefined) {
    parts.push(
      unmet(
        ({ input: { person } }) =>
          person.disabilityLevel !== undefined && disabilityLevels.includes(person.disabilityLevel),
        { zh: '残疾等级不符', en: 'Not for this level of disability' },
      ),
    );
  }
  return parts;
}

const insuranceWords = { zh: '险种不适用', en: 'Not for this insurance' };
const ageWords = { zh: '年龄不符', en: 'Not for this age' };

function ofVisit(condition: PlainCondition): ConditionPart[] {
  const { visitKinds, admissionOfYear, discharged } = condition;
  const parts: ConditionPart[] = [];
  if (visitKinds !== undefined) {
    parts.push(
      unmet(({ input }) => visitKinds.includes(input.visit.kind), {
        zh: '就诊类型不适用',
        en: 'Not for a visit of this kind',
      }),
    );
  }
  if (admissionOfYear !== undefined) {
    const { from = 0, until = Infinity } = admissionOfYear;
    parts.push(
      unmet(({ admission }) => from <= admission && admission <= until, {
        zh: '本年住院次数不符',
        en: 'Not for this admission of the year',
      }),
    );
  }
  if (discharged !== undefined) {
    const { from, before } = discharged;
    parts.push(
      unmet(
        ({ input: { visit } }) =>
          (from === undefined || from <= visit.dischargedOn) &&
          (before === undefined || visit.dischargedOn < before),
        { zh: '出院日期不在期间内', en: 'The day of discharge is outside the period' },
      ),
    );
  }
  return parts;
}

function ofHospital(document: PackDocument, condition: PlainCondition): ConditionPart[] {
  const { hospitalLevels, hospitalGrades, hospitalTypes, hospitals } = condition;
  const { hospitalArea, hospitalPlaces } = condition;
  const parts: ConditionPart[] = [];
  if (hospitalLevels !== undefined) {
    parts.push({
      code: 'hospital-level-not-covered',
      words: { zh: '不适用于本级医院', en: 'Not for a hospital of this level' },
      holds: ({ level }) => hospitalLevels.includes(level),
    });
  }
  if (hospitalGrades !== undefined) {
    parts.push({
      code: 'hospital-level-not-covered',
      words: { zh: '不适用于本等级医院', en: 'Not for a hospital of this grade' },
      holds: ({ input: { visit } }) =>
        visit.hospital.grade !== undefined && hospitalGrades.includes(visit.hospital.grade),
    });
  }
  if (hospitalTypes !== undefined) {
    parts.push(
      unmet(
        ({ input: { visit } }) =>
          visit.hospital.type !== undefined && hospitalTypes.includes(visit.hospital.type),
        { zh: '不适用于这类医院', en: 'Not for a hospital of this type' },
      ),
    );
  }
  if (hospitalArea !== undefined) {
    parts.push(
      unmet((facts) => hospitalArea.includes(facts.hospitalArea), {
        zh: '不适用于该地区的医院',
        en: 'Not for a hospital of this area',
      }),
    );
  }
  if (hospitalPlaces !== undefined) {
    parts.push(
      unmet(({ input }) => isInPlaces(hospitalPlaces, input), {
        zh: '不适用于该地的医院',
        en: 'Not for a hospital of this place',
      }),
    );
  }
  if (hospitals !== undefined) {
    const list = found(document.hospitalLists?.[hospitals], hospitals);
    parts.push({
      code: 'hospital-not-designated',
      words: {
        zh: `医院不在“${list.name.zh}”名单内`,
        en: `The hospital is not on the list: ${list.name.en}`,
      },
      holds: ({ input: { visit } }) => list.codes.some(({ code }) => code === visit.hospital.code),
    });
  }
  return parts;
}

function ofReferral({ referral, outOfArea, emergency }: PlainCondition): ConditionPart[] {
  const parts: ConditionPart[] = [];
  if (emergency !== undefined) {
    parts.push(
      unmet(({ input: { visit } }) => (visit.emergency ?? false) === emergency, {
        zh: emergency ? '不是急诊' : '急诊不适用',
        en: emergency ? 'Not an emergency' : 'Not for an emergency',
      }),
    );
  }
  if (referral !== undefined) {
    parts.push({
      code: 'referral-missing',
      words: {
        zh: '没有有效的转诊证明（入院前开具、符合规定）',
        en: 'There is no referral certificate that counts: issued before admission and as the rules ask',
      },
      holds: (facts) => referral.includes(facts.referral),
    });
  }
  if (outOfArea !== undefined) {
    parts.push({
      code: 'referral-missing',
      words: { zh: '异地就医备案情况不符', en: 'Care outside the area was not filed as asked' },
      holds: (facts) => outOfArea.includes(facts.outOfArea),
    });
  }
  return parts;
}

function ofLists(document: PackDocument, condition: PlainCondition): ConditionPart[] {
  const { diseases, procedures, chronicDiseases } = condition;
  const parts: ConditionPart[] = [];
  if (diseases !== undefined) {
    const list = found(document.diseaseLists?.[diseases], diseases);
    parts.push({
      code: 'disease-not-listed',
      words: {
        zh: `诊断不在“${list.name.zh}”名单内`,
        en: `The diagnosis is not on the list: ${list.name.en}`,
      },
      holds: (facts) => isListedDisease(list, facts),
    });
  }
  if (procedures !== undefined) {
    const list = found(document.procedureLists?.[procedures], procedures);
    parts.push({
      code: 'procedure-not-listed',
      words: {
        zh: `手术不在“${list.name.zh}”名单内`,
        en: `No procedure is on the list: ${list.name.en}`,
      },
      holds: ({ input: { visit } }) =>
        visit.procedures.some(({ code }) =>
          list.codes.some(({ prefix }) => code.startsWith(prefix)),
        ),
    });
  }
  if (chronicDiseases !== undefined) {
    const list = found(document.diseaseLists?.[chronicDiseases], chronicDiseases);
    parts.push({
      code: 'certificate-missing',
      words: {
        zh: `没有“${list.name.zh}”的有效慢特病证`,
        en: `No valid certificate of a chronic disease on the list: ${list.name.en}`,
      },
      holds: (facts) => hasCertificate(list, facts),
    });
  }
  return parts;
}

/** Whether held categories meet a condition on categories. */
export function meetsCategories(
  condition: NonNullable<PlainCondition['categories']>,
  held: readonly string[],
): boolean {
  const holdsOneOf = (names: readonly string[]) => held.some((name) => names.includes(name));
  return 'any' in condition ? holdsOneOf(condition.any) : !holdsOneOf(condition.none);
}

/** Whether a diagnosis of the visit is on the list; a code is on it when it begins with a listed one. */
function isListedDisease(list: PackDiseaseList, facts: VisitFacts): boolean {
  return facts.input.visit.diagnoses.some(
    ({ code, principal }) => (principal || list.diagnoses === 'any') && isOnList(list, code, facts),
  );
}

function isOnList({ codes }: PackDiseaseList, code: string, facts: VisitFacts): boolean {
  return codes.some(
    ({ prefix, youngerThan }) => code.startsWith(prefix) && isOfAge({ below: youngerThan }, facts),
  );
}

function hasCertificate(list: PackDiseaseList, facts: VisitFacts): boolean {
  const { chronicDisease, dischargedOn } = facts.input.visit;
  if (chronicDisease === undefined || !isOnList(list, chronicDisease.code, facts)) return false;
  const { certificateFrom, until } = chronicDisease;
  return certificateFrom <= dischargedOn && (until === undefined || dischargedOn <= until);
}

/** Whether the person is of an age on the deciding day; a bound that is not stated asks for nothing. */
export function isOfAge(
  { from, below }: { readonly from?: Age | undefined; readonly below?: Age | undefined },
  { input: { person }, day }: Pick<VisitFacts, 'input' | 'day'>,
): boolean {
  const { birthDate } = person;
  if (from !== undefined && !hasReachedAge(birthDate, day, from)) return false;
  return below === undefined || !hasReachedAge(birthDate, day, below);
}

/** Whether the hospital lies in one of some divisions. */
function isInPlaces(places: readonly string[], { visit, person }: VisitFacts['input']): boolean {
  const { place: stated, level } = visit.hospital;
  const place = stated ?? (level === 'outside-province' ? null : person.insuredPlace);
  return place !== null && places.some((each) => place.startsWith(each));
}

function unmet(holds: ConditionPart['holds'], words: Words): ConditionPart {
  return { code: 'requirement-not-met', words, holds };
}

/** What a key names; a key that names nothing passed the reader by and throws. */
export function found<Value>(value: Value | undefined, what: string): Value {
  if (value === undefined) throw new Error(`the pack does not define ${what}`);
  return value;
}
