import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { chosenTests, needsOfTests } from './chosen-tests.mjs';

const root = path.resolve(import.meta.dirname, '../..');
const all = ['libusb-1.0-0', 'chromium', 'socat', 'pcscd', 'poppler-utils', 'nsis', 'an-other'];
const needs = (...words: string[]) => needsOfTests(root, words, all);

describe('what a run of some tests needs first', () => {
  it.each([
    ['shared/money/money.test.ts'],
    ['shared'],
    ['renderer/'],
    ['-t', 'adds up', 'shared/money/money.test.ts'],
    ['./shared/money/money.test.ts:22'],
  ])('is nothing for tests of figures and words (%#)', (...words) => {
    expect(needs(...words)).toEqual({ packages: [], built: false });
  });

  it('is all for a run without a file, or with a word that names none', () => {
    for (const words of [[], ['--project', 'unit'], ['-t', 'shared'], ['no-such-file']]) {
      expect(needs(...words)).toEqual({ packages: all, built: true });
    }
  });

  it('is what the files reach, however far away', () => {
    expect(needs('electron/e2e/discharge.test.ts')).toMatchObject({ built: true });
    expect(needs('electron/e2e/discharge.test.ts').packages).toEqual(
      expect.arrayContaining(['chromium', 'socat', 'poppler-utils']),
    );
    expect(needs('drivers/card-reader/pcsc/pcsc-reader.test.ts').packages).toContain('pcscd');
    expect(needs('build/kill-test').packages).not.toContain('chromium');
    expect(needs('render-statement')).toMatchObject({ built: false });
    expect(needs('render-statement').packages).toContain('poppler-utils');
    expect(needs('render-statement').packages).not.toContain('nsis');
    expect(needs('build/packed-program/installer').packages).toContain('nsis');
  });

  it('takes words as the test program does: parts of paths', () => {
    expect(chosenTests(root, ['money/money', 'no-such-file'])).toEqual([
      'shared/money/money.test.ts',
    ]);
  });
});
