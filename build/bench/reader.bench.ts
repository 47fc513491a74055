/**
 * What a cashier waits for at a reader, with the target beside each figure: our own share of a read, a whole chip
 * card over the card service, a reader that comes back, and what ten thousand reads leave behind.
 */
import { readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { ContactCardReader } from '../../drivers/card-reader/contact-card/contact-card-reader.ts';
import { MemorySlot } from '../../drivers/card-reader/contact-card/memory-slot.test-support.ts';
import { makeCardReader } from '../../drivers/card-reader/open-reader.ts';
import { systemReaderClock, type CardReader } from '../../drivers/card-reader/port.ts';
import { residentCard } from '../../drivers/card-reader/simulator/invented-cards.ts';
import { startPtyPair } from '../../drivers/card-reader/simulator/pty-pair.ts';
import { readAnswerOf } from '../../drivers/card-reader/simulator/read-answer-of.ts';
import { socialSecurityCard } from '../../drivers/card-reader/simulator/social-security-card-examples.ts';
import { SocialSecurityCard } from '../../drivers/card-reader/simulator/social-security-card.ts';
import { privatePcscd } from '../../drivers/card-reader/simulator/start-pcscd.ts';
import { startSimulator } from '../../drivers/card-reader/simulator/start-simulator.ts';
import { startVpcdSimulator } from '../../drivers/card-reader/simulator/start-vpcd-simulator.ts';

const readsOverLine = 200;
const chipReads = 20;
const timesBack = 10;
/** So long it is gone: by then the driver tries again with its longest pauses. */
const goneMs = 1500;
const readsInARow = 10_000;
/** Reads after which everything that is kept once is there. */
const warmUp = 1000;
/** Garbage collection is not exact to the byte. */
const heapSlackMb = 2;
const mb = 1024 * 1024;

/** Times depend on the machine and are only printed; what grows with every read is a fault on any. */
let faults = 0;

function print(what: string, figure: string, target: string, isMet: boolean): void {
  console.log(
    `${what.padEnd(50)} ${figure.padEnd(44)} target ${target}${isMet ? '' : '  NOT MET'}`,
  );
}

function printTimes(what: string, times: readonly number[], mostMs: number, more = ''): void {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.floor((sorted.length - 1) * share)] ?? 0;
  const figure = `median ${at(0.5).toFixed(1)} ms, p95 ${at(0.95).toFixed(1)} ms${more}`;
  print(what, figure, `median ≤ ${String(mostMs)} ms`, at(0.5) <= mostMs);
}

/** `polls`: as at the desk, where it looks for cards by itself. */
function readerAt(url: string, polls: boolean): CardReader {
  const made = makeCardReader(url, { clock: systemReaderClock, polls });
  if (!made.ok) throw new Error(made.refusal.message.en);
  return made.value.reader;
}

async function timeOfRead(reader: CardReader): Promise<number> {
  const startedAt = performance.now();
  const read = await reader.read({ deadlineMs: 10_000 });
  if (!read.ok) throw new Error(`${read.refusal.code}: ${read.refusal.message.en}`);
  return performance.now() - startedAt;
}

