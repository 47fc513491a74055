import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { openSession, type CallDesk } from '../../electron/e2e/call-desk.ts';
import { readyUrl } from '../../electron/e2e/ready-url.ts';
import { builtPart } from '../outputs.ts';
import type { Ack, Act, KillOrder } from './kill-order.ts';
import type { Death, DeskRun } from './run-desk.ts';

/** Points that a command of its own passes, beside the desk that is open. */
const pointsOfCommands = /^(cancel|upload):/;

/** The desk, or the command beside it, ended before its act was acknowledged. */
class DeskGone extends Error {}

/**
 * Runs the real, built program on a folder: its host with log, print queue and exchange with the hospital, called
 * over loopback as the page calls it, and its commands beside it. An act is acknowledged when the program has
 * answered. Runs until the acts are done or something dies; then everything dies, as the plug would have it.
 */
export async function runHost(order: KillOrder, death: Death): Promise<DeskRun> {
  const point = death.kind === 'at-point' ? death.point : '';
  const diesInCommand = pointsOfCommands.test(point);
  const acks: Ack[] = [];
  const said: string[] = [];
  const hits: string[] = [];
  const listen = (child: ChildProcess): void => {
    child.stderr?.on('data', (chunk: Buffer) => {
      for (const line of chunk.toString().split('\n')) {
        const hit = /^crash-point \d+ (\S+)$/.exec(line)?.[1];
        if (hit === undefined) said.push(line);
        else hits.push(hit);
      }
    });
  };
  const host = spawn(
    process.execPath,
    [builtPart('host.js'), '--home', order.folder, '--no-open'],
    {
      env: { ...process.env, CRASH_AT: diesInCommand ? '' : point },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  listen(host);
  const closed = once(host, 'close') as Promise<[number | null, NodeJS.Signals | null]>;
  const gone = closed.then(() => {
    throw new DeskGone('the desk is gone');
  });
  // Whoever races against it hears of it; where nobody does, the end of the desk is expected.
  gone.catch(() => undefined);
  const command = async (...argv: readonly string[]): Promise<void> => {
    const child = spawn(process.execPath, [builtPart('cli.js'), ...argv, '--home', order.folder], {
      env: { ...process.env, CRASH_AT: diesInCommand ? point : '' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    listen(child);
    const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
    if (signal !== null) throw new DeskGone(`${argv.join(' ')} is gone`);
    if (code !== 0) throw new Error(`${argv.join(' ')} ended with ${String(code)}`);
  };
  let failure = '';
  try {
    // A file that waits is written at once, so the desk may die there before its first page is let in.
    const url = await Promise.race([readyUrl(host), gone]);
    const call = await orGone(openSession(url), gone);
    const desk = {
      call: (name: string, input: unknown) => orGone(call(name, input), gone),
      command,
    };
    const settled: Record<string, string> = { ...order.settled };
    for (const [index, act] of order.acts.entries()) {
      if (index < order.from) continue;
      const ack = await Promise.race([perform({ desk, order, settled, gone }, index, act), gone]);
      acks.push(ack);
      if (ack.act === 'settle') settled[ack.visitId] = ack.settlementId;
      if (death.kind !== 'after-ack' || death.index !== index) continue;
      setTimeout(() => host.kill('SIGKILL'), death.ms);
    }
  } catch (problem) {
    if (!(problem instanceof DeskGone)) failure = String(problem);
  }
  const diedInCommand = diesInCommand && hits.length > 0;
  host.kill(death.kind === 'none' && failure === '' ? 'SIGTERM' : 'SIGKILL');
  const [exitCode, signal] = await closed;
  const killed = death.kind === 'at-point' ? hits.length > 0 : signal === 'SIGKILL';
  return {
    acks,
    hits,
    killed: failure === '' && (killed || diedInCommand),
    exitCode: failure === '' ? exitCode : 1,
    said: [failure, ...said].join('\n'),
  };
}

type Performing = {
  readonly desk: {
    readonly call: CallDesk;
    readonly command: (...argv: string[]) => Promise<void>;
  };
  readonly order: KillOrder;
  readonly settled: Readonly<Record<string, string>>;
  readonly gone: Promise<never>;
};

async function perform(on: Performing, index: number, act: Act): Promise<Ack> {
  const { desk, order, settled } = on;
  switch (act.act) {
    case 'import': {
      const visitId = act.visit.visit.id;
      dropBills(order, index);
      await until(on, async () => (await desk.call('settlement:preview', { visitId })).ok);
      return { index, act: 'import', visitId };
    }
    case 'settle':
      return {
        index,
        act: 'settle',
        visitId: act.visitId,
        ...(await settle(desk.call, act.visitId)),
      };
    case 'cancel': {
      const settlementId = settled[act.visitId] ?? '';
      const by = ['--as', 'cashier1', '--approved-by', 'supervisor1'];
      await desk.command('cancel', settlementId, '--reason', '重新核算', ...by);
      return { index, act: 'cancel', visitId: act.visitId, settlementId };
    }
    case 'hand-over':
      for (const settlementId of Object.values(settled)) {
        const file = path.join(order.handOverFolder, `${settlementId}.settled.json`);
        await until(on, () => Promise.resolve(existsSync(file)));
      }
      return { index, act: 'hand-over' };
    case 'print':
      for (const settlementId of Object.values(settled)) {
        await until(on, () => isPrinted(desk.call, settlementId));
      }
      return { index, act: 'print' };
    case 'upload':
      await desk.command('upload', '--payers', order.payersUrl);
      return { index, act: 'upload' };
  }
}

/** Lays the bill of an act into the folder that the desk watches, and with it those that come right after. */
function dropBills({ acts, folder }: KillOrder, from: number): void {
  for (const act of acts.slice(from)) {
    if (act.act !== 'import') return;
    const file = path.join(folder, 'hospital-in', `${act.visit.visit.id}.json`);
    if (existsSync(file)) continue;
    writeFileSync(`${file}.part`, JSON.stringify(act.visit));
    renameSync(`${file}.part`, file);
  }
}

/** As the page does: looks, then confirms what was seen. */
async function settle(call: CallDesk, visitId: string) {
  const seen = await call('settlement:preview', { visitId });
  if (!seen.ok) throw new Error(`${visitId} is not shown: ${seen.refusal.code}`);
  const { bill, result } = seen.value as {
    readonly bill: { readonly version: number };
    readonly result: { readonly patientPaysFen: number };
  };
  const confirmed = await call('settlement:settle-visit', {
    visitId,
    billVersion: bill.version,
    patientPaysFen: result.patientPaysFen,
    tenders: [],
  });
  if (!confirmed.ok) throw new Error(`${visitId} is not settled: ${confirmed.refusal.code}`);
  const { already, settlement } = confirmed.value as {
    readonly already: boolean;
    readonly settlement: { readonly settlementId: string; readonly number: string };
  };
  return { already, settlementId: settlement.settlementId, number: settlement.number };
}

async function isPrinted(call: CallDesk, settlementId: string): Promise<boolean> {
  const shown = await call('settlement:show', { settlementId });
  if (!shown.ok) throw new Error(`${settlementId} is not shown: ${shown.refusal.code}`);
  const { printJobs } = shown.value as {
    readonly printJobs: readonly { readonly document: string; readonly state: string }[];
  };
  return printJobs.every(
    ({ document, state }) => document !== 'receipt' || !['queued', 'sending'].includes(state),
  );
}

/** A call that breaks off because the desk is gone is no failure of its own. */
async function orGone<Value>(work: Promise<Value>, gone: Promise<never>): Promise<Value> {
  try {
    return await work;
  } catch (problem) {
    const later = new Promise<never>((_, reject) => {
      setTimeout(() => {
        reject(new Error('the desk broke a call off', { cause: problem }));
      }, 10_000).unref();
    });
    return Promise.race([gone, later]);
  }
}

/** Looks until something is so; what the desk does by itself takes as long as it takes. */
async function until({ gone }: Performing, isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) {
    await Promise.race([new Promise((resolve) => setTimeout(resolve, 200)), gone]);
  }
}
