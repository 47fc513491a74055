import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';

import { ackMark, type Ack, type KillOrder } from './kill-order.ts';

/** How the program dies. */
export type Death =
  | { readonly kind: 'none' }
  /** At a crash point, by its name. */
  | { readonly kind: 'at-point'; readonly point: string }
  /** From outside: so many milliseconds after the acknowledgement of an act; 0 is at once. */
  | { readonly kind: 'after-ack'; readonly index: number; readonly ms: number };

export type DeskRun = {
  readonly acks: readonly Ack[];
  /** Crash points the process said it died at. */
  readonly hits: readonly string[];
  readonly killed: boolean;
  readonly exitCode: number | null;
  /** What it said on standard error, for the report. */
  readonly said: string;
};

/** A program that neither ends nor dies is itself a failure. */
const runMaxMs = 60_000;

/** Runs a desk program until it ends or dies; collects what it acknowledged. */
export function runDesk(program: string, order: KillOrder, death: Death): Promise<DeskRun> {
  const orderFile = path.join(order.folder, 'order.json');
  writeFileSync(orderFile, JSON.stringify(order));
  const point = death.kind === 'at-point' ? death.point : '';
  const child = spawn(process.execPath, [program, orderFile], {
    // Started again and again: what was compiled once is kept beside the folder's data.
    env: {
      ...process.env,
      CRASH_AT: point,
      NODE_COMPILE_CACHE: path.join(order.folder, 'compiled'),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const acks: Ack[] = [];
  const hits: string[] = [];
  const said: string[] = [];
  const kill = (): void => void child.kill('SIGKILL');
  const limit = setTimeout(kill, runMaxMs);
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (!line.startsWith(ackMark)) return;
    const ack = JSON.parse(line.slice(ackMark.length)) as Ack;
    acks.push(ack);
    if (death.kind !== 'after-ack' || death.index !== ack.index) return;
    if (death.ms === 0) kill();
    else setTimeout(kill, death.ms);
  });
  createInterface({ input: child.stderr }).on('line', (line) => {
    const hit = /^crash-point \d+ (\S+)$/.exec(line)?.[1];
    if (hit === undefined) said.push(line);
    else hits.push(hit);
  });
  return new Promise((resolve) => {
    child.on('close', (exitCode, signal) => {
      clearTimeout(limit);
      const killed = signal === 'SIGKILL';
      resolve({ acks, hits, killed, exitCode, said: said.join('\n') });
    });
  });
}
