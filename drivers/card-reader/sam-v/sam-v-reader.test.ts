import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { memoryLine, type MemoryLine } from '../../transport/memory-line.ts';
import { ReopeningTransport } from '../../transport/reopening-transport.ts';
import { systemReaderClock, type CardReaderEvent } from '../port.ts';
import { cardEndingInX, residentCard } from '../simulator/invented-cards.ts';
import { SamVModule, type Misbehaviour } from '../simulator/sam-v-module.ts';
import { SamVReader } from './sam-v-reader.ts';

/**
 * Time stands still here but for what a test lets pass: whatever the machine is busy with, a module that answers
 * within its time answers within its time.
 */
beforeEach(() => {
  vi.useFakeTimers();
});

/** Time passes to the next moment at which something is due, again and again, until it has come so far. */
async function until(hasHappened: () => boolean): Promise<void> {
  for (let moment = 0; !hasHappened(); moment += 1) {
    if (moment === 20_000) throw new Error('it did not happen');
    await vi.advanceTimersToNextTimerAsync();
  }
}

/** Whether a promise has settled, asked at any time. */
function settling(promise: Promise<unknown>): () => boolean {
  let isSettled = false;
  const settled = (): void => {
    isSettled = true;
  };
  promise.then(settled, settled);
  return () => isSettled;
}

/** What a promise comes to while time passes. */
async function outcome<Value>(promise: Promise<Value>): Promise<Value> {
  await until(settling(promise));
  return promise;
}

/** What a promise comes to in so many milliseconds; throws where it takes longer. */
async function outcomeWithin<Value>(milliseconds: number, promise: Promise<Value>): Promise<Value> {
  const isSettled = settling(promise);
  await vi.advanceTimersByTimeAsync(milliseconds);
  if (!isSettled()) throw new Error(`not settled after ${String(milliseconds)} ms`);
  return promise;
}

const depth = Number(process.env['TEST_DEPTH'] ?? 1);
const thinking = 60;
const quickLink = {
  thinkingMs: {
    status: thinking,
    find: thinking,
    select: thinking,
    readTextAndPhoto: thinking,
    readAppendedAddress: thinking,
  },
  longestGapMs: 15,
  writeDeadlineMs: 50,
};

const benches: { readonly reader: SamVReader; readonly line: MemoryLine }[] = [];

/** The driver at one end of a line in memory, the simulated module at the other. */
function newBench(polls = false) {
  const events: CardReaderEvent[] = [];
  /** Answers to an earlier command, which come just before the one to the next. */
  const lateAnswers: Buffer[] = [];
  const module = new SamVModule((bytes) => {
    line.send(bytes);
  });
  const line: MemoryLine = memoryLine('bench', {
    receive: (bytes) => {
      for (const late of lateAnswers.splice(0)) line.send(late);
      setImmediate(() => {
        module.receive(bytes);
      });
    },
  });
  const transport = new ReopeningTransport(line, { firstPauseMs: 10, longestPauseMs: 20 });
  const reader = new SamVReader({
    url: 'sim://bench',
    transport,
    clock: {
      now: () => new Date('2026-11-23T01:02:03.004Z'),
      monotonicMs: () => performance.now(),
    },
    baudRate: 115200,
    polls,
    pollIntervalMs: 10,
    linkLimits: quickLink,
  });
  reader.on((event) => events.push(event));
  const counts = () => module.report().commands;
  const bench = { module, line, transport, reader, events, counts, lateAnswers };
  benches.push(bench);
  return bench;
}

async function openBench(polls = false) {
  const bench = newBench(polls);
  await outcome(bench.reader.open());
  return bench;
}

afterEach(async () => {
  for (const bench of benches.splice(0)) {
    await outcome(bench.reader.close());
    expect(bench.line.isOpen).toBe(false);
  }
  vi.useRealTimers();
});

