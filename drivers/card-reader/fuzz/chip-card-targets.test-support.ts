import assert from 'node:assert/strict';
import { accepted } from '../../../shared/domain/result.ts';
import { refusalOfReply } from '../ccid/error-codes.ts';
import { CcidFramer } from '../ccid/frame.ts';
import { decodeCcidReply } from '../ccid/message.ts';
import type { ContactSlot } from '../contact-card/port.ts';
import { readSocialSecurityCard } from '../contact-card/read-social-security-card.ts';
import {
  assertRefusal,
  assertWholePerson,
  mendNumber,
  placeOf,
  technicalOf,
  today,
  xorOf,
  type FuzzTarget,
} from './target.test-support.ts';

const preamble = Uint8Array.of(0x03, 0x06);

/** Frames of a CCID reader on a serial line. */
export const ccidFrames: FuzzTarget = {
  name: 'CCID frames',
  corpus: ['ccid-answers', 'ccid-answers', 'ccid-answers', 'ccid-commands'],
  stages: ['preamble', 'length', 'check', 'reply'],
  hot: 40,
  likes: 6,
  mend(bytes) {
    const from = placeOf(bytes, preamble);
    if (bytes.length > 0) bytes[bytes.length - 1] = xorOf(bytes.subarray(from, -1));
  },
  feed(input, reached, turn) {
    const framer = new CcidFramer();
    const cut = turn % (input.length + 1);
    const events = [...framer.push(input.subarray(0, cut)), ...framer.push(input.subarray(cut))];
    const { preambles, lengths, checked } = framer.counts;
    if (preambles > 0) reached('preamble');
    if (lengths > 0) reached('length');
    if (checked > 0) reached('check');
    for (const event of events) {
      if (event.kind !== 'message') continue;
      const reply = decodeCcidReply(event.message);
      if (reply === null) continue;
      reached('reply');
      assert.ok(reply.data.length <= input.length - 13);
      assertRefusal(refusalOfReply(reply, turn % 2 === 0), 2);
    }
    framer.reset();
    assert.equal(framer.isInside, false);
  },
};

/** Places of the answers in one input: the application, then each file and its records by tag and number. */
const application = 0;
const files: Readonly<Record<number, number>> = { 0x05: 1, 0x06: 7 };
const byTag: Readonly<Record<number, number>> = {
  0x01: 2,
  0x03: 3,
  0x05: 4,
  0x06: 5,
  0x07: 6,
  0x08: 8,
  0x09: 9,
  0x4e: 10,
  0x0a: 11,
  0x0b: 12,
  0x0d: 13,
};
const byNumber: Readonly<Record<number, Readonly<Record<number, number>>>> = {
  0x05: { 1: 2, 3: 3, 5: 4, 6: 5, 7: 6 },
  0x06: { 1: 8, 2: 9, 3: 10, 4: 11, 5: 12, 7: 13 },
};
const noSuchRecord = Uint8Array.of(0x6a, 0x83);

/** Answers behind one another, a length byte before each. */
function answersIn(input: Uint8Array): readonly Uint8Array[] {
  const answers: Uint8Array[] = [];
  for (let at = 0; at < input.length;) {
    const length = input[at] ?? 0;
    answers.push(input.subarray(at + 1, at + 1 + length));
    at += 1 + length;
  }
  return answers;
}

/** A slot with a card that gives these answers, whatever they are. */
function slotWith(answers: readonly Uint8Array[], asked: () => void): ContactSlot {
  let file = 0;
  let last: Uint8Array = noSuchRecord;
  const answerTo = (command: Uint8Array): Uint8Array => {
    const [, instruction, p1 = 0, p2 = 0] = command;
    if (instruction === 0xc0) return last;
    if (instruction === 0xb2) {
      const place = p2 === 0 ? byTag[p1] : byNumber[file]?.[p1];
      return (place === undefined ? undefined : answers[place]) ?? noSuchRecord;
    }
    if (p1 === 0x04) return answers[application] ?? noSuchRecord;
    file = command[6] ?? 0;
    return answers[files[file] ?? 0] ?? noSuchRecord;
  };
  return {
    state: 'ready',
    refusal: null,
    isCardIn: true,
    open: () => Promise.resolve(),
    powerOn: () => Promise.resolve(accepted({ atr: Uint8Array.of(0x3b, 0x00) })),
    transmit(command) {
      asked();
      last = answerTo(command);
      return Promise.resolve(accepted(last));
    },
    powerOff: () => Promise.resolve(),
    close: () => Promise.resolve(),
    on: () => () => undefined,
  };
}

/** More commands than the worst of cards can make a reading ask. */
const commandsMax = 400;

/** All answers of a social-security card; the check is the one of its holder's number. */
export const chipCardAnswers: FuzzTarget = {
  name: 'chip card answers and records',
  corpus: ['chip-card-answers', 'chip-card-answers', 'chip-card-answers', 'chip-card-odd-lengths'],
  stages: ['status', 'length', 'check digit', 'person'],
  hot: 30,
  likes: 6,
  mend(bytes) {
    for (let at = 0; at + 20 <= bytes.length; at += 1) {
      if (bytes[at] === 0x08 && bytes[at + 1] === 18) mendNumber(bytes, at + 2, 1);
    }
  },
  async feed(input, reached) {
    let commands = 0;
    const slot = slotWith(answersIn(input), () => (commands += 1));
    const read = await readSocialSecurityCard(slot, { today, leftMs: () => 1000 });
    assert.ok(commands <= commandsMax, 'a reading without an end');
    if (read.ok) {
      assertWholePerson(read.value);
      for (const stage of ['status', 'length', 'check digit', 'person']) reached(stage);
      return;
    }
    // Four digits are a status.
    assertRefusal(read.refusal, 4);
    const technical = technicalOf(read.refusal);
    if (!technical.startsWith('social-security card:')) {
      if (technical.endsWith('has another length')) reached('status');
      return;
    }
    reached('status');
    reached('length');
    if (!/: (no )?number$/.test(technical)) reached('check digit');
  },
};
