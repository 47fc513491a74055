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

/** The instant of a moment as the Visit JSON writes it, in Chinese time where it says no other; null: it is none. */
export function instantOfMoment(text: string): string | null {
  const [, day = '', time = '', zone = ''] =
    /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?)(Z|[+-]\d\d:?\d\d)?$/.exec(text) ??
    [];
  const offset = /^[+-]\d{4}$/.test(zone) ? `${zone.slice(0, 3)}:${zone.slice(3)}` : zone;
  const ms = Date.parse(`${day}T${time}${offset === '' ? '+08:00' : offset}`);
  return Number.isNaN(ms) ? null : shanghaiInstant(new Date(ms));
}
