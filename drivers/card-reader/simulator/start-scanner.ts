/** Starts the simulated scanner as a program of its own and hands out its orders. For tests. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { ScanOrder } from './scanner-simulator.ts';

export type RunningScanner = {
  /** Ends when all bytes are sent. */
  scan(order: ScanOrder): Promise<void>;
  /** Ends when the simulator says this, from now on. */
  said(word: 'ready' | 'lost'): Promise<void>;
  stop(): Promise<void>;
};

export async function startScanner(device: string): Promise<RunningScanner> {
  const program = fileURLToPath(new URL('./scanner-simulator.ts', import.meta.url));
  const child = spawn(process.execPath, [program, '--device', device], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const waiting: { readonly word: string; readonly resolve: () => void }[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => {
    const saying = JSON.parse(line) as Record<string, unknown>;
    if ('error' in saying) throw new Error(`the simulated scanner: ${String(saying['error'])}`);
    const heard = waiting.filter(({ word }) => word in saying);
    // Orders are answered one by one; everyone else who waits for the word hears it.
    for (const waiter of 'done' in saying ? heard.slice(0, 1) : heard) {
      waiting.splice(waiting.indexOf(waiter), 1);
      waiter.resolve();
    }
  });
  const hear = (word: string): Promise<void> =>
    new Promise((resolve) => waiting.push({ word, resolve }));
  const ended = once(child, 'exit');
  const isReady = hear('ready').then(() => true);
  if (!(await Promise.race([isReady, ended.then(() => false)]))) {
    throw new Error('the simulated scanner ended before it was ready');
  }
  return {
    scan: (order) => {
      const done = hear('done');
      child.stdin.write(`${JSON.stringify({ do: 'scan', ...order })}\n`);
      return done;
    },
    said: hear,
    async stop() {
      child.stdin.end();
      await ended;
    },
  };
}
