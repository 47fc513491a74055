import type { Day } from './visit.ts';

/** China keeps one time all year: eight hours ahead of UTC, since 1991 without summer time. */
const offsetMs = 8 * 60 * 60 * 1000;

/** `2026-11-22T09:00:00.000+08:00`. */
export function shanghaiInstant(instant: Date): string {
  return new Date(instant.getTime() + offsetMs).toISOString().replace('Z', '+08:00');
}

/** The calendar day in Asia/Shanghai. */
export function shanghaiDay(instant: Date): Day {
  return shanghaiInstant(instant).slice(0, 10);
}
