import { useEffect } from 'react';

import { watchIdleness } from './watch-idleness.ts';

const lookEveryMs = 5000;

/** Locks after so many minutes without a key or the mouse; null: never. */
export function useIdleLock(minutes: number | null, onLock: () => void): void {
  useEffect(() => {
    if (minutes === null) return undefined;
    const watch = watchIdleness(window, {
      afterMs: minutes * 60_000,
      monotonicMs: () => performance.now(),
      clockMs: () => Date.now(),
      onIdle: onLock,
    });
    const looking = setInterval(watch.look, lookEveryMs);
    return () => {
      clearInterval(looking);
      watch.stop();
    };
  }, [minutes, onLock]);
}
