/** Begins work that is waited for later: where it fails before that, whoever waits is told, and nobody else. */
export function startedNow<Value>(work: () => Promise<Value>): Promise<Value> {
  const working = work();
  working.catch(() => undefined);
  return working;
}
