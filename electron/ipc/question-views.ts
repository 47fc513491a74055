import type { CardOnPlate } from '../../shared/contracts/desk.ts';
import {
  questionWords,
  type IdentifiedPerson,
  type IdentityQuestion,
} from '../identification/identify-card.ts';
import { maskAllButDifference, maskNumbersButDifference } from '../security/mask.ts';
import { showNumbers, type LeavingNumber } from '../security/show-number.ts';
import type { DeskServices } from './desk-parts.ts';
import type { Caller } from './handle-call.ts';

type QuestionView = Extract<CardOnPlate, { kind: 'person' }>['questions'][number];

/** Where a question is shown: at whose page, to which call, with which reading of a card. */
export type ShownAt = { readonly caller: Caller; readonly call: string; readonly read: string };

/** More than are open at the pages of any desk: what is forgotten is entered once more. */
const rememberedMax = 200;

/**
 * What the cashier is asked. Who compares two of them has to see where they differ; numbers of which next to nothing would
 * be hidden are shown in full, with one entry in the audit for each reading, page and person.
 */
export function questionViews(services: Pick<DeskServices, 'store' | 'clock'>) {
  const shown = new Map<string, Promise<readonly LeavingNumber[]>>();
  const inFull = (
    idNumbers: readonly string[],
    visitId: string,
    { caller: { userId, sessionId }, call, read }: ShownAt,
  ): Promise<readonly LeavingNumber[]> => {
    const key = JSON.stringify([read, sessionId, userId, visitId, idNumbers]);
    const before = shown.get(key);
    if (before !== undefined) return before;
    const showing = { idNumbers, by: userId, where: call, page: sessionId, visitId };
    const now = showNumbers(services, showing);
    shown.set(key, now);
    now.catch(() => shown.delete(key));
    const [oldest] = shown.keys();
    if (shown.size > rememberedMax && oldest !== undefined) shown.delete(oldest);
    return now;
  };
  const compared = async (
    { idNumber: onCard }: IdentifiedPerson,
    onVisit: string,
    visitId: string,
    at: ShownAt,
  ): Promise<{ readonly onCard: LeavingNumber; readonly onVisit: LeavingNumber }> => {
    const [one, other] =
      maskNumbersButDifference(onCard, onVisit) ?? (await inFull([onCard, onVisit], visitId, at));
    if (one === undefined || other === undefined) throw new Error('two numbers, and two shown');
    return { onCard: one, onVisit: other };
  };
  return async (
    { visitId, code, facts }: IdentityQuestion,
    person: IdentifiedPerson,
    at: ShownAt,
  ): Promise<QuestionView> => {
    const visit = person.visits.find((each) => each.visitId === visitId);
    if (code === 'number-differs') {
      const both = await compared(person, visit?.idNumber ?? '', visitId, at);
      return { visitId, code, text: questionWords(code, both) };
    }
    const [onCard, onVisit] = maskAllButDifference(person.name, visit?.name ?? '');
    return { visitId, code, text: questionWords(code, { onCard, onVisit }, facts) };
  };
}
