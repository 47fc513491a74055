import { afterEach, describe, expect, it } from 'vitest';
import { memoryLine, type MemoryLine } from '../../transport/memory-line.ts';
import { LineOpenError } from '../../transport/port.ts';
import { ReopeningTransport } from '../../transport/reopening-transport.ts';
import { defaultCodeSettings } from '../codes/code-settings.ts';
import type { CardReaderEvent } from '../port.ts';
import { testCodeReaderContract } from './code-reader-contract.test-support.ts';
import { ListeningReader } from './listening-reader.ts';
import { remedyOfNoScan } from './no-scan.ts';
import { defaultSerialCodeSettings, SerialCodes, type CodeSuffix } from './serial-codes.ts';
import { timeByTurns } from '../../transport/time-by-turns.test-support.ts';

timeByTurns();

const voucher = '4243669509084040896099330000';
const otherVoucher = '4240000000000000000199520000';
const payment = '134612345678901234';

const benches: { readonly reader: ListeningReader; readonly line: MemoryLine }[] = [];

/** A reader on a line in memory, with a clock that stands still until it is moved. */
function newBench(suffix: CodeSuffix = 'any') {
  const line = memoryLine('bench', { receive: () => undefined });
  const time = { ms: 1000 };
  const reader = new ListeningReader({
    url: 'serial:///bench?protocol=scanner',
    transport: new ReopeningTransport(line, { firstPauseMs: 5, longestPauseMs: 10 }),
    lineKind: 'serial',
    clock: {
      now: () => new Date('2026-11-23T01:02:03.004Z'),
      monotonicMs: () => time.ms,
    },
    decoder: new SerialCodes({ ...defaultSerialCodeSettings, suffix, brokenOffMs: 30 }),
    codes: defaultCodeSettings,
    remedyOfNoCard: remedyOfNoScan,
  });
  const events: CardReaderEvent[] = [];
  reader.on((event) => events.push(event));
  const send = (text: string): Promise<void> => {
    line.send(Buffer.from(text));
    return new Promise((resolve) => setImmediate(resolve));
  };
  const told = (): string[] =>
    events.flatMap((event) => {
      if (event.type === 'card') return [event.card.code ?? ''];
      return event.type === 'refused' ? [event.refusal.code] : [];
    });
  const bench = { reader, line, time, events, send, told };
  benches.push(bench);
  return bench;
}

afterEach(async () => {
  for (const bench of benches.splice(0)) {
    await bench.reader.close();
    expect(bench.line.isOpen).toBe(false);
  }
});

testCodeReaderContract(
  'on a line in memory',
  {
    card: 'e-voucher',
    good: { text: voucher, code: voucher },
    other: { text: otherVoucher, code: otherVoucher },
    foreign: payment,
  },
  () => {
    const { reader, line, send } = newBench();
    return Promise.resolve({
      reader,
      present: (text: string) => send(`${text}\r`),
      unplug: () => {
        line.unplug();
        return Promise.resolve();
      },
      plug: () => {
        line.plug();
        return Promise.resolve();
      },
      dispose: () => Promise.resolve(),
    });
  },
);

describe('the same code again', () => {
  it('is told once within two seconds of having been told, and then anew', async () => {
    const { reader, time, send, told } = newBench();
    await reader.open();
    for (const after of [0, 500, 1499, 1, 1999, 1]) {
      time.ms += after;
      await send(`${voucher}\r`);
    }
    expect(told()).toEqual([voucher, voucher, voucher]);
  });

  it('is not the same when another came in between', async () => {
    const { reader, send, told } = newBench();
    await reader.open();
    for (const code of [voucher, otherVoucher, voucher]) await send(`${code}\r`);
    expect(told()).toEqual([voucher, otherVoucher, voucher]);
  });

  it('holds for refusals too', async () => {
    const { reader, send, told } = newBench();
    await reader.open();
    for (const code of [payment, payment, voucher]) await send(`${code}\r`);
    expect(told()).toEqual(['card-not-recognised', voucher]);
  });
});

