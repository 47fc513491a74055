/**
 * A PC/SC service of our own for tests: the real `pcscd` with virtual readers (Debian: pcscd, vsmartcard-vpcd). It
 * lives in a mount namespace, because the place of its socket is built into it; the machine's own service, if
 * there is one, is not disturbed. Needs root.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

export type PrivatePcscd = {
  /** The names of its two readers. */
  readonly readers: readonly [string, string];
  /** Where each reader waits for its card. */
  readonly ports: readonly [number, number];
  /** Starts it, with its two readers or without any; ends when programs can join it. */
  start(kind?: 'with readers' | 'without readers'): Promise<void>;
  /** Kills it, as a crash would. */
  kill(): Promise<void>;
  /** Holds it up without ending it: it takes questions and answers none. Ends when every thread of it stands still. */
  freeze(): Promise<void>;
  thaw(): void;
  dispose(): Promise<void>;
};

const driver = '/usr/lib/pcsc/drivers/serial/libifdvpcd.so';
const place = '/run/pcscd';
const startDeadlineMs = 15_000;

/**
 * Prepares a service; it is not started yet. From then on this process finds this service and no other: the
 * PC/SC library takes the name of the socket from the environment.
 */
export async function privatePcscd(): Promise<PrivatePcscd> {
  const folder = await mkdtemp(join(tmpdir(), 'pcscd-'));
  const socket = join(folder, 'pcscd.comm');
  const port = await twoFreePorts();
  process.env['PCSCLITE_CSOCK_NAME'] = socket;
  const configuration = join(folder, 'reader.conf');
  let running: ChildProcess | null = null;

  async function kill(): Promise<void> {
    const child = running;
    running = null;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }

  return {
    readers: ['Virtual PCD 00 00', 'Virtual PCD 00 01'],
    ports: [port, port + 1],
    kill,
    async freeze() {
      if (running?.pid === undefined) throw new Error('pcscd does not run');
      running.kill('SIGSTOP');
      // The signal arrives when it does: until then a thread may still answer.
      while (!(await standsStill(running.pid))) await setTimeout(5);
    },
    thaw: () => running?.kill('SIGCONT'),
    async start(kind = 'with readers') {
      await kill();
      const readers = kind === 'with readers' ? configurationOf(port) : '';
      await writeFile(configuration, readers);
      running = await startInNamespace(configuration, socket);
    },
    async dispose() {
      await kill();
      delete process.env['PCSCLITE_CSOCK_NAME'];
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Whether every thread of a process is stopped (T, in the third field after the name). */
async function standsStill(pid: number): Promise<boolean> {
  const tasks = `/proc/${String(pid)}/task`;
  const stats = await Promise.all(
    (await readdir(tasks)).map((task) =>
      readFile(join(tasks, task, 'stat'), 'utf8').catch(() => ''),
    ),
  );
  return stats.every(
    (stat) => stat === '' || stat.slice(stat.lastIndexOf(')') + 2).startsWith('T'),
  );
}

function configurationOf(port: number): string {
  return [
    'FRIENDLYNAME "Virtual PCD"',
    `DEVICENAME /dev/null:${String(port)}`,
    `LIBPATH ${driver}`,
    `CHANNELID ${String(port)}`,
    '',
  ].join('\n');
}

async function startInNamespace(configuration: string, socket: string): Promise<ChildProcess> {
  const script = `mkdir -p ${place} && mount -t tmpfs none ${place} && exec pcscd -f -c "$1"`;
  const child = spawn('unshare', ['-m', 'sh', '-c', script, 'sh', configuration], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (bytes: Buffer) => {
      said = `${said}${bytes.toString()}`.slice(-2000);
    });
  }
  // The namespace of a process is seen from outside through its root.
  await rm(socket, { force: true });
  await symlink(`/proc/${String(child.pid)}/root${place}/pcscd.comm`, socket);
  const until = performance.now() + startDeadlineMs;
  while (!(await canJoin(socket))) {
    const hasEnded = child.exitCode !== null || child.signalCode !== null;
    if (hasEnded || performance.now() > until) throw new Error(`pcscd did not start: ${said}`);
    await setTimeout(10);
  }
  return child;
}

function canJoin(socket: string): Promise<boolean> {
  return new Promise((resolve) => {
    const visit = connect(socket);
    visit.once('connect', () => {
      visit.destroy();
      resolve(true);
    });
    visit.once('error', () => {
      resolve(false);
    });
  });
}

/** The driver takes a port and, for its second reader, the one after it. */
async function twoFreePorts(): Promise<number> {
  for (let tries = 0; tries < 50; tries += 1) {
    const port = 20_000 + Math.floor(Math.random() * 12_000);
    if ((await isFree(port)) && (await isFree(port + 1))) return port;
  }
  throw new Error('no two free ports side by side');
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  const free = await new Promise<boolean>((resolve) => {
    server.once('error', () => {
      resolve(false);
    });
    server.listen(port, () => {
      resolve(true);
    });
  });
  if (free) await new Promise((resolve) => server.close(resolve));
  return free;
}
