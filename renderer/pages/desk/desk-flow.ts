import type {
  CardOnPlate,
  DeskState,
  IdentityQuestionView,
  ProxyView,
  VisitRow,
} from '../../../shared/contracts/desk.ts';
import type { AccountLockView } from '../../../shared/contracts/account-lock.ts';
import type { CopiedState } from '../../../shared/contracts/contract.ts';
import type { SettlementView, VisitPreview } from '../../../shared/contracts/settlement.ts';
import type { Refusal } from '../../../shared/domain/result.ts';
import type { Tender } from '../../../shared/domain/visit.ts';
import type { Moment } from '../../components/moment.ts';
import { onAccountLock, payUnderLock } from './account-lock-flow.ts';
import { deskRefusal } from './desk-refusals.ts';
import type { DeskEvent, Effect } from './desk-events.ts';

export type DeskFlow = {
  readonly moment: Moment;
  readonly choices: readonly VisitRow[];
  readonly chosen: number;
  readonly visitId: string | null;
  readonly preview: VisitPreview | null;
  readonly settlement: SettlementView | null;
  readonly refusal: Refusal | null;
  /** What the cashier must answer before the visit opens. */
  readonly question: IdentityQuestionView | null;
  /** Who acts for the patient, if it was noted. */
  readonly proxy: ProxyView | null;
  /** Whose card was on the plate, for the words above the choices. */
  readonly card: CardOnPlate | null;
  /** The last card looked at: the same sequence again is no news. */
  readonly cardSequence: number;
  readonly tenders: readonly Tender[];
  /** How the hospital's account of the open visit is; null: it is not known yet, or no lock is offered. */
  readonly accountLock: AccountLockView | null;
  /** The cashier has seen that the account is not locked, and goes on all the same. */
  readonly accountSeen: boolean;
  /** When what is on the screen appeared; a key that comes too soon after was not meant for it. */
  readonly shownAtMs: number;
};

export type Step = { readonly flow: DeskFlow; readonly effects: readonly Effect[] };

/** A key within this time of a new patient appearing was meant for what was there before. */
export const tooSoonMs = 400;

export const emptyDesk: DeskFlow = {
  moment: 'waiting',
  choices: [],
  chosen: 0,
  visitId: null,
  preview: null,
  settlement: null,
  refusal: null,
  question: null,
  proxy: null,
  card: null,
  cardSequence: 0,
  tenders: [],
  ...{ accountLock: null, accountSeen: false },
  shownAtMs: 0,
};

const stay = (flow: DeskFlow): Step => ({ flow, effects: [] });

/** One step of the desk. Pure: the same desk and the same event give the same desk, and say what to do. */
export function deskStep(flow: DeskFlow, event: DeskEvent): Step {
  const step = stepOf(flow, event);
  const left = leftUnanswered(flow, step.flow, event);
  if (left === null) return step;
  const aside: Effect = { kind: 'set-question-aside', visitId: left, thenLoad: false };
  return { flow: step.flow, effects: [aside, ...step.effects] };
}

/** The visit of a question that leaves the screen without its yes; null: none does. */
function leftUnanswered(before: DeskFlow, after: DeskFlow, event: DeskEvent): string | null {
  const visitId = before.moment === 'asking' ? (before.question?.visitId ?? null) : null;
  const isAnswered = event.type === 'person-confirmed' && event.visitId === visitId;
  const stands = after.moment === 'asking' && after.question?.visitId === visitId;
  return isAnswered || stands ? null : visitId;
}

