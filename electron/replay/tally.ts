import { maskIdNumber, maskName } from '../security/mask.ts';
import type { SettlementResult } from '../../shared/domain/settlement-result.ts';
import { categoriesCounting } from '../../shared/policy/facts/visit-facts.ts';
import type { DischargePeriod } from '../database/replay-repository.ts';
import {
  isChanged,
  type ReplayedPerson,
  type ReplayedVisit,
  type SkippedVisit,
} from './replay-person.ts';

/** In fen: as the books have it, as the same rules come out now, and under the draft. Sums may pass what one bill may be. */
export type ThreeAmounts = { settled: number; before: number; after: number };

/** What everyone pays on some visits. */
export type Paid = {
  visits: number;
  /** On how many of them anyone pays another amount. */
  changed: number;
  totalFen: number;
  readonly payers: Record<string, ThreeAmounts>;
  readonly patient: ThreeAmounts;
  readonly hospital: ThreeAmounts;
};

/** What a person pays otherwise over the period; masked. */
export type PersonDifference = {
  readonly personId: string;
  readonly name: string;
  readonly idNumber: string;
  readonly visits: number;
  readonly beforeFen: number;
  readonly afterFen: number;
};

/** What came out of some persons. Two tallies are added up in any order. */
export type Tally = {
  persons: number;
  /** Visits of other packs that come out as they did. */
  untouched: number;
  /** Of the visits counted: not settled; settled otherwise than the same rules come out now; newly and no longer covered by the draft; of another pack, and different through the year alone. */
  notSettled: number;
  otherReasons: number;
  newlyCovered: number;
  noLongerCovered: number;
  throughTheYear: number;
  readonly whole: Paid;
  readonly categories: Record<string, Paid>;
  readonly levels: Record<string, Paid>;
  readonly diseases: Record<string, { name: string; readonly paid: Paid }>;
  gainers: PersonDifference[];
  losers: PersonDifference[];
  readonly skipped: Pick<SkippedVisit, 'visitId' | 'code'>[];
};

/** As many are named: an officer looks at each. */
const namedMax = 20;

export function emptyTally(): Tally {
  return {
    ...{ persons: 0, untouched: 0, notSettled: 0, otherReasons: 0 },
    ...{ newlyCovered: 0, noLongerCovered: 0, throughTheYear: 0 },
    whole: noPaid(),
    ...{ categories: {}, levels: {}, diseases: {}, gainers: [], losers: [], skipped: [] },
  };
}

/** Adds a person's visits that were discharged in the period. */
export function countPerson(
  tally: Tally,
  personId: string,
  { visits, skipped }: ReplayedPerson,
  isIn: (dischargedOn: string) => boolean,
): void {
  for (const { visitId, dischargedOn, code } of skipped) {
    if (isIn(dischargedOn)) tally.skipped.push({ visitId, code });
  }
  let counted = 0;
  let beforeFen = 0;
  let afterFen = 0;
  let last: ReplayedVisit | null = null;
  for (const replayed of visits) {
    if (!isIn(replayed.visit.input.visit.dischargedOn)) continue;
    if (!countVisit(tally, replayed)) continue;
    counted += 1;
    beforeFen += replayed.before.patientPaysFen;
    afterFen += replayed.after.patientPaysFen;
    last = replayed;
  }
  if (last === null) return;
  tally.persons += 1;
  if (beforeFen === afterFen) return;
  const { name, idNumber } = last.visit.input.person;
  const difference: PersonDifference = {
    ...{ personId, name: maskName(name), idNumber: maskIdNumber(idNumber) },
    ...{ visits: counted, beforeFen, afterFen },
  };
  if (afterFen < beforeFen) tally.gainers = mostOf([...tally.gainers, difference]);
  else tally.losers = mostOf([...tally.losers, difference]);
}

/** Whether the visit is one of this pack, or comes out otherwise through the year. */
function countVisit(tally: Tally, replayed: ReplayedVisit): boolean {
  const { visit, ways, before, after } = replayed;
  const changed = isChanged(replayed);
  if (!ways.isReached && !changed) {
    tally.untouched += 1;
    return false;
  }
  if (visit.settled === null) tally.notSettled += 1;
  else if (isSettledOtherwise(replayed)) tally.otherReasons += 1;
  if (!ways.isReached) tally.throughTheYear += 1;
  else if (!('document' in ways.was)) tally.newlyCovered += 1;
  else if (!('document' in ways.now)) tally.noLongerCovered += 1;
  const { hospital, diagnoses } = visit.input.visit;
  const categories = new Set(categoriesCounting(ways.was, visit.input));
  const principal = diagnoses.find(({ principal }) => principal) ?? diagnoses[0];
  const disease = (tally.diseases[principal?.code ?? ''] ??= {
    name: principal?.name ?? '',
    paid: noPaid(),
  });
  const named = principal?.name ?? '';
  // One name for a code, whichever visit came first.
  if (disease.name === '' || (named !== '' && named < disease.name)) disease.name = named;
  const places = [tally.whole, (tally.levels[hospital.level] ??= noPaid()), disease.paid];
  for (const category of categories.size === 0 ? [''] : categories) {
    places.push((tally.categories[category] ??= noPaid()));
  }
  for (const paid of places) addVisit(paid, replayed, changed, before, after);
  return true;
}

