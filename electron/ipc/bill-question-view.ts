import type {
  BillQuestionRow as RowView,
  BillQuestionView,
} from '../../shared/contracts/intake.ts';
import type { BillOrigin } from '../../shared/domain/bill-order.ts';
import type { BillQuestionRow } from '../database/bill-questions-repository.ts';
import { madeOf } from '../database/bill-origin.ts';
import { maskName, maskNumbersIn } from '../security/mask.ts';
import type { ComparedBills } from '../settlement/show-bill-question.ts';
import { differenceView } from './changed-bill-view.ts';

/** A question as the list has it. */
export function billQuestionRow(row: BillQuestionRow): RowView {
  return {
    ...{ questionId: row.id, visitId: row.visit_id, maskedName: maskName(row.person_name) },
    known: { source: maskNumbersIn(row.known_source), receivedAt: row.known_received_at },
    come: { source: maskNumbersIn(row.source), receivedAt: row.received_at },
    origin: originView({ sentVersion: row.sent_version, made: madeOf(row) }),
  };
}

/** Both bills side by side; of the patient no more than who compares two bills needs. */
export function billQuestionView(compared: ComparedBills): BillQuestionView {
  const { question, known, knownOrigin, difference, totalFen } = compared;
  return {
    ...{ questionId: question.id, visitId: question.visitId, billVersion: known.billVersion },
    maskedName: maskName(known.person.name),
    known: {
      ...{ source: maskNumbersIn(known.source), receivedAt: known.receivedAt },
      origin: originView(knownOrigin),
    },
    come: {
      ...{ source: maskNumbersIn(question.source), receivedAt: question.bill.receivedAt },
      origin: originView(question.bill),
    },
    totalFen,
    ...differenceView(difference),
  };
}

function originView({ sentVersion, made }: BillOrigin): RowView['origin'] {
  return { sentVersion, madeAt: made?.at ?? null, madeBy: made?.by ?? null };
}
