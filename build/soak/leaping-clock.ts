import timers from 'node:timers';
import timersPromises from 'node:timers/promises';

const real = {
  now: Date.now.bind(Date),
  performanceNow: performance.now.bind(performance),
  setTimeout: globalThis.setTimeout,
  clearTimeout: globalThis.clearTimeout,
  setImmediate: globalThis.setImmediate,
};

type Callback = (...words: unknown[]) => void;

/**
 * Time that runs as usual and can leap: whatever is due meanwhile is done in its order, each at its own hour, with
 * turns of the program's loop between. Takes the place of this thread's clock and timers; those of Node itself, such as
 * a connection's, stay with real time.
 */
export function installLeapingClock(): { leap(ms: number): Promise<void> } {
  let leapt = 0;
  const now = (): number => real.performanceNow() + leapt;
  const pending = new Set<DeskTimer>();

  class DeskTimer {
    due = 0;
    #handle: NodeJS.Timeout | null = null;
    #holds = true;
    readonly #run: () => void;
    readonly #delay: number;
    readonly #repeats: boolean;

    constructor(run: () => void, delay: unknown, repeats: boolean) {
      this.#run = run;
      this.#delay = Math.max(1, Number(delay) || 1);
      this.#repeats = repeats;
      this.refresh();
    }

    refresh(): this {
      this.due = now() + this.#delay;
      pending.add(this);
      return this.arm();
    }

    /** Waits in real time for what is left until it is due. */
    arm(): this {
      real.clearTimeout(this.#handle ?? undefined);
      this.#handle = real.setTimeout(() => {
        this.fire();
      }, this.due - now());
      if (!this.#holds) this.#handle.unref();
      return this;
    }

    fire(): void {
      if (!pending.delete(this)) return;
      real.clearTimeout(this.#handle ?? undefined);
      if (this.#repeats) this.refresh();
      this.#run();
    }

    close(): this {
      pending.delete(this);
      real.clearTimeout(this.#handle ?? undefined);
      return this;
    }

    ref(): this {
      this.#holds = true;
      this.#handle?.ref();
      return this;
    }

    unref(): this {
      this.#holds = false;
      this.#handle?.unref();
      return this;
    }

    hasRef(): boolean {
      return this.#holds;
    }

    [Symbol.dispose](): void {
      this.close();
    }
  }

  const begin =
    (repeats: boolean) =>
    (callback: Callback, delay?: number, ...words: unknown[]) =>
      new DeskTimer(
        () => {
          callback(...words);
        },
        delay,
        repeats,
      );
  const end = (timer: unknown): void => {
    if (timer instanceof DeskTimer) timer.close();
    else real.clearTimeout(timer as NodeJS.Timeout);
  };
  const wait = (
    delay?: number,
    value?: unknown,
    options: { ref?: boolean; signal?: AbortSignal } = {},
  ) =>
    new Promise((resolve, reject) => {
      const { signal, ref = true } = options;
      const abort = (): void => {
        timer.close();
        reject(signal?.reason instanceof Error ? signal.reason : new Error('aborted'));
      };
      const timer = new DeskTimer(
        () => {
          signal?.removeEventListener('abort', abort);
          resolve(value);
        },
        delay,
        false,
      );
      if (!ref) timer.unref();
      if (signal?.aborted === true) abort();
      else signal?.addEventListener('abort', abort, { once: true });
    });
  const replaced = {
    setTimeout: begin(false),
    setInterval: begin(true),
    clearTimeout: end,
    clearInterval: end,
  };
  Object.assign(globalThis, replaced);
  Object.assign(timers, replaced);
  Object.assign(timersPromises, { setTimeout: wait });
  performance.now = now;
  const date = (): number => real.now() + leapt;
  globalThis.Date = new Proxy(Date, {
    construct: (target, words: unknown[], made) =>
      Reflect.construct(target, words.length === 0 ? [date()] : words, made) as object,
    get: (target, name) => (name === 'now' ? date : (Reflect.get(target, name) as unknown)),
  });

  return {
    async leap(ms) {
      const until = now() + ms;
      for (;;) {
        const next = [...pending].reduce<DeskTimer | null>(
          (first, each) => (first === null || each.due < first.due ? each : first),
          null,
        );
        if (next === null || next.due > until) break;
        leapt += Math.max(0, next.due - now());
        next.fire();
        for (let turn = 0; turn < 3; turn += 1)
          await new Promise((resolve) => real.setImmediate(resolve));
      }
      leapt += Math.max(0, until - now());
      for (const each of pending) each.arm();
    },
  };
}
