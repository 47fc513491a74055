import assert from 'node:assert/strict';
import { cardRefusalCodes, type CardRefusal } from '../card.ts';
import { withCheckCharacter } from '../simulator/invented-cards.ts';

/** One parser, and how to feed it. */
export type FuzzTarget = {
  readonly name: string;
  /** Files of the corpus; each is chosen as often as the others. */
  readonly corpus: readonly string[];
  /** How far an input can get, in order; each must be seen often enough. */
  readonly stages: readonly string[];
  /** How many bytes at the front matter most. */
  readonly hot: number;
  /** How many of 16 changes put a digit for a digit and a letter for a letter. */
  readonly likes: number;
  /** Makes the checks of a damaged input right again. May change the bytes it is given. */
  readonly mend: (bytes: Uint8Array) => void;
  /**
   * Gives the parser one input, reports every stage it reached, and throws where a promise is broken. `turn`
   * counts the inputs: settings go by it.
   */
  readonly feed: (
    input: Uint8Array,
    reached: (stage: string) => void,
    turn: number,
  ) => void | Promise<void>;
};

/** The day on which it is all read. */
export const today = '2026-11-23';

/** Nobody is born, and nothing is issued, on a day that does not exist. */
export function assertDay(day: string): void {
  assert.equal(new Date(`${day}T00:00:00Z`).toISOString().slice(0, 10), day);
}

type Person = {
  readonly kind: string;
  readonly idNumber: string;
  readonly name: string;
  readonly birthDate: string;
  readonly issuedOn?: string;
  readonly validUntil: string | null;
  readonly longTerm: boolean;
};

/** A person is whole and bears itself out; worked out here without the parser's help. */
export function assertWholePerson(person: Person): void {
  assert.notEqual(person.name.trim(), '');
  assert.ok(person.name.isWellFormed());
  assertDay(person.birthDate);
  assert.ok(person.birthDate <= today);
  if (person.issuedOn !== undefined) assertDay(person.issuedOn);
  if (person.validUntil !== null) assertDay(person.validUntil);
  if (person.longTerm) assert.equal(person.validUntil, null);
  if (person.idNumber.length === 15) {
    assert.equal(person.kind, 'foreign-permanent');
    return;
  }
  assert.equal(withCheckCharacter(person.idNumber.slice(0, 17)), person.idNumber);
  assert.equal(person.idNumber.slice(6, 14), person.birthDate.replaceAll('-', ''));
}

/** Of everyone in the corpus. */
const names = /张三|李秀英|王𠮷|陈大文|唐明|TANG|MUELLER|阿卜杜|北街|河滨路/;

/** A refusal of the contract with a remedy, and nothing in it of what was on the card. */
export function assertRefusal(refusal: CardRefusal, longestNumber: number): void {
  assert.ok(cardRefusalCodes.includes(refusal.code));
  assert.ok(refusal.remedy.zh !== '' && refusal.remedy.en !== '');
  const said = JSON.stringify(refusal);
  assert.ok(!new RegExp(`\\d{${String(longestNumber + 1)}}`).test(said), 'digits in a refusal');
  assert.ok(!names.test(said), 'a name in a refusal');
}

/** What a refusal says to the IT clerk. */
export function technicalOf(refusal: CardRefusal): string {
  return JSON.stringify(refusal.details?.[0] ?? '').replace(/^\{"technical":"|"\}$/g, '');
}

/** Where these bytes begin, or at the front if they are nowhere. */
export function placeOf(bytes: Uint8Array, wanted: Uint8Array): number {
  return Math.max(0, Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).indexOf(wanted));
}

/** Exclusive-or of all bytes. */
export function xorOf(bytes: Uint8Array): number {
  let sum = 0;
  for (const byte of bytes) sum ^= byte;
  return sum;
}

/** Puts the right check character behind every 17 digits in front of one, as ASCII `step` bytes apart. */
export function mendNumber(bytes: Uint8Array, from: number, step: 1 | 2): void {
  let first17 = '';
  for (let at = 0; at < 17; at += 1) {
    const digit = bytes[from + at * step] ?? 0;
    if (digit < 0x30 || digit > 0x39) return;
    first17 += String.fromCharCode(digit);
  }
  const last = from + 17 * step;
  if (last < bytes.length) bytes[last] = withCheckCharacter(first17).charCodeAt(17);
}
