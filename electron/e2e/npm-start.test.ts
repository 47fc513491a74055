import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';

const folder = mkdtempSync(path.join(tmpdir(), 'npm-start-'));
const home = path.join(folder, 'desk');
const started: ChildProcess[] = [];

afterEach(() => {
  for (const child of started.splice(0)) {
    if (child.exitCode === null && child.signalCode === null)
      process.kill(-(child.pid ?? 0), 'SIGKILL');
  }
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** All processes started, directly or not, by one; each as long as it or its kin lives. */
function descendants(pid: number): number[] {
  const parents = new Map<number, number>();
  for (const entry of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const parent = /^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${entry}/status`, 'utf8'))?.[1];
      parents.set(Number(entry), Number(parent));
    } catch {
      // It ended while we looked.
    }
  }
  const found = [pid];
  for (const each of found) {
    for (const [child, parent] of parents) if (parent === each) found.push(child);
  }
  return found.slice(1);
}

/** Where nobody collects the dead, they stay listed, as zombies. */
function isThere(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${String(pid)}/status`, 'utf8'));
  } catch {
    return false;
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' ? (address?.port ?? 0) : 0;
}

/** `npm start` as a user types it; npm's own two lines are kept quiet by `-s`. */
async function npmStart(): Promise<{ npm: ChildProcess; output: () => string; port: number }> {
  const port = await freePort();
  const npm = spawn(
    'npm',
    ['start', '-s', '--', '--no-open', '--home', home, '--port', String(port)],
    { stdio: ['ignore', 'pipe', 'inherit'], detached: true },
  );
  started.push(npm);
  let output = '';
  npm.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  await vi.waitFor(
    () => {
      expect(output).toContain('\n');
    },
    { timeout: 300_000 },
  );
  return { npm, output: () => output, port };
}

describe('npm start', () => {
  const killed = (npm: ChildProcess) => npm.kill('SIGKILL');
  const told = (npm: ChildProcess) => npm.kill('SIGTERM');
  // A terminal tells everything it runs, not npm alone.
  const interrupted = (npm: ChildProcess) => process.kill(-(npm.pid ?? 0), 'SIGINT');
  it.each([
    ['is killed', killed],
    ['is told to end', told],
    ['is interrupted with Ctrl+C', interrupted],
  ])(
    'opens the desk, prints one line, and leaves nothing behind when npm %s',
    async (_how, end) => {
      const { npm, output, port } = await npmStart();
      expect(output()).toMatch(
        new RegExp(`^ready http://127\\.0\\.0\\.1:${String(port)}/#token=\\S+\\n$`),
      );
      const page = await fetch(`http://127.0.0.1:${String(port)}/`);
      expect(page.status).toBe(200);
      expect(await page.text()).toContain('<script');

      const others = descendants(npm.pid ?? 0);
      expect(others.length).toBeGreaterThan(0);
      end(npm);
      await vi.waitFor(
        () => {
          expect(others.filter(isThere)).toEqual([]);
        },
        { timeout: 300_000, interval: 100 },
      );
      await expect(fetch(`http://127.0.0.1:${String(port)}/`)).rejects.toThrow();
    },
  );
});

/** What others than their owner may read or write below a folder; what is written for the hospital's system is for its group. */
function openToOthers(at: string): string[] {
  return readdirSync(at, { recursive: true, encoding: 'utf8' }).filter((name) => {
    const forHospital = name.startsWith('hospital-out/') ? 0o040 : 0;
    return (statSync(path.join(at, name)).mode & 0o077 & ~forHospital) !== 0;
  });
}

describe.skipIf(process.platform === 'win32')(
  'a machine where new files are readable by all',
  () => {
    const before = process.umask(0o022);
    afterAll(() => {
      process.umask(before);
    });

    it('has none that `npm start` or `npm run cli` made in the data folder', async () => {
      await npmStart();
      expect(openToOthers(home)).toEqual([]);
      const other = path.join(folder, 'other');
      const words = ['run', '-s', 'cli', '--', 'claims', '--demo', '--home', other];
      expect(spawnSync('npm', words, { encoding: 'utf8' }).status).toBe(0);
      expect(openToOthers(other)).toEqual([]);
    });
  },
);

describe('npm run -s cli', () => {
  const cli = (...words: string[]): ReturnType<typeof spawnSync> & { stdout: string } =>
    spawnSync('npm', ['run', '-s', 'cli', '--', ...words], { encoding: 'utf8' });

  it('prints one JSON document and nothing else', () => {
    const ran = cli('packs');
    expect(ran.status).toBe(0);
    expect(JSON.parse(ran.stdout)).toContainEqual(
      expect.objectContaining({ id: 'pingjiang-2017' }),
    );
  });

  it('takes relative paths from where the caller stands', () => {
    const ran = spawnSync(
      'npm',
      ['run', '-s', '--prefix', process.cwd(), 'cli', '--', 'verify', '--home', 'desk'],
      { encoding: 'utf8', cwd: folder },
    );
    expect(JSON.parse(ran.stdout)).toMatchObject({ ok: true });
    expect(ran.status).toBe(0);
  });

  it('answers with the exit code of wrong usage', () => {
    expect(cli('no-such-command').status).toBe(2);
    expect(cli('report', 'monthly').status).toBe(2);
  });
});
