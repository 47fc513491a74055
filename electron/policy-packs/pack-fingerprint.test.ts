import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { wholeFingerprint } from './pack-fingerprint.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fingerprint-'));
  mkdirSync(join(folder, 'cases'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

type Cases = Parameters<typeof wholeFingerprint>[0]['cases'];
const cases = [{ visit: 'cases/stay.json' }] as unknown as Cases;

describe('what is approved of a pack', () => {
  it('waits for no pipe and reads no device or endless file in the place of a visit: it is as if none were there', () => {
    const place = join(folder, 'cases', 'stay.json');
    const without = wholeFingerprint({ cases }, folder, 'text');
    for (const plant of [
      () => execFileSync('mkfifo', [place]),
      () => {
        symlinkSync('/dev/zero', place);
      },
      () => {
        writeFileSync(place, '');
        truncateSync(place, 2 ** 41);
      },
    ]) {
      plant();
      expect(wholeFingerprint({ cases }, folder, 'text')).toBe(without);
      rmSync(place);
    }
    writeFileSync(place, '{}');
    expect(wholeFingerprint({ cases }, folder, 'text')).not.toBe(without);
  });
});
