import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { memoryLine, type MemoryLine } from '../../transport/memory-line.ts';
import { ReopeningTransport } from '../../transport/reopening-transport.ts';
import { cardRefusalCodes } from '../card.ts';
import { systemReaderClock } from '../port.ts';
import { inventedCards } from '../simulator/invented-cards.ts';
import { readAnswerOf } from '../simulator/read-answer-of.ts';
import { SamVReader } from './sam-v-reader.ts';
import { timeByTurns } from '../../transport/time-by-turns.test-support.ts';

timeByTurns();

const depth = Number(process.env['TEST_DEPTH'] ?? 1);
const textAt = 14;
const framesOfCards = await Promise.all(Object.values(inventedCards).map(readAnswerOf));

/** One to eight bytes changed; most of them in the head and the text, where it matters. */
const mutation = fc.record({
  at: fc.oneof(
    { weight: 6, arbitrary: fc.integer({ min: textAt, max: textAt + 255 }) },
    { weight: 1, arbitrary: fc.integer({ min: 0, max: textAt - 1 }) },
    { weight: 1, arbitrary: fc.integer({ min: textAt + 256, max: 1293 }) },
  ),
  value: fc.oneof(fc.constantFrom(0x20, 0x00, 0x30, 0x31, 0x39, 0x58, 0xaa), fc.nat(255)),
});
const mutatedFrame = fc
  .tuple(
    fc.nat(framesOfCards.length - 1),
    fc.array(mutation, { minLength: 1, maxLength: 8 }),
    fc.boolean(),
  )
  .map(([which, mutations, spoilsCheck]) => {
    const frame = Uint8Array.from(framesOfCards[which] ?? []);
    for (const { at, value } of mutations) frame[at] = value;
    const check = frame.subarray(5, -1).reduce((sum, byte) => sum ^ byte, 0);
    frame[frame.length - 1] = spoilsCheck && mutations.length > 6 ? check ^ 1 : check;
    return frame;
  });

describe('a module that answers anything at all', () => {
  const anyAnswer = fc.oneof(
    { weight: 3, arbitrary: mutatedFrame },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 60 }) },
    {
      weight: 3,
      arbitrary: fc
        .tuple(fc.constantFrom(0x90, 0x9f, 0x80, 0x41, 0x10), fc.uint8Array({ maxLength: 20 }))
        .map(([status, data]) => {
          const counted = [0, data.length + 4, 0, 0, status, ...data];
          const check = counted.reduce((sum, byte) => sum ^ byte, 0);
          return Uint8Array.of(0xaa, 0xaa, 0xaa, 0x96, 0x69, ...counted, check);
        }),
    },
  );

  it(
    'never makes a read throw, hang or give half a person',
    { timeout: 300_000 * depth },
    async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(anyAnswer, { minLength: 1, maxLength: 8 }), async (answers) => {
          let turn = 0;
          const line: MemoryLine = memoryLine('mad', {
            receive: () => {
              const answer = answers[turn % answers.length] ?? new Uint8Array();
              turn += 1;
              setImmediate(() => {
                line.send(answer);
              });
            },
          });
          const reader = new SamVReader({
            url: 'sim://mad',
            transport: new ReopeningTransport(line, { firstPauseMs: 1 }),
            clock: systemReaderClock,
            baudRate: 115200,
            polls: false,
            pollIntervalMs: 1,
            linkLimits: {
              thinkingMs: {
                status: 2,
                find: 2,
                select: 2,
                readTextAndPhoto: 2,
                readAppendedAddress: 2,
              },
              longestGapMs: 2,
            },
          });
          await reader.open();
          const read = await reader.read({ deadlineMs: 30 });
          if (read.ok) {
            expect(read.value.idNumber).toMatch(/^(\d{17}[\dX]|[A-Z]{3}\d{12})$/);
            expect(read.value.name?.trim()).not.toBe('');
          } else {
            expect(cardRefusalCodes).toContain(read.refusal.code);
          }
          await reader.close();
        }),
        { numRuns: 60 * depth },
      );
    },
  );
});
