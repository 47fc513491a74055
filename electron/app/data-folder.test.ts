import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeEach, describe, expect, it } from 'vitest';

import { folderExists, makeDataFolder, openDataFolder } from './data-folder.ts';

const root = mkdtempSync(join(tmpdir(), 'data-folder-'));
afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});

const nothing = () => Promise.resolve();
const codeOf = (result: { ok: boolean; refusal?: { code: string } }): string | null =>
  result.ok ? null : (result.refusal?.code ?? '');

describe('a data folder', () => {
  let home = '';
  let folders = 0;
  beforeEach(() => {
    folders += 1;
    home = join(root, `case-${String(folders)}`, 'desk');
  });

  it('that was put back with a link or a pipe under a name of its own is not opened, and nothing is touched', async () => {
    await makeDataFolder(home, 'demo', {}, nothing);
    const precious = join(root, `precious-${String(folders)}`);
    writeFileSync(precious, 'precious');
    const names = [
      ...['settlement.anchor', 'settlement.key-check', 'settlement.db-wal', 'settlement.db-shm'],
      ...['last-backup.json', 'run.json', 'last-port', 'locks/desk.json', 'locks/desk.lock'],
      'logs/desk.log',
    ];
    for (const name of names) {
      const place = join(home, name);
      for (const plant of [
        () => {
          symlinkSync(precious, place);
        },
        // To a name that is not there yet: writing through it would make the file.
        () => {
          symlinkSync(`${precious}-new`, place);
        },
        () => execFileSync('mkfifo', [place]),
      ]) {
        plant();
        expect(openDataFolder(home, null, {})).toMatchObject({
          ok: false,
          refusal: { code: 'folder-unusable', place },
        });
        rmSync(place);
      }
      writeFileSync(place, '');
      expect(openDataFolder(home, null, {})).toMatchObject({ ok: true });
      rmSync(place);
    }
    execFileSync('mkfifo', [join(home, 'settlement.db')]);
    expect(codeOf(openDataFolder(home, null, {}))).toBe('folder-unusable');
    rmSync(join(home, 'settlement.db'));
    for (const name of ['locks', 'logs']) {
      const [place, away] = [join(home, name), join(root, `${name}-${String(folders)}`)];
      renameSync(place, away);
      symlinkSync(away, place);
      expect(codeOf(openDataFolder(home, null, {}))).toBe('folder-unusable');
      rmSync(place);
      renameSync(away, place);
    }
    expect(readFileSync(precious, 'utf8')).toBe('precious');
    expect(existsSync(`${precious}-new`)).toBe(false);
  });

  it('is made with its own key when it is a demo, and remembers that it is one', async () => {
    const made = await makeDataFolder(home, 'demo', {}, nothing);
    expect(made).toMatchObject({ ok: true, value: { kind: 'demo', home } });
    expect(openDataFolder(home, null, {})).toMatchObject({ ok: true, value: { kind: 'demo' } });
    expect(codeOf(openDataFolder(home, 'live', {}))).toBe('home-is-demo');
  });

  it('is refused where there is none, and nothing is created', () => {
    expect(codeOf(openDataFolder(home, null, {}))).toBe('home-missing');
    expect(existsSync(home)).toBe(false);
  });

  it('is not made for live use without its key, and nothing is created', async () => {
    expect(codeOf(await makeDataFolder(home, 'live', {}, nothing))).toBe('key-missing');
    expect(existsSync(home)).toBe(false);
  });

  it('takes a live key from a file of its owner alone, outside the folder', async () => {
    mkdirSync(join(home, '..'), { recursive: true });
    const key = join(home, '..', 'key');
    writeFileSync(key, 'ab'.repeat(32), { mode: 0o644 });
    const environment = { SETTLEMENT_KEY_FILE: key };
    expect(codeOf(await makeDataFolder(home, 'live', environment, nothing))).toBe('key-unsafe');
    chmodSync(key, 0o600);
    expect(await makeDataFolder(home, 'live', environment, nothing)).toMatchObject({ ok: true });
    expect(codeOf(openDataFolder(home, 'demo', environment))).toBe('home-is-live');
    expect(codeOf(openDataFolder(home, null, {}))).toBe('key-missing');
    // Every copy of the folder would carry it, by whatever way it is named.
    const within = join(home, 'documents', 'key');
    const [link, up] = [join(home, '..', 'link'), join(home, '..', 'up')];
    writeFileSync(within, 'ab'.repeat(32), { mode: 0o600 });
    symlinkSync(within, link);
    symlinkSync(home, up);
    for (const named of [within, link, join(up, 'documents', 'key')])
      expect(codeOf(openDataFolder(home, null, { SETTLEMENT_KEY_FILE: named }))).toBe('key-unsafe');
    writeFileSync(key, 'not a key');
    expect(codeOf(openDataFolder(home, null, environment))).toBe('key-missing');
  });

  it('waits for no pipe and reads no folder where its key or its marker should be', async () => {
    await makeDataFolder(home, 'demo', {}, nothing);
    const puts = [
      (path: string) => execFileSync('mkfifo', [path]),
      (path: string) => {
        mkdirSync(path);
      },
      (path: string) => {
        symlinkSync('/dev/zero', path);
      },
    ];
    for (const put of puts) {
      for (const [name, code] of [
        ['key', 'key-missing'],
        ['folder.json', 'home-not-ours'],
      ] as const) {
        renameSync(join(home, name), join(home, 'kept'));
        put(join(home, name));
        expect(codeOf(openDataFolder(home, null, {}))).toBe(code);
        rmSync(join(home, name), { recursive: true });
        renameSync(join(home, 'kept'), join(home, name));
      }
    }
    const pipe = join(home, '..', 'pipe');
    execFileSync('mkfifo', ['-m', '600', pipe]);
    const environment = { SETTLEMENT_KEY_FILE: pipe };
    const other = join(home, '..', 'live');
    expect(codeOf(await makeDataFolder(other, 'live', environment, nothing))).toBe('key-missing');
  });

  it('is never made over something else', async () => {
    mkdirSync(home, { recursive: true });
    writeFileSync(join(home, 'letter.txt'), 'mine');
    expect(codeOf(await makeDataFolder(home, 'demo', {}, nothing))).toBe('home-not-ours');
    expect(readdirSync(home)).toEqual(['letter.txt']);
  });

  it('is whole or not there: a filling that fails leaves nothing behind', async () => {
    const failing = () => Promise.reject(new Error('the disk is full'));
    await expect(makeDataFolder(home, 'demo', {}, failing)).rejects.toThrow('the disk is full');
    expect(readdirSync(join(home, '..'))).toEqual([]);
  });

  it('is one folder when two programs make it at the same time', async () => {
    const both = await Promise.all([
      makeDataFolder(home, 'demo', {}, nothing),
      makeDataFolder(home, 'demo', {}, nothing),
    ]);
    const ids = both.map((made) => (made.ok ? made.value.id : null));
    expect(ids[0]).not.toBeNull();
    expect(ids[0]).toBe(ids[1]);
    expect(folderExists(home)).toBe(true);
    expect(readdirSync(join(home, '..'))).toEqual(['desk']);
  });
});