const soon = (milliseconds: number) => vi.advanceTimersByTimeAsync(milliseconds);
const cardsIn = (events: readonly CardReaderEvent[]) => events.filter((e) => e.type === 'card');
const codeOf = (result: Awaited<ReturnType<SamVReader['read']>>) =>
  result.ok ? 'a card' : result.refusal.code;

describe('reading on request', () => {
  it('gives the card as the contract says', async () => {
    const { reader, module } = await openBench();
    module.place(residentCard);
    const result = await outcome(reader.read({ deadlineMs: 500 }));
    expect(result).toEqual({
      ok: true,
      value: {
        card: 'resident-id',
        kind: 'resident',
        reader: 'sim://bench',
        readAt: '2026-11-23T09:02:03.004+08:00',
        elapsedMs: expect.any(Number) as number,
        idNumber: '430626195001010016',
        name: '张三',
        sex: 'male',
        ethnicity: '01',
        birthDate: '1950-01-01',
        address: '湖南省岳阳市平江县汉昌镇北街12号',
        issuerName: '平江县公安局',
        issuedOn: '2015-03-20',
        validUntil: null,
        longTerm: true,
        warnings: [],
      },
    });
  });

  it('waits for a card until its deadline and no longer', async () => {
    const { reader, module } = await openBench();
    expect(codeOf(await outcome(reader.read({ deadlineMs: 40 })))).toBe('no-card');
    const waiting = reader.read({ deadlineMs: 2000 });
    await soon(30);
    module.place(residentCard);
    expect(codeOf(await outcome(waiting))).toBe('a card');
  });

  it.each(['31', '32', '33', '40', '41', '47', '81', '91'])(
    'takes the late answer %s to an earlier read or choice for no answer to looking for a card',
    async (status) => {
      const late = (): Buffer => {
        const check = 0x04 ^ Number.parseInt(status, 16);
        return Buffer.from(
          `aaaaaa966900040000${status}${check.toString(16).padStart(2, '0')}`,
          'hex',
        );
      };
      const { reader, module, lateAnswers } = await openBench();
      lateAnswers.push(late());
      expect(codeOf(await outcome(reader.read({ deadlineMs: 40 })))).toBe('no-card');
      module.place(residentCard);
      lateAnswers.push(late());
      expect(codeOf(await outcome(reader.read({ deadlineMs: 500 })))).toBe('a card');
      const polling = await openBench(true);
      polling.lateAnswers.push(late());
      await soon(100);
      expect(polling.events.filter(({ type }) => type === 'refused')).toEqual([]);
    },
  );

  it('reads a card that was left lying although the module does not find it again', async () => {
    const { reader, module, counts } = await openBench();
    module.place(residentCard);
    expect(codeOf(await outcome(reader.read({ deadlineMs: 300 })))).toBe('a card');
    expect(codeOf(await outcome(reader.read({ deadlineMs: 300 })))).toBe('a card');
    expect(counts()).toMatchObject({ select: 1, read: 2 });
  });

  it('answers requests one after the other', async () => {
    const { reader, module } = await openBench();
    module.place(residentCard);
    const results = await outcome(
      Promise.all([1, 2, 3].map(() => reader.read({ deadlineMs: 1000 }))),
    );
    expect(results.map(codeOf)).toEqual(['a card', 'a card', 'a card']);
  });

  it.each<[string, Misbehaviour, string]>([
    ['select fails', { selectFails: true }, 'card-not-recognised'],
    ['the card does not accept the module', { authentication: '31' }, 'card-not-recognised'],
    ['the module does not accept the card', { authentication: '32' }, 'card-not-recognised'],
    ['the information does not verify', { readStatus: '33' }, 'card-not-recognised'],
    ['the type is unknown', { readStatus: '40' }, 'card-not-recognised'],
    ['reading fails', { readFails: true }, 'card-removed'],
    ['no random number', { readStatus: '47' }, 'card-removed'],
    ['the item is empty', { readStatus: '91' }, 'card-not-recognised'],
    ['the module is unauthorised', { unauthorised: true }, 'reader-failed'],
    ['the self-test fails during a read', { readStatus: '60' }, 'reader-failed'],
    ['bad command', { readStatus: '21' }, 'reader-failed'],
    ['not allowed', { readStatus: '23' }, 'reader-failed'],
    ['unknown error', { readStatus: '24' }, 'reader-failed'],
    ['a status that does not exist', { readStatus: '77' }, 'reader-failed'],
    ['our commands arrive damaged', { readStatus: '10' }, 'checksum'],
    ['our commands arrive with a wrong length', { readStatus: '11' }, 'checksum'],
    ['every answer is damaged', { badChecks: -1 }, 'checksum'],
    ['every answer is cut', { shortAnswers: -1, shortBy: 3 }, 'checksum'],
    ['nothing is ever answered', { silences: -1 }, 'timeout'],
    ['the text is nonsense', { textBlock: '00'.repeat(256) }, 'card-not-recognised'],
    ['the text is too short', { textBlock: '2000'.repeat(100) }, 'card-not-recognised'],
  ])('when %s', async (_, mood, code) => {
    const { reader, module } = await openBench();
    module.place(residentCard);
    module.misbehave(mood);
    const result = await outcome(reader.read({ deadlineMs: 400 }));
    expect(codeOf(result)).toBe(code);
    if (!result.ok) {
      expect(result.refusal.message.zh).toMatch(/。$/);
      expect(result.refusal.remedy.zh).toMatch(/。$/);
      expect(JSON.stringify(result.refusal)).not.toMatch(/张三|430626/);
    }
    module.behave();
    expect(codeOf(await outcome(reader.read({ deadlineMs: 500 })))).toBe('a card');
  });

  it.each<[string, Misbehaviour]>([
    ['one damaged answer', { badChecks: 1 }],
    ['one answer cut short', { shortAnswers: 1, shortBy: 2 }],
    ['one silence', { silences: 1 }],
    ['noise before every answer', { noiseBefore: 'AAAAAA00FFAAAAAA9669FFFFAAAA' }],
    ['a false start before every answer', { noiseBefore: 'AAAAAA96690010' }],
    ['single bytes', { fragments: [1, 2, 3], fragmentPauseMs: 0 }],
    ['a slow module', { delayMs: 25 }],
  ])('gets over %s', async (_, mood) => {
    const { reader, module } = await openBench();
    module.place(residentCard);
    module.misbehave(mood);
    expect(codeOf(await outcome(reader.read({ deadlineMs: 3000 })))).toBe('a card');
  });
});

