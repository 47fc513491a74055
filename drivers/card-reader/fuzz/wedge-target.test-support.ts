import assert from 'node:assert/strict';
import {
  defaultWedgeSettings,
  looksLikeScan,
  noWedgeInput,
  settleWedge,
  takeWedgeKey,
  type WedgeKey,
} from '../../../shared/domain/wedge-input.ts';
import type { FuzzTarget } from './target.test-support.ts';

const digits = Array.from('0123456789');

/** Places of keys by their number in the corpus: digits, letters, number pad, then the rest. */
export const keyPlaces: readonly string[] = [
  ...digits.map((digit) => `Digit${digit}`),
  ...Array.from('ABCDEFGHIJKLMNOPQRSTUVWXYZ', (letter) => `Key${letter}`),
  ...digits.map((digit) => `Numpad${digit}`),
  ...['Enter', 'NumpadEnter', 'Tab', 'ShiftLeft', 'AltLeft', 'ControlLeft', 'CapsLock'],
  ...['Semicolon', 'Equal', 'Slash', 'Minus', 'Comma', 'Space', 'F1', 'Escape', 'ArrowLeft', ''],
];

/** Three bytes a key: its place, what is held (bits, see below), milliseconds since the key before. */
function keysIn(input: Uint8Array): WedgeKey[] {
  const keys: WedgeKey[] = [];
  let atMs = 1000;
  for (let at = 0; at + 3 <= input.length; at += 3) {
    const [place = 0, held = 0, gap = 0] = input.subarray(at, at + 3);
    atMs += gap;
    const code = keyPlaces[place % keyPlaces.length] ?? '';
    keys.push({
      code,
      // Under an input method every key writes this; without a place it is all that is known.
      key: (held & 32) === 0 ? 'Process' : String.fromCharCode(place),
      atMs,
      shift: (held & 1) !== 0,
      alt: (held & 2) !== 0,
      ctrl: (held & 4) !== 0,
      repeat: (held & 8) !== 0,
      released: (held & 16) !== 0,
    });
  }
  return keys;
}

/** Keys of a scanner that types, in front of a page. */
export const wedgeKeys: FuzzTarget = {
  name: 'keys of scanners that type',
  corpus: ['wedge-keys'],
  stages: ['key', 'speed', 'scan'],
  hot: 1000,
  likes: 2,
  mend: () => undefined,
  feed(input, reached, turn) {
    const settings = {
      ...defaultWedgeSettings,
      endsWith: turn % 3 === 0 ? ('silence' as const) : ('key' as const),
    };
    let state = noWedgeInput;
    const scans: string[] = [];
    let lastMs = 1000;
    for (const key of keysIn(input)) {
      const step = takeWedgeKey(state, key, settings);
      ({ state } = step);
      lastMs = key.atMs;
      if (state.text !== '') reached('key');
      if (looksLikeScan(state, settings)) reached('speed');
      assert.ok(state.text.length <= 512);
      if (step.scanned !== null) scans.push(step.scanned);
    }
    const last = settleWedge(state, lastMs + settings.longestGapMs + 1, settings);
    assert.deepEqual(last.state, noWedgeInput);
    if (last.scanned !== null) scans.push(last.scanned);
    for (const text of scans) {
      reached('scan');
      assert.match(text, /^[\x20-\x7e]{6,512}$/);
    }
  },
};
