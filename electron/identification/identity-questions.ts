import { accepted, refused, type Refusal, type Result } from '../../shared/domain/result.ts';
import { shanghaiInstant, type Clock } from '../base/clock.ts';
import type { Ids } from '../base/ids.ts';
import type { IdentityAnswer } from '../database/identity-questions-repository.ts';
import type { Repositories, Store } from '../database/store.ts';
import type { IdentifiedPerson, IdentityQuestion } from './identify-card.ts';
import { identityRefusal } from './identity-refusals.ts';

export type QuestionDependencies = {
  readonly store: Store;
  readonly clock: Pick<Clock, 'now'>;
  readonly ids: Ids;
};

/** Who works at which page. */
export type AtPage = { readonly userId: string; readonly sessionId: string };

/** A card that was read: what kind it is, whose by hash, and which reading of it this was. */
export type ReadCard = {
  readonly card: string;
  readonly cardSha256: string;
  readonly read: string;
};

/** The questions a page was shown with a card; only what was asked there can be answered there. */
export type AskedQuestions = ReadCard & { readonly questions: readonly IdentityQuestion[] };

/**
 * Keeps what a card raises of the visits it was looked up for, before anybody sees them: a visit with an open question is
 * settled by nobody. A card that fits a visit answers what another one raised of it. What was answered yes for the same
 * card is not asked anew, nor what was set aside for the same reading of it.
 */
export async function raiseQuestions(
  { store, clock, ids }: QuestionDependencies,
  { card, cardSha256, read }: ReadCard,
  { visits, questions }: Pick<IdentifiedPerson, 'visits' | 'questions'>,
  { userId, sessionId }: AtPage,
): Promise<void> {
  const ofCard = visits.map(({ visitId }) => visitId);
  const changes = async ({ identityQuestions }: Repositories) => {
    const before = await identityQuestions.ofVisits(ofCard);
    const stands = ({ visitId, code }: IdentityQuestion): boolean =>
      before.some(
        (each) =>
          each.visit_id === visitId &&
          each.code === code &&
          each.card_sha256 === cardSha256 &&
          (each.state === 'open' || each.state === 'confirmed' || each.card_read === read),
      );
    const fits = (visitId: string): boolean =>
      !questions.some((question) => question.visitId === visitId);
    return {
      ask: questions.filter((question) => !stands(question)),
      fitted: before.filter((each) => each.state === 'open' && fits(each.visit_id)),
    };
  };
  const found = await store.read(changes);
  if (found.ask.length === 0 && found.fitted.length === 0) return;
  // Nothing is settled there: nothing is to be guarded.
  if (store.readingOnly() !== null) return;
  const at = shanghaiInstant(clock.now());
  await store.transact(
    async (repositories) => {
      const { ask, fitted } = await changes(repositories);
      const answer = { state: 'fitted', at, by: userId, page: sessionId } as const;
      for (const each of fitted) await repositories.identityQuestions.answer(each, answer);
      for (const { visitId, code } of ask) {
        await repositories.identityQuestions.ask({
          ...{ id: ids.next(), visit_id: visitId, code, card, card_sha256: cardSha256 },
          ...{ card_read: read, asked_at: at, asked_by: userId, asked_page: sessionId },
        });
      }
    },
    { visits: ofCard },
  );
}

/** Why nobody may act for a visit yet: what was asked of it waits for its answer. null: nothing waits. */
export async function openQuestionOf(
  { identityQuestions }: Pick<Repositories, 'identityQuestions'>,
  visitId: string,
): Promise<Refusal<'identity-question-open'> | null> {
  if (!(await identityQuestions.isOpen(visitId))) return null;
  return identityRefusal('identity-question-open');
}

/**
 * The cashier says that it is this person: only what this page was asked of the card that lies there. Kept in the audit
 * with the page.
 */
export async function confirmPerson(
  dependencies: QuestionDependencies,
  asked: AskedQuestions | null,
  { visitId, code }: IdentityQuestion,
  by: AtPage,
): Promise<Result<Record<string, never>, 'question-unknown'>> {
  const isAsked = asked?.questions.some(
    (question) => question.visitId === visitId && question.code === code,
  );
  if (asked === null || isAsked !== true) return refused(identityRefusal('question-unknown'));
  await answerAll(dependencies, visitId, by, {
    state: 'confirmed',
    isMeant: (each) => each.code === code && each.card_sha256 === asked.cardSha256,
    act: 'confirm-person',
    detail: { code, card: asked.card, page: by.sessionId },
  });
  return accepted({});
}

/**
 * The card that lay there is not this patient's, or nobody says so: the visit may be settled without a card. What was
 * asked stands in the audit with who set it aside.
 */
export async function setQuestionAside(
  dependencies: QuestionDependencies,
  visitId: string,
  by: AtPage,
): Promise<Result<Record<string, never>, never>> {
  const { store } = dependencies;
  const isOpen = await store.read(({ identityQuestions }) => identityQuestions.isOpen(visitId));
  if (!isOpen) return accepted({});
  await answerAll(dependencies, visitId, by, {
    state: 'set-aside',
    isMeant: () => true,
    act: 'set-question-aside',
    detail: { page: by.sessionId },
  });
  return accepted({});
}

type AnsweredQuestion = {
  readonly state: IdentityAnswer['state'];
  readonly isMeant: (question: { readonly code: string; readonly card_sha256: string }) => boolean;
  readonly act: string;
  readonly detail: object;
};

async function answerAll(
  { store, clock }: QuestionDependencies,
  visitId: string,
  { userId, sessionId }: AtPage,
  { state, isMeant, act, detail }: AnsweredQuestion,
): Promise<void> {
  const at = shanghaiInstant(clock.now());
  await store.transact(
    async ({ identityQuestions, audit }) => {
      for (const each of await identityQuestions.ofVisits([visitId])) {
        if (each.state === 'confirmed' || each.state === 'fitted' || !isMeant(each)) continue;
        if (state === 'set-aside' && each.state !== 'open') continue;
        await identityQuestions.answer(each, { state, at, by: userId, page: sessionId });
      }
      await audit.append({ at, who: userId, act, about: visitId, detail });
    },
    { visits: [visitId] },
  );
}
