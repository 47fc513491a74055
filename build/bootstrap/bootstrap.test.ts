import { spawn, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
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
    }, 300_000);
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

describe.runIf(existsSync('/usr/bin/dpkg-query'))('missing Debian packages', () => {
  /**
   * Installs two packages on a machine whose apt and dpkg are stand-ins: what apt was asked, and how it ended.
   * `fails`: so many of its installs fail before one succeeds.
   */
  function install(machine: {
    lists: 'none' | 'current' | 'old';
    fails?: number;
    there?: boolean;
  }) {
    const folder = newFolder();
    const file = (name: string): string => path.join(folder, name);
    const script = (name: string, text: string): void => {
      writeFileSync(file(name), `#!/bin/sh\n${text}`, { mode: 0o755 });
    };
    script(
      'dpkg-query',
      `[ -e ${file('installed')} ] && for name in one two; do echo installed $name; done; true`,
    );
    script(
      'apt-get',
      `while [ "$1" != update ] && [ "$1" != install ]; do shift; done
       echo "$*" >> ${file('asked')}
       [ "$1" = update ] && exit 0
       echo x >> ${file('installs')}
       [ "$(wc -l < ${file('installs')})" -gt ${String(machine.fails ?? 0)} ] || exit 100
       touch ${file('installed')}`,
    );
    mkdirSync(file('lists'));
    if (machine.lists !== 'none') writeFileSync(file('lists/archive_main_Packages.lz4'), '');
    const fetchedAt = new Date(Date.now() - (machine.lists === 'old' ? 30 : 1) * 86_400_000);
    utimesSync(file('lists'), fetchedAt, fetchedAt);
    writeFileSync(file('asked'), '');
    if (machine.there === true) writeFileSync(file('installed'), '');
    const module = new URL('./system-packages.mjs', import.meta.url).href;
    const program = `
      process.getuid = () => 0;
      const { installSystemPackages } = await import(${JSON.stringify(module)});
      installSystemPackages(['one', 'two'], true, ${JSON.stringify(file('lists'))});
    `;
    const ran = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
      encoding: 'utf8',
      env: { ...process.env, PATH: `${folder}:${process.env['PATH'] ?? ''}` },
    });
    const asked = readFileSync(file('asked'), 'utf8').split('\n').slice(0, -1);
    return { status: ran.status, asked };
  }
  const installed = 'install -y --no-install-recommends one two';

  it.each([
    ['nothing is asked where all are there', { lists: 'none', there: true }, [], 0],
    ['one install does where apt knows the archive', { lists: 'current' }, [installed], 0],
    ['a bare Debian asks for the lists first', { lists: 'none' }, ['update', installed], 0],
    ['so does one whose lists are old', { lists: 'old' }, ['update', installed], 0],
    [
      'where the archive has moved on all the same, the lists are asked for once',
      { lists: 'current', fails: 1 },
      [installed, 'update', installed],
      0,
    ],
    ['fresh lists are not asked for twice', { lists: 'none', fails: 9 }, ['update', installed], 1],
  ] as const)('%s', (_case, machine, asked, status) => {
    expect(install(machine)).toEqual({ asked, status });
  });
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
