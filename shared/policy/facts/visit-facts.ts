import type { SettlementInput, YearToDate } from '../../domain/person.ts';
import { ageOn, yearOfDay } from '../../domain/stay.ts';
import type { Day, EarlierParts, HospitalLevel } from '../../domain/visit.ts';
import type {
  HospitalArea,
  OutOfAreaState,
  ReferralCertificate,
  ReferralState,
} from '../pack/pack-conditions.ts';
import { referralOf } from './referral-of.ts';
import type { GradeKey } from '../pack/pack-figures.ts';

/** What the rules ask of a visit and its person, worked out once. */
export type VisitFacts = {
  readonly input: SettlementInput;
  /** The day that decides categories and age. */
  readonly day: Day;
  readonly age: number;
  /** Names of the categories held on the deciding day. */
  readonly categories: readonly string[];
  readonly level: HospitalLevel;
  readonly grade: GradeKey;
  /** Which admission of the year this one is. */
  readonly admission: number;
  readonly referral: ReferralState;
  readonly hospitalArea: HospitalArea;
  readonly outOfArea: OutOfAreaState;
  /** The counters of the settlement year; null where nothing is known of it. */
  readonly year: YearToDate | null;
  /** What the earlier parts of the stay came to; null where there are none, or nobody knows what they came to. */
  readonly parts: PartsInFull | null;
  /** Whether the year's counters hold the earlier parts already. */
  readonly isPartInYear: boolean;
};

/** What earlier parts of a stay came to, everything known. */
export type PartsInFull = Required<EarlierParts>;

/** The facts of a visit under a pack's choice of days. */
export function factsOf(
  pack: {
    readonly decidingDay: 'admission' | 'discharge';
    readonly year: 'admission' | 'discharge';
    readonly appliesTo?: { readonly places: readonly string[] };
    readonly referralCertificate?: ReferralCertificate;
    readonly filingDay?: 'admission' | 'discharge' | null;
  },
  input: SettlementInput,
): VisitFacts {
  const { visit, person } = input;
  const day = decidingDayOf(pack, input);
  const { level } = visit.hospital;
  const year = yearInForce(pack, input);
  const hospitalArea = areaOf(pack.appliesTo?.places ?? [], input);
  const isPartInYear =
    visit.earlierParts !== undefined && (year?.includesVisits.includes(visit.id) ?? false);
  // A later part of the same stay is no new admission.
  const isNew = visit.kind === 'inpatient' && visit.earlierParts === undefined;
  const isStay = visit.kind === 'inpatient';
  return {
    input,
    day,
    age: ageOn(person.birthDate, day),
    categories: categoriesOn(person, day),
    level,
    grade: gradeOf(visit.hospital.grade),
    admission: Math.max(isStay ? 1 : 0, (year?.admissions ?? 0) + (isNew ? 1 : 0)),
    referral: referralOf(pack.referralCertificate ?? {}, input, year),
    hospitalArea,
    // Silence about care outside the own area is no filing; within it there is nothing to file.
    outOfArea:
      filedAs(pack.filingDay ?? null, input) ?? (hospitalArea === 'own' ? 'local' : 'none'),
    year,
    parts: partsInFull(visit.earlierParts),
    isPartInYear,
  };
}

/** The names of the categories a person holds on a day. */
function categoriesOn({ categories }: SettlementInput['person'], day: Day): string[] {
  const held: string[] = [];
  for (const { name, from, until } of categories) {
    if ((from === undefined || from <= day) && (until === undefined || day <= until)) {
      held.push(name);
    }
  }
  return held;
}

/** The names of the categories that count under a pack's choice of days. */
export function categoriesCounting(
  pack: { readonly decidingDay: 'admission' | 'discharge' },
  input: SettlementInput,
): readonly string[] {
  return categoriesOn(input.person, decidingDayOf(pack, input));
}

/** Whether the hospital lies in the area the person is insured in, as the pack draws it. */
function areaOf(places: readonly string[], { visit, person }: SettlementInput): HospitalArea {
  const { place, level } = visit.hospital;
  if (level === 'outside-province') return 'other';
  if (place === undefined) return 'own';
  const area = places.find((each) => person.insuredPlace.startsWith(each)) ?? person.insuredPlace;
  return place.startsWith(area) ? 'own' : 'other';
}

/** How care away from home was filed; what was filed after the day that counts was not filed. */
function filedAs(
  filingDay: 'admission' | 'discharge' | null,
  { visit }: SettlementInput,
): 'none' | 'referral' | 'long-term' | null {
  if (visit.outOfArea === undefined) return null;
  const { filed, filedOn } = visit.outOfArea;
  if (filingDay === null || filedOn === undefined) return filed;
  const last = filingDay === 'admission' ? visit.admittedOn : visit.dischargedOn;
  return filedOn <= last ? filed : 'none';
}

function partsInFull(parts: EarlierParts | undefined): PartsInFull | null {
  if (parts === undefined) return null;
  const { totalFen, eligibleFen, patientPaysFen, hospitalBearsFen, byStep } = parts;
  if (
    totalFen === undefined ||
    eligibleFen === undefined ||
    patientPaysFen === undefined ||
    hospitalBearsFen === undefined ||
    byStep === undefined
  ) {
    return null;
  }
  return { ...parts, totalFen, eligibleFen, patientPaysFen, hospitalBearsFen, byStep };
}

/** The day that decides which of the person's categories count. */
export function decidingDayOf(
  pack: { readonly decidingDay: 'admission' | 'discharge' },
  { visit }: SettlementInput,
): Day {
  return pack.decidingDay === 'admission' ? visit.admittedOn : visit.dischargedOn;
}

/** The year whose counters a pack reckons a visit by. */
export function settlementYearOf(
  pack: { readonly year: 'admission' | 'discharge' },
  { visit }: Pick<SettlementInput, 'visit'>,
): number {
  return yearOfDay(pack.year === 'admission' ? visit.admittedOn : visit.dischargedOn);
}

/** The counters that count: those of another year say nothing of this one. */
export function yearInForce(
  pack: { readonly year: 'admission' | 'discharge' },
  input: SettlementInput,
): YearToDate | null {
  const { yearToDate } = input;
  return yearToDate?.year === settlementYearOf(pack, input) ? yearToDate : null;
}

function gradeOf(grade: 1 | 2 | 3 | undefined): GradeKey {
  switch (grade) {
    case 1:
      return '1';
    case 2:
      return '2';
    case 3:
      return '3';
    case undefined:
      return 'unknown';
  }
}
