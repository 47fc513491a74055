import { AsyncLocalStorage } from 'node:async_hooks';

const counting = new AsyncLocalStorage<{ units: number }>();

/** Says that a unit of work was kept, to whoever waits for what caused it. */
export function noteUnitKept(): void {
  const kept = counting.getStore();
  if (kept !== undefined) kept.units += 1;
}

/**
 * Runs an act and says whether it kept anything: it, or what it waited for. An act that kept something is not called done
 * before that is in the second place, too, and no act has to remember to say so.
 */
export async function whetherKept<Value>(
  act: () => Promise<Value>,
): Promise<{ readonly value: Value; readonly keptAnything: boolean }> {
  const kept = { units: 0 };
  const value = await counting.run(kept, act);
  return { value, keptAnything: kept.units > 0 };
}
