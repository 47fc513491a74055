import { systemTimer, type Timer } from './timer.ts';

/**
 * What work comes to, or null where it has not ended after `ms` milliseconds; it goes on all the same. A failure that
 * comes later is nobody's to hear, so the work tells of it itself.
 */
export function within<Value>(
  ms: number,
  work: Promise<Value>,
  timer: Timer = systemTimer,
): Promise<Value | null> {
  return new Promise((resolve, reject) => {
    const stop = timer(ms, () => {
      resolve(null);
    });
    work.then(resolve, reject).finally(stop);
  });
}
