import type { Timer } from './timer.ts';

/** A timer whose time is up only when the test says so. */
export function manualTimer() {
  const waiting = new Set<{ readonly ms: number; readonly act: () => void }>();
  const timer: Timer = (ms, act) => {
    const one = { ms, act };
    waiting.add(one);
    return () => {
      waiting.delete(one);
    };
  };
  return {
    timer,
    /** What is being waited for, in milliseconds. */
    waiting: (): readonly number[] => [...waiting].map(({ ms }) => ms),
    /** Everything waited for is up now. */
    expire: (): void => {
      for (const one of [...waiting]) {
        waiting.delete(one);
        one.act();
      }
    },
  };
}
