import { afterEach, beforeEach, vi } from 'vitest';

/**
 * For tests of what waits in this very process and for nothing outside it: time passes with the turns of the
 * event loop, one millisecond a few turns, and not with the clock on the wall. A deadline of 40 ms is then as
 * far away on a busy machine as on an idle one.
 */
export function timeByTurns(): void {
  let turns: NodeJS.Immediate | null = null;
  let count = 0;
  const turn = (): void => {
    turns = setImmediate(turn);
    count += 1;
    if (count % turnsInMs === 0) vi.advanceTimersByTime(1);
  };
  beforeEach(() => {
    vi.useFakeTimers({
      toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'performance', 'Date'],
    });
    turn();
  });
  // Hooks end in the order opposite to their beginning: what a test closes still has its time.
  afterEach(() => {
    if (turns !== null) clearImmediate(turns);
    vi.useRealTimers();
  });
}

/** More than an answer takes that is only handed on within the process. */
const turnsInMs = 8;
