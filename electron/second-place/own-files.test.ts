import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { ownFilesOf } from './own-files.ts';

let home = '';
let packs = '';
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'own-files-'));
  packs = join(home, 'policy-packs');
  mkdirSync(join(packs, 'a', '1.0.0'), { recursive: true });
});
afterEach(() => {
  rmSync(home, { recursive: true });
});

const paths = async () => (await ownFilesOf(home)).map(({ path }) => path);

describe('the packs that a second place keeps', () => {
  it('are plain files: no link is followed, no pipe waited for', async () => {
    writeFileSync(join(packs, 'a', '1.0.0', 'pack.yaml'), 'id: a');
    symlinkSync('/etc/hostname', join(packs, 'a', 'link'));
    symlinkSync('/', join(packs, 'root'));
    execFileSync('mkfifo', [join(packs, 'a', 'pipe')]);
    expect(await paths()).toEqual(['policy-packs/a/1.0.0/pack.yaml']);
  });

  it('are not read where they are larger than any list of packs', async () => {
    writeFileSync(join(packs, 'a', 'small'), 'small');
    const large = join(packs, 'b-large');
    writeFileSync(large, '');
    truncateSync(large, 2 ** 41);
    expect(await paths()).toEqual(['policy-packs/a/small']);
  });
});