function stepOf(flow: DeskFlow, event: DeskEvent): Step {
  switch (event.type) {
    case 'card':
      return onCard(flow, event);
    case 'choose':
      return isBusy(flow) ? stay(flow) : openChoices(flow, event.visits, event.atMs);
    case 'open-visit':
      if (isBusy(flow)) return stay(flow);
      // By hand past the question there is no way either.
      return flow.moment === 'choosing' || flow.moment === 'asking'
        ? askOrLoad(flow, event.visitId, flow.shownAtMs)
        : load(flow, event.visitId);
    case 'person-confirmed':
      return flow.moment === 'asking' && flow.question?.visitId === event.visitId
        ? load(flow, event.visitId)
        : stay(flow);
    case 'proxy':
      return stay(flow.visitId === event.visitId ? { ...flow, proxy: event.proxy } : flow);
    case 'move':
      return stay(moved(flow, event.by));
    case 'preview':
      return onPreview(flow, event);
    case 'refused':
      return onRefused(flow, event);
    case 'forward':
      return forward(flow, event.atMs);
    case 'confirm':
      return confirm(flow, event.atMs);
    case 'tenders':
      return flow.moment === 'paying' ? stay({ ...flow, tenders: event.tenders }) : stay(flow);
    case 'settled':
      if (flow.moment !== 'settling') return stay(flow);
      return stay({
        ...flow,
        moment: paperIsOut(event.settlement) ? 'done' : 'printing',
        settlement: event.settlement,
        shownAtMs: event.atMs,
      });
    case 'settlement':
      return stay(onSettlement(flow, event.settlement));
    case 'account-lock':
      return stay(onAccountLock(flow, event));
    case 'back':
      return back(flow, event.atMs);
    case 'find':
      return stay(withoutCardProblem(flow));
    case 'next-patient':
      return nextPatient(flow);
  }
}

/** While money is being settled nothing else may take the screen. */
export function isBusy(flow: DeskFlow): boolean {
  return flow.moment === 'settling';
}

/** Whether a settlement that stands is on the screen, and so can be cancelled. */
export function canCancel({ moment, settlement }: DeskFlow): boolean {
  return (
    settlement?.state === 'settled' &&
    (moment === 'printing' || moment === 'done' || moment === 'settled')
  );
}

/** Whether money was asked for and the answer did not come: only the program can say what became of it. */
export function isUnsure({ moment, refusal }: DeskFlow): boolean {
  return moment === 'settling' || (moment === 'problem' && refusal?.code === 'connection-lost');
}

/** Whether what the last act kept is on this machine alone, for as long as it is: then nothing calls it done. */
export function isOnlyHere(lastCopied: CopiedState, desk: DeskState | null): boolean {
  return lastCopied === 'not-yet' && (desk?.secondPlace?.waiting ?? 0) > 0;
}

/** Whether a card that is put down now may open by itself: never over a patient being dealt with. */
function isFree(flow: DeskFlow): boolean {
  return (
    flow.moment === 'waiting' ||
    flow.moment === 'choosing' ||
    flow.moment === 'asking' ||
    (flow.moment === 'problem' && flow.preview === null)
  );
}

/** F2 may take the screen from a patient only where nothing is half done. */
function mayLeave({ moment }: DeskFlow): boolean {
  return moment === 'checking' || moment === 'done' || moment === 'settled' || moment === 'problem';
}

function onCard(flow: DeskFlow, event: Extract<DeskEvent, { type: 'card' }>): Step {
  const { card, asked, atMs } = event;
  const isNews = asked || card.sequence > flow.cardSequence;
  if (!isNews) return stay(flow);
  if (!isFree(flow) && !(asked && mayLeave(flow))) {
    // The card of the very patient who is open is no news afterwards; another waits for F10.
    return stay(
      isCardOf(card, flow.visitId) ? { ...flow, card, cardSequence: card.sequence } : flow,
    );
  }
  const seen: DeskFlow = {
    ...flow,
    cardSequence: Math.max(flow.cardSequence, card.sequence),
    card,
  };
  switch (card.kind) {
    case 'no-card':
      return asked && isFree(flow)
        ? stay(cardProblem(seen, deskRefusal('nothing-on-reader'), atMs))
        : stay(seen);
    case 'refused':
      return stay(cardProblem(seen, card.refusal, atMs));
    case 'own-visit':
      return load(seen, card.visitId);
    case 'person': {
      const visits = card.unsettled.length > 0 ? card.unsettled : card.settled;
      if (visits.length === 0) {
        return stay(cardProblem(seen, deskRefusal('no-visit'), atMs));
      }
      return openChoices(seen, visits, atMs);
    }
  }
}

function cardProblem(flow: DeskFlow, refusal: Refusal, shownAtMs: number): DeskFlow {
  const { card, cardSequence } = flow;
  return { ...emptyDesk, moment: 'problem', card, cardSequence, refusal, shownAtMs };
}

