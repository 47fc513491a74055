/**
 * A code scanner as a program of its own, at one end of a serial line:
 *
 *     node drivers/card-reader/simulator/scanner-simulator.ts --device PATH
 *
 * It takes its orders as lines of JSON on standard input, and answers each with a line of JSON once it is done:
 *
 *     {"do":"scan","code":"4243669509084040896099330000"}
 *     {"do":"scan","code":"…","suffix":"\r\n","encoding":"gbk","fragments":[1,3],"pauseMs":5,
 *      "noiseBefore":"00ff","times":2,"everyMs":300,"cutAfter":7}
 *     {"do":"stop"}
 *
 * The suffix is CR unless said otherwise. `fragments` are the sizes of the pieces it sends, over and over, with
 * `pauseMs` between them; `times` scans the same code again after `everyMs`; `cutAfter` stops after so many bytes
 * of code and suffix. It says {"ready":PATH} when it has the line and {"lost":true} when the line went; it takes
 * it again by itself, and ends with its standard input.
 */
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import iconv from 'iconv-lite';
import { holdTerminal, type HeldTerminal } from './hold-terminal.ts';

export type ScanOrder = {
  readonly code: string;
  readonly suffix?: string;
  readonly encoding?: 'utf-8' | 'gbk';
  readonly fragments?: readonly number[];
  readonly pauseMs?: number;
  /** Bytes in hexadecimal. */
  readonly noiseBefore?: string;
  readonly times?: number;
  readonly everyMs?: number;
  readonly cutAfter?: number;
};

type Order = ({ readonly do: 'scan' } & ScanOrder) | { readonly do: 'stop' };

function main(): void {
  const { values } = parseArgs({ options: { device: { type: 'string' } } });
  const { device } = values;
  if (device === undefined) {
    process.stderr.write('usage: scanner-simulator --device PATH\n');
    process.exit(2);
  }
  const line = holdTerminal(device, {
    ready: () => {
      say({ ready: device });
    },
    lost: () => {
      say({ lost: true });
    },
    // A scanner that is not asked anything has nothing to listen to.
    data: () => undefined,
  });
  const lines = createInterface({ input: process.stdin });
  let turn = Promise.resolve();
  lines.on('line', (text) => {
    if (text.trim() === '') return;
    turn = turn.then(() => follow(text, line));
  });
  lines.on('close', () => {
    process.exit(0);
  });
}

async function follow(text: string, line: HeldTerminal): Promise<void> {
  try {
    const order = JSON.parse(text) as Order;
    if (order.do === 'scan') await scan(order, line);
    say({ done: order.do });
    if (order.do === 'stop') process.exit(0);
  } catch (error) {
    say({ error: error instanceof Error ? error.message : String(error) });
  }
}

async function scan(order: ScanOrder, line: HeldTerminal): Promise<void> {
  const { times = 1, everyMs = 0, noiseBefore = '' } = order;
  for (let time = 0; time < times; time += 1) {
    if (time > 0) await pause(everyMs);
    if (noiseBefore !== '') line.send(Buffer.from(noiseBefore, 'hex'));
    const text = order.code + (order.suffix ?? '\r');
    const bytes = order.encoding === 'gbk' ? iconv.encode(text, 'gbk') : Buffer.from(text);
    await send(bytes.subarray(0, order.cutAfter ?? bytes.length), order, line);
  }
}

async function send(bytes: Buffer, order: ScanOrder, line: HeldTerminal): Promise<void> {
  const { fragments = [bytes.length], pauseMs = 0 } = order;
  let at = 0;
  for (let turn = 0; at < bytes.length; turn += 1) {
    if (turn > 0 && pauseMs > 0) await pause(pauseMs);
    const size = Math.max(1, fragments[turn % fragments.length] ?? 1);
    line.send(bytes.subarray(at, at + size));
    at += size;
  }
}

function say(words: object): void {
  process.stdout.write(`${JSON.stringify(words)}\n`);
}

main();
