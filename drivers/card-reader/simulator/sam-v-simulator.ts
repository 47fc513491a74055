/**
 * A resident ID card reader as a program of its own, at one end of a serial line:
 *
 *     node drivers/card-reader/simulator/sam-v-simulator.ts --device PATH
 *
 * It takes its orders as lines of JSON on standard input, and answers each with a line of JSON:
 *
 *     {"do":"place","card":{"name":"张三","sex":"male","ethnicity":"01","birthDate":"1950-01-01",
 *      "address":"…","idNumber":"…","issuer":"…","validFrom":"2015-01-01","validUntil":"长期"}}
 *     {"do":"lift"}
 *     {"do":"misbehave","how":{"noiseBefore":"00ffaaaa","fragments":[1,3],"badChecks":1}}
 *     {"do":"behave"}
 *     {"do":"report"}      answers how often each command came
 *     {"do":"stop"}
 *
 * It says {"ready":PATH} when it has the line, {"lost":true} when the line went (it takes it again by itself),
 * and {"cut":true} when it has cut an answer as ordered. It ends with its standard input.
 */
import { constants, openSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { ReadStream, WriteStream } from 'node:tty';
import { parseArgs } from 'node:util';
import { SamVModule, type Misbehaviour, type SimulatedCard } from './sam-v-module.ts';

type Order =
  | { readonly do: 'place'; readonly card: SimulatedCard }
  | { readonly do: 'misbehave'; readonly how: Misbehaviour }
  | { readonly do: 'lift' | 'behave' | 'report' | 'stop' };

const retryMs = 20;

function main(): void {
  const { values } = parseArgs({ options: { device: { type: 'string' } } });
  const { device } = values;
  if (device === undefined) {
    process.stderr.write('usage: sam-v-simulator --device PATH\n');
    process.exit(2);
  }
  let line: WriteStream | null = null;
  const module = new SamVModule(
    (bytes) => line?.write(bytes),
    () => {
      say({ cut: true });
    },
  );
  holdLine(device, module, (open) => {
    line = open;
  });
  listenToOrders(module);
}

/** Opens the line, and again whenever it went: the reader is plugged in again with its line. */
function holdLine(
  device: string,
  module: SamVModule,
  onLine: (line: WriteStream | null) => void,
): void {
  let descriptor: number;
  try {
    descriptor = openSync(device, constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK);
  } catch {
    setTimeout(() => {
      holdLine(device, module, onLine);
    }, retryMs);
    return;
  }
  const input = new ReadStream(descriptor);
  const output = new WriteStream(descriptor);
  let gone = false;
  const lose = (): void => {
    if (gone) return;
    gone = true;
    onLine(null);
    input.destroy();
    output.destroy();
    module.restart();
    say({ lost: true });
    setTimeout(() => {
      holdLine(device, module, onLine);
    }, retryMs);
  };
  for (const stream of [input, output]) {
    stream.on('error', lose);
    stream.on('end', lose);
    stream.on('close', lose);
  }
  input.on('data', (bytes: Buffer) => {
    module.receive(bytes);
  });
  onLine(output);
  say({ ready: device });
}

function listenToOrders(module: SamVModule): void {
  const lines = createInterface({ input: process.stdin });
  lines.on('line', (line) => {
    if (line.trim() === '') return;
    try {
      follow(JSON.parse(line) as Order, module);
    } catch (error) {
      say({ error: error instanceof Error ? error.message : String(error) });
    }
  });
  lines.on('close', () => {
    process.exit(0);
  });
}

function follow(order: Order, module: SamVModule): void {
  switch (order.do) {
    case 'place':
      module.place(order.card);
      break;
    case 'lift':
      module.lift();
      break;
    case 'misbehave':
      module.misbehave(order.how);
      break;
    case 'behave':
      module.behave();
      break;
    case 'report':
      say({ done: order.do, report: module.report() });
      return;
    case 'stop':
      say({ done: order.do });
      process.exit(0);
      break;
    default:
      throw new Error(`there is no such order: ${JSON.stringify(order)}`);
  }
  say({ done: order.do });
}

function say(words: object): void {
  process.stdout.write(`${JSON.stringify(words)}\n`);
}

main();
