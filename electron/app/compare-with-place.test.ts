import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { createTestStore, type TestStore } from '../database/test-store.ts';
import type { PlaceComparison } from '../second-place/compare-with-place.ts';
import { checkAgainstPlace, stalenessWords } from './compare-with-place.ts';

let store: TestStore;
beforeEach(async () => {
  store = await createTestStore();
});
afterEach(async () => {
  await store.remove();
});

const check = (found: PlaceComparison) =>
  checkAgainstPlace({
    store,
    secondPlace: { compare: () => Promise.resolve(found) },
  });

const place = '/mnt/stick';

describe('a folder that may be older than it was', () => {
  it('is well where the second place has what it has, and then nothing is said at the start', async () => {
    const fits = { kind: 'fits', place, there: 8, here: 9 } as const;
    expect(await check(fits)).toEqual({ name: 'second-place', ok: true, problems: [] });
    expect(stalenessWords(fits)).toBeNull();
    expect(stalenessWords({ kind: 'none' })).toBeNull();
  });

  it('is named with both numbers where the place has more, by verify and by the desk that starts', async () => {
    const ahead = { kind: 'ahead', place, there: 812, here: 640 } as const;
    const { ok, problems } = await check(ahead);
    expect(ok).toBe(false);
    expect(problems).toMatchObject([{ about: place }]);
    expect(problems[0]?.problem).toMatch(/row 812.*row 640/);
    expect(stalenessWords(ahead)?.zh).toMatch(/812.*640/);
    expect(await check({ kind: 'differs', place, problem: 'taken-over' })).toMatchObject({
      ok: false,
    });
  });

  it.each([
    ['no second place', { kind: 'none' }],
    ['one that cannot be asked', { kind: 'not-asked', place, problem: 'missing' }],
  ] as const)(
    'with %s: that nobody can know is said, with the end of the audit',
    async (_, found) => {
      const at = '2026-11-30T08:00:00.000+08:00';
      await store.transact(({ audit }) =>
        audit.append({ at, who: 'boss', act: 'backup', about: 'x', detail: {} }),
      );
      const { ok, notes } = await check(found);
      expect(ok).toBe(true);
      expect(notes).toHaveLength(1);
      expect(notes?.[0]?.problem).toMatch(/cannot be known here.*entry 1 of 2026-11-30T08:00/);
    },
  );
});
