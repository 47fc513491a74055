import type { CardOnPlate } from '../../shared/contracts/desk.ts';
import { accepted, type Refusal, type Result, type Warning } from '../../shared/domain/result.ts';
import type { CardRead } from '../../drivers/card-reader/card.ts';
import type { OwnNumberScan } from '../../drivers/card-reader/scanner/listening-reader.ts';
import { sha256 } from '../database/canonical-json.ts';
import type { VisitSummary } from '../database/visits-repository.ts';
import type { AskVoucherOwner, DecodeEVoucher } from '../identification/decode-e-voucher.ts';
import { identifyCard } from '../identification/identify-card.ts';
import { identityRefusal } from '../identification/identity-refusals.ts';
import { maskIdNumber, maskName } from '../security/mask.ts';
import {
  confirmPerson,
  raiseQuestions,
  setQuestionAside,
  type AskedQuestions,
} from '../identification/identity-questions.ts';
import { noteProxy } from '../identification/note-proxy.ts';
import type { DeskParts } from './desk-parts.ts';
import type { Caller, CallHandlers } from './handle-call.ts';
import { questionViews } from './question-views.ts';
import { visitRow } from './visit-rows.ts';

/** F2 is pressed with the card on the plate; a short wait, then the refusal. */
const againTimeoutSeconds = 3;

export function cardCalls(desk: DeskParts) {
  const parts: CardParts = {
    ...desk,
    ownerOfEVoucher: askedOnce(desk.decodeEVoucher),
    // Counting begins anew with each start of the desk; a reading is not that of an earlier one.
    readingOf: ofThisStart(desk.services.ids.next()),
    questionView: questionViews(desk.services),
  };
  /** What each page was asked last; it answers nothing else. */
  const asked = new Map<string, Asked>();
  const shown = async (
    seen: Seen | Promise<Seen>,
    { sessionId }: Caller,
  ): Promise<Result<CardOnPlate, never>> => {
    const { card, questions } = await seen;
    const { sequence } = card;
    // A card that took long to look up may come after the one that is on the reader by now.
    if (sequence >= (asked.get(sessionId)?.sequence ?? 0)) {
      asked.delete(sessionId);
      asked.set(sessionId, { sequence, questions });
      const [oldest] = asked.keys();
      if (asked.size > pagesMax && oldest !== undefined) asked.delete(oldest);
    }
    return accepted(card);
  };
  const askedAt = ({ sessionId }: Caller): AskedQuestions | null => {
    const last = asked.get(sessionId);
    return last?.sequence === parts.cards.latestCard().sequence ? last.questions : null;
  };
  return {
    'card:latest': (_input, caller) =>
      shown(cardOnPlate(parts, { caller, call: 'card:latest' }), caller),
    'card:read': async (_input, caller) => {
      await parts.demoTray?.layForReading();
      const read = await parts.cards.readCard({ timeoutSeconds: againTimeoutSeconds });
      const { sequence } = parts.cards.latestCard();
      const asking: Asking = { caller, call: 'card:read' };
      if (read.ok) return shown(identified(parts, asking, sequence, read.value), caller);
      return shown(refusal(sequence, read.refusal), caller);
    },
    'card:scan': ({ text }, caller) => {
      parts.cards.takeScan(text);
      return shown(cardOnPlate(parts, { caller, call: 'card:scan' }), caller);
    },
    'card:confirm-person': (answer, caller) =>
      confirmPerson(parts.services, askedAt(caller), answer, caller),
    'card:set-question-aside': ({ visitId }, caller) =>
      setQuestionAside(parts.services, visitId, caller),
    'card:note-proxy': ({ visitId }, caller) =>
      noteProxy({ ...parts.services, cards: parts.cards }, { visitId, by: caller.userId }),
  } satisfies Pick<
    CallHandlers,
    | 'card:latest'
    | 'card:read'
    | 'card:scan'
    | 'card:confirm-person'
    | 'card:set-question-aside'
    | 'card:note-proxy'
  >;
}

/** More pages than any desk has: what one was asked is forgotten for the next, and asked again with the card. */
const pagesMax = 100;

type Asked = { readonly sequence: number; readonly questions: AskedQuestions | null };

const ofThisStart = (start: string) => (sequence: number) => `${start} ${String(sequence)}`;

type AskedVoucher = {
  readonly code: string;
  readonly sequence: number;
  readonly owner: ReturnType<AskVoucherOwner>;
};

/**
 * An e-voucher is good once: the page may ask again whose card it is, the service is not asked again. What it did
 * not answer, a new scan asks once more.
 */
function askedOnce(decode: DecodeEVoucher): (sequence: number, caller: Caller) => AskVoucherOwner {
  let last: AskedVoucher | null = null;
  return (sequence, caller) => async (code) => {
    const before = last;
    const isAsked =
      before?.code === code && (before.sequence === sequence || (await before.owner).ok);
    if (isAsked) return before.owner;
    last = { code, sequence, owner: decode(code, caller) };
    return last.owner;
  };
}

