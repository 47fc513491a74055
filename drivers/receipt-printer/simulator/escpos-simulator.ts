import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';

import {
  noFaults,
  simulatedPrinter,
  type SimulatedFaults,
  type SimulatedPrinter,
  type SimulatedSheet,
} from './simulated-printer.ts';

export type PrinterSimulator = {
  readonly port: number;
  /** Every sheet that came out, oldest first. */
  readonly sheets: readonly SimulatedSheet[];
  /** The ids it was asked to echo, oldest first. */
  readonly marks: readonly string[];
  /** Changes what is wrong with it. */
  change(faults: Partial<SimulatedFaults>): void;
  close(): Promise<void>;
};

/** A simulated ESC/POS printer on a TCP port of this machine; port 0 takes a free one. */
export async function startPrinterSimulator(
  port = 0,
  onSheet: (sheet: SimulatedSheet) => void = () => undefined,
): Promise<PrinterSimulator> {
  const faults = noFaults();
  const sheets: SimulatedSheet[] = [];
  const marks: string[] = [];
  const printers = new Map<Socket, SimulatedPrinter>();
  const server = createServer((socket) => {
    const printer = simulatedPrinter({
      faults,
      answer: (bytes) => {
        if (!socket.destroyed) socket.write(bytes);
      },
      onSheet: (sheet) => {
        sheets.push(sheet);
        onSheet(sheet);
      },
      onMark: (mark) => marks.push(mark),
      // A pulled plug says no goodbye.
      onDeath: () => socket.resetAndDestroy(),
    });
    printers.set(socket, printer);
    socket.on('data', (bytes) => {
      printer.receive(bytes);
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      printer.endOfConnection();
      printers.delete(socket);
    });
  });
  await listen(server, port);
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : port,
    sheets,
    marks,
    change: (changed) => {
      Object.assign(faults, changed);
      for (const printer of printers.values()) printer.look();
    },
    close: () => {
      for (const socket of printers.keys()) socket.destroy();
      return new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
      });
    },
  };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      resolve();
    });
  });
}

/** What can be typed at the running program, one a line; `die-after K` and `paper-out-after K` take bytes. */
function faultsOf(line: string): Partial<SimulatedFaults> | null {
  const [name, count] = line.trim().split(/\s+/);
  const bytes = Number(count ?? '0');
  switch (name) {
    case 'paper-in':
      return { paper: 'in' };
    case 'paper-low':
      return { paper: 'low' };
    case 'paper-out':
      return { paper: 'out' };
    case 'cover-open':
      return { cover: 'open' };
    case 'cover-closed':
      return { cover: 'closed' };
    case 'silent':
      return { silent: true };
    case 'talking':
      return { silent: false };
    case 'die-after':
      return { dieAfterBytes: bytes };
    case 'alive':
      return { dieAfterBytes: null };
    case 'paper-out-after':
      return { paperOutAfterBytes: bytes };
    default:
      return null;
  }
}

async function runProgram(): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '9100' },
      out: { type: 'string' },
      fault: { type: 'string', multiple: true, default: [] },
    },
  });
  let count = 0;
  const simulator = await startPrinterSimulator(Number(values.port), (sheet) => {
    count += 1;
    process.stderr.write(`${sheet.lines.join('\n')}\n${sheet.wasCut ? '--- cut ---' : '---'}\n`);
    if (values.out === undefined) return;
    const name = join(values.out, `sheet-${String(count).padStart(4, '0')}`);
    writeFileSync(`${name}.bin`, sheet.bytes);
    // Written last: whoever waits for the text finds the bytes too.
    writeFileSync(`${name}.txt`, `${sheet.lines.join('\n')}\n`);
  });
  if (values.out !== undefined) mkdirSync(values.out, { recursive: true });
  const obey = (line: string): void => {
    const faults = faultsOf(line);
    if (faults === null) process.stderr.write(`not a fault: ${line}\n`);
    else simulator.change(faults);
  };
  values.fault.forEach(obey);
  createInterface({ input: process.stdin }).on('line', obey);
  process.stdout.write(`ready tcp://127.0.0.1:${String(simulator.port)}\n`);
}

if (import.meta.main) await runProgram();
