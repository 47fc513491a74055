import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CcidFramer, encodeFrame, type FrameEvent } from './frame.ts';
import { decodeCcidReply, encodeCcidCommand } from './message.ts';

const bytes = (text: string) => Uint8Array.from(Buffer.from(text.replaceAll(' ', ''), 'hex'));
const ssse = bytes('00 A4 04 00 0F 73 78 31 2E 73 68 2E C9 E7 BB E1 B1 A3 D5 CF');

/** Frames worked out by hand from the standard and the published source of a GemPC Twin driver. */
const frames = {
  powerOn: '03 06 62 00 00 00 00 00 00 00 00 00 67',
  powerOff: '03 06 63 00 00 00 00 00 01 00 00 00 67',
  slotStatus: '03 06 65 00 00 00 00 00 02 00 00 00 62',
  select:
    '03 06 6F 14 00 00 00 00 03 00 00 00 00 A4 04 00 0F 73 78 31 2E 73 68 2E C9 E7 BB E1 B1 A3 D5 CF 8F',
  answerToReset:
    '03 06 80 11 00 00 00 00 00 00 00 00 3B 6D 00 00 00 81 54 4D 00 86 60 65 D1 56 00 00 FF A1',
  ok: '03 06 80 02 00 00 00 00 03 00 00 00 90 00 14',
  mute: '03 06 80 00 00 00 00 00 00 42 FE 00 39',
  present: '03 06 81 00 00 00 00 00 02 00 00 00 86',
  inactive: '03 06 81 00 00 00 00 00 02 01 00 01 86',
  absent: '03 06 81 00 00 00 00 00 02 02 00 01 85',
} as const;

describe('commands', () => {
  it.each([
    ['powerOn', 0, new Uint8Array(), frames.powerOn],
    ['powerOff', 1, new Uint8Array(), frames.powerOff],
    ['slotStatus', 2, new Uint8Array(), frames.slotStatus],
    ['transfer', 3, ssse, frames.select],
  ] as const)('%s is framed as published', (command, sequence, data, frame) => {
    expect(encodeFrame(encodeCcidCommand(command, sequence, data))).toEqual(bytes(frame));
  });
});

describe('replies', () => {
  const replyOf = (text: string) => {
    const [event] = new CcidFramer().push(bytes(text));
    return event?.kind === 'message' ? decodeCcidReply(event.message) : null;
  };

  it.each([
    [frames.ok, { card: 'active', outcome: 'done', sequence: 3, data: bytes('9000') }],
    [frames.mute, { card: 'absent', outcome: 'failed', error: 0xfe, data: bytes('') }],
    [frames.present, { card: 'active', outcome: 'done', sequence: 2 }],
    [frames.inactive, { card: 'inactive', outcome: 'done' }],
    [frames.absent, { card: 'absent', outcome: 'done' }],
  ])('%s', (text, reply) => {
    expect(replyOf(text)).toMatchObject(reply);
  });

  it('bring the answer to reset whole', () => {
    expect(replyOf(frames.answerToReset)?.data).toEqual(
      bytes('3B6D00000081544D00866065D1560000FF'),
    );
  });

  it('are no replies where the length lies or the type is a command', () => {
    expect(decodeCcidReply(bytes('80 03 00 00 00 00 03 00 00 00 90 00'))).toBeNull();
    expect(decodeCcidReply(bytes('6F 02 00 00 00 00 03 00 00 00 90 00'))).toBeNull();
    expect(decodeCcidReply(bytes('80 02 00'))).toBeNull();
  });
});

describe('the framer', () => {
  const pieces = (whole: Uint8Array, sizes: readonly number[]): Uint8Array[] => {
    const cut: Uint8Array[] = [];
    for (let at = 0, turn = 0; at < whole.length; turn += 1) {
      const size = sizes[turn % sizes.length] ?? 1;
      cut.push(whole.subarray(at, at + size));
      at += size;
    }
    return cut;
  };
  const kinds = (events: readonly FrameEvent[]) => events.map(({ kind }) => kind);

  it('finds frames in pieces of any size, between echo, noise, notices and asking for time', () => {
    const between = fc.constantFrom('', '50 03', '50 02', '80 81 FF', '00', '03', '03 03', '50');
    const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(between, between, sizes, (first, second, cut) => {
        const whole = bytes(`${first} ${frames.select} ${second} ${frames.ok}`);
        const framer = new CcidFramer();
        const events = pieces(whole, cut).flatMap((piece) => framer.push(piece));
        const messages = events.filter(({ kind }) => kind === 'message');
        expect(messages).toHaveLength(2);
        const notices = events.filter(({ kind }) => kind === 'inserted' || kind === 'removed');
        // A lone 50 before a frame's 03 reads like a notice: it costs a look at the slot, never a frame.
        const told = [first, second].filter((each) => each.startsWith('50'));
        expect(notices).toHaveLength(told.length);
      }),
      { numRuns: 2000 },
    );
  });

  it('knows a refusal, a frame too long, and damage', () => {
    const framer = new CcidFramer();
    expect(kinds(framer.push(bytes('03 15 16')))).toEqual(['refused']);
    expect(kinds(framer.push(bytes('03 06 80 FF FF 00 00 00 03 00 00 00')))).toEqual(['damaged']);
    expect(kinds(framer.push(bytes(`${frames.ok.slice(0, -2)}15`)))).toEqual(['damaged']);
    expect(kinds(framer.push(bytes(frames.ok)))).toEqual(['message']);
  });

  it('forgets a frame that broke off', () => {
    const framer = new CcidFramer();
    framer.push(bytes(frames.ok).subarray(0, 9));
    expect(framer.isInside).toBe(true);
    expect(framer.reset()).toBe(true);
    expect(kinds(framer.push(bytes(frames.present)))).toEqual(['message']);
  });
});
