/**
 * Our own share of reading a card: from the last byte on the line to a checked person (must stay under 20 ms),
 * and a whole read (find, select, read) over a pair of terminals whose far end answers at once.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeCardReader } from '../../drivers/card-reader/open-reader.ts';
import { systemReaderClock, type CardReader } from '../../drivers/card-reader/port.ts';
import { SamVFramer } from '../../drivers/card-reader/sam-v/framer.ts';
import { parseReadData } from '../../drivers/card-reader/sam-v/read-answer.ts';
import { cardEndingInX } from '../../drivers/card-reader/simulator/invented-cards.ts';
import { startPtyPair } from '../../drivers/card-reader/simulator/pty-pair.ts';
import { readAnswerOf } from '../../drivers/card-reader/simulator/read-answer-of.ts';
import {
  startSimulator,
  type RunningSimulator,
} from '../../drivers/card-reader/simulator/start-simulator.ts';

const runs = 2000;
const readsOverLine = 200;
const cardsLaidDown = 30;
const frame = await readAnswerOf(cardEndingInX);
const today = '2026-11-23';

const pieces: Uint8Array[] = [];
for (let at = 0; at < frame.length; at += 16) pieces.push(frame.subarray(at, at + 16));
const pattern = [0xaa, 0xaa, 0xaa, 0x96, 0];
const noise = Uint8Array.from({ length: 2000 }, (_, at) => pattern[at % 5] ?? 0);

report('frame in one piece to person', measure(runs, [frame]));
report('frame in pieces of 16 bytes to person', measure(runs, pieces));
report('frame behind 2,000 bytes of noise to person', measure(runs, [noise, frame]));
await onLine(async (reader, simulator) => {
  report('find, select and read over a pair of terminals', await measureReads(reader, simulator));
});
await onLine(async (reader, simulator) => {
  report('card laid down to told by the polling', await measurePolling(reader, simulator));
}, true);

function measure(times: number, chunks: readonly Uint8Array[]): number[] {
  return Array.from({ length: times }, () => {
    const startedAt = performance.now();
    readFrom(chunks);
    return performance.now() - startedAt;
  });
}

function readFrom(chunks: readonly Uint8Array[]): void {
  const framer = new SamVFramer();
  for (const chunk of chunks) {
    for (const event of framer.push(chunk)) {
      if (event.kind !== 'answer') continue;
      if (parseReadData(event.answer.data, today).ok) return;
    }
  }
  throw new Error('the card was not read');
}

/** The simulated reader as a program of its own, on a pair of terminals. */
async function onLine(
  act: (reader: CardReader, simulator: RunningSimulator) => Promise<void>,
  polls = false,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'card-bench-'));
  const pair = await startPtyPair(folder);
  const simulator = await startSimulator(pair.deviceEnd);
  const url = `serial://${pair.programEnd}?protocol=sam-v`;
  const made = makeCardReader(url, { clock: systemReaderClock, polls });
  if (!made.ok) throw new Error(made.refusal.message.en);
  await made.value.reader.open();
  await act(made.value.reader, simulator);
  await made.value.reader.close();
  await simulator.stop();
  await pair.unplug();
  await rm(folder, { recursive: true, force: true });
}

async function measureReads(reader: CardReader, simulator: RunningSimulator): Promise<number[]> {
  const times: number[] = [];
  for (let run = 0; run < readsOverLine; run += 1) {
    await simulator.place(cardEndingInX);
    const startedAt = performance.now();
    const read = await reader.read({ deadlineMs: 5000 });
    times.push(performance.now() - startedAt);
    if (!read.ok) throw new Error(read.refusal.message.en);
  }
  return times;
}

async function measurePolling(reader: CardReader, simulator: RunningSimulator): Promise<number[]> {
  const times: number[] = [];
  for (let run = 0; run < cardsLaidDown; run += 1) {
    // The card meets the polling at any moment between two looks.
    await new Promise((resolve) => setTimeout(resolve, 160 + ((run * 37) % 150)));
    const told = new Promise<void>((resolve) => {
      const stop = reader.on((event) => {
        if (event.type !== 'card') return;
        stop();
        resolve();
      });
    });
    const startedAt = performance.now();
    await simulator.place(cardEndingInX);
    await told;
    times.push(performance.now() - startedAt);
    await simulator.lift();
  }
  return times;
}

function report(what: string, milliseconds: number[]): void {
  const sorted = [...milliseconds].sort((a, b) => a - b);
  const at = (share: number): string => (sorted[Math.floor(sorted.length * share)] ?? 0).toFixed(3);
  console.log(
    `${what.padEnd(52)} median ${at(0.5)} ms   p95 ${at(0.95)} ms   (${sorted.length} runs)`,
  );
}
