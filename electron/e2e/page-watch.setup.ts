import { afterAll, afterEach, expect } from 'vitest';

import { takeTroubles } from './page-watch.ts';

// Every test of the whole program fails on what its page did wrong, and every file on what came at its end.

function expectNoTrouble(): void {
  expect(takeTroubles(), 'what the page must never do').toEqual([]);
}
afterEach(expectNoTrouble);
afterAll(expectNoTrouble);
