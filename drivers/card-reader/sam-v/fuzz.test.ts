import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { memoryLine, type MemoryLine } from '../../transport/memory-line.ts';
import { ReopeningTransport } from '../../transport/reopening-transport.ts';
import { cardRefusalCodes } from '../card.ts';
import { systemReaderClock } from '../port.ts';
import { inventedCards, withCheckCharacter } from '../simulator/invented-cards.ts';
import { readAnswerOf } from '../simulator/read-answer-of.ts';
import { SamVFramer } from './framer.ts';
import { parseReadData } from './read-answer.ts';
import { SamVReader } from './sam-v-reader.ts';
import type { IdCardText } from './text-block.ts';

const depth = Number(process.env['TEST_DEPTH'] ?? 1);
const today = '2026-11-23';
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

/** Every field is whole and agrees with the number; worked out here without the parser's help. */
function expectWholePerson(person: IdCardText): void {
  expect(person.name.trim()).not.toBe('');
  expect(person.name.isWellFormed()).toBe(true);
  for (const day of [person.birthDate, person.issuedOn, person.validUntil ?? today]) {
    expect(new Date(`${day}T00:00:00Z`).toISOString().slice(0, 10)).toBe(day);
  }
  expect(person.birthDate <= today).toBe(true);
  if (person.longTerm) expect(person.validUntil).toBeNull();
  if (person.idNumber.length === 15) {
    expect(person.kind).toBe('foreign-permanent');
    return;
  }
  expect(withCheckCharacter(person.idNumber.slice(0, 17))).toBe(person.idNumber);
  expect(person.idNumber.slice(6, 14)).toBe(person.birthDate.replaceAll('-', ''));
}

describe('damaged frames with a right check', () => {
  it('never throw, and give a whole person or none', { timeout: 60_000 * depth }, () => {
    const seen = { frames: 0, answers: 0, persons: 0, refused: 0, damaged: 0 };
    fc.assert(
      fc.property(mutatedFrame, (frame) => {
        const framer = new SamVFramer();
        const events = [...framer.push(frame), ...framer.giveUp()];
        seen.frames += 1;
        for (const event of events) {
          if (event.kind === 'damaged') {
            seen.damaged += 1;
            continue;
          }
          seen.answers += 1;
          const parsed = parseReadData(event.answer.data, today);
          if (parsed.ok) {
            seen.persons += 1;
            expectWholePerson(parsed.value);
          } else {
            seen.refused += 1;
            expect(parsed.refusal.code).toBe('card-not-recognised');
          }
        }
        expect(framer.pendingBytes).toBe(0);
      }),
      { numRuns: 10_000 * depth },
    );
    // A fuzzer that reaches only the first check proves nothing about the others.
    expect(seen.answers).toBeGreaterThan(5000 * depth);
    expect(seen.persons).toBeGreaterThan(500 * depth);
    expect(seen.refused).toBeGreaterThan(2000 * depth);
    expect(seen.damaged).toBeGreaterThan(100 * depth);
  });
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
    { timeout: 60_000 * depth },
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
