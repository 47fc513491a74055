export type Settled<Value> =
  | { readonly kind: 'done'; readonly value: Value }
  | { readonly kind: 'failed'; readonly error: unknown }
  | { readonly kind: 'late' };

/**
 * Waits for a promise that may never settle, but not longer than `deadlineMs`. What it does after the
 * deadline is ignored, a rejection included, so that a device cannot end the process.
 */
export function settleWithin<Value>(
  promise: Promise<Value>,
  deadlineMs: number,
): Promise<Settled<Value>> {
  return new Promise((resolve) => {
    const timer = setTimeout(
      () => {
        resolve({ kind: 'late' });
      },
      Math.max(0, deadlineMs),
    );
    promise.then(
      (value) => {
        clearTimeout(timer);
        resolve({ kind: 'done', value });
      },
      (error: unknown) => {
        clearTimeout(timer);
        resolve({ kind: 'failed', error });
      },
    );
  });
}
