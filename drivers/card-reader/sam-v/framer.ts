import { longestAnswerLength, preamble, shortestAnswerLength, type SamVAnswer } from './frame.ts';

export type FramerEvent =
  | { readonly kind: 'answer'; readonly answer: SamVAnswer }
  /** Something began like an answer and was none: wrong check, or cut off. */
  | { readonly kind: 'damaged'; readonly why: 'check' | 'cut-off' };

const headLength = preamble.length + 2;
const longestFrame = headLength + longestAnswerLength;

/**
 * Finds answers in a stream of bytes that comes in any pieces and with anything in between. States: seeking
 * the preamble, then the length, then collecting the body. What turns out not to be an answer is searched
 * again from its second byte, so a false start never swallows a true answer. Holds at most one frame.
 */
export class SamVFramer {
  readonly #held = new Uint8Array(longestFrame);
  #size = 0;

  /** Bytes held of an answer that is not complete. */
  get pendingBytes(): number {
    return this.#size;
  }

  /** Whether the head of an answer is there, and its rest should follow at once. */
  get hasBegun(): boolean {
    return this.#size >= headLength;
  }

  push(chunk: Uint8Array): FramerEvent[] {
    const events: FramerEvent[] = [];
    let taken = 0;
    while (taken < chunk.length) {
      const room = Math.min(chunk.length - taken, this.#held.length - this.#size);
      this.#held.set(chunk.subarray(taken, taken + room), this.#size);
      this.#size += room;
      taken += room;
      this.#scan(events);
    }
    return events;
  }

  /**
   * No more will come of what is held: an unfinished answer is given up, and what it swallowed is searched.
   */
  giveUp(): FramerEvent[] {
    const events: FramerEvent[] = [];
    while (this.#size > 0) {
      const begun = this.#size >= headLength;
      this.#drop(1);
      if (begun) events.push({ kind: 'damaged', why: 'cut-off' });
      this.#scan(events);
    }
    return events;
  }

  reset(): void {
    this.#size = 0;
  }

  /** Takes out every answer that is complete; leaves a beginning, or nothing. */
  #scan(events: FramerEvent[]): void {
    for (;;) {
      this.#drop(this.#bytesBeforePreamble());
      if (this.#size < headLength) return;
      const length = ((this.#held[5] ?? 0) << 8) | (this.#held[6] ?? 0);
      if (length < shortestAnswerLength || length > longestAnswerLength) {
        // Not the head of an answer: noise, or a command echoed by the line.
        this.#drop(1);
        continue;
      }
      const end = headLength + length;
      if (this.#size < end) return;
      if (!this.#checkIsRight(end)) {
        events.push({ kind: 'damaged', why: 'check' });
        this.#drop(1);
        continue;
      }
      events.push({ kind: 'answer', answer: this.#answer(end) });
      this.#drop(end);
    }
  }

  /** How many bytes stand before the first place where the preamble, or its beginning at the end, matches. */
  #bytesBeforePreamble(): number {
    for (let start = 0; start < this.#size; start += 1) {
      let matched = 0;
      while (
        matched < preamble.length &&
        start + matched < this.#size &&
        this.#held[start + matched] === preamble[matched]
      ) {
        matched += 1;
      }
      if (matched === preamble.length || start + matched === this.#size) return start;
    }
    return this.#size;
  }

  #checkIsRight(end: number): boolean {
    let check = 0;
    for (let at = preamble.length; at < end; at += 1) check ^= this.#held[at] ?? 0;
    return check === 0;
  }

  #answer(end: number): SamVAnswer {
    const [first, second, third] = this.#held.subarray(headLength, headLength + 3);
    return {
      status: third ?? 0,
      cardStatus: ((first ?? 0) << 8) | (second ?? 0),
      data: this.#held.slice(headLength + 3, end - 1),
    };
  }

  #drop(count: number): void {
    if (count === 0) return;
    this.#held.copyWithin(0, count, this.#size);
    this.#size -= count;
  }
}
