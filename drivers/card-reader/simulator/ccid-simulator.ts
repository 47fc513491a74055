/**
 * A reader of social-security cards as a program of its own, at one end of a serial line:
 *
 *     node drivers/card-reader/simulator/ccid-simulator.ts --device PATH
 *
 * It takes its orders as lines of JSON on standard input, and answers each with a line of JSON:
 *
 *     {"do":"insert","card":{…},"manners":{…}}    the card and manners of social-security-card.ts
 *     {"do":"pull"}
 *     {"do":"misbehave","how":{"badChecks":1}}    what the reader does, of ccid-module.ts
 *     {"do":"behave"}      {"do":"report"}        {"do":"stop"}
 *
 * It says {"ready":PATH} when it has the line, {"lost":true} when the line went (it takes it again by itself), and
 * {"cut":true} when it has cut a reply as ordered. It ends with its standard input.
 */
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { CcidModule, type CcidMisbehaviour } from './ccid-module.ts';
import { holdTerminal } from './hold-terminal.ts';
import {
  SocialSecurityCard,
  type SocialSecurityCardData,
  type SocialSecurityCardManners,
} from './social-security-card.ts';

type Order =
  | {
      readonly do: 'insert';
      readonly card: SocialSecurityCardData;
      readonly manners?: SocialSecurityCardManners;
    }
  | { readonly do: 'misbehave'; readonly how: CcidMisbehaviour }
  | { readonly do: 'pull' | 'behave' | 'report' | 'stop' };

function main(): void {
  const { values } = parseArgs({ options: { device: { type: 'string' } } });
  const { device } = values;
  if (device === undefined) {
    process.stderr.write('usage: ccid-simulator --device PATH\n');
    process.exit(2);
  }
  const module = new CcidModule(
    (bytes) => line.send(bytes),
    () => {
      say({ cut: true });
    },
  );
  const line = holdTerminal(device, {
    ready: () => {
      say({ ready: device });
    },
    lost: () => {
      module.restart();
      say({ lost: true });
    },
    data: (bytes) => {
      module.receive(bytes);
    },
  });
  const lines = createInterface({ input: process.stdin });
  lines.on('line', (text) => {
    if (text.trim() === '') return;
    try {
      follow(JSON.parse(text) as Order, module);
    } catch (error) {
      say({ error: error instanceof Error ? error.message : String(error) });
    }
  });
  lines.on('close', () => {
    process.exit(0);
  });
}

function follow(order: Order, module: CcidModule): void {
  switch (order.do) {
    case 'insert':
      module.insert(
        new SocialSecurityCard(order.card, order.manners ?? {}, () => {
          module.pull();
        }),
      );
      break;
    case 'pull':
      module.pull();
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
