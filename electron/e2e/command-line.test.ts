import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { afterAll, describe, expect, it } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'command-line-'));
const home = join(folder, 'desk');
const goldenFile = resolve(
  'shared/policy-packs/pingjiang-2017/1.0.0/cases/colon-cancer-17-days.json',
);
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

type Ran = { exitCode: number | null; json: Record<string, unknown>; said: string };

/** The command line as a clerk's script calls it: a program of its own, one document, an exit code. */
function run(argv: readonly string[], environment: Record<string, string> = {}): Ran {
  const ran = spawnSync(process.execPath, [resolve('out/electron/cli.js'), ...argv], {
    encoding: 'utf8',
    env: { ...process.env, ...environment },
  });
  return {
    exitCode: ran.status,
    json: ran.stdout === '' ? {} : (JSON.parse(ran.stdout) as Record<string, unknown>),
    said: ran.stderr,
  };
}

const inHome = (...argv: string[]): Ran => run([...argv, '--home', home]);

describe('the command line', () => {
  it('explains itself, and says what it does not know or has not got yet', () => {
    expect(run([])).toMatchObject({ exitCode: 2, json: {} });
    expect(run([]).said).toContain('settle-visit');
    expect(run(['nonsense'])).toMatchObject({
      exitCode: 2,
      json: { error: { code: 'wrong-usage' } },
    });
    expect(run(['backup', 'x'])).toMatchObject({
      exitCode: 2,
      json: { error: { code: 'not-built-yet' } },
    });
    expect(run(['settle-visit'])).toMatchObject({ exitCode: 2 });
  });

  it('settles the published stay to the fen, the file named from where the caller stands', () => {
    copyFileSync(goldenFile, join(folder, 'visit.json'));
    const settled = run(['settle', '--pack', 'pingjiang-2017', '--visit', 'visit.json'], {
      INIT_CWD: folder,
    });
    expect(settled.exitCode).toBe(0);
    expect(settled.json).toMatchObject({ total: '14904.00', patientPays: '1358.00' });
  });

  it('refuses a folder that is not there and makes nothing', () => {
    expect(inHome('verify')).toMatchObject({
      exitCode: 1,
      json: { error: { code: 'home-missing' } },
    });
  });

  it('settles, answers the same again, cancels exactly, and settles anew', () => {
    const first = inHome('settle-visit', 'ZY20171110001', '--demo');
    expect(first).toMatchObject({ exitCode: 0, json: { already: false } });
    const again = inHome('settle-visit', 'ZY20171110001');
    expect(again.json).toMatchObject({
      already: true,
      settlementId: first.json['settlementId'],
      number: first.json['number'],
    });
    const id = String(first.json['settlementId']);
    expect(inHome('cancel', id)).toMatchObject({ exitCode: 2 });
    const cancelled = inHome('cancel', id, '--reason', '录入错误');
    expect(cancelled).toMatchObject({ exitCode: 0, json: { settlementId: id, already: false } });
    expect(inHome('cancel', id, '--reason', '录入错误').json).toMatchObject({ already: true });
    const anew = inHome('settle-visit', 'ZY20171110001');
    expect(anew.json).toMatchObject({ already: false });
    expect(anew.json['settlementId']).not.toBe(id);
    expect(inHome('verify')).toMatchObject({ exitCode: 0, json: { ok: true } });
  });

  it('refuses with a code and exit 1, and a contrary flag', () => {
    expect(inHome('settle-visit', 'NOBODY')).toMatchObject({
      exitCode: 1,
      json: { error: { code: 'visit-unknown' } },
    });
    expect(inHome('settle-visit', 'ZY20171118012')).toMatchObject({
      exitCode: 1,
      json: { error: { code: 'visit-not-ready' } },
    });
    expect(inHome('verify', '--init')).toMatchObject({
      exitCode: 1,
      json: { error: { code: 'home-is-demo' } },
    });
    expect(inHome('cancel', 'x', '--reason', 'y', '--as', 'auditor1')).toMatchObject({
      exitCode: 1,
      json: { error: { code: 'not-allowed' } },
    });
    expect(inHome('stop')).toMatchObject({ exitCode: 1, json: { error: { code: 'no-desk' } } });
  });

  it('keeps settings that can be, and refuses the others', () => {
    const url = 'tcp://127.0.0.1:9100?model=generic-80';
    expect(inHome('settings', 'printer-url', url).json).toEqual({ 'printer-url': url });
    expect(inHome('settings').json).toMatchObject({
      'printer-url': url,
      'reader-url': 'sim://demo',
    });
    expect(inHome('settings', 'payers-url', 'ftp://x')).toMatchObject({ exitCode: 1 });
    expect(inHome('settings', 'colour', 'red')).toMatchObject({ exitCode: 2 });
  });
});
