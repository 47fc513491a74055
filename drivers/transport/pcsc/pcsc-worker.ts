/**
 * The thread that speaks to the PC/SC library; see pcsc-protocol.ts. Commands to a card run in the background of
 * this thread, so that looking at the readers goes on meanwhile; each card has a context of its own, because
 * the library lets a context do one thing at a time.
 */
import { parentPort } from 'node:worker_threads';
import { answerRequests } from '../../../shared/threads/thread-requests.ts';
import type * as Smartcard from 'smartcard';
import type { CardInterface as Card, ContextInterface as Context } from 'smartcard';
import type {
  PcscFailureCode,
  PcscOutcome,
  PcscReaderState,
  PcscTask,
  PcscValue,
} from './pcsc-protocol.ts';

type Library = typeof Smartcard;
type Session = { readonly context: Context; readonly card: Card };

/** Flags of a slot's state (PC/SC part 5); the upper half counts events. */
const present = 0x20;
const mute = 0x200;

/** Room for one short answer, 256 bytes and the two of the status. */
const answerLengthMax = 258;

/** The library gives only words, no code. */
const codesByWords: readonly (readonly [RegExp, PcscFailureCode])[] = [
  [/not running|service stopped|communication error|invalid handle|internal error/i, 'no-service'],
  [/no smart card/i, 'no-card'],
  [/was removed/i, 'removed'],
  [/unresponsive|unpowered|not supported|not transacted|transaction failed/i, 'mute'],
  [/sharing violation/i, 'busy'],
  [/was reset/i, 'reset'],
  [/unknown reader|reader unavailable|no readers|not ready/i, 'no-reader'],
  [/timed out/i, 'timeout'],
];

class PcscFailure extends Error {
  readonly code: PcscFailureCode;

  constructor(code: PcscFailureCode, detail: string) {
    super(detail);
    this.code = code;
  }
}

let library: Library | null = null;
let watching: Context | null = null;
let lastSession = 0;
const sessions = new Map<number, Session>();

/** Loaded when first asked for: the program installs and runs on machines without it. */
async function loadLibrary(): Promise<Library> {
  if (library !== null) return library;
  try {
    const loaded = (await import('smartcard')) as Library & { readonly default?: Library };
    library = loaded.default ?? loaded;
    return library;
  } catch (error) {
    throw new PcscFailure('unsupported', words(error));
  }
}

async function listReaders(): Promise<readonly PcscReaderState[]> {
  const { Context: Joined } = await loadLibrary();
  watching ??= new Joined();
  try {
    return watching.listReaders().map(({ name, state }) => ({
      name,
      hasCard: (state & present) !== 0,
      isMute: (state & mute) !== 0,
      changes: state >>> 16,
    }));
  } catch (error) {
    // A context outlives its service as a handle that is worth nothing; the next look takes another.
    watching = null;
    throw error;
  }
}

async function connect(name: string): Promise<PcscValue> {
  const library = await loadLibrary();
  const context = new library.Context();
  const reader = context.listReaders().find((each) => each.name === name);
  if (reader === undefined) throw new PcscFailure('no-reader', `no reader ${name}`);
  const protocols = library.SCARD_PROTOCOL_T0 | library.SCARD_PROTOCOL_T1;
  const card = await reader.connect(library.SCARD_SHARE_SHARED, protocols);
  lastSession += 1;
  sessions.set(lastSession, { context, card });
  return { session: lastSession, atr: Uint8Array.from(card.atr ?? []) };
}

async function transmit(session: number, command: Uint8Array): Promise<PcscValue> {
  const held = sessions.get(session);
  if (held === undefined) throw new PcscFailure('removed', 'this session has ended');
  const answer = await held.card.transmit(Buffer.from(command), { maxRecvLength: answerLengthMax });
  return { answer: Uint8Array.from(answer) };
}

async function disconnect(session: number): Promise<PcscValue> {
  const { SCARD_UNPOWER_CARD } = await loadLibrary();
  const held = sessions.get(session);
  sessions.delete(session);
  try {
    held?.card.disconnect(SCARD_UNPOWER_CARD);
    held?.context.close();
  } catch {
    // The card or the service has gone before: there is nothing left to let go of.
  }
  return { done: true };
}

async function carryOut(task: PcscTask): Promise<PcscValue> {
  switch (task.do) {
    case 'readers':
      return { readers: await listReaders() };
    case 'connect':
      return connect(task.reader);
    case 'transmit':
      return transmit(task.session, task.command);
    case 'disconnect':
      return disconnect(task.session);
  }
}

async function outcomeOf(task: PcscTask): Promise<PcscOutcome<PcscValue>> {
  try {
    return { ok: true, value: await carryOut(task) };
  } catch (error) {
    const detail = words(error);
    const code = error instanceof PcscFailure ? error.code : codeOf(detail);
    return { ok: false, code, detail };
  }
}

function codeOf(detail: string): PcscFailureCode {
  return codesByWords.find(([pattern]) => pattern.test(detail))?.[1] ?? 'failed';
}

function words(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

const port = parentPort;
if (port === null) throw new Error('the PC/SC worker is started as a thread');
answerRequests(port, outcomeOf);
