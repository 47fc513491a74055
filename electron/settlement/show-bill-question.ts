import { accepted, refused, type Result } from '../../shared/domain/result.ts';
import type { Fen } from '../../shared/money/fen.ts';
import { sumFen } from '../../shared/money/fen.ts';
import type { BillQuestion } from '../database/bill-questions-repository.ts';
import type { KnownBill } from '../database/bill-origin.ts';
import type { Store } from '../database/store.ts';
import { visitDocument, visitDocumentOf } from '../database/stored-documents/visit-document.ts';
import type { VisitAndPerson, VisitRecord } from '../database/visits-repository.ts';
import { billQuestionRefusal } from '../intake/bill-question-refusals.ts';
import { compareBills, type BillDifference } from './compare-bills.ts';

/** A bill of which a person has to say whether it is newer, beside the one in force. */
export type ComparedBills = {
  readonly question: BillQuestion;
  readonly known: VisitRecord;
  readonly knownOrigin: KnownBill;
  readonly difference: BillDifference;
  readonly totalFen: { readonly was: Fen; readonly now: Fen };
};

/** One question with both sides, line by line. */
export async function showBillQuestion(
  { store }: { readonly store: Pick<Store, 'read'> },
  questionId: string,
): Promise<Result<ComparedBills, 'bill-question-unknown' | 'bill-question-answered'>> {
  const found = await store.read(async ({ billQuestions, visits }) => {
    const question = await billQuestions.find(questionId);
    const known = question === null ? null : await visits.find(question.visitId);
    const [knownOrigin] = question === null ? [] : await visits.originsOf(question.visitId);
    if (question === null || known === null || knownOrigin === undefined) return null;
    return { question, known, knownOrigin };
  });
  if (found === null) return refused(billQuestionRefusal('bill-question-unknown'));
  if (found.question.state !== 'open')
    return refused(billQuestionRefusal('bill-question-answered'));
  const was = { visit: found.known.visit, person: found.known.person };
  const now = visitDocument.decode(visitDocumentOf(found.question.document));
  return accepted({
    ...found,
    difference: compareBills(was, now),
    totalFen: { was: totalOf(was), now: totalOf(now) },
  });
}

function totalOf({ visit: { bill } }: VisitAndPerson): Fen {
  return bill.kind === 'totals'
    ? bill.totals.totalFen
    : sumFen(bill.charges.map(({ amountFen }) => amountFen));
}