describe('a deadline that is shorter than the module thinks', () => {
  it('ends the read in time and blames nobody', async () => {
    const { reader, module, events } = await openBench();
    module.place(residentCard);
    module.misbehave({ delayMs: 30 });
    expect(codeOf(await outcomeWithin(300, reader.read({ deadlineMs: 40 })))).toBe('timeout');
    expect(reader.state).toBe('ready');
    expect(events.map((event) => event.type)).toEqual(['state']);
    module.behave();
    expect(codeOf(await outcome(reader.read({ deadlineMs: 1000 })))).toBe('a card');
  });
});

describe('a request while the polling waits for a dead module', () => {
  it('ends at its own deadline', async () => {
    const bench = newBench(true);
    bench.module.misbehave({ silences: -1 });
    const opening = bench.reader.open();
    expect(codeOf(await outcome(bench.reader.read({ deadlineMs: 0 })))).toMatch(
      /timeout|reader-removed/,
    );
    await outcome(opening);
    expect(codeOf(await outcomeWithin(300, bench.reader.read({ deadlineMs: 10 })))).toBe('timeout');
  });
});

describe('answers in pieces', () => {
  it('are put together wherever they are cut', async () => {
    const { reader, module } = await openBench();
    module.place(residentCard);
    for (let cut = 1; cut < 1295; cut += depth > 1 ? 1 : 13) {
      module.misbehave({ fragments: [cut, 2000], fragmentPauseMs: 0 });
      expect(codeOf(await outcome(reader.read({ deadlineMs: 1000 }))), String(cut)).toBe('a card');
    }
  });
});

