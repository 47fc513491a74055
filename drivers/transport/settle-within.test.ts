import { describe, expect, it } from 'vitest';
import { settleWithin } from './settle-within.ts';

describe('waiting for a promise that may never settle', () => {
  it('hands on what it came to', async () => {
    expect(await settleWithin(Promise.resolve(7), 1000)).toEqual({ kind: 'done', value: 7 });
    const error = new Error('no');
    expect(await settleWithin(Promise.reject(error), 1000)).toEqual({ kind: 'failed', error });
  });

  it('stops waiting at the deadline, and a late failure ends nothing', async () => {
    const late = new Promise((_, reject) => {
      setTimeout(() => {
        reject(new Error('late'));
      }, 20);
    });
    expect(await settleWithin(late, 1)).toEqual({ kind: 'late' });
    await new Promise((resolve) => setTimeout(resolve, 40));
  });
});
