import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { makePrivateCopy } from './private-copy.ts';

/** More than any process of this machine has. */
const deadPid = 2 ** 30;

let place: string;
let books: string;

beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), 'private-copy-'));
  books = join(place, 'books', 'settlement.db');
  mkdirSync(join(place, 'books'));
  writeFileSync(books, 'the books');
});
afterEach(() => {
  rmSync(place, { recursive: true, force: true });
});

/** What a program that was killed left, as its name says. */
function leave(name: string): string {
  const folder = join(place, `settlement-window-copy-${String(deadPid)}-${name}`);
  mkdirSync(folder);
  writeFileSync(join(folder, 'settlement.db'), 'left');
  return folder;
}

describe('a private copy in a folder where everybody may write', () => {
  it('removes what a killed program of the same user left', async () => {
    const left = leave('own');
    const copy = await makePrivateCopy(books, [], [place]);
    expect(existsSync(left)).toBe(false);
    copy.remove();
  });

  it('touches nothing of another user: it may turn into a link to our own files meanwhile', async () => {
    const [planted, link] = [
      leave('planted'),
      join(place, `settlement-window-copy-${String(deadPid)}-link`),
    ];
    symlinkSync(join(place, 'books'), link);
    const another = (process.getuid?.() ?? 0) + 1;
    const copy = await makePrivateCopy(books, [], [place], another);
    expect(existsSync(join(planted, 'settlement.db'))).toBe(true);
    copy.remove();
    const own = await makePrivateCopy(books, [], [place]);
    expect([existsSync(link), existsSync(books)]).toEqual([true, true]);
    own.remove();
  });
});