type CardParts = DeskParts & {
  readonly ownerOfEVoucher: ReturnType<typeof askedOnce>;
  readonly readingOf: (sequence: number) => string;
  readonly questionView: ReturnType<typeof questionViews>;
};

/** Who asks, and by which call: it stands in the audit where a number is shown. */
type Asking = { readonly caller: Caller; readonly call: CardCall };
type CardCall = 'card:latest' | 'card:read' | 'card:scan';

type Seen = { readonly card: CardOnPlate; readonly questions: AskedQuestions | null };

async function cardOnPlate(parts: CardParts, asking: Asking): Promise<Seen> {
  const latest = parts.cards.latestCard();
  const { sequence } = latest;
  switch (latest.kind) {
    case 'no-card':
      return { card: { kind: 'no-card', sequence }, questions: null };
    case 'refused':
      return refusal(sequence, latest.refusal);
    case 'own-number':
      return ownVisit(parts, sequence, latest.scan);
    case 'card':
      return identified(parts, asking, sequence, latest.card);
  }
}

function refusal(sequence: number, why: Refusal): Seen {
  return {
    card: { kind: 'refused', sequence, refusal: { ...why, details: [] } },
    questions: null,
  };
}

/** A slip or a wristband of ours opens what it names. */
async function ownVisit(
  { services: { store } }: DeskParts,
  sequence: number,
  { of, number }: OwnNumberScan,
): Promise<Seen> {
  const visitId = await store.read(async ({ settlements, visits }) => {
    if (of !== 'visit') return (await settlements.findByNumber(number))?.visitId ?? null;
    return (await visits.find(number)) === null ? null : number;
  });
  if (visitId === null) return refusal(sequence, identityRefusal('own-number-unknown'));
  return { card: { kind: 'own-visit', sequence, visitId }, questions: null };
}

/**
 * Who a card belongs to and their visits. What the hospital's system sent meanwhile is taken in first, so
 * that the bill shown is the newest there is. `sequence` is the card's own: another card may be on the reader when this ends.
 */
async function identified(
  parts: CardParts,
  { caller, call }: Asking,
  sequence: number,
  card: CardRead,
): Promise<Seen> {
  const bills = await parts.takeInNow();
  const person = await identifyCard(
    { store: parts.services.store, askVoucherOwner: parts.ownerOfEVoucher(sequence, caller) },
    card,
  );
  if (!person.ok) return refusal(sequence, person.refusal);
  const { idNumber, name, visits, questions } = person.value;
  const read = {
    card: card.card,
    cardSha256: sha256(JSON.stringify([card.card, idNumber, name])),
    read: parts.readingOf(sequence),
  };
  // Another card may lie there by now; what this one would raise nobody is asked.
  if (parts.cards.latestCard().sequence === sequence) {
    await raiseQuestions(parts.services, read, person.value, caller);
  }
  const at = { caller, call, read: read.read };
  const views = [];
  for (const question of questions)
    views.push(await parts.questionView(question, person.value, at));
  const inState = (state: VisitSummary['state']) =>
    visits.filter((visit) => visit.state === state).map(visitRow);
  return {
    card: {
      kind: 'person',
      sequence,
      card: card.card,
      readAt: card.readAt,
      elapsedMs: Math.round(card.elapsedMs),
      maskedName: maskName(name),
      maskedIdNumber: maskIdNumber(idNumber),
      unsettled: inState('unsettled'),
      settled: inState('settled'),
      questions: views,
      warnings: [
        ...(bills === 'late' ? [billsNotRefreshed(visits)] : []),
        ...card.warnings.map(({ code, text }) => ({ code, text })),
      ],
    },
    questions: { ...read, questions },
  };
}

/** The hospital's folder or database did not answer in time: from when the bills are that are shown. */
function billsNotRefreshed(visits: readonly VisitSummary[]): Warning {
  const newest = visits
    .filter(({ state }) => state === 'unsettled')
    .map(({ receivedAt }) => receivedAt)
    .sort()
    .at(-1);
  const at = newest?.slice(0, 16).replace('T', ' ');
  const code = 'bills-not-refreshed';
  if (at === undefined) {
    const zh = '医院系统没有及时应答，可能有新账单还没有到；到了会自动显示。';
    const en = `The hospital's system did not answer in time: a bill may be on its way and is shown when it comes.`;
    return { code, text: { zh, en } };
  }
  const zh = `医院系统没有及时应答，显示的是 ${at} 收到的账单；有新账单会自动刷新，请留意金额。`;
  const en = `The hospital's system did not answer in time: this is the bill received ${at}; a newer one is shown when it comes.`;
  return { code, text: { zh, en } };
}
