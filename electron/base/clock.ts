import { shanghaiDay, shanghaiInstant } from '../../shared/domain/shanghai-time.ts';
import type { Day } from '../../shared/domain/visit.ts';

export { shanghaiDay, shanghaiInstant };

/** The only source of time for every service. */
export type Clock = {
  /** This instant. */
  now(): Date;
  /** The day money counts for, in Asia/Shanghai; a demo folder has a fixed one. */
  businessDate(): Day;
};

/** The machine's clock; the business date is today's unless the folder fixes one. */
export function systemClock(fixedBusinessDate: Day | null): Clock {
  return {
    now: () => new Date(),
    businessDate: () => fixedBusinessDate ?? shanghaiDay(new Date()),
  };
}
