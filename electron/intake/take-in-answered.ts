import type { Refusal } from '../../shared/domain/result.ts';
import {
  checkDocument,
  keepPreparedVisit,
  type IntakeDependencies,
} from './keep-visit-document.ts';

/** What became of a bill that had waited for a word about its person. */
export type AnsweredBill = {
  readonly visitId: string;
  /** Null: it is taken in. */
  readonly refusal: Refusal | null;
};

/**
 * Takes in the bills that waited for somebody to say whether they speak of a person. One of which that is still not said
 * goes on waiting and is not told. What intake's rules of today refuse is refused, and the bill has to come again.
 */
export async function takeInAnswered(
  dependencies: IntakeDependencies,
  personId: string,
): Promise<readonly AnsweredBill[]> {
  const waiting = await dependencies.store.read(({ personQuestions }) =>
    personQuestions.billsOfPerson(personId),
  );
  const taken: AnsweredBill[] = [];
  for (const { visitId, source, document, hashes, made } of waiting) {
    const prepared = { document, visitId, hashes, reading: checkDocument(document) };
    const kept = await keepPreparedVisit(dependencies, prepared, { source, made });
    if (kept.ok) taken.push({ visitId, refusal: null });
    else if (kept.refusal.code !== 'person-differs') {
      taken.push({ visitId, refusal: kept.refusal });
    }
  }
  return taken;
}
