import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testCardReaderContract } from './card-reader-contract.test-support.ts';
import { idCardsUnderTest } from './cards-under-test.test-support.ts';
import { makeCardReader } from './open-reader.ts';
import { systemReaderClock, type CardReaderEvent } from './port.ts';
import { ReopeningTransport } from '../transport/reopening-transport.ts';
import { serialLine } from '../transport/serial-line.ts';
import { defaultLinkLimits, type LinkLimits } from './sam-v/sam-v-link.ts';
import { SamVReader } from './sam-v/sam-v-reader.ts';
import { residentCard } from './simulator/invented-cards.ts';
import { startPtyPair, type PtyPair } from './simulator/pty-pair.ts';
import { startSimulator, type RunningSimulator } from './simulator/start-simulator.ts';

const depth = Number(process.env['TEST_DEPTH'] ?? 1);

let folder: string;
let pair: PtyPair;
let simulator: RunningSimulator;

/** One line and one simulator program for all; each test gets an empty plate and a well-behaved module. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'serial-reader-'));
  pair = await startPtyPair(folder);
  simulator = await startSimulator(pair.deviceEnd);
});
afterAll(async () => {
  await simulator.stop();
  await pair.unplug();
  await rm(folder, { recursive: true, force: true });
});

async function plugIn(): Promise<void> {
  const ready = simulator.said('ready');
  await pair.plug();
  await ready;
}

async function pullOut(): Promise<void> {
  const lost = simulator.said('lost');
  await pair.unplug();
  await lost;
}

function newReader(polls: boolean) {
  const url = `serial://${pair.programEnd}?protocol=sam-v&baud=115200`;
  const made = makeCardReader(url, { clock: systemReaderClock, polls });
  if (!made.ok) throw new Error(made.refusal.message.en);
  return made.value.reader;
}

/** One that waits as long as a busy machine takes between two bytes; how long it waits at a window is tried elsewhere. */
function patientReader() {
  const patienceMs = 300_000;
  const thinking = Object.keys(defaultLinkLimits.thinkingMs).map((command) => [
    command,
    patienceMs,
  ]);
  return new SamVReader({
    url: `serial://${pair.programEnd}?protocol=sam-v&baud=115200`,
    transport: new ReopeningTransport(serialLine({ path: pair.programEnd, baudRate: 115_200 })),
    ...{ baudRate: 115_200, clock: systemReaderClock, polls: false },
    linkLimits: {
      thinkingMs: Object.fromEntries(thinking) as LinkLimits['thinkingMs'],
      ...{ longestGapMs: patienceMs, writeDeadlineMs: patienceMs },
    },
  });
}

testCardReaderContract(
  'over a serial line',
  idCardsUnderTest,
  () => {
    let isPlugged = true;
    return Promise.resolve({
      reader: newReader(true),
      place: (card) => simulator.place(card),
      lift: () => simulator.lift(),
      damage: (answers) => simulator.misbehave({ badChecks: answers }),
      unplug: async () => {
        isPlugged = false;
        await pullOut();
      },
      plug: async () => {
        isPlugged = true;
        await plugIn();
      },
      dispose: async () => {
        await simulator.lift();
        await simulator.behave();
        if (!isPlugged) await plugIn();
      },
    });
  },
  'can be damaged',
);

describe(
  'a serial line that is pulled while a card is being read',
  { timeout: 300_000 * depth },
  () => {
    it('gives reader-removed, never half a person, and works when it is back', async () => {
      const reader = newReader(false);
      const events: CardReaderEvent[] = [];
      reader.on((event) => events.push(event));
      await reader.open();
      const step = depth > 1 ? 11 : 101;
      // In the preamble, at every seam of the frame, and all along the text and the photo.
      const places = [0, 1, 4, 5, 6, 7, 9, 10, 13, 14, 270, 1294];
      for (let at = 1; at < 1295; at += step) places.push(at);
      try {
        for (const place of places) {
          await simulator.place(residentCard);
          await simulator.misbehave({ cutReadAfter: place });
          const wasCut = simulator.said('cut');
          const reading = reader.read({ deadlineMs: 60_000 });
          await wasCut;
          await pullOut();
          const read = await reading;
          expect(read, `after ${place} bytes`).toMatchObject({
            refusal: { code: 'reader-removed' },
          });
          await simulator.behave();
          await plugIn();
          const again = await reader.read({ deadlineMs: 60_000 });
          expect(again, `after ${place} bytes`).toMatchObject({
            ok: true,
            value: { name: '张三', idNumber: '430626195001010016' },
          });
        }
      } finally {
        await reader.close();
        await simulator.lift();
      }
      expect(events.filter((event) => event.type === 'card')).toHaveLength(places.length);
    });
  },
);

describe('a serial line that spoils what it carries', () => {
  it('still reads: pieces of every size, and noise that begins like an answer', async () => {
    const reader = patientReader();
    await reader.open();
    await simulator.place(residentCard);
    const noise = 'ffaaaaaa9669ffffaaaaaa96690003200122aaaaaa';
    for (const fragments of [[1], [2, 3], [5, 2, 256], [7], [64], [1000], [1294, 1]]) {
      await simulator.misbehave({ fragments, fragmentPauseMs: 0, noiseBefore: noise });
      const read = await reader.read({ deadlineMs: 600_000 });
      expect(read, fragments.join()).toMatchObject({ ok: true, value: { name: '张三' } });
    }
    await simulator.behave();
    await simulator.lift();
    await reader.close();
  });
});
