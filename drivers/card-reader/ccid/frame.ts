import { headLength, messageLengthMax } from './message.ts';

/** CCID on a serial line, as the reader GemPC Twin frames it: 03 06, the message, the XOR of all before. */
const sync = 0x03;
const acknowledge = 0x06;
const refusal = 0x15;
/** `50 02` and `50 03`, without a frame: a card was taken out, was put in. */
const notice = 0x50;

export function encodeFrame(message: Uint8Array): Uint8Array {
  const frame = Uint8Array.of(sync, acknowledge, ...message, 0);
  frame[frame.length - 1] = xorOf(frame.subarray(0, -1));
  return frame;
}

export type FrameEvent =
  | { readonly kind: 'message'; readonly message: Uint8Array }
  /** The reader got something damaged and wants it again. */
  | { readonly kind: 'refused' }
  /** Something began like a frame and was none. */
  | { readonly kind: 'damaged' }
  | { readonly kind: 'inserted' }
  | { readonly kind: 'removed' };

/** How far frames got, for tests that must know what they have tried. */
export type FramerCounts = { preambles: number; lengths: number; checked: number };

/**
 * Finds frames in what comes in, in whatever pieces. What stands between them is noise, the asking for time of
 * T=0 (a byte of 80 or more), or a notice of the slot.
 */
export class CcidFramer {
  readonly counts: FramerCounts = { preambles: 0, lengths: 0, checked: 0 };
  #state: 'idle' | 'sync' | 'frame' | 'refusal' | 'notice' = 'idle';
  #frame: number[] = [];
  #needed = 0;

  /** Whether a frame has begun and is not whole: worth waiting for the rest. */
  get isInside(): boolean {
    return this.#state === 'frame';
  }

  /** Forgets a frame that will not be finished; answers whether there was one. */
  reset(): boolean {
    const was = this.isInside;
    this.#state = 'idle';
    this.#frame = [];
    return was;
  }

  push(bytes: Uint8Array): FrameEvent[] {
    const events: FrameEvent[] = [];
    for (const byte of bytes) {
      const event = this.#take(byte);
      if (event !== null) events.push(event);
    }
    return events;
  }

  #take(byte: number): FrameEvent | null {
    switch (this.#state) {
      case 'idle':
        if (byte === sync) this.#state = 'sync';
        if (byte === notice) this.#state = 'notice';
        return null;
      case 'notice':
        this.#state = byte === sync ? 'sync' : 'idle';
        // 03 is both "put in" and the beginning of a frame: the next byte decides.
        if (byte === 0x02) return { kind: 'removed' };
        return byte === 0x03 ? { kind: 'inserted' } : null;
      case 'sync':
        if (byte === acknowledge) {
          this.counts.preambles += 1;
          this.#state = 'frame';
          this.#frame = [sync, acknowledge];
          this.#needed = 2 + headLength;
        } else if (byte === refusal) this.#state = 'refusal';
        else if (byte === notice) this.#state = 'notice';
        else if (byte !== sync) this.#state = 'idle';
        return null;
      case 'refusal':
        this.#state = byte === sync ? 'sync' : 'idle';
        return byte === 0x16 ? { kind: 'refused' } : null;
      case 'frame':
        return this.#grow(byte);
    }
  }

  #grow(byte: number): FrameEvent | null {
    this.#frame.push(byte);
    if (this.#frame.length < this.#needed) return null;
    if (this.#frame.length === 2 + headLength) {
      const [a = 0, b = 0, c = 0, d = 0] = this.#frame.slice(3, 7);
      const length = a + b * 0x100 + c * 0x1_0000 + d * 0x100_0000;
      if (headLength + length > messageLengthMax) {
        this.reset();
        return { kind: 'damaged' };
      }
      this.counts.lengths += 1;
      this.#needed = 2 + headLength + length + 1;
      return null;
    }
    const frame = Uint8Array.from(this.#frame);
    this.reset();
    if (xorOf(frame) !== 0) return { kind: 'damaged' };
    this.counts.checked += 1;
    return { kind: 'message', message: frame.subarray(2, -1) };
  }
}

function xorOf(bytes: Uint8Array): number {
  let sum = 0;
  for (const byte of bytes) sum ^= byte;
  return sum;
}
