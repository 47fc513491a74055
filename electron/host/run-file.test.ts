import { execFileSync } from 'node:child_process';
import {
  linkSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { lastPort, readRunFile, writeRunFile } from './run-file.ts';

let home = '';
let precious = '';
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'run-file-'));
  precious = join(mkdtempSync(join(tmpdir(), 'run-file-of-others-')), 'precious');
  writeFileSync(precious, 'precious', { mode: 0o644 });
});
afterEach(() => {
  rmSync(home, { recursive: true, force: true });
  rmSync(join(precious, '..'), { recursive: true, force: true });
});

const run = { pid: 1, port: 4711, since: '2017-11-27T09:00:00+08:00', ownerSecret: 'secret' };

describe('what a desk says of itself in its folder', () => {
  it('is read back, for its owner alone, and nothing lies beside it', () => {
    expect([readRunFile(home), lastPort(home)]).toEqual([null, 0]);
    expect(writeRunFile(home, run)).toBe(true);
    expect(writeRunFile(home, { ...run, port: 4712 })).toBe(true);
    expect([readRunFile(home), lastPort(home)]).toEqual([{ ...run, port: 4712 }, 4712]);
    expect(readdirSync(home).sort()).toEqual(['last-port', 'run.json']);
    expect(statSync(join(home, 'run.json')).mode & 0o777).toBe(0o600);
  });

  it.each(['run.json', 'last-port'])(
    'is not written through a link or a second name that lies under %s',
    (name) => {
      for (const plant of [symlinkSync, linkSync]) {
        plant(precious, join(home, name));
        writeRunFile(home, run);
        expect(readFileSync(precious, 'utf8')).toBe('precious');
        expect(statSync(precious).mode & 0o777).toBe(0o644);
        rmSync(join(home, name), { force: true });
      }
    },
  );

  it('is not waited for where a pipe lies there, and not read to its end where that has none', () => {
    for (const name of ['run.json', 'last-port']) execFileSync('mkfifo', [join(home, name)]);
    expect([readRunFile(home), lastPort(home)]).toEqual([null, 0]);
    for (const name of ['run.json', 'last-port']) {
      rmSync(join(home, name));
      symlinkSync('/dev/zero', join(home, name));
    }
    expect([readRunFile(home), lastPort(home)]).toEqual([null, 0]);
  });
});
