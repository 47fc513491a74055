import assert from 'node:assert/strict';
import { refusalOfAnswer } from '../sam-v/status.ts';
import { SamVFramer } from '../sam-v/framer.ts';
import { parseReadData } from '../sam-v/read-answer.ts';
import { parseTextBlock } from '../sam-v/text-block.ts';
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

const preamble = Buffer.from('AAAAAA9669', 'hex');
const textAt = 14;
const numberInText = 122;

/** Frames of a SAM-V module: preamble, length, check, and the card in the answer to reading. */
export const samVFrames: FuzzTarget = {
  name: 'SAM-V frames',
  corpus: ['sam-v-cards', 'sam-v-cards', 'sam-v-frames'],
  stages: ['preamble', 'length', 'check', 'person'],
  hot: textAt + 256,
  likes: 6,
  mend(bytes) {
    if (bytes.length < 8) return;
    if (bytes.length > textAt + 256) mendNumber(bytes, textAt + numberInText, 2);
    const from = placeOf(bytes, preamble) + preamble.length;
    bytes[bytes.length - 1] = xorOf(bytes.subarray(from, -1));
  },
  feed(input, reached, turn) {
    if (Buffer.from(input.buffer, input.byteOffset, input.length).includes(preamble)) {
      reached('preamble');
    }
    const framer = new SamVFramer();
    const cut = turn % (input.length + 1);
    const events = [
      ...framer.push(input.subarray(0, cut)),
      ...framer.push(input.subarray(cut)),
      ...framer.giveUp(),
    ];
    assert.equal(framer.pendingBytes, 0);
    if (events.some((event) => event.kind === 'answer' || event.why === 'check')) {
      reached('length');
    }
    if (events.some(({ kind }) => kind === 'answer')) reached('check');
    for (const event of events) {
      if (event.kind !== 'answer') continue;
      assertRefusal(refusalOfAnswer(event.answer), 4);
      const read = parseReadData(event.answer.data, today);
      if (read.ok) {
        assertWholePerson(read.value);
        reached('person');
      } else assertRefusal(read.refusal, 5);
    }
  },
};

/** The text of an ID card, 256 bytes; the check here is the one of its number. */
export const idCardTexts: FuzzTarget = {
  name: 'ID card texts',
  corpus: ['id-card-texts'],
  stages: ['length', 'text', 'check digit', 'person'],
  hot: 256,
  likes: 6,
  mend(bytes) {
    mendNumber(bytes, numberInText, 2);
  },
  feed(input, reached) {
    if (input.length === 256) reached('length');
    const read = parseTextBlock(input, today);
    if (read.ok) {
      assertWholePerson(read.value);
      for (const stage of ['text', 'check digit', 'person']) reached(stage);
      return;
    }
    assertRefusal(read.refusal, 3);
    const technical = technicalOf(read.refusal);
    if (/length|half a character|cannot be/.test(technical)) return;
    reached('text');
    if (!/number(: check digit)?$|unknown card type/.test(technical)) reached('check digit');
  },
};
