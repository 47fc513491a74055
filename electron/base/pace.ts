import { setTimeout } from 'node:timers/promises';

/** How long work shares the data with settling; tests hand in their own. */
export type Pace = {
  /** Milliseconds that only ever go on. */
  readonly now: () => number;
  /** Lets others have the data for a while. */
  readonly rest: (ms: number) => Promise<void>;
};

export const systemPace: Pace = {
  now: () => performance.now(),
  rest: (ms) => setTimeout(ms),
};
