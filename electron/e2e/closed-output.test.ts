import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { afterAll, describe, expect, it } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'closed-output-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const program = resolve('out/electron/cli.js');
const missing = ['verify', '--home', join(folder, 'nowhere')];

/** What the program leaves on one of its outputs, the other being in the state that is tried. */
async function run(argv: readonly string[], stdio: ('pipe' | 'ignore' | number)[]) {
  const child = spawn(process.execPath, [program, ...argv], { stdio });
  let out = '';
  let said = '';
  child.stdout?.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, out, said };
}

const stack = /\n\s+at |node:internal/;

describe('a command whose outputs are not there', () => {
  it('answers as ever where nobody listens to its words any more', async () => {
    const child = spawn(process.execPath, [program, ...missing], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.stderr.destroy();
    let out = '';
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
    const [code] = (await once(child, 'close')) as [number | null];
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({ error: { code: 'home-missing' } });
  });

  it('ends with its own exit code and no stack where its reader went away', async () => {
    const child = spawn(process.execPath, [program, ...missing], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.stdout.destroy();
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
    const [code] = (await once(child, 'close')) as [number | null];
    expect(code).toBe(1);
    expect(said).not.toMatch(stack);
  });

  it('says that its answer is not on a full disk, and that what it did is done', async () => {
    const full = openSync('/dev/full', 'w');
    const { code, said } = await run(['packs', '--home', folder], ['ignore', full, 'pipe']);
    closeSync(full);
    expect(code).toBe(1);
    expect(said).toContain('ENOSPC');
    expect(said).not.toMatch(stack);
  });

  it('and the desk itself say in words what they cannot be started with, and where a file stands for a folder', async () => {
    const host = resolve('out/electron/host.js');
    const file = join(folder, 'a-file');
    writeFileSync(file, 'mine');
    const calls: readonly (readonly [readonly string[], number])[] = [
      [['--bogus'], 2],
      [['--home', ''], 2],
      [['--port', ''], 2],
      [['--port', '1e999'], 2],
      [['--port', 'x'.repeat(100_000)], 2],
      [['--home', file], 1],
      [['--home', join(file, 'below')], 1],
    ];
    for (const [words, expected] of calls) {
      const child = spawn(process.execPath, [host, '--no-open', ...words], {
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      let said = '';
      child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
      const [code] = (await once(child, 'close')) as [number | null];
      expect([words[0], code]).toEqual([words[0], expected]);
      expect(said).not.toMatch(stack);
      expect(said.length).toBeLessThan(5000);
    }
  });

  it('answers one document to words that a shell can pass and no command means', async () => {
    for (const argv of [['x'.repeat(100_000)], ['verify', '--home', ''], ['--', '--'], ['']]) {
      const { code, out, said } = await run(argv, ['ignore', 'pipe', 'pipe']);
      expect(code).toBe(2);
      expect(JSON.parse(out)).toMatchObject({ error: { code: 'wrong-usage' } });
      expect(said).not.toMatch(stack);
    }
  });
});
