import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';

import { deskEnvironment } from '../bootstrap/desk-environment.mjs';
import { builtPart } from '../outputs.ts';
import { writeManyVisits } from './many-visits.ts';
import type { ProbeAnswer, ProbeOrder } from './soak-probe.ts';
import { openSession } from '../../electron/e2e/call-desk.ts';
import { readyUrl } from '../../electron/e2e/ready-url.ts';

/** What the desk's program holds after some settlements, and how long those took. */
export type SoakSample = {
  readonly settled: number;
  /** Resident memory of the program, its threads included, in MB. */
  readonly residentMb: number;
  /** What is left of the main thread's objects once everything that can go is gone, in KB. */
  readonly heapKb: number;
  /** Processor time of one settlement with all that follows from it, since the sample before. */
  readonly processorMs: number;
  readonly handles: number;
  readonly walMb: number;
  readonly previewP95Ms: number;
  readonly settleP95Ms: number;
};

export type SoakOrder = {
  /** An empty folder. */
  readonly folder: string;
  readonly settlements: number;
  /** A sample after each so many. */
  readonly sampleEvery: number;
  readonly onSample?: (sample: SoakSample) => void;
  /** How far the desk's time leaps ahead after each settlement; absent: it runs as usual. */
  readonly leapMs?: number;
  /** From then on the desk holds on to so much with each request, for the proof that this would be seen. */
  readonly leak?: { readonly afterSettled: number; readonly bytesOfEachRequest: number };
  /** Options of Node for the desk's program. */
  readonly nodeOptions?: readonly string[];
};

/**
 * Settles visit after visit at the real, built program over loopback, as the page does: preview, then confirm. Every
 * statement is made and every receipt goes to the simulated printer meanwhile. Answers with the samples.
 */
export async function soakHost(order: SoakOrder): Promise<readonly SoakSample[]> {
  const home = path.join(order.folder, 'desk');
  const { files, visitIds } = await writeManyVisits(order.folder, order.settlements);
  runCommand(['settings', '--demo', '--home', home]);
  for (const file of files) runCommand(['import', file, '--home', home]);
  const host = spawn(
    process.execPath,
    [
      ...['--expose-gc', '--import', path.join(import.meta.dirname, 'soak-probe.ts')],
      ...(order.nodeOptions ?? []),
      ...[builtPart('host.js'), '--home', home, '--no-open'],
    ],
    {
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
      env: { ...process.env, ...deskEnvironment },
    },
  );
  try {
    const call = await openCalls(host);
    const samples: SoakSample[] = [];
    let before = await probe(host, { kind: 'look' });
    let times = { preview: [] as number[], settle: [] as number[] };
    for (const [index, visitId] of visitIds.entries()) {
      if (index === order.leak?.afterSettled) await probe(host, { kind: 'leak', ...order.leak });
      const began = performance.now();
      const seen = (await call('settlement:preview', { visitId })) as Preview;
      const previewed = performance.now();
      await call('settlement:settle-visit', {
        visitId,
        billVersion: seen.bill.version,
        patientPaysFen: seen.result.patientPaysFen,
        tenders: [],
      });
      times.preview.push(previewed - began);
      times.settle.push(performance.now() - previewed);
      if (order.leapMs !== undefined) await probe(host, { kind: 'leap', ms: order.leapMs });
      if ((index + 1) % order.sampleEvery !== 0) continue;
      const found = await probe(host, { kind: 'look' });
      const sample = {
        settled: index + 1,
        heapKb: Math.round(found.heapKb),
        processorMs: Math.round((found.processorMs - before.processorMs) / order.sampleEvery),
        ...holdingsOf(host.pid ?? 0, home),
        previewP95Ms: p95(times.preview),
        settleP95Ms: p95(times.settle),
      };
      times = { preview: [], settle: [] };
      before = found;
      samples.push(sample);
      order.onSample?.(sample);
    }
    return samples;
  } finally {
    const ended = once(host, 'exit');
    host.kill('SIGTERM');
    await ended;
  }
}

type Preview = {
  readonly bill: { readonly version: number };
  readonly result: { readonly patientPaysFen: number };
};

type Call = (name: string, input: unknown) => Promise<unknown>;

async function openCalls(host: ChildProcess): Promise<Call> {
  const call = await openSession(await readyUrl(host));
  return async (name, input) => {
    const said = await call(name, input);
    if (!said.ok) throw new Error(`${name}: ${JSON.stringify(said).slice(0, 500)}`);
    return said.value;
  };
}

async function probe(host: ChildProcess, order: ProbeOrder): Promise<ProbeAnswer> {
  const answered = once(host, 'message');
  host.send(order);
  const [answer] = (await answered) as [ProbeAnswer];
  return answer;
}

/** By how many KB the objects of the desk grow with each settlement, from one sample to the other. */
export function heapSlopeKb(from: SoakSample, to: SoakSample): number {
  return (to.heapKb - from.heapKb) / (to.settled - from.settled);
}

function runCommand(argv: readonly string[]): void {
  const ran = spawnSync(process.execPath, [builtPart('cli.js'), ...argv], {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  if (ran.status !== 0)
    throw new Error(`${argv.join(' ')}: ${ran.stdout.slice(0, 500)} ${ran.stderr}`);
}

function holdingsOf(pid: number, home: string) {
  const process = `/proc/${String(pid)}`;
  const status = readFileSync(`${process}/status`, 'utf8');
  const wal = statSync(path.join(home, 'settlement.db-wal'), { throwIfNoEntry: false });
  return {
    residentMb: Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024),
    handles: readdirSync(`${process}/fd`).length,
    walMb: Math.round((wal?.size ?? 0) / 1024 ** 2),
  };
}

function p95(figures: readonly number[]): number {
  const sorted = figures.toSorted((a, b) => a - b);
  return Math.round((sorted[Math.floor(sorted.length * 0.95)] ?? 0) * 10) / 10;
}
