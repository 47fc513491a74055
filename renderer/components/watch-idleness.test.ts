import { describe, expect, it } from 'vitest';

import { watchIdleness } from './watch-idleness.ts';

function watched() {
  const [target, at] = [new EventTarget(), { counter: 0, clock: 1_000_000 }];
  const [heard, locks] = [[] as string[], { count: 0 }];
  const watch = watchIdleness(target, {
    afterMs: 600_000,
    monotonicMs: () => at.counter,
    clockMs: () => at.clock,
    onIdle: () => (locks.count += 1),
  });
  target.addEventListener('keydown', () => heard.push('key'));
  const press = (): boolean => target.dispatchEvent(new Event('keydown', { cancelable: true }));
  return { at, heard, locks, press, watch };
}

describe('a page at which nobody works', () => {
  it('locks before the first key after a sleep, in which the counter stood, and that key does nothing', () => {
    const { at, heard, locks, press } = watched();
    at.clock += 3_600_000;
    expect(press()).toBe(false);
    expect([locks.count, heard]).toEqual([1, []]);
  });

  it('locks by the counter where the clock was set back, and not while somebody works', () => {
    const { at, heard, locks, press, watch } = watched();
    at.counter += 599_000;
    at.clock += 599_000;
    expect(press()).toBe(true);
    at.counter += 590_000;
    expect(watch.look()).toBe(false);
    at.counter += 10_000;
    at.clock -= 1000;
    expect(watch.look()).toBe(true);
    expect([locks.count, heard]).toEqual([1, ['key']]);
  });

  it('is watched no more once that was ended', () => {
    const { at, heard, locks, press, watch } = watched();
    watch.stop();
    at.clock += 3_600_000;
    expect(press()).toBe(true);
    expect([locks.count, heard]).toEqual([0, ['key']]);
  });
});
