import type { VisitRow } from '../../shared/contracts/desk.ts';
import { ageOn } from '../../shared/domain/stay.ts';
import type { VisitSummary } from '../database/visits-repository.ts';
import { maskIdNumber, maskName } from '../security/mask.ts';

/** A visit as lists show it: masked, the age on the day of discharge. */
export function visitRow(summary: VisitSummary): VisitRow {
  return {
    visitId: summary.visitId,
    maskedName: maskName(summary.name),
    maskedIdNumber: maskIdNumber(summary.idNumber),
    sex: summary.sex,
    age: ageOn(summary.birthDate, summary.dischargedOn),
    kind: summary.kind === 'outpatient' ? 'outpatient' : 'inpatient',
    bed: summary.bed,
    department: summary.department,
    admissionNumber: summary.admissionNumber,
    admittedOn: summary.admittedOn,
    dischargedOn: summary.dischargedOn,
    totalFen: summary.totalFen,
    state: summary.state,
    settlementId: summary.settlementId,
    blockerCount: summary.blockerCount,
    receivedAt: summary.receivedAt,
    changedAfterSettlement: summary.changedAfterSettlement,
  };
}
