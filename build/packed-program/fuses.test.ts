import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterAll, describe, expect, it } from 'vitest';

import { fuseNames, fuseSentinel, readFuses } from './fuses.ts';
import { makeStandInRuntime } from './pack-with-stand-in.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'fuses-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe('the fuses of a binary', () => {
  it('are read as they stand, one after the other', () => {
    makeStandInRuntime(path.join(folder, 'runtime'), '45.4.1', '101001011');
    expect(Object.values(readFuses(path.join(folder, 'runtime/electron')))).toEqual([
      ...[true, false, true, false, false, true, false, true],
    ]);
  });

  it.each([
    ['there are none', 'nothing'],
    ['one was taken out', `${fuseSentinel}\u0001\u00081010r010`],
    ['there are too few', `${fuseSentinel}\u0001\u00041010`],
    ['their version is another', `${fuseSentinel}\u0002\u000810100101`],
    ['there are two wires', `${fuseSentinel}\u0001\u000810100101 ${fuseSentinel}`],
  ])('are not believed where %s', (_, content) => {
    const binary = path.join(folder, 'binary');
    writeFileSync(binary, Buffer.from(content, 'latin1'));
    expect(() => readFuses(binary)).toThrow();
  });

  it('are all named, each once', () => {
    expect(new Set(fuseNames).size).toBe(8);
  });
});
