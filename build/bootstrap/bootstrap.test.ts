import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { mayUseElectron } from '../electron-binary.ts';
import { holdingLock } from './lock.mjs';

const folders: string[] = [];
function newFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'bootstrap-'));
  folders.push(folder);
  return folder;
}
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

const isRunning = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

describe('the lock around installing and building', () => {
  it('lets one in at a time and gives everyone a turn', async () => {
    const lock = path.join(newFolder(), 'lock');
    let inside = 0;
    let most = 0;
    const turns = Array.from({ length: 5 }, () =>
      holdingLock(lock, async () => {
        inside += 1;
        most = Math.max(most, inside);
        await wait(5);
        inside -= 1;
      }),
    );
    await Promise.all(turns);
    expect(most).toBe(1);
    expect(existsSync(lock)).toBe(false);
  });

  it('does not wait for a holder that died', async () => {
    const lock = path.join(newFolder(), 'lock');
    const gone = spawnSync(process.execPath, ['-e', '']).pid;
    writeFileSync(lock, String(gone));
    await expect(holdingLock(lock, () => Promise.resolve('mine'))).resolves.toBe('mine');
  });

  it('is given back when the work fails', async () => {
    const lock = path.join(newFolder(), 'lock');
    await expect(holdingLock(lock, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(existsSync(lock)).toBe(false);
  });
});

describe('a program run by the bootstrap', () => {
  const runProgram = JSON.stringify(new URL('./run-program.mjs', import.meta.url).href);
  /** A stand-in for npm: it starts a shell, and the shell starts the bootstrap with one program. */
  function start(program: string): { pid: number; output: () => string; ended: Promise<void> } {
    const bootstrap = `
      import { runProgram } from ${runProgram};
      const starters = [process.ppid, Number(process.env.TEST_STARTER)];
      process.exitCode = await runProgram(process.execPath, ['-e', ${JSON.stringify(program)}], { starters });
    `;
    const starter = `
      process.env.TEST_STARTER = String(process.pid);
      const child = require('node:child_process').spawn('/bin/sh',
        ['-c', '"$NODE" --input-type=module -e "$BOOTSTRAP"; exit $?'], { stdio: 'inherit' });
      child.on('close', (code) => { process.exitCode = code; });
    `;
    const child = spawn(process.execPath, ['-e', starter], {
      env: { ...process.env, NODE: process.execPath, BOOTSTRAP: bootstrap },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    const ended = new Promise<void>((resolve) => {
      child.on('close', () => {
        resolve();
      });
    });
    return { pid: child.pid ?? 0, output: () => output, ended };
  }
  const staysAlive = `process.stdout.write('pid ' + process.pid + '\\n'); setInterval(() => {}, 1000);`;

  it.each(['SIGKILL', 'SIGTERM'] as const)('ends when npm ends by %s', async (signal) => {
    const started = start(staysAlive);
    await vi.waitFor(() => {
      expect(started.output()).toMatch(/pid \d+/);
    }, 60_000);
    const pid = Number(/pid (\d+)/.exec(started.output())?.[1]);
    expect(isRunning(pid)).toBe(true);
    process.kill(started.pid, signal);
    // The shell, the bootstrap and the program all hold the output open until they are gone.
    await started.ended;
    expect(isRunning(pid)).toBe(false);
  });

  it('hands its exit code and its output on', async () => {
    const started = start(`process.stdout.write('{"a":1}'); process.exitCode = 7;`);
    await started.ended;
    expect(started.output()).toBe('{"a":1}');
  });
});

describe('a missing Debian package', () => {
  /** Asks for a package that no Debian has, as a user who may not install. */
  function askFor(must: boolean): { status: number | null; stdout: string; stderr: string } {
    const module = new URL('./system-packages.mjs', import.meta.url).href;
    const program = `
      process.getuid = () => 1000;
      const { installSystemPackages } = await import(${JSON.stringify(module)});
      installSystemPackages(['libc6', 'no-such-package'], ${String(must)});
      console.log('went on');
    `;
    return spawnSync(process.execPath, ['--input-type=module', '-e', program], {
      encoding: 'utf8',
    });
  }

  it.runIf(existsSync('/usr/bin/dpkg-query'))(
    'is named with the command that installs it, and ends what is of no use without it',
    () => {
      const needed = askFor(true);
      expect(needed.status).toBe(1);
      expect(needed.stdout).toBe('');
      expect(needed.stderr).toContain(
        'apt-get update && apt-get install --no-install-recommends no-such-package\n',
      );
      const useful = askFor(false);
      expect(useful.status).toBe(0);
      expect(useful.stdout).toBe('went on\n');
      expect(useful.stderr).toBe(needed.stderr);
    },
  );
});

describe('the choice between Electron and the host', () => {
  const screen = { DISPLAY: ':0' };
  it.each([
    ['with a screen, as a user', [], screen, 1000, process.platform === 'linux'],
    ['without a screen', [], {}, 1000, false],
    ['as root', [], screen, 0, false],
    ['when asked for the host', ['--host'], screen, 1000, false],
    ['when a port is asked for', ['--port', '8080'], screen, 1000, false],
    ['when a port is asked for in one word', ['--port=8080'], screen, 1000, false],
    ['when nothing is to be opened', ['--no-open'], screen, 1000, false],
    ['whatever the folder is called', ['--home', '/srv/--host-data'], screen, 1000, true],
  ])('%s', (_case, argv, environment, user, electron) => {
    expect(mayUseElectron(argv, environment, user)).toBe(electron);
  });
});

describe('a command the bootstrap does not know', () => {
  it('is refused before anything is installed', () => {
    const ran = spawnSync(process.execPath, ['build/run.mjs', 'constructor'], { encoding: 'utf8' });
    expect(ran.status).toBe(2);
    expect(ran.stdout).toBe('');
    expect(ran.stderr).toContain('knows start, test');
  });
});
