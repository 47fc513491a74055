import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeCommand, type SamVCommand } from './frame.ts';
import { SamVFramer, type FramerEvent } from './framer.ts';

const depth = Number(process.env['TEST_DEPTH'] ?? 1);
const hex = (text: string) => Uint8Array.from(Buffer.from(text.replaceAll(' ', ''), 'hex'));
const shown = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex').toUpperCase();

/** An answer frame, built here on its own: two length bytes, status, data, exclusive-or. */
function frame(status: readonly number[], data: readonly number[]): number[] {
  const length = status.length + data.length + 1;
  const counted = [Math.floor(length / 256), length % 256, ...status, ...data];
  const check = counted.reduce((sum, byte) => sum ^ byte, 0);
  return [0xaa, 0xaa, 0xaa, 0x96, 0x69, ...counted, check];
}

const answers = (events: readonly FramerEvent[]) =>
  events.flatMap((event) => (event.kind === 'answer' ? [event.answer] : []));

/** Pushes in pieces cut at the given places. */
function pushCut(framer: SamVFramer, bytes: Uint8Array, cuts: readonly number[]): FramerEvent[] {
  const events: FramerEvent[] = [];
  let from = 0;
  for (const cut of [...cuts].sort((a, b) => a - b)) {
    events.push(...framer.push(bytes.subarray(from, cut)));
    from = cut;
  }
  return [...events, ...framer.push(bytes.subarray(from))];
}

describe('commands', () => {
  it.each<[SamVCommand, string]>([
    ['status', 'AAAAAA9669000311FFED'],
    ['find', 'AAAAAA96690003200122'],
    ['select', 'AAAAAA96690003200221'],
    ['readTextAndPhoto', 'AAAAAA96690003300132'],
    ['readAppendedAddress', 'AAAAAA96690003300330'],
  ])('%s is byte for byte the published frame', (command, bytes) => {
    expect(shown(encodeCommand(command))).toBe(bytes);
  });
});

describe('published answers', () => {
  it.each([
    ['found', 'AA AA AA 96 69 00 08 00 00 9F 00 00 00 00 97', 0x9f, 4],
    ['not found', 'AA AA AA 96 69 00 04 00 00 80 84', 0x80, 0],
    ['selected', 'AA AA AA 96 69 00 0C 00 00 90 00 00 00 00 00 00 00 00 9C', 0x90, 8],
    ['not selected', 'AA AA AA 96 69 00 04 00 00 81 85', 0x81, 0],
    ['read failed', 'AA AA AA 96 69 00 04 00 00 41 45', 0x41, 0],
    ['authentication failed', 'AA AA AA 96 69 00 04 00 00 32 36', 0x32, 0],
    ['ok', 'AA AA AA 96 69 00 04 00 00 90 94', 0x90, 0],
    ['checksum', 'AA AA AA 96 69 00 04 00 00 10 14', 0x10, 0],
    ['unauthorised', 'AA AA AA 96 69 00 04 00 00 66 62', 0x66, 0],
    ['no item', 'AA AA AA 96 69 00 04 00 00 91 95', 0x91, 0],
    ['self-test', 'AA AA AA 96 69 00 04 00 00 60 64', 0x60, 0],
    ['unknown card', 'AA AA AA 96 69 00 04 00 00 40 44', 0x40, 0],
  ])('%s is understood, cut at every place', (_, bytes, status, dataLength) => {
    const whole = hex(bytes);
    for (let cut = 0; cut <= whole.length; cut += 1) {
      const events = pushCut(new SamVFramer(), whole, [cut]);
      expect(events).toHaveLength(1);
      expect(answers(events)[0]).toMatchObject({ status, cardStatus: 0 });
      expect(answers(events)[0]?.data).toHaveLength(dataLength);
    }
  });

  it('keeps what the card said in the first two status bytes', () => {
    const [answer] = answers(new SamVFramer().push(Uint8Array.from(frame([0x69, 0x82, 0x32], []))));
    expect(answer).toMatchObject({ status: 0x32, cardStatus: 0x6982 });
  });
});