async function timeUntilReady(reader: CardReader): Promise<number> {
  const startedAt = performance.now();
  while (reader.state !== 'ready') {
    if (performance.now() - startedAt > 30_000) throw new Error('the reader does not come back');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return performance.now() - startedAt;
}

async function untilNotReady(reader: CardReader): Promise<void> {
  while (reader.state === 'ready') await new Promise((resolve) => setTimeout(resolve, 5));
}

async function overSerialLine(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'reader-bench-'));
  const pair = await startPtyPair(folder);
  const simulator = await startSimulator(pair.deviceEnd);
  const url = `serial://${pair.programEnd}?protocol=sam-v&baud=115200`;
  const reader = readerAt(url, false);
  await reader.open();
  const times: number[] = [];
  for (let run = 0; run < readsOverLine; run += 1) {
    await simulator.place(residentCard);
    times.push(await timeOfRead(reader));
  }
  // A pair of terminals knows no rate and the module answers at once: all of the time is ours and the simulator's.
  // Commands of find, select and read have 10 bytes each, their answers 15, 19 and a whole card.
  const bytes = 3 * 10 + 15 + 19 + (await readAnswerOf(residentCard)).length;
  const lineMs = (bytes * 10 * 1000) / 115_200;
  const beside = ` (line: ${lineMs.toFixed(0)} ms)`;
  printTimes('SAM-V at 115200, share beside the line', times, 20, beside);
  await inARow('SAM-V on the line', reader, () => simulator.place(residentCard));
  await reader.close();
  await simulator.lift();

  const polling = readerAt(url, true);
  await polling.open();
  const back: number[] = [];
  for (let run = 0; run < timesBack; run += 1) {
    const lost = simulator.said('lost');
    await pair.unplug();
    await lost;
    await untilNotReady(polling);
    await new Promise((resolve) => setTimeout(resolve, goneMs));
    await pair.plug();
    back.push(await timeUntilReady(polling));
  }
  await polling.close();
  printTimes('SAM-V reader pulled out and back, until ready', back, 2000);
  await simulator.stop();
  await pair.unplug();
  await rm(folder, { recursive: true, force: true });
}

async function overCardService(): Promise<void> {
  const service = await privatePcscd();
  await service.start();
  const card = await startVpcdSimulator(service.ports[0]);
  const reader = readerAt('pcsc://', false);
  await reader.open();
  await card.insert(socialSecurityCard);
  const times: number[] = [];
  for (let run = 0; run < chipReads; run += 1) times.push(await timeOfRead(reader));
  printTimes('chip card over PC/SC (pcscd, vpcd), whole', times, 1000);
  await card.remove();
  const back: number[] = [];
  for (let run = 0; run < timesBack; run += 1) {
    await service.kill();
    await untilNotReady(reader);
    await new Promise((resolve) => setTimeout(resolve, goneMs));
    await service.start();
    back.push(await timeUntilReady(reader));
  }
  printTimes('card service gone and back, until ready', back, 2000);
  await reader.close();
  await card.stop();
  await service.dispose();
}

/** Everything the engine can do without is thrown away, so that what is counted is what is held. */
function heapHeld(): number {
  collectGarbage();
  collectGarbage();
  return process.memoryUsage().heapUsed;
}

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** What keeps the process alive, and every open file and socket. */
function handlesHeld(): number {
  return process.getActiveResourcesInfo().length + readdirSync('/proc/self/fd').length;
}

async function inARow(
  what: string,
  reader: CardReader,
  lay: () => void | Promise<void>,
): Promise<void> {
  const read = async (times: number): Promise<void> => {
    for (let run = 0; run < times; run += 1) {
      await lay();
      await timeOfRead(reader);
    }
  };
  await read(warmUp);
  const heapBefore = heapHeld();
  const handlesBefore = handlesHeld();
  await read(readsInARow);
  const handles = handlesHeld();
  const grown = (heapHeld() - heapBefore) / mb;
  if (grown > heapSlackMb || handles > handlesBefore) faults += 1;
  print(
    `${what}, ${String(readsInARow)} reads: heap`,
    `${(heapBefore / mb).toFixed(1)} MB before, ${grown >= 0 ? '+' : ''}${grown.toFixed(2)} MB after`,
    `growth ≤ ${String(heapSlackMb)} MB`,
    grown <= heapSlackMb,
  );
  print(
    `${what}, ${String(readsInARow)} reads: handles`,
    `${String(handlesBefore)} before, ${String(handles)} after`,
    'no more after than before',
    handles <= handlesBefore,
  );
}

async function chipCardInMemory(): Promise<void> {
  const slot = new MemorySlot();
  slot.insert(new SocialSecurityCard(socialSecurityCard));
  const chipReader = new ContactCardReader({
    ...{ url: 'sim://slot', slot, clock: systemReaderClock, polls: false },
  });
  await chipReader.open();
  await inARow('chip card in memory', chipReader, () => {
    // What a test would look at.
    slot.commands.length = 0;
  });
  await chipReader.close();
}

await overSerialLine();
await overCardService();
await chipCardInMemory();
process.exitCode = faults === 0 ? 0 : 1;
