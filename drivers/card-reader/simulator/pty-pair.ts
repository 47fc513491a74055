/**
 * A serial line without wires: two terminal devices joined by `socat`. What goes in at one end comes out at the
 * other. For tests, and for anyone who wants to try the desk without a reader.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';

export type PtyPair = {
  /** The end for the program. */
  readonly programEnd: string;
  /** The end for the simulated device. */
  readonly deviceEnd: string;
  /** Pulls the cable: both ends vanish. */
  unplug(): Promise<void>;
  /** Puts it in again, under the same names. */
  plug(): Promise<void>;
};

/** Joins two terminal devices, whose names are put into `folder`. Throws if `socat` is missing. */
export async function startPtyPair(folder: string, name = 'line'): Promise<PtyPair> {
  const programEnd = join(folder, `${name}-program`);
  const deviceEnd = join(folder, `${name}-device`);
  const start = () => startSocat(programEnd, deviceEnd);
  let socat: ChildProcess | null = await start();
  return {
    programEnd,
    deviceEnd,
    async unplug() {
      const running = socat;
      socat = null;
      if (running === null) return;
      if (running.exitCode === null && running.signalCode === null) {
        const ended = once(running, 'exit');
        running.kill('SIGKILL');
        await ended;
      }
      // The names would point at whatever terminal is opened next.
      await Promise.all([programEnd, deviceEnd].map((path) => rm(path, { force: true })));
    },
    async plug() {
      socat ??= await start();
    },
  };
}

async function startSocat(programEnd: string, deviceEnd: string): Promise<ChildProcess> {
  const end = (link: string): string => `pty,raw,echo=0,link=${link}`;
  const socat = spawn('socat', ['-d', '-d', end(programEnd), end(deviceEnd)], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  await new Promise<void>((resolve, reject) => {
    socat.once('error', reject);
    socat.once('exit', () => {
      reject(new Error(`socat ended: ${said}`));
    });
    socat.stderr.on('data', (bytes: Buffer) => {
      said += bytes.toString();
      if (said.includes('starting data transfer loop')) resolve();
    });
  });
  return socat;
}
