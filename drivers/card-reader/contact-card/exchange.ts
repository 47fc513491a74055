import { accepted, refused, type Result } from '../../../shared/domain/result.ts';
import { cardRefusal, type CardRefusalCode } from '../card.ts';
import type { ContactSlot } from './port.ts';

/** What a card answered, the status apart; `status` is 0x9000 where all is well. */
export type CardAnswer = { readonly data: Uint8Array; readonly status: number };

/** What a card that goes on asking for another command may ask at most, for one answer. */
const rounds = 8;

/** More than the largest record of both files, many times over. */
const answerBytesMax = 4096;

/**
 * One command and its whole answer, as cards under T=0 give it (ISO 7816-3 and -4): what is announced by
 * `61xx` is fetched with GET RESPONSE, and a length the card wants otherwise (`6Cxx`) is asked for again. A
 * card that never comes to an end is refused as `card-not-recognised`.
 */
export async function exchange(
  slot: ContactSlot,
  command: Uint8Array,
  deadlineMs: () => number,
): Promise<Result<CardAnswer, CardRefusalCode>> {
  const parts: Uint8Array[] = [];
  let length = 0;
  let next = command;
  for (let round = 0; round < rounds; round += 1) {
    const answered = await slot.transmit(next, deadlineMs());
    if (!answered.ok) return answered;
    const answer = answered.value;
    const [high, low] = [answer.at(-2), answer.at(-1)];
    if (high === undefined || low === undefined) return endless('an answer without a status');
    parts.push(answer.subarray(0, -2));
    length += answer.length - 2;
    if (length > answerBytesMax) return endless('an answer without an end');
    if (high === 0x61) next = Uint8Array.of(0x00, 0xc0, 0x00, 0x00, low);
    else if (high === 0x6c) next = withLength(next, low);
    else return accepted({ data: joined(parts, length), status: (high << 8) | low });
  }
  return endless('a card that always wants another command');
}

function endless(technical: string): Result<never, CardRefusalCode> {
  return refused(cardRefusal('card-not-recognised', { technical }));
}

/** The same command, asking for another length: its last byte where it has one. */
function withLength(command: Uint8Array, expected: number): Uint8Array {
  const head = command.length === 4 ? command : command.subarray(0, -1);
  return Uint8Array.of(...head, expected);
}

function joined(parts: readonly Uint8Array[], length: number): Uint8Array {
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