describe('a code that comes in pieces', () => {
  it('takes from its first byte to its last', async () => {
    const { reader, time, events, send } = newBench();
    await reader.open();
    await send(voucher.slice(0, 5));
    time.ms += 42;
    await send(`${voucher.slice(5)}\r`);
    expect(events.at(-1)).toMatchObject({
      type: 'card',
      card: { elapsedMs: 42, readAt: '2026-11-23T09:02:03.004+08:00' },
    });
  });

  it('and breaks off is refused, and the next one is whole', async () => {
    const { reader, send, told } = newBench();
    await reader.open();
    await send(voucher.slice(0, 20));
    await expect.poll(told, { timeout: 300_000 }).toEqual(['card-not-recognised']);
    await send(`${voucher}\r`);
    expect(told()).toEqual(['card-not-recognised', voucher]);
  });

  it('is not broken off by a wait during which this process was held up', async () => {
    const { reader, time, send, told } = newBench();
    await reader.open();
    await send(voucher.slice(0, 20));
    // The patience of 30 ms ended three seconds late: nobody can say that the scanner was silent in them.
    time.ms += 3000;
    await new Promise((resolve) => setTimeout(resolve, 65));
    expect(told()).toEqual([]);
    await send(`${voucher.slice(20)}\r`);
    expect(told()).toEqual([voucher]);
  });

  it('breaks off in the end where every wait ends late', async () => {
    const { reader, time, send, told } = newBench();
    await reader.open();
    await send(voucher.slice(0, 20));
    const slow = setInterval(() => (time.ms += 3000), 5);
    await expect.poll(told, { timeout: 300_000 }).toEqual(['card-not-recognised']);
    clearInterval(slow);
  });

  it('is forgotten when the line goes in between, also without a suffix', async () => {
    for (const suffix of ['any', 'none'] as const) {
      const { reader, line, send, told } = newBench(suffix);
      await reader.open();
      await send(voucher.slice(0, 20));
      line.unplug();
      line.plug();
      await expect.poll(() => reader.state, { timeout: 300_000 }).toBe('ready');
      await send(`${otherVoucher}\r`);
      await expect.poll(told, { timeout: 300_000 }).toEqual([otherVoucher]);
    }
  });

  it('several in one piece are told one by one', async () => {
    const { reader, send, told } = newBench();
    await reader.open();
    await send(`${voucher}\r\n${otherVoucher}\r\n${payment}\n`);
    expect(told()).toEqual([voucher, otherVoucher, 'card-not-recognised']);
  });

  it('noise before the first code is not told', async () => {
    const { reader, send, told } = newBench();
    await reader.open();
    await send('\0\0');
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(told()).toEqual([]);
  });
});

describe('why a line is not there', () => {
  it.each([
    ['another program holds it', 'busy', 'failed', 'reader-failed'],
    ['the system forbids it', 'forbidden', 'failed', 'reader-failed'],
    ['a part is missing', 'unsupported', 'failed', 'reader-failed'],
    ['nothing is plugged in', 'absent', 'absent', 'no-reader'],
  ] as const)('%s', async (_, code, state, refusal) => {
    const reader = new ListeningReader({
      url: 'hid://0000:0000?protocol=pos-scanner',
      transport: new ReopeningTransport({
        name: '0000:0000',
        open: () => Promise.reject(new LineOpenError({ code, detail: 'as the system says' })),
      }),
      lineKind: 'hid',
      clock: { now: () => new Date(), monotonicMs: () => performance.now() },
      decoder: new SerialCodes(defaultSerialCodeSettings),
      codes: defaultCodeSettings,
      remedyOfNoCard: remedyOfNoScan,
    });
    await reader.open();
    expect(reader.state).toBe(state);
    expect(reader.refusal).toMatchObject({
      code: refusal,
      details: [{ technical: `0000:0000: ${code}: as the system says` }],
    });
    expect(await reader.read({ deadlineMs: 500 })).toMatchObject({ refusal: { code: refusal } });
    await reader.close();
  });
});
