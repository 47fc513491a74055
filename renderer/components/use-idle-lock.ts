import { useEffect } from 'react';

const lookEveryMs = 5000;

/** Locks after so many minutes without a key or the mouse; null: never. Counted by what a set clock does not move. */
export function useIdleLock(minutes: number | null, onLock: () => void): void {
  useEffect(() => {
    if (minutes === null) return undefined;
    let usedAtMs = performance.now();
    const used = (): void => {
      usedAtMs = performance.now();
    };
    const look = setInterval(() => {
      if (performance.now() - usedAtMs >= minutes * 60_000) onLock();
    }, lookEveryMs);
    const signs = ['keydown', 'pointerdown', 'pointermove', 'wheel'] as const;
    for (const sign of signs) window.addEventListener(sign, used, { capture: true, passive: true });
    return () => {
      clearInterval(look);
      for (const sign of signs) window.removeEventListener(sign, used, { capture: true });
    };
  }, [minutes, onLock]);
}
