import { shanghaiDay, type Clock } from './clock.ts';

/** A live folder's clock that a test sets: the business date is always the day it shows, in Asia/Shanghai. */
export function movableClock(start: string): Clock & { set(instant: string): void } {
  let now = new Date(start);
  return {
    now: () => now,
    businessDate: () => shanghaiDay(now),
    set: (instant) => {
      now = new Date(instant);
    },
  };
}
