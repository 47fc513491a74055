import { execFileSync } from 'node:child_process';
import {
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { placeDisk } from './place-disk.ts';
import { onDisk } from './place-problem.ts';

let root: string;
let place: string;
let key: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'place-disk-'));
  place = join(root, 'place');
  mkdirSync(place);
  key = join(root, 'key');
  writeFileSync(key, 'the key');
});
afterEach(() => {
  rmSync(root, { recursive: true });
});

describe('the disk of a second place into which others write', () => {
  const acts: readonly (readonly [string, (name: string) => unknown])[] = [
    [
      'appending',
      (name) => {
        placeDisk(place).append(name, Buffer.from('more'));
      },
    ],
    [
      'writing over',
      (name) => {
        placeDisk(place).overwrite(name, Buffer.from('more'));
      },
    ],
    [
      'cutting',
      (name) => {
        placeDisk(place).cut(name, 0);
      },
    ],
    ['reading', (name) => placeDisk(place).read(name)],
    ['hashing', (name) => placeDisk(place).hash(name)],
  ];

  it.each(acts)('%s goes through no link, pipe or second name', (_what, act) => {
    const puts = [
      () => {
        symlinkSync(key, join(place, 'segment'));
      },
      () => {
        symlinkSync('/dev/zero', join(place, 'segment'));
      },
      () => execFileSync('mkfifo', [join(place, 'segment')]),
      () => {
        linkSync(key, join(place, 'segment'));
      },
    ];
    for (const put of puts) {
      put();
      expect(() => onDisk(() => act('segment'))).toThrow(
        expect.objectContaining({ code: 'unsafe' }) as Error,
      );
      rmSync(join(place, 'segment'));
    }
    expect(readFileSync(key, 'utf8')).toBe('the key');
  });

  it('writes a whole file through no link, under neither of its names', () => {
    symlinkSync(key, join(place, 'head'));
    symlinkSync(key, join(place, 'head.part'));
    placeDisk(place).writeWhole('head', Buffer.from('whole'));
    expect(readFileSync(key, 'utf8')).toBe('the key');
    expect(readFileSync(join(place, 'head'), 'utf8')).toBe('whole');
    expect(readdirSync(place)).toEqual(['head']);
  });

  it('makes nothing where a link to nothing bears the name', () => {
    symlinkSync(join(root, 'new'), join(place, 'head'));
    expect(() => {
      onDisk(() => {
        placeDisk(place).overwrite('head', Buffer.from('x'));
      });
    }).toThrow(expect.objectContaining({ code: 'unsafe' }) as Error);
    expect(readdirSync(root).sort()).toEqual(['key', 'place']);
  });
});
