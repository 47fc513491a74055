import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';

import { describe, expect, it } from 'vitest';

const nursery = path.join(import.meta.dirname, 'small-nursery.ts');

/** Makes a hundred megabytes of objects, the last ones kept for a while; answers how large the nursery is in MB. */
const program = `
  import { getHeapSpaceStatistics } from 'node:v8';
  let kept = [];
  for (let turn = 0; turn < 60; turn += 1) {
    kept = [...kept.slice(-3), Array.from({ length: 20_000 }, (_, at) => ({ turn, at }))];
    await new Promise((resolve) => setImmediate(resolve));
  }
  const nursery = getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space');
  process.stdout.write(String(nursery.physical_space_size / 2 ** 20));
`;

const nurseryMb = (...options: string[]): number =>
  Number(
    execFileSync(process.execPath, [...options, '--input-type=module', '-e', program], {
      encoding: 'utf8',
    }),
  );

describe('the small nursery', () => {
  it('stays small whatever the program makes, and without it grows', () => {
    expect(nurseryMb('--import', nursery)).toBeLessThanOrEqual(4);
    expect(nurseryMb()).toBeGreaterThan(16);
  });

  it('is asked for by both programs of the desk before they load anything else', () => {
    for (const name of ['main.ts', 'host.ts']) {
      const source = readFileSync(path.join(import.meta.dirname, '..', name), 'utf8');
      expect(source).toMatch(/^import '\.\/base\/small-nursery\.ts';\n/);
    }
  });
});