/** What a card did not give is said until the cashier does something else. */
function withoutCardProblem(flow: DeskFlow): DeskFlow {
  if (flow.moment !== 'problem' || flow.visitId !== null) return flow;
  const { card, cardSequence } = flow;
  return { ...emptyDesk, card, cardSequence };
}

/** Whether the card on the plate is for this visit; its warnings belong to nobody else. */
export function isCardOf(card: CardOnPlate, visitId: string | null): boolean {
  if (card.kind === 'own-visit') return card.visitId === visitId;
  if (card.kind !== 'person') return false;
  return [...card.unsettled, ...card.settled].some((row) => row.visitId === visitId);
}

function openChoices(flow: DeskFlow, visits: readonly VisitRow[], atMs: number): Step {
  const [only] = visits;
  if (only !== undefined && visits.length === 1) return askOrLoad(flow, only.visitId, atMs);
  return stay({
    ...flow,
    moment: 'choosing',
    visitId: null,
    preview: null,
    settlement: null,
    choices: visits,
    chosen: 0,
    refusal: null,
    question: null,
    proxy: null,
    shownAtMs: atMs,
  });
}

/** A visit that does not quite fit the card opens only when the cashier has said that it is this person. */
function askOrLoad(flow: DeskFlow, visitId: string, atMs: number): Step {
  const asked = flow.card?.kind === 'person' ? flow.card.questions : [];
  const question = asked.find((each) => each.visitId === visitId);
  if (question === undefined) return load(flow, visitId);
  // The same question once more, because the card was read again: it stood there already.
  const stands = flow.moment === 'asking' && flow.question?.visitId === visitId;
  return stay({
    ...flow,
    moment: 'asking',
    visitId: null,
    preview: null,
    settlement: null,
    refusal: null,
    question,
    proxy: null,
    shownAtMs: stands ? flow.shownAtMs : atMs,
  });
}

function load(flow: DeskFlow, visitId: string): Step {
  const opened: DeskFlow = {
    ...flow,
    moment: 'loading',
    visitId,
    preview: null,
    settlement: null,
    refusal: null,
    question: null,
    // The same visit asked for again keeps who came for the patient.
    proxy: flow.visitId === visitId ? flow.proxy : null,
    tenders: [],
    ...{ accountLock: null, accountSeen: false },
  };
  return { flow: opened, effects: [{ kind: 'load', visitId }] };
}

/**
 * What may not be confirmed is asked for again: the ward may have finished meanwhile. Where a question of a card waits, the
 * cashier says with it that the visit is settled without the card.
 */
function loadAgain(flow: DeskFlow, visitId: string, { code }: Refusal): Step {
  const step = load(flow, visitId);
  if (code !== 'identity-question-open') return step;
  return { ...step, effects: [{ kind: 'set-question-aside', visitId, thenLoad: true }] };
}

function moved(flow: DeskFlow, by: number): DeskFlow {
  if (flow.moment !== 'choosing') return flow;
  const chosen = Math.min(Math.max(flow.chosen + by, 0), flow.choices.length - 1);
  return { ...flow, chosen };
}

function onPreview(flow: DeskFlow, event: Extract<DeskEvent, { type: 'preview' }>): Step {
  const { visitId, preview, atMs } = event;
  if (flow.visitId !== visitId) return stay(flow);
  const shown = { ...flow, preview, refusal: null, shownAtMs: atMs };
  if (flow.moment === 'loading') {
    if (preview.settlement !== null) {
      return stay({ ...shown, moment: 'settled', settlement: preview.settlement });
    }
    return stay({ ...shown, moment: 'checking' });
  }
  // Refetched because something changed: a changed bill or amount goes back to be checked again.
  if (!['checking', 'paying', 'confirming'].includes(flow.moment)) return stay(flow);
  if (preview.settlement !== null) {
    return stay({ ...shown, moment: 'settled', settlement: preview.settlement });
  }
  const isSame =
    preview.confirmRefusal === null &&
    flow.preview?.bill.version === preview.bill.version &&
    flow.preview.result.patientPaysFen === preview.result.patientPaysFen;
  return stay(isSame ? { ...flow, preview } : { ...shown, moment: 'checking', tenders: [] });
}