function addVisit(
  paid: Paid,
  { visit: { settled } }: ReplayedVisit,
  changed: boolean,
  before: SettlementResult,
  after: SettlementResult,
): void {
  paid.visits += 1;
  if (changed) paid.changed += 1;
  paid.totalFen += before.totalFen;
  const of = (payer: string): ThreeAmounts => (paid.payers[payer] ??= noAmounts());
  for (const { payer, amountFen } of before.shares) of(payer).before += amountFen;
  for (const { payer, amountFen } of after.shares) of(payer).after += amountFen;
  paid.patient.before += before.patientPaysFen;
  paid.patient.after += after.patientPaysFen;
  paid.hospital.before += before.hospitalBearsFen;
  paid.hospital.after += after.hospitalBearsFen;
  if (settled === null) return;
  for (const [payer, amountFen] of settled.paid) of(payer).settled += amountFen;
  paid.patient.settled += settled.patientPaysFen;
  paid.hospital.settled += settled.hospitalBearsFen;
}

/** Whether the books have other amounts than the same rules on the year as it is now. */
function isSettledOtherwise({ visit: { settled }, before }: ReplayedVisit): boolean {
  if (settled === null) return false;
  if (settled.patientPaysFen !== before.patientPaysFen) return true;
  if (settled.hospitalBearsFen !== before.hospitalBearsFen) return true;
  const paid = new Map<string, number>();
  for (const { payer, amountFen } of before.shares) {
    paid.set(payer, (paid.get(payer) ?? 0) + amountFen);
  }
  const payers = new Set([...paid.keys(), ...settled.paid.keys()]);
  return [...payers].some((payer) => (paid.get(payer) ?? 0) !== (settled.paid.get(payer) ?? 0));
}

/** Adds one tally to another. */
export function addTally(to: Tally, from: Tally): void {
  to.persons += from.persons;
  to.untouched += from.untouched;
  to.notSettled += from.notSettled;
  to.otherReasons += from.otherReasons;
  to.newlyCovered += from.newlyCovered;
  to.noLongerCovered += from.noLongerCovered;
  to.throughTheYear += from.throughTheYear;
  addPaid(to.whole, from.whole);
  for (const [key, paid] of Object.entries(from.categories)) {
    addPaid((to.categories[key] ??= noPaid()), paid);
  }
  for (const [key, paid] of Object.entries(from.levels)) {
    addPaid((to.levels[key] ??= noPaid()), paid);
  }
  for (const [code, { name, paid }] of Object.entries(from.diseases)) {
    const own = (to.diseases[code] ??= { name, paid: noPaid() });
    if (own.name === '' || (name !== '' && name < own.name)) own.name = name;
    addPaid(own.paid, paid);
  }
  to.gainers = mostOf([...to.gainers, ...from.gainers]);
  to.losers = mostOf([...to.losers, ...from.losers]);
  to.skipped.push(...from.skipped);
}

function addPaid(to: Paid, from: Paid): void {
  to.visits += from.visits;
  to.changed += from.changed;
  to.totalFen += from.totalFen;
  for (const [payer, amounts] of Object.entries(from.payers)) {
    addAmounts((to.payers[payer] ??= noAmounts()), amounts);
  }
  addAmounts(to.patient, from.patient);
  addAmounts(to.hospital, from.hospital);
}

function addAmounts(to: ThreeAmounts, from: ThreeAmounts): void {
  to.settled += from.settled;
  to.before += from.before;
  to.after += from.after;
}

/** The largest differences; of equal ones always the same. */
function mostOf(differences: PersonDifference[]): PersonDifference[] {
  const size = ({ beforeFen, afterFen }: PersonDifference) => Math.abs(afterFen - beforeFen);
  return differences
    .sort((a, b) => size(b) - size(a) || (a.personId < b.personId ? -1 : 1))
    .slice(0, namedMax);
}

const noAmounts = (): ThreeAmounts => ({ settled: 0, before: 0, after: 0 });

const noPaid = (): Paid => ({
  ...{ visits: 0, changed: 0, totalFen: 0, payers: {} },
  ...{ patient: noAmounts(), hospital: noAmounts() },
});

/** Whether a day lies in a period. */
export const isWithin =
  ({ from, until }: DischargePeriod) =>
  (day: string): boolean =>
    from <= day && day <= until;
