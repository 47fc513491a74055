import type { SettlementInput, YearToDate } from '../../domain/person.ts';
import { hospitalLevels, type HospitalLevel, type Referral } from '../../domain/visit.ts';
import type { ReferralCertificate, ReferralState } from '../pack/pack-conditions.ts';

/** What the referral of a visit comes to under what a pack asks of its certificate. */
export function referralOf(
  asked: ReferralCertificate,
  input: SettlementInput,
  year: YearToDate | null,
): ReferralState {
  const { referral, emergency } = input.visit;
  if (referral !== null && counts(asked, referral, input, year)) return 'valid';
  if (emergency === true) return 'emergency';
  return referral === null ? 'none' : 'late';
}

function counts(
  { validDays, from, to, direction, earlierVisit }: ReferralCertificate,
  referral: Referral,
  input: SettlementInput,
  year: YearToDate | null,
): boolean {
  const { visit } = input;
  // A certificate written after the patient had gone was no referral (Luzhou names it as an abuse).
  if (referral.issuedOn > visit.admittedOn) return false;
  // Nobody is referred by the stay he is referred to.
  if (referral.previousVisitId === visit.id) return false;
  if (validDays !== undefined && daysBetween(referral.issuedOn, visit.admittedOn) > validDays) {
    return false;
  }
  const { level } = visit.hospital;
  if (from?.includes(referral.fromHospitalLevel) === false || to?.includes(level) === false) {
    return false;
  }
  if (direction !== undefined && directionOf(referral.fromHospitalLevel, level) !== direction) {
    return false;
  }
  return earlierVisit !== true || isFromEarlierVisit(referral, input, year);
}

/**
 * Whether a referral names a visit that the person may have had: another one than this, which the year lists, or which
 * it may hold without listing it, for a register knows how many visits there were and not always which. Where it knows
 * of none at all nothing speaks against it.
 */
export function isFromEarlierVisit(
  { previousVisitId, issuedOn }: Referral,
  { visit }: SettlementInput,
  year: YearToDate | null,
): boolean {
  if (previousVisitId === null || previousVisitId === visit.id) return false;
  if (year === null || Number(issuedOn.slice(0, 4)) < year.year) return true;
  const others = year.includesVisits.filter((id) => id !== visit.id);
  const admissions = year.admissions - (year.includesVisits.length - others.length);
  if (others.length === 0 && admissions <= 0) return true;
  return others.includes(previousVisitId) || others.length < admissions;
}

function directionOf(from: HospitalLevel, to: HospitalLevel): 'up' | 'down' | null {
  const [a, b] = [hospitalLevels.indexOf(from), hospitalLevels.indexOf(to)];
  if (a === b) return null;
  return a < b ? 'up' : 'down';
}

function daysBetween(first: string, last: string): number {
  return (Date.parse(last) - Date.parse(first)) / 86_400_000;
}
