import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { describe, expect, it } from 'vitest';

import { trustPromises, type TrustPromise } from './promises.ts';
import { trustRows, type TestOutcome } from './trust-rows.ts';

const root = path.resolve(import.meta.dirname, '../..');

describe('the matrix of promises', () => {
  it('has twenty rows', () => {
    expect(trustPromises.map(({ id }) => id)).toEqual(
      Array.from({ length: 20 }, (_, index) => `R${String(index + 1)}`),
    );
  });

  it('leaves to later issues only what those build', () => {
    const untried = trustPromises.filter(({ attacks }) => attacks.length === 0);
    expect(untried.map(({ id }) => id)).toEqual(['R11', 'R16']);
  });

  it.each(
    trustPromises.flatMap(({ id, attacks }) => attacks.map((attack) => [id, attack] as const)),
  )('%s is tried by tests that are there (%#)', (_, { file, words }) => {
    const there = path.join(root, file);
    expect([file, existsSync(there)]).toEqual([file, true]);
    // Names stand in the sources as text, parts of them over several lines.
    const text = readFileSync(there, 'utf8').replace(/'\s*\+?\s*\n\s*'/g, '');
    expect([words, text.includes(words)]).toEqual([words, true]);
  });
});

describe('a row', () => {
  const promises: readonly TrustPromise[] = [
    { id: 'R1', promise: 'holds', attacks: [{ file: 'a.test.ts', words: 'loses nothing' }] },
  ];
  const outcome = (state: TestOutcome['state'], name = 'a desk > loses nothing'): TestOutcome => ({
    ...{ file: 'a.test.ts', name },
    state,
  });
  const broken = (...outcomes: readonly TestOutcome[]) => trustRows(promises, outcomes).broken;

  it('counts what its attacks came to', () => {
    const rows = trustRows(promises, [outcome('passed'), outcome('passed'), outcome('skipped')]);
    expect(rows).toEqual({ lines: ['R1   holds: 2 passed, 1 skipped'], broken: [] });
  });

  it('is broken by one that fails, by none that ran, and by none that was tried', () => {
    expect(broken(outcome('passed'), outcome('failed'))).toEqual(['R1']);
    expect(broken()).toEqual(['R1']);
    expect(broken(outcome('passed', 'another test'))).toEqual(['R1']);
    expect(broken(outcome('skipped'))).toEqual(['R1']);
  });
});
