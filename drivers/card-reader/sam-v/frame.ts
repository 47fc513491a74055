/**
 * The frames of a SAM-V module (GA/T 467): `AA AA AA 96 69 | length, two bytes, high first | body | check`.
 * The length counts body and check; the check is the exclusive-or of the length bytes and the body.
 */
export const preamble: readonly number[] = [0xaa, 0xaa, 0xaa, 0x96, 0x69];

/** Three status bytes and the check: no answer is shorter. */
export const shortestAnswerLength = 4;

/**
 * The longest answer is text, photo and fingerprints: 2321 bytes of which 7 are preamble and length. A
 * greater length is noise, not something to wait for.
 */
export const longestAnswerLength = 2314;

/** Every command the driver sends: command and parameter byte. */
export const samVCommands = {
  status: [0x11, 0xff],
  find: [0x20, 0x01],
  select: [0x20, 0x02],
  readTextAndPhoto: [0x30, 0x01],
  readAppendedAddress: [0x30, 0x03],
} as const;
export type SamVCommand = keyof typeof samVCommands;

/** The bytes of a command. */
export function encodeCommand(command: SamVCommand): Uint8Array {
  const body = samVCommands[command];
  const length = body.length + 1;
  const counted = [length >> 8, length & 0xff, ...body];
  return Uint8Array.from([...preamble, ...counted, checkOf(counted)]);
}

/** Exclusive-or of all bytes: of length and body it is the check; with the check it is zero. */
export function checkOf(bytes: Iterable<number>): number {
  let check = 0;
  for (const byte of bytes) check ^= byte;
  return check;
}

/** An answer whose check was right. `data` is what follows the three status bytes. */
export type SamVAnswer = {
  /** The third status byte, which says what happened. */
  readonly status: number;
  /** The first two, in which the module forwards what the card said. */
  readonly cardStatus: number;
  readonly data: Uint8Array;
};
