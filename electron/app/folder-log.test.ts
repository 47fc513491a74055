import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, describe, expect, it } from 'vitest';

import { folderLog } from './folder-log.ts';
import { mountSmallDisk } from './full-disk.test-support.ts';

const disk = mountSmallDisk(1);
const folder = mkdtempSync(join(tmpdir(), 'folder-log-'));
afterAll(() => {
  disk?.remove();
  rmSync(folder, { recursive: true });
});

const linesOf = (home: string): readonly Record<string, unknown>[] =>
  readFileSync(join(home, 'logs', 'desk.log'), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

describe('the log of a folder', () => {
  it('writes each line at once', () => {
    const log = folderLog(folder);
    log.note('card', { event: 'read' });
    expect(linesOf(folder)).toMatchObject([{ about: 'card', event: 'read' }]);
    log.fault(new Error('broken'), { number: 'a1' });
    expect(linesOf(folder)[1]).toMatchObject({ number: 'a1', err: { message: 'broken' } });
    expect(log.unwritten()).toBeNull();
    log.close();
  });

  it('is not written through a link and waits for no pipe that lies under its name, and says so', () => {
    const home = join(folder, 'put-back');
    const [place, precious] = [join(home, 'logs', 'desk.log'), join(folder, 'precious')];
    mkdirSync(join(home, 'logs'), { recursive: true });
    writeFileSync(precious, 'precious');
    for (const plant of [
      () => {
        symlinkSync(precious, place);
      },
      () => {
        symlinkSync(join(folder, 'nothing-yet'), place);
      },
      () => execFileSync('mkfifo', [place]),
    ]) {
      plant();
      const log = folderLog(home);
      log.note('card', {});
      expect(log.unwritten()).toMatchObject({ waiting: 1 });
      rmSync(place);
      expect(log.unwritten()).toBeNull();
      log.close();
      rmSync(place);
    }
    expect(readFileSync(precious, 'utf8')).toBe('precious');
    expect(() => readFileSync(join(folder, 'nothing-yet'))).toThrow('ENOENT');
  });

  it.skipIf(disk === null)(
    'throws nothing on a full disk (a mounted tmpfs), and writes what it kept',
    () => {
      if (disk === null) return;
      const log = folderLog(disk.path);
      log.note('before', {});
      disk.fill();
      // Until the page that the file has already is full the disk takes a part, and cuts a line.
      for (let n = 0; n < 700; n += 1) log.note('card', { n, filling: 'x'.repeat(100) });
      const unwritten = log.unwritten();
      expect(unwritten).toMatchObject({ code: 'ENOSPC', waiting: 500 });
      expect(unwritten?.lost).toBeGreaterThan(100);
      disk.empty();
      expect(log.unwritten()).toBeNull();
      log.close();
      const lines = readFileSync(join(disk.path, 'logs', 'desk.log'), 'utf8')
        .trim()
        .split('\n');
      // The last line is kept, what was lost is said, and at most the one line that the disk cut is no JSON.
      expect(JSON.parse(lines.at(-2) ?? '')).toMatchObject({ about: 'card', n: 699 });
      expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({ about: 'log', code: 'ENOSPC' });
      const broken = lines.filter((line) => !line.endsWith('}'));
      expect(broken.length).toBeLessThanOrEqual(1);
    },
  );

  it('throws nothing where the folder cannot be written to at all, and holds no more than it may', () => {
    const home = join(folder, 'no-folder');
    mkdirSync(home);
    // A file stands where the folder of the logs would be.
    writeFileSync(join(home, 'logs'), '');
    const log = folderLog(home);
    for (let n = 0; n < 600; n += 1) log.note('fact', { long: 'x'.repeat(9_000) });
    expect(log.unwritten()).toMatchObject({ waiting: 500, lost: 100 });
    log.close();
  });

  it('throws nothing for a fact that cannot be told', () => {
    const log = folderLog(folder);
    const facts = {
      get broken(): string {
        throw new Error('a getter');
      },
    };
    expect(() => {
      log.note('fact', { facts });
    }).not.toThrow();
    log.close();
  });

  it('counts what happens without end, and does not write all of it', () => {
    const home = mkdtempSync(join(folder, 'flood-'));
    let now = 0;
    const log = folderLog(home, () => now);
    for (let n = 0; n < 20_000; n += 1) log.note('card', { n });
    log.note('printer', {});
    expect(linesOf(home).length).toBeLessThan(2000);
    expect(linesOf(home).at(-1)).toMatchObject({ about: 'printer' });
    now += 10_000;
    log.note('card', { n: 'again' });
    expect(linesOf(home).slice(-2)).toMatchObject([
      { about: 'log', of: 'card', leftOut: 19_000 },
      { about: 'card', n: 'again' },
    ]);
    log.close();
  });
});