describe('a line that goes while a card is being read', () => {
  it(
    'is told as such at every byte, gives nobody half, and the next read is whole',
    { timeout: 300_000 * depth },
    async () => {
      const { reader, module, line, events } = await openBench();
      for (let bytes = 0; bytes <= 1295; bytes += 1) {
        module.lift();
        module.place(residentCard);
        module.misbehave({ cutReadAfter: bytes });
        const reading = reader.read({ deadlineMs: 2000 });
        await untilRead(module);
        line.unplug();
        const result = await outcome(reading);
        // The last byte may have made it through before the line went.
        expect(codeOf(result), String(bytes)).toBe(bytes === 1295 ? 'a card' : 'reader-removed');
        expect(reader.state).toBe('absent');
        module.behave();
        module.restart();
        line.plug();
        if (bytes % 37 === 0)
          expect(codeOf(await outcome(reader.read({ deadlineMs: 2000 })))).toBe('a card');
        else await outcome(reader.read({ deadlineMs: 0 }));
      }
      for (const event of cardsIn(events)) expect(event.card).toMatchObject({ name: '张三' });
    },
  );

  /** Until the read command has been answered as far as it will be. */
  async function untilRead(module: SamVModule): Promise<void> {
    const before = module.report().commands['read'] ?? 0;
    await until(() => (module.report().commands['read'] ?? 0) > before);
    await soon(0);
  }
});

describe('a reader that is not there', () => {
  it('is refused as no reader, and as removed once it was there', async () => {
    const bench = newBench();
    bench.line.unplug();
    await outcome(bench.reader.open());
    expect(bench.reader.state).toBe('absent');
    expect(codeOf(await outcome(bench.reader.read({ deadlineMs: 200 })))).toBe('no-reader');
    bench.line.plug();
    await until(() => bench.transport.state === 'open');
    expect(codeOf(await outcome(bench.reader.read({ deadlineMs: 50 })))).toBe('no-card');
    expect(bench.reader.state).toBe('ready');
    bench.line.unplug();
    expect(bench.reader.state).toBe('absent');
    expect(codeOf(await outcome(bench.reader.read({ deadlineMs: 200 })))).toBe('reader-removed');
  });

  it('is refused as failed while another program holds it, in words', async () => {
    const first = await openBench();
    const second = new SamVReader({
      url: 'sim://bench',
      transport: new ReopeningTransport(first.line, { firstPauseMs: 10 }),
      clock: systemReaderClock,
      baudRate: 115200,
      polls: false,
    });
    await outcome(second.open());
    const result = await outcome(second.read({ deadlineMs: 100 }));
    expect(codeOf(result)).toBe('reader-failed');
    expect(second.state).toBe('failed');
    expect(JSON.stringify(result)).toContain('另一个程序');
    await outcome(second.close());
  });

  it('ends a read under way when it is closed', async () => {
    const { reader } = await openBench();
    const reading = reader.read({ deadlineMs: 60_000 });
    await soon(20);
    await outcome(reader.close());
    expect(codeOf(await outcome(reading))).toBe('reader-removed');
    expect(codeOf(await outcome(reader.read({ deadlineMs: 100 })))).toBe('reader-removed');
  });
});

