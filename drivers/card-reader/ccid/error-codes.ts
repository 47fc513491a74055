import { cardRefusal, type CardRefusal } from '../card.ts';
import { muteCard } from '../contact-card/status-words.ts';
import type { CcidReply } from './message.ts';

/** Why a reader could not do what was asked (CCID 1.1, table 6.2-2). */
export const ccidError = {
  aborted: 0xff,
  mute: 0xfe,
  parity: 0xfd,
  overrun: 0xfc,
  hardware: 0xfb,
  badAnswerToReset: 0xf8,
  badCheckOfAnswerToReset: 0xf7,
  unknownProtocol: 0xf6,
  unknownClass: 0xf5,
  procedure: 0xf4,
  deactivated: 0xf3,
  busyWithItself: 0xf2,
  slotBusy: 0xe0,
} as const;

/** Errors that pass: the same command may do better a moment later. */
export function isPassing({ error }: CcidReply): boolean {
  return error === ccidError.slotBusy || error === ccidError.busyWithItself;
}

/** Transmission between reader and card went wrong; the card may be read again. */
const damagedOnContacts: readonly number[] = [ccidError.parity, ccidError.overrun];

/** The card does not behave like a card with a chip, or not like one this reader knows. */
const strangeCard: readonly number[] = [
  ccidError.badAnswerToReset,
  ccidError.badCheckOfAnswerToReset,
  ccidError.unknownProtocol,
  ccidError.unknownClass,
  ccidError.procedure,
];

/** What a reply that failed means. `hadPower`: the card had answered before. */
export function refusalOfReply(reply: CcidReply, hadPower: boolean): CardRefusal {
  const technical = `ccid error ${reply.error.toString(16).padStart(2, '0')}, card ${reply.card}`;
  if (reply.card === 'absent')
    return cardRefusal(hadPower ? 'card-removed' : 'no-card', { technical });
  if (damagedOnContacts.includes(reply.error)) return cardRefusal('checksum', { technical });
  if (hadPower && (reply.error === ccidError.mute || reply.error === ccidError.deactivated)) {
    return cardRefusal('card-removed', { technical });
  }
  if (reply.error === ccidError.mute) return muteCard(technical);
  if (strangeCard.includes(reply.error)) return cardRefusal('card-not-recognised', { technical });
  return cardRefusal('reader-failed', { technical });
}
