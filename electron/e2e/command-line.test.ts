import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { afterAll, describe, expect, it } from 'vitest';

import { CommandSession } from './command-session.ts';

const folder = mkdtempSync(join(tmpdir(), 'command-line-'));
const home = join(folder, 'desk');
const goldenFile = resolve(
  'shared/policy-packs/pingjiang-2017/1.0.0/cases/colon-cancer-17-days.json',
);
/** What a command answers; that it is a program of its own is tried by `run`. */
const session = new CommandSession({ INIT_CWD: folder });
afterAll(async () => {
  await session.end();
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

async function answer(...argv: string[]): Promise<Omit<Ran, 'said'>> {
  const { exitCode, json } = await session.run(argv);
  return { exitCode, json: (json ?? {}) as Record<string, unknown> };
}

const inHome = (...argv: string[]) => answer(...argv, '--home', home);

describe('the command line as a program', () => {
  it('explains itself and exits as one that was called wrongly', () => {
    const { exitCode, json, said } = run([]);
    expect({ exitCode, json }).toEqual({ exitCode: 2, json: {} });
    expect(said).toContain('settle-visit');
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
    expect(run(['verify', '--home', join(folder, 'nowhere')])).toMatchObject({
      exitCode: 1,
      json: { error: { code: 'home-missing' } },
    });
  });
});

describe('the commands', () => {
  it('say what is no command or is not there yet, and how one is written', async () => {
    expect(await answer('nonsense')).toMatchObject({
      exitCode: 2,
      json: { error: { code: 'wrong-usage' } },
    });
    expect(await answer('report', 'x')).toMatchObject({
      exitCode: 2,
      json: { error: { code: 'not-built-yet' } },
    });
    expect(await answer('settle-visit')).toMatchObject({ exitCode: 2 });
  });

  it('settle, answer the same again, cancel exactly, and settle anew', async () => {
    const first = await inHome('settle-visit', 'ZY20171110001', '--demo');
    expect(first).toMatchObject({ exitCode: 0, json: { already: false } });
    const again = await inHome('settle-visit', 'ZY20171110001');
    expect(again.json).toMatchObject({
      already: true,
      settlementId: first.json['settlementId'],
      number: first.json['number'],
    });
    const id = String(first.json['settlementId']);
    expect(await inHome('cancel', id)).toMatchObject({ exitCode: 2 });
    const cancelled = await inHome('cancel', id, '--reason', '录入错误');
    expect(cancelled).toMatchObject({ exitCode: 0, json: { settlementId: id, already: false } });
    const cancelledAgain = await inHome('cancel', id, '--reason', '录入错误');
    expect(cancelledAgain.json).toMatchObject({ already: true });
    const anew = await inHome('settle-visit', 'ZY20171110001');
    expect(anew.json).toMatchObject({ already: false });
    expect(anew.json['settlementId']).not.toBe(id);
    // Another process finds what this one kept.
    expect(run(['verify', '--home', home])).toMatchObject({ exitCode: 0, json: { ok: true } });
  });

  it('refuse with a code and exit 1, and a contrary flag', async () => {
    expect(await inHome('settle-visit', 'NOBODY')).toMatchObject({
      exitCode: 1,
      json: { error: { code: 'visit-unknown' } },
    });
    expect(await inHome('settle-visit', 'ZY20171118012')).toMatchObject({
      exitCode: 1,
      json: { error: { code: 'visit-not-ready' } },
    });
    expect(await inHome('verify', '--init')).toMatchObject({
      exitCode: 1,
      json: { error: { code: 'home-is-demo' } },
    });
    const asAuditor = ['--reason', 'y', '--as', 'auditor1'];
    expect(await inHome('cancel', 'x', ...asAuditor)).toMatchObject({
      exitCode: 1,
      json: { error: { code: 'not-allowed' } },
    });
    expect(await inHome('stop')).toMatchObject({
      exitCode: 1,
      json: { error: { code: 'no-desk' } },
    });
  });

  it('keep settings that can be, and refuse the others', async () => {
    const url = 'tcp://127.0.0.1:9100?model=generic-80';
    expect((await inHome('settings', 'printer-url', url)).json).toEqual({ 'printer-url': url });
    expect((await inHome('settings')).json).toMatchObject({
      'printer-url': url,
      'reader-url': 'sim://demo',
    });
    expect(await inHome('settings', 'payers-url', 'ftp://x')).toMatchObject({ exitCode: 1 });
    expect(await inHome('settings', 'colour', 'red')).toMatchObject({ exitCode: 2 });
  });
});