describe('polling', () => {
  it('tells a card once, not again while it lies, and when it has left', async () => {
    const { module, events, counts } = await openBench(true);
    module.place(residentCard);
    await until(() => cardsIn(events).length === 1);
    await soon(80);
    expect(cardsIn(events)).toHaveLength(1);
    expect(counts()).toMatchObject({ read: 1, select: 1 });
    module.lift();
    await until(() => events.at(-1)?.type === 'removed');
    module.place(cardEndingInX);
    await until(() => cardsIn(events).length === 2);
    expect(events.map((event) => event.type)).toEqual(['state', 'card', 'removed', 'card']);
  });

  it.each<[string, Misbehaviour]>([
    ['finds a card again that lies there', { findsAgain: true }],
    ['does not know the appended address', { noAddressCommand: true }],
    ['does neither', { findsAgain: true, noAddressCommand: true }],
  ])('does not read a lying card again with a module that %s', async (_, mood) => {
    const { module, events, counts } = await openBench(true);
    module.misbehave(mood);
    module.place(residentCard);
    await until(() => cardsIn(events).length === 1);
    await soon(100);
    expect(counts()).toMatchObject({ read: 1 });
    module.lift();
    await soon(50);
    module.place(cardEndingInX);
    await until(() => cardsIn(events).length === 2);
  });

  it('sees that one card was taken for another', async () => {
    const { module, events } = await openBench(true);
    module.place(residentCard);
    await until(() => cardsIn(events).length === 1);
    module.place(cardEndingInX);
    await until(() => cardsIn(events).length === 2);
    expect(cardsIn(events).map((event) => event.card.name)).toEqual(['张三', '李秀英']);
    expect(events.filter((event) => event.type === 'removed')).toHaveLength(1);
  });

  it('tells trouble with a card once, and again with the next card', async () => {
    const { module, events } = await openBench(true);
    const troubles = () => events.filter((event) => event.type === 'refused');
    module.misbehave({ selectFails: true });
    module.place(residentCard);
    await until(() => troubles().length === 1);
    await soon(80);
    expect(troubles()).toHaveLength(1);
    module.lift();
    await soon(40);
    module.place(residentCard);
    await until(() => troubles().length === 2);
  });

  it('says ready, absent, ready as the line goes and comes, and reads then', async () => {
    const { module, line, events, reader } = await openBench(true);
    module.place(residentCard);
    await until(() => cardsIn(events).length === 1);
    line.unplug();
    await until(() => reader.state === 'absent');
    expect(reader.refusal?.code).toBe('reader-removed');
    module.lift();
    line.plug();
    await until(() => reader.state === 'ready');
    expect(reader.refusal).toBeNull();
    module.place(residentCard);
    await until(() => cardsIn(events).length === 2);
    expect(events.map((event) => (event.type === 'state' ? event.state : event.type))).toEqual([
      'ready',
      'card',
      'removed',
      'absent',
      'ready',
      'card',
    ]);
  });

  it('says that a module is unfit, and that it is fit again', { timeout: 300_000 }, async () => {
    const bench = newBench(true);
    bench.module.misbehave({ selfTestFails: true });
    await outcome(bench.reader.open());
    expect(bench.reader.state).toBe('failed');
    expect(bench.reader.refusal?.message.zh).toContain('自检');
    bench.module.behave();
    await until(() => bench.reader.state === 'ready');
  });

  it('says that a silent reader is there and does not work', { timeout: 300_000 }, async () => {
    const bench = newBench(true);
    bench.module.misbehave({ silences: -1 });
    await outcome(bench.reader.open());
    expect(bench.reader.state).toBe('failed');
    expect(bench.reader.refusal?.code).toBe('timeout');
    bench.module.behave();
    await until(() => bench.reader.state === 'ready');
    expect(bench.events.map((event) => event.type === 'state' && event.state)).toEqual([
      'failed',
      'ready',
    ]);
  });

  it('lets a request in between', async () => {
    const { module, reader, events } = await openBench(true);
    module.place(residentCard);
    await until(() => cardsIn(events).length === 1);
    expect(codeOf(await outcome(reader.read({ deadlineMs: 500 })))).toBe('a card');
    expect(cardsIn(events)).toHaveLength(2);
  });
});