function onRefused(flow: DeskFlow, event: Extract<DeskEvent, { type: 'refused' }>): Step {
  if (event.visitId !== flow.visitId) return stay(flow);
  return stay({ ...flow, moment: 'problem', refusal: event.refusal, shownAtMs: event.atMs });
}

/** Enter: the filled button. */
function forward(flow: DeskFlow, atMs: number): Step {
  const tooSoon = atMs - flow.shownAtMs < tooSoonMs;
  switch (flow.moment) {
    case 'choosing': {
      const row = flow.choices[flow.chosen];
      return tooSoon || row === undefined ? stay(flow) : askOrLoad(flow, row.visitId, atMs);
    }
    case 'asking': {
      const { question } = flow;
      return tooSoon || question === null
        ? stay(flow)
        : { flow, effects: [{ kind: 'confirm-person', question }] };
    }
    case 'checking':
      if (tooSoon || flow.preview === null) return stay(flow);
      if (flow.preview.confirmRefusal !== null) {
        return loadAgain(flow, flow.preview.visit.visitId, flow.preview.confirmRefusal);
      }
      return stay(payUnderLock(flow, atMs));
    case 'confirming':
      return settle(flow);
    case 'problem':
      if (tooSoon) return stay(flow);
      if (flow.visitId !== null) return load(flow, flow.visitId);
      return { flow: nextPatient(flow).flow, effects: [{ kind: 'read-card' }] };
    case 'waiting':
      return { flow, effects: [{ kind: 'read-card' }] };
    case 'done':
    case 'settled':
    case 'loading':
    case 'paying':
    case 'settling':
    case 'printing':
      return stay(flow);
  }
}

/** F8: from paying to the amount read back. Never settles by itself. */
function confirm(flow: DeskFlow, atMs: number): Step {
  if (flow.moment !== 'paying') return stay(flow);
  return stay({ ...flow, moment: 'confirming', shownAtMs: atMs });
}

/** The one place where money is asked for: the amount was on the screen and was read back. */
function settle(flow: DeskFlow): Step {
  const { preview, tenders } = flow;
  if (preview === null || preview.confirmRefusal !== null) return stay(flow);
  const { visitId } = preview.visit;
  const { patientPaysFen } = preview.result;
  return {
    flow: { ...flow, moment: 'settling' },
    effects: [
      {
        ...{ kind: 'settle', visitId, billVersion: preview.bill.version },
        ...{ patientPaysFen, tenders, despiteAccount: flow.accountSeen },
      },
    ],
  };
}

function onSettlement(flow: DeskFlow, settlement: SettlementView): DeskFlow {
  if (flow.settlement?.settlementId !== settlement.settlementId) return flow;
  const next = { ...flow, settlement };
  return flow.moment === 'printing' && paperIsOut(settlement) ? { ...next, moment: 'done' } : next;
}

/** The receipt's original has left, or waits for a person: the cashier need not watch it any longer. */
export function paperIsOut(settlement: SettlementView): boolean {
  const receipts = settlement.printJobs.filter(({ document }) => document === 'receipt');
  return receipts.every(({ state }) =>
    ['sent', 'confirmed', 'unknown', 'withdrawn'].includes(state),
  );
}

/** Esc: one face back, nothing lost, nothing done. */
function back(flow: DeskFlow, atMs: number): Step {
  switch (flow.moment) {
    case 'confirming':
      return stay({ ...flow, moment: 'paying', shownAtMs: atMs });
    case 'paying':
      return stay({ ...flow, moment: 'checking', tenders: [], shownAtMs: atMs });
    case 'settling':
      return stay(flow);
    case 'waiting':
    case 'choosing':
    case 'asking':
    case 'loading':
    case 'checking':
    case 'printing':
    case 'done':
    case 'settled':
    case 'problem':
      return nextPatient(flow);
  }
}

/** F10: the empty desk. The paper goes on by itself; what is settled is stored. */
function nextPatient(flow: DeskFlow): Step {
  if (isBusy(flow)) return stay(flow);
  return {
    flow: { ...emptyDesk, cardSequence: flow.cardSequence },
    effects: [{ kind: 'look-at-card' }],
  };
}
