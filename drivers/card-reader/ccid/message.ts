/**
 * Messages between a computer and a reader of cards with a chip (USB-IF, CCID revision 1.1): a head of ten bytes
 * and data. Numbers are little-endian.
 */
export const headLength = 10;

/** The longest message of a reader that takes short commands: the head and 261 bytes. */
export const messageLengthMax = 271;

/** What is asked of a reader. */
export const ccidCommand = {
  powerOn: 0x62,
  powerOff: 0x63,
  slotStatus: 0x65,
  transfer: 0x6f,
} as const;
export type CcidCommand = keyof typeof ccidCommand;

export type CcidReply = {
  readonly type: number;
  readonly sequence: number;
  /** Whether a card is in, and has power. */
  readonly card: 'active' | 'inactive' | 'absent';
  /** `waiting`: the card needs more time, and the real answer follows. */
  readonly outcome: 'done' | 'failed' | 'waiting';
  /** Why it failed; see `error-codes.ts`. */
  readonly error: number;
  readonly data: Uint8Array;
};

/** A command to the only slot. `specific`: the three bytes whose meaning the command gives. */
export function encodeCcidCommand(
  command: CcidCommand,
  sequence: number,
  data: Uint8Array = new Uint8Array(),
): Uint8Array {
  const message = new Uint8Array(headLength + data.length);
  const view = new DataView(message.buffer);
  message[0] = ccidCommand[command];
  view.setUint32(1, data.length, true);
  message[6] = sequence & 0xff;
  message.set(data, headLength);
  return message;
}

const cardStates = ['active', 'inactive', 'absent', 'absent'] as const;
const outcomes = ['done', 'failed', 'waiting', 'failed'] as const;

/** Takes a reader's message apart; null for one that is none: another type, a wrong length. */
export function decodeCcidReply(message: Uint8Array): CcidReply | null {
  if (message.length < headLength) return null;
  const [type = 0] = message;
  const length = new DataView(message.buffer, message.byteOffset).getUint32(1, true);
  if (type < 0x80 || length !== message.length - headLength) return null;
  const [status = 0, error = 0] = message.subarray(7, 9);
  return {
    type,
    sequence: message[6] ?? 0,
    card: cardStates[status & 3] ?? 'absent',
    outcome: outcomes[status >> 6] ?? 'failed',
    error,
    data: message.subarray(headLength),
  };
}
