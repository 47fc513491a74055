import {
  appendFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import {
  copyNamedFile,
  FileChangedError,
  readNamedFile,
  readPlainFile,
  writeNewWhole,
} from './foreign-folder.ts';

let stick: string;
beforeEach(() => {
  stick = mkdtempSync(join(tmpdir(), 'foreign-folder-'));
});
afterEach(() => {
  rmSync(stick, { recursive: true, force: true });
});

const refusesWith = (code: string) => () =>
  Promise.reject(Object.assign(new Error(code), { code }));

describe('a file that is written to a stick', () => {
  it('is written whole where the disk keeps no rights, as sticks do (FAT)', async () => {
    const file = join(stick, 'export.json');
    await writeNewWhole(file, Buffer.from('{}'), { mode: 0o600, setRights: refusesWith('EPERM') });
    expect(readFileSync(file, 'utf8')).toBe('{}');
  });

  it('is not there at all where its rights cannot be set for another reason', async () => {
    const written = writeNewWhole(join(stick, 'export.json'), Buffer.from('{}'), {
      mode: 0o600,
      setRights: refusesWith('EIO'),
    });
    await expect(written).rejects.toMatchObject({ code: 'EIO' });
    expect(readdirSync(stick)).toEqual([]);
  });
});

describe('a file that says less of its size than is in it', () => {
  // Files of the system say that they are empty, and so does a stick that was made to.
  const endless = '/proc/self/maps';

  it.runIf(process.platform === 'linux')('is read no further than it may be', () => {
    for (const read of [readPlainFile, readNamedFile]) {
      expect(() => read(endless, 100)).toThrow(RangeError);
      expect(read(endless, 100_000_000).length).toBeGreaterThan(100);
    }
  });

  it.runIf(process.platform === 'linux')('is not copied', () => {
    const copy = join(stick, 'copy');
    expect(() => {
      copyNamedFile(endless, copy);
    }).toThrow(FileChangedError);
    expect(readFileSync(copy).length).toBe(0);
  });

  it('is read whole up to the last byte that it may have', () => {
    const file = join(stick, 'file');
    for (const length of [0, 1, 4095, 4096, 4097, 10_000]) {
      writeFileSync(file, Buffer.alloc(length, 1));
      expect(readPlainFile(file, length).length).toBe(length);
      appendFileSync(file, 'x');
      expect(() => readPlainFile(file, length)).toThrow(RangeError);
    }
  });
});
