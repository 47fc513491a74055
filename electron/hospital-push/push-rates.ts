/** How much one sender may ask, and how often somebody may show a token that is none. */
export type PushLimits = {
  /** Requests of a sender in a minute: a whole hospital's discharges come in one request each and stay far below. */
  readonly requestsAMinute: number;
  /** Requests of a sender that wait at once: its bills are taken in one after another anyhow. */
  readonly waitingAtOnce: number;
  /** Wrong tokens of one address in a minute; a setting that is wrong is tried a few times, a guesser a million. */
  readonly wrongAMinute: number;
};

export const usualPushLimits: PushLimits = {
  ...{ requestsAMinute: 600, waitingAtOnce: 8, wrongAMinute: 20 },
};

const minuteMs = 60_000;
/** Addresses that are remembered; more of them at once are an attack, and then all of them wait. */
const addressesMax = 10_000;

/** Counts what came in the last minute, by whom; by a counter that only ever goes on. */
export class PushRates {
  readonly #monotonicMs: () => number;
  readonly #times = new Map<string, number[]>();

  constructor(monotonicMs: () => number) {
    this.#monotonicMs = monotonicMs;
  }

  /** Null: one more is fine, and counted. Otherwise after how many seconds it is. */
  secondsToWait(whose: string, most: number): number | null {
    const now = this.#monotonicMs();
    const times = (this.#times.get(whose) ?? []).filter((each) => now - each < minuteMs);
    const [oldest] = times;
    if (times.length >= most && oldest !== undefined) {
      this.#times.set(whose, times);
      return Math.max(1, Math.ceil((oldest + minuteMs - now) / 1000));
    }
    if (!this.#times.has(whose) && this.#times.size >= addressesMax) {
      this.#forgetOld(now);
      if (this.#times.size >= addressesMax) return 60;
    }
    this.#times.set(whose, [...times, now]);
    return null;
  }

  /** Whether somebody has used up what there is, without counting one more. */
  isUsedUp(whose: string, most: number): boolean {
    const now = this.#monotonicMs();
    return (this.#times.get(whose) ?? []).filter((each) => now - each < minuteMs).length >= most;
  }

  #forgetOld(now: number): void {
    for (const [whose, times] of this.#times)
      if (times.every((each) => now - each >= minuteMs)) this.#times.delete(whose);
  }
}
