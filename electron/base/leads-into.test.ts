import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { leadsInto } from './leads-into.ts';

const root = mkdtempSync(join(tmpdir(), 'leads-into-'));
const at = (...names: readonly string[]) => join(root, ...names);
const folder = at('desk');
beforeAll(() => {
  mkdirSync(at('desk', 'logs'), { recursive: true });
  mkdirSync(at('desk-2'));
  symlinkSync(root, at('desk-2', 'up'));
  symlinkSync(folder, at('own'));
  symlinkSync(at('nowhere'), at('dangling'));
  symlinkSync(at('loop'), at('loop'));
});
afterAll(() => {
  rmSync(root, { recursive: true });
});

describe('whether a path leads into a folder', () => {
  it.each([
    ['desk'],
    ['desk', 'logs'],
    ['desk', 'not-there', 'yet'],
    ['desk', '..named-so'],
    ['desk-2', 'up', 'desk'],
    ['desk-2', 'up', 'desk', 'not-there'],
    ['own', 'logs'],
    ['desk-2', '..', 'desk', 'logs'],
  ])('is so of %s', (...names) => {
    expect(leadsInto(at(...names), folder)).toBe(true);
  });

  it.each([['desk-2'], ['.'], ['desk', '..'], ['not-there'], ['dangling', 'x'], ['loop', 'desk']])(
    'is not so of %s',
    (...names) => {
      expect(leadsInto(at(...names), folder)).toBe(false);
    },
  );

  it('is so also where the folder is named by a link', () => {
    expect(leadsInto(at('desk', 'logs'), at('own'))).toBe(true);
  });
});
