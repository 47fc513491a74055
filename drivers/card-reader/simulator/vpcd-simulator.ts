/**
 * A social-security card in a virtual reader of the PC/SC service, as a program of its own. The reader is `vpcd`
 * (vsmartcard), a driver inside the real `pcscd` that listens on a TCP port for the card to come:
 *
 *     node drivers/card-reader/simulator/vpcd-simulator.ts --port 35963
 *
 * It takes its orders as lines of JSON on standard input, and answers each with a line of JSON:
 *
 *     {"do":"insert","card":{…},"manners":{…}}     the card of social-security-card.ts
 *     {"do":"insert-echo"}  a card that gives every command back, with 9000 behind it
 *     {"do":"remove"}
 *     {"do":"misbehave","how":{"pulledAtCommand":3}}
 *     {"do":"report"}      answers what the card was asked
 *     {"do":"stop"}
 *
 * It says {"in":true} each time the reader has the card, and {"pulled":true} when the card was pulled as ordered.
 * A card that is in comes back by itself when the service was ended and started again. It ends with its
 * standard input.
 */
import { connect, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import type { CardInSlot } from './card-in-slot.ts';
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
  | { readonly do: 'misbehave'; readonly how: SocialSecurityCardManners }
  | { readonly do: 'insert-echo' | 'remove' | 'report' | 'stop' };

const retryMs = 20;

/** What a message of one byte orders; anything longer is a command to the card. */
const control = { powerOff: 0, powerOn: 1, reset: 2, answerToReset: 4 } as const;

/** Names of a card to the reader only: something must be there for the reader to notice it. */
const someAnswerToReset = Buffer.from('3B00', 'hex');

/** A card that gives every command back: for what is only about the line. */
const echoCard: CardInSlot = {
  powerOn: () => someAnswerToReset,
  powerOff: () => undefined,
  receive: (command) => Uint8Array.of(...command, 0x90, 0x00),
};

class CardInVirtualReader {
  readonly #port: number;
  #card: CardInSlot | null = null;
  #socket: Socket | null = null;
  #retry: NodeJS.Timeout | null = null;
  #answerToReset: Uint8Array = someAnswerToReset;

  constructor(port: number) {
    this.#port = port;
  }

  get card(): SocialSecurityCard | null {
    return this.#card instanceof SocialSecurityCard ? this.#card : null;
  }

  insert(data: SocialSecurityCardData, manners: SocialSecurityCardManners = {}): void {
    this.remove();
    this.#card = new SocialSecurityCard(data, manners, () => {
      this.remove();
      say({ pulled: true });
    });
    this.#answerToReset = someAnswerToReset;
    this.#slideIn();
  }

  insertEcho(): void {
    this.remove();
    this.#card = echoCard;
    this.#answerToReset = someAnswerToReset;
    this.#slideIn();
  }

  remove(): void {
    if (this.#retry !== null) clearTimeout(this.#retry);
    this.#retry = null;
    this.#card = null;
    this.#socket?.destroy();
    this.#socket = null;
  }

  /** Connecting is sliding the card in; the service may not be there yet. */
  #slideIn(): void {
    const socket = connect({ port: this.#port, host: '127.0.0.1', noDelay: true });
    this.#socket = socket;
    let input: Buffer = Buffer.alloc(0);
    socket.once('connect', () => {
      say({ in: true });
    });
    socket.on('data', (bytes: Buffer) => {
      input = Buffer.concat([input, bytes]);
      while (this.#socket === socket && input.length >= 2) {
        const end = 2 + input.readUInt16BE(0);
        if (input.length < end) return;
        const message = input.subarray(2, end);
        input = input.subarray(end);
        this.#obey(socket, message);
      }
    });
    socket.on('error', () => undefined);
    socket.once('close', () => {
      if (this.#socket !== socket) return;
      this.#card?.powerOff();
      this.#retry = setTimeout(() => {
        this.#slideIn();
      }, retryMs);
    });
  }

  #obey(socket: Socket, message: Buffer): void {
    const card = this.#card;
    if (card === null) return;
    if (message.length !== 1) {
      const answer = card.receive(message);
      if (answer !== null) send(socket, answer);
      return;
    }
    switch (message[0]) {
      case control.powerOff:
        card.powerOff();
        break;
      case control.powerOn:
      case control.reset:
        // The service sees that something is there; a mute card only has nothing to say when it gets power.
        this.#answerToReset = card.powerOn() ?? Buffer.alloc(0);
        break;
      case control.answerToReset:
        send(socket, this.#answerToReset);
        if (this.#answerToReset.length === 0) this.#answerToReset = someAnswerToReset;
        break;
      default:
    }
  }
}

function send(socket: Socket, bytes: Uint8Array): void {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(bytes.length);
  socket.write(Buffer.concat([length, bytes]));
}

function say(words: object): void {
  process.stdout.write(`${JSON.stringify(words)}\n`);
}

function obey(order: Order, reader: CardInVirtualReader): void {
  switch (order.do) {
    case 'insert':
      reader.insert(order.card, order.manners);
      break;
    case 'insert-echo':
      reader.insertEcho();
      break;
    case 'remove':
      reader.remove();
      break;
    case 'misbehave':
      reader.card?.behave(order.how);
      break;
    case 'report':
      say({ done: 'report', report: reader.card?.report() ?? null });
      return;
    case 'stop':
      process.exit(0);
      break;
    default:
      throw new Error(`there is no such order: ${JSON.stringify(order)}`);
  }
  say({ done: order.do });
}

function main(): void {
  const { values } = parseArgs({ options: { port: { type: 'string' } } });
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 1 || port > 65535) {
    process.stderr.write('usage: vpcd-simulator --port N\n');
    process.exit(2);
  }
  const reader = new CardInVirtualReader(port);
  const orders = createInterface({ input: process.stdin });
  orders.on('line', (line) => {
    obey(JSON.parse(line) as Order, reader);
  });
  orders.on('close', () => process.exit(0));
  say({ ready: port });
}

main();
