import type { AgedBillRow } from '../../shared/contracts/intake-lists.ts';
import type {
  ChangedBillRow,
  PersonQuestionRow,
  RefusedFileView,
  TrialView,
} from '../../shared/contracts/intake.ts';
import type { Words } from '../../shared/domain/result.ts';
import { shanghaiInstant } from '../base/clock.ts';
import type { PersonQuestionTable } from '../database/person-tables.ts';
import type { OpenSetAsideBill } from '../database/set-aside-bills.ts';
import type { RefusedFile } from '../hospital-exchange/refused-files.ts';
import type { IntakeProblem } from '../intake/intake-problem.ts';
import type { Difference } from '../intake/person-doubt.ts';
import { maskAllButDifference, maskIdNumber, maskName, maskNumbersIn } from '../security/mask.ts';
import type { AgedBill } from './ageing.ts';

export const maskedWords = ({ zh, en }: Words): Words => ({
  ...{ zh: maskNumbersIn(zh), en: maskNumbersIn(en) },
});

/** A bill that came after settlement as the list has it. */
export function changedBillRow(bill: OpenSetAsideBill): ChangedBillRow {
  return {
    ...{ billId: bill.id, visitId: bill.visit_id, settlementId: bill.settlement_id },
    ...{ settlementNumber: bill.number, settledAt: bill.settled_at },
    ...{ maskedName: maskName(bill.person_name), receivedAt: bill.received_at },
    source: maskNumbersIn(bill.source),
  };
}

/** A hospital may put a patient's number into the name of a file, and what was refused may repeat what was read. */
export function refusedFileRow({
  name,
  refusedAt,
  problems,
  ...file
}: RefusedFile): RefusedFileView {
  return {
    ...file,
    name: maskNumbersIn(name),
    refusedAt: refusedAt === null ? null : shanghaiInstant(new Date(refusedAt)),
    problems: problems.map(problemRow),
  };
}

/** A column may be named by what stands in it, and words may repeat what was read. */
export function problemRow({
  column,
  place,
  message,
  remedy,
  ...problem
}: IntakeProblem): TrialView['problems'][number] {
  return {
    ...problem,
    ...(column === undefined ? {} : { column: maskNumbersIn(column) }),
    ...(place === undefined ? {} : { place: maskNumbersIn(place) }),
    ...{ message: maskedWords(message), remedy: maskedWords(remedy) },
  };
}

/** Both sides, masked but for what differs. */
export function personQuestionRow(row: PersonQuestionTable): PersonQuestionRow {
  const [knownName, saidName] = maskAllButDifference(row.known_name, row.said_name);
  return {
    ...{ questionId: row.id, cameBy: row.came_by, visitId: row.visit_id, place: row.place },
    source: maskNumbersIn(row.source),
    // The program wrote the list itself, in words of its own.
    differs: row.differs.split(' ') as Difference[],
    maskedNumber: maskIdNumber(row.said_number),
    known: { name: knownName, birthDate: row.known_birth_date, sex: row.known_sex },
    said: { name: saidName, birthDate: row.said_birth_date, sex: row.said_sex },
    askedAt: row.asked_at,
  };
}

/** A bill that waits as the list has it; what a hospital wrote of a hindrance may name the patient's number. */
export function agedBillRow(bill: AgedBill): AgedBillRow {
  const { visitId, since, dischargedOn, firstReceivedAt, source, totalFen } = bill;
  const { department, bed, admissionNumber, waitsFor, hindrances } = bill;
  const { daysSinceDischarge, daysSinceArrival } = bill;
  return {
    ...{ visitId, since, maskedName: maskName(bill.name), dischargedOn, firstReceivedAt },
    ...{ source: maskNumbersIn(source), department, bed, admissionNumber, totalFen },
    ...{ waitsFor, hindrances: hindrances.map(maskedWords) },
    ...{ daysSinceDischarge, daysSinceArrival },
  };
}