describe('a line that adds and loses', () => {
  const ok = frame([0, 0, 0x90], [1, 2, 3]);

  it('finds the answer behind noise that looks like its beginning', () => {
    for (const noise of [
      'AA',
      'AAAA',
      'AAAAAA',
      'AAAAAA96',
      'AAAAAAAA',
      'AAAAAA96AAAAAA',
      '0096',
    ]) {
      const events = new SamVFramer().push(Uint8Array.from([...hex(noise), ...ok]));
      expect(answers(events), noise).toHaveLength(1);
    }
  });

  it('passes over an echo of our own command', () => {
    const events = new SamVFramer().push(Uint8Array.from([...encodeCommand('find'), ...ok]));
    expect(events).toHaveLength(1);
    expect(answers(events)).toHaveLength(1);
  });

  it('tells a wrong check and finds the next answer', () => {
    const spoiled = [...ok.slice(0, -1), (ok.at(-1) ?? 0) ^ 1];
    const events = new SamVFramer().push(Uint8Array.from([...spoiled, ...ok]));
    expect(events.map((event) => event.kind)).toEqual(['damaged', 'answer']);
  });

  it('does not let a false start with a great length swallow the answer behind it', () => {
    const falseStart = hex('AA AA AA 96 69 09 00');
    const framer = new SamVFramer();
    expect(framer.push(Uint8Array.from([...falseStart, ...ok]))).toEqual([]);
    expect(framer.giveUp().map((event) => event.kind)).toEqual(['damaged', 'answer']);
    expect(framer.pendingBytes).toBe(0);
  });

  it('takes lengths from 4 to 2314 and passes over every other', () => {
    for (const length of [0, 3, 2315, 0xffff]) {
      const head = Uint8Array.of(0xaa, 0xaa, 0xaa, 0x96, 0x69, length >> 8, length & 255);
      const framer = new SamVFramer();
      expect(framer.push(head)).toEqual([]);
      expect(framer.pendingBytes, String(length)).toBeLessThan(7);
    }
    for (const size of [0, 2310]) {
      const longest = frame([0, 0, 0x90], new Array<number>(size).fill(7));
      expect(answers(new SamVFramer().push(Uint8Array.from(longest)))).toHaveLength(1);
    }
  });

  it('gives up a half answer and tells so', () => {
    const framer = new SamVFramer();
    framer.push(Uint8Array.from(ok.slice(0, 9)));
    expect(framer.giveUp()).toEqual([{ kind: 'damaged', why: 'cut-off' }]);
  });
});

describe('any stream at all', () => {
  const anyBytes = fc.uint8Array({ maxLength: 400 });
  const likely = fc
    .array(fc.constantFrom(0xaa, 0x96, 0x69, 0x00, 0x04, 0x09, 0x90), { maxLength: 300 })
    .map((bytes) => Uint8Array.from(bytes));

  it('gives the same answers however it is cut, holds at most one frame, and never throws', () => {
    const someFrame = fc
      .tuple(fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255)), fc.uint8Array({ maxLength: 60 }))
      .map(([status, data]) => Uint8Array.from(frame(status, [...data])));
    const stream = fc.array(fc.oneof(anyBytes, likely, someFrame), { maxLength: 8 });
    fc.assert(
      fc.property(stream, fc.array(fc.nat(1000), { maxLength: 12 }), (pieces, cuts) => {
        const bytes = Uint8Array.from(pieces.flatMap((piece) => [...piece]));
        const one = new SamVFramer();
        const whole = [...one.push(bytes), ...one.giveUp()];
        const many = new SamVFramer();
        const cut = pushCut(
          many,
          bytes,
          cuts.map((at) => Math.min(at, bytes.length)),
        );
        expect(many.pendingBytes).toBeLessThanOrEqual(2321);
        expect([...cut, ...many.giveUp()]).toEqual(whole);
      }),
      { numRuns: 400 * depth },
    );
  });

  it('finds every answer that stands between bytes that cannot begin one', () => {
    const quiet = fc
      .uint8Array({ maxLength: 30 })
      .map((bytes) => [...bytes].filter((byte) => byte !== 0xaa));
    const stream = fc.array(fc.tuple(quiet, fc.uint8Array({ maxLength: 40 })), { maxLength: 6 });
    fc.assert(
      fc.property(stream, (pieces) => {
        const bytes = pieces.flatMap(([noise, data]) => [...noise, ...frame([0, 0, 1], [...data])]);
        const found = answers(new SamVFramer().push(Uint8Array.from(bytes)));
        expect(found.map((answer) => [...answer.data])).toEqual(
          pieces.map(([, data]) => [...data]),
        );
      }),
      { numRuns: 300 * depth },
    );
  });
});
