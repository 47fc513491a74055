import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { settleWithin } from './settle-within.ts';

describe('waiting for a promise that may never settle', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('hands on what it came to', async () => {
    expect(await settleWithin(Promise.resolve(7), 1000)).toEqual({ kind: 'done', value: 7 });
    const error = new Error('no');
    expect(await settleWithin(Promise.reject(error), 1000)).toEqual({ kind: 'failed', error });
    expect(vi.getTimerCount()).toBe(0);
  });

  it('stops waiting at the deadline, and a late failure ends nothing', async () => {
    let fail: (error: Error) => void = () => undefined;
    const late = new Promise<never>((_, reject) => {
      fail = reject;
    });
    let settled: unknown = null;
    const waiting = settleWithin(late, 1000).then((value) => (settled = value));
    await vi.advanceTimersByTimeAsync(999);
    expect(settled).toBeNull();
    await vi.advanceTimersByTimeAsync(1);
    await waiting;
    expect(settled).toEqual({ kind: 'late' });
    fail(new Error('late'));
    // A rejection that nobody handled would fail the run here.
    await vi.advanceTimersByTimeAsync(0);
  });
});
