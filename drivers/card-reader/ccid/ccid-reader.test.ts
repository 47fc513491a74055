import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readInTime, testCardReaderContract } from '../card-reader-contract.test-support.ts';
import { socialSecurityCardsUnderTest } from '../cards-under-test.test-support.ts';
import { systemReaderClock } from '../port.ts';
import { startPtyPair, type PtyPair } from '../simulator/pty-pair.ts';
import type { CcidMisbehaviour } from '../simulator/ccid-module.ts';
import {
  longNameCard,
  socialSecurityCard,
  thirdGenerationCard,
} from '../simulator/social-security-card-examples.ts';
import {
  startCcidSimulator,
  type RunningCcidSimulator,
} from '../simulator/start-ccid-simulator.ts';
import { ccidReader } from './ccid-reader.ts';

const depth = Number(process.env['TEST_DEPTH'] ?? 1);
const second = 1000;
/** For an answer that comes: however long it takes on a busy machine. */
const patienceMs = 60 * second;

let folder: string;
let pair: PtyPair;
let simulator: RunningCcidSimulator;

/** One line and one simulator program for all; each test gets an empty slot and a well-behaved reader. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ccid-reader-'));
  pair = await startPtyPair(folder);
  simulator = await startCcidSimulator(pair.deviceEnd);
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

const newReader = (polls: boolean) =>
  ccidReader({
    url: `serial://${pair.programEnd}?protocol=ccid&baud=115200`,
    path: pair.programEnd,
    baudRate: 115200,
    clock: systemReaderClock,
    polls,
  });

testCardReaderContract(
  'over CCID on a serial line',
  socialSecurityCardsUnderTest,
  () => {
    let isPlugged = true;
    return Promise.resolve({
      reader: newReader(true),
      place: (card) => simulator.insert(card),
      lift: () => simulator.pull(),
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
        await simulator.behave();
        await simulator.pull();
        if (!isPlugged) await plugIn();
      },
    });
  },
  'can be damaged',
);

async function readWith(how: CcidMisbehaviour) {
  const reader = newReader(false);
  await reader.open();
  await simulator.insert(socialSecurityCard);
  await simulator.misbehave(how);
  const read = await readInTime(reader);
  await simulator.behave();
  await simulator.pull();
  await reader.close();
  return read.ok ? 'read' : read.refusal.code;
}

describe('a CCID reader that misbehaves', { timeout: 1200 * second }, () => {
  it.each<readonly [string, CcidMisbehaviour, string]>([
    ['does not echo', { echoes: false }, 'read'],
    ['asks for the command twice', { refusals: 2 }, 'read'],
    ['asks for time, several times', { timeExtensions: 3 }, 'read'],
    ['replies under a wrong number first', { wrongSequences: 5 }, 'read'],
    ['is busy for a moment', { busyReplies: 2 }, 'read'],
    ['sends noise, and what begins like a frame', { noiseBefore: '00ff8003035003' }, 'read'],
    ['sends in pieces', { fragments: [1, 3, 7], fragmentPauseMs: 1 }, 'read'],
    ['damages one reply', { badChecks: 1 }, 'read'],
    ['damages all', { badChecks: -1 }, 'checksum'],
    ['never understands', { refusals: -1 }, 'checksum'],
    ['lies about the length', { lengthOffBy: 1 }, 'checksum'],
    ['has a fault', { error: 'FB' }, 'reader-failed'],
    ['hears the card wrong', { error: 'FD' }, 'checksum'],
    ['is told a strange protocol', { error: 'F6' }, 'card-not-recognised'],
  ])('%s', async (_, how, code) => {
    expect(await readWith(how)).toBe(code);
  });

  it('pulled at any command gives nobody', async () => {
    for (let at = 1; at <= 14; at += 1) {
      expect(await readWith({ pulledAtCommand: at })).toBe('card-removed');
    }
  });

  it('silent for one command gives a refusal, and works again after', async () => {
    expect(['timeout', 'read']).toContain(await readWith({ silences: 1 }));
    expect(await readWith({})).toBe('read');
  });

  it('tells a card that wants authentication, and a name in two fields', async () => {
    const reader = newReader(false);
    await reader.open();
    await simulator.insert(thirdGenerationCard);
    expect(await reader.read({ deadlineMs: patienceMs })).toMatchObject({
      refusal: { code: 'needs-authentication' },
    });
    await simulator.insert(longNameCard, { answersLater: 'always', wantsExactLength: true });
    expect(await reader.read({ deadlineMs: patienceMs })).toMatchObject({
      value: { name: '阿卜杜热合曼·买买提吐尔逊·伊敏江' },
    });
    await simulator.pull();
    await reader.close();
  });
});

describe('unplugged at every byte of a reply', { timeout: 1200 * second * depth }, () => {
  it('gives reader-removed or another refusal, never half a person, and works when it is back', async () => {
    const reader = newReader(true);
    await reader.open();
    const codes = new Set<string>();
    const step = depth > 1 ? 1 : 3;
    for (let at = 0; at < 31; at += step) {
      await simulator.insert(socialSecurityCard);
      await expect.poll(() => reader.state, { timeout: 300 * second }).toBe('ready');
      const cut = simulator.said('cut');
      await simulator.misbehave({ cutAfter: at });
      const reading = reader.read({ deadlineMs: 3 * second });
      await cut;
      await pullOut();
      const read = await reading;
      expect(read.ok).toBe(false);
      if (!read.ok) codes.add(read.refusal.code);
      await simulator.behave();
      await plugIn();
      await expect.poll(() => reader.state, { timeout: 300 * second }).toBe('ready');
      const again = await reader.read({ deadlineMs: patienceMs });
      expect(again).toMatchObject({ ok: true, value: { name: '张三' } });
      await simulator.pull();
    }
    expect(
      [...codes].every((code) => ['reader-removed', 'timeout', 'checksum'].includes(code)),
    ).toBe(true);
    await reader.close();
  });
});
