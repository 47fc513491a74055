import { describe, expect, it } from 'vitest';
import { timeOrderedIds } from './ids.ts';

const noon = Date.UTC(2026, 10, 29, 4);

/** The ids made while the clock shows these times, one after the other. */
function idsAt(times: readonly number[]): readonly string[] {
  let turn = 0;
  const ids = timeOrderedIds(() => times[turn++] ?? noon);
  return times.map(() => ids.next());
}

describe('ids in the order they were made', () => {
  it('are UUIDs of version 7 that begin with the milliseconds', () => {
    const [id = ''] = idsAt([noon]);
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(Number.parseInt(id.replace('-', '').slice(0, 12), 16)).toBe(noon);
  });

  it('keep their order when the clock is set back, by a moment or by an hour', () => {
    const ids = idsAt([noon, noon + 5, noon + 4, noon - 3_600_000, noon - 3_599_999, noon + 6]);
    expect(ids).toEqual([...ids].sort());
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('keep their order within one millisecond, also where its counter is full', () => {
    const ids = idsAt(Array.from({ length: 10_000 }, () => noon));
    expect(ids).toEqual([...ids].sort());
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('differ between two programs with the same clock', () => {
    expect(idsAt([noon])).not.toEqual(idsAt([noon]));
  });
});
