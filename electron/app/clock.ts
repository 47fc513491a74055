import type { Day } from '../../shared/domain/visit.ts';

/** The only source of time for every service. */
export type Clock = {
  /** This instant. */
  now(): Date;
  /** The day money counts for, in Asia/Shanghai; a demo folder has a fixed one. */
  businessDate(): Day;
};

/** China keeps one offset all year, so an instant is written with it rather than looked up. */
const shanghaiOffsetMs = 8 * 60 * 60 * 1000;

/** The calendar day of an instant in Asia/Shanghai. */
export function shanghaiDay(instant: Date): Day {
  return new Date(instant.getTime() + shanghaiOffsetMs).toISOString().slice(0, 10);
}

/** An instant as text in Asia/Shanghai, `2017-11-27T10:15:00.000+08:00`. */
export function shanghaiInstant(instant: Date): string {
  return new Date(instant.getTime() + shanghaiOffsetMs).toISOString().replace('Z', '+08:00');
}

/** The machine's clock; the business date is today's unless the folder fixes one. */
export function systemClock(fixedBusinessDate: Day | null): Clock {
  return {
    now: () => new Date(),
    businessDate: () => fixedBusinessDate ?? shanghaiDay(new Date()),
  };
}
