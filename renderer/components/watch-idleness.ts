const signs = ['keydown', 'pointerdown', 'pointermove', 'wheel'] as const;

export type IdlenessOptions = {
  readonly afterMs: number;
  /** The page's own counter, which a set clock does not move; it may stand while the machine sleeps. */
  readonly monotonicMs: () => number;
  readonly clockMs: () => number;
  readonly onIdle: () => void;
};

/**
 * Says when there was neither a key nor the mouse for so long, by the longer of the counter and the clock: over a machine
 * that slept, and over a clock that was set. Looks when it is told to and at each sign, for the first one after a sleep may
 * come before any look, and from whom nobody knows: it then does nothing else. The answer of `stop` ends that.
 */
export function watchIdleness(
  target: EventTarget,
  { afterMs, monotonicMs, clockMs, onIdle }: IdlenessOptions,
): { readonly look: () => boolean; readonly stop: () => void } {
  let used = { counter: monotonicMs(), clock: clockMs() };
  const look = (): boolean => {
    const idleMs = Math.max(monotonicMs() - used.counter, Math.abs(clockMs() - used.clock));
    if (idleMs < afterMs) return false;
    onIdle();
    return true;
  };
  const onSign = (event: Event): void => {
    if (look()) {
      event.preventDefault();
      event.stopImmediatePropagation();
      return;
    }
    used = { counter: monotonicMs(), clock: clockMs() };
  };
  const options = { capture: true, passive: false };
  for (const sign of signs) target.addEventListener(sign, onSign, options);
  return {
    look,
    stop() {
      for (const sign of signs) target.removeEventListener(sign, onSign, options);
    },
  };
}
