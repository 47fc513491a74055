/**
 * Calls `act` once after `ms` milliseconds unless the answer is called first. Deadlines take it as an argument,
 * so that a test says when time is up instead of waiting for it.
 */
export type Timer = (ms: number, act: () => void) => () => void;

export const systemTimer: Timer = (ms, act) => {
  const timeout = setTimeout(act, ms);
  return () => {
    clearTimeout(timeout);
  };
};
