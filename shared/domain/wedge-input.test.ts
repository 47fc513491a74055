import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  defaultWedgeSettings,
  looksLikeScan,
  noWedgeInput,
  settleWedge,
  takeWedgeKey,
  type WedgeKey,
  type WedgeSettings,
} from './wedge-input.ts';

const depth = Number(process.env['TEST_DEPTH'] ?? 1);
const voucher = '4243669509084040896099330000';

type Press = Omit<WedgeKey, 'atMs'>;
/** How the machine under the keyboard is set; none of it may matter. */
type Keyboard = { readonly inputMethod: boolean; readonly capsLock: boolean };
const plain: Keyboard = { inputMethod: false, capsLock: false };

/** A keyboard of its own, written by rows: where a character is, and whether it takes Shift. */
const rows = [
  [
    'Backquote Digit1 Digit2 Digit3 Digit4 Digit5 Digit6 Digit7 Digit8 Digit9 Digit0 Minus Equal',
    '`1234567890-=',
    '~!@#$%^&*()_+',
  ],
  [
    'KeyQ KeyW KeyE KeyR KeyT KeyY KeyU KeyI KeyO KeyP BracketLeft BracketRight Backslash',
    'qwertyuiop[]\\',
    'QWERTYUIOP{}|',
  ],
  ['KeyA KeyS KeyD KeyF KeyG KeyH KeyJ KeyK KeyL Semicolon Quote', "asdfghjkl;'", 'ASDFGHJKL:"'],
  ['KeyZ KeyX KeyC KeyV KeyB KeyN KeyM Comma Period Slash Space', 'zxcvbnm,./ ', 'ZXCVBNM<>?\0'],
] as const;
const places = new Map<string, { code: string; shift: boolean }>();
for (const [codes, bare, shifted] of rows) {
  for (const [at, code] of codes.split(' ').entries()) {
    places.set(bare[at]!, { code, shift: false });
    places.set(shifted[at]!, { code, shift: true });
  }
}
places.delete('\0');
const characters = [...places.keys()];

/** The keys a scanner presses for a text. */
function typed(text: string, keyboard: Keyboard = plain): Press[] {
  return Array.from(text).flatMap((character): Press[] => {
    const { code, shift } = places.get(character)!;
    const isLetter = /[a-z]/i.test(character);
    const swapped =
      character === character.toLowerCase() ? character.toUpperCase() : character.toLowerCase();
    const written = keyboard.capsLock && isLetter ? swapped : character;
    const key = keyboard.inputMethod ? 'Process' : written;
    const press: Press = { code, key, shift };
    return shift
      ? [
          { code: 'ShiftLeft', key: 'Shift', shift },
          press,
          { code: 'ShiftLeft', key: 'Shift', released: true },
        ]
      : [press];
  });
}

/** The keys of a scanner that writes every character with Alt and the number pad. */
function typedByNumber(text: string, withReleases: boolean): Press[] {
  return Array.from(text).flatMap((character): Press[] => [
    { code: 'AltLeft', key: 'Alt', alt: true },
    ...Array.from(String(character.charCodeAt(0)).padStart(4, '0'), (digit) => ({
      code: `Numpad${digit}`,
      key: digit,
      alt: true,
    })),
    ...(withReleases ? [{ code: 'AltLeft', key: 'Alt', released: true }] : []),
  ]);
}

const enter: Press = { code: 'Enter', key: 'Enter' };

/** Presses keys, with these gaps over and over; answers what was scanned. */
function press(
  keys: readonly Press[],
  gaps: readonly number[] = [10],
  settings: WedgeSettings = defaultWedgeSettings,
): string[] {
  let state = noWedgeInput;
  let atMs = 1000;
  const scans: string[] = [];
  for (const [at, key] of keys.entries()) {
    atMs += gaps[at % gaps.length]!;
    const step = takeWedgeKey(state, { ...key, atMs }, settings);
    ({ state } = step);
    if (step.scanned !== null) scans.push(step.scanned);
  }
  const last = settleWedge(state, atMs + settings.longestGapMs + 1, settings);
  if (last.scanned !== null) scans.push(last.scanned);
  expect(last.state).toEqual(noWedgeInput);
  return scans;
}

const text = (shortest = defaultWedgeSettings.shortest) =>
  fc.string({ unit: fc.constantFrom(...characters), minLength: shortest, maxLength: 80 });
const keyboards = fc.record({ inputMethod: fc.boolean(), capsLock: fc.boolean() });
const scannerGaps = fc.array(fc.integer({ min: 0, max: 50 }), { minLength: 1, maxLength: 7 });
const personGaps = fc.array(fc.integer({ min: 51, max: 900 }), { minLength: 1, maxLength: 7 });
const runs = { numRuns: 500 * depth };

describe('a scanner that types', () => {
  it('is understood to the letter, whatever the keyboard is set to', () => {
    fc.assert(
      fc.property(text(), keyboards, scannerGaps, (code, keyboard, gaps) => {
        expect(press([...typed(code, keyboard), enter], gaps)).toEqual([code]);
      }),
      runs,
    );
  });

  it('is understood when it writes characters by number', () => {
    fc.assert(
      fc.property(text(), fc.boolean(), scannerGaps, (code, withReleases, gaps) => {
        expect(press([...typedByNumber(code, withReleases), enter], gaps)).toEqual([code]);
      }),
      runs,
    );
  });

  it('is not mixed up with what a person typed before it', () => {
    fc.assert(
      fc.property(text(1), text(), personGaps, (before, code, gaps) => {
        const byHand = typed(before);
        const byScanner = [...typed(code), enter];
        const pauses = byHand.map((_, at) => gaps[at % gaps.length]!);
        const all = [...pauses, 300, ...byScanner.slice(1).map(() => 12)];
        expect(press([...byHand, ...byScanner], all)).toEqual([code]);
      }),
      runs,
    );
  });

  it('gives scan after scan', () => {
    const keys = [...typed(voucher), enter, ...typed(voucher), { code: 'Tab', key: 'Tab' }];
    expect(press(keys)).toEqual([voucher, voucher]);
  });

  it.each<[string, Press]>([
    ['Enter', enter],
    ['Enter of the number pad', { code: 'NumpadEnter', key: 'Enter' }],
    ['Tab', { code: 'Tab', key: 'Tab' }],
    ['Ctrl M', { code: 'KeyM', key: 'm', ctrl: true }],
    ['Ctrl J', { code: 'KeyJ', key: 'j', ctrl: true }],
    ['Enter without a place', { code: '', key: 'Enter' }],
  ])('may end with %s', (_, key) => {
    expect(press([...typed(voucher), key])).toEqual([voucher]);
  });

  it('may end with nothing where the settings say so', () => {
    const silence = { ...defaultWedgeSettings, endsWith: 'silence' } as const;
    expect(press(typed(voucher), [10], silence)).toEqual([voucher]);
    expect(press(typedByNumber(voucher, false), [10], silence)).toEqual([voucher]);
    expect(press(typed(voucher))).toEqual([]);
  });

  it('may type digits on the number pad, and be told without places', () => {
    const pad = Array.from(voucher, (digit) => ({ code: `Numpad${digit}`, key: digit }));
    expect(press([...pad, enter])).toEqual([voucher]);
    const bare = Array.from('opc123X', (key) => ({ code: '', key }));
    expect(press([...bare, { code: '', key: 'Enter' }])).toEqual(['opc123X']);
  });
});

describe('a person who types', () => {
  it('never makes a scan, however long the number', () => {
    fc.assert(
      fc.property(text(), keyboards, personGaps, (code, keyboard, gaps) => {
        expect(press([...typed(code, keyboard), enter], gaps)).toEqual([]);
      }),
      runs,
    );
  });

  it('makes none by one long pause in a fast burst', () => {
    const keys = [...typed('123456'), ...typed('12345'), enter];
    const gaps = keys.map((_, at) => (at === 6 ? 51 : 10));
    expect(press(keys, gaps)).toEqual([]);
  });

  it.each<[string, Press[]]>([
    ['too few characters', typed('12345')],
    ['only Enter', []],
    ['a key held down', [...typed('123456'), { code: 'Digit6', key: '6', repeat: true }]],
    ['a function key among them', [...typed('123456'), { code: 'F8', key: 'F8' }]],
    ['an arrow among them', [...typed('123456'), { code: 'ArrowLeft', key: 'ArrowLeft' }]],
    ['a shortcut among them', [...typed('123456'), { code: 'KeyV', key: 'v', ctrl: true }]],
    ['Alt with a letter', [...typed('123456'), { code: 'KeyF', key: 'f', alt: true }]],
    [
      'a number that is no character',
      [
        ...typed('123456'),
        { code: 'AltLeft', key: 'Alt', alt: true },
        { code: 'Numpad7', key: '7', alt: true },
      ],
    ],
    ['more than any code', typed('1'.repeat(513))],
  ])('makes none of %s', (_, keys) => {
    expect(press([...keys, enter])).toEqual([]);
    // And the next scan is one again.
    expect(press([...keys, enter, ...typed(voucher), enter])).toEqual([voucher]);
  });
});

describe('keys of any kind at any time', () => {
  it('never throw, hold a limited text, and scan only what was pressed', () => {
    const anyKey = fc.record({
      code: fc.oneof(
        fc.constantFrom(...[...places.values()].map((place) => place.code)),
        fc.constantFrom('', 'Enter', 'AltLeft', 'Numpad5', 'F1'),
        fc.string({ maxLength: 8 }),
      ),
      key: fc.oneof(
        fc.constantFrom('Process', 'Enter', 'Alt'),
        fc.string({ unit: 'binary', maxLength: 2 }),
      ),
      shift: fc.boolean(),
      alt: fc.boolean(),
      ctrl: fc.boolean(),
      repeat: fc.boolean(),
      released: fc.boolean(),
      gap: fc.integer({ min: -5, max: 80 }),
    });
    fc.assert(
      fc.property(fc.array(anyKey, { maxLength: 60 }), (keys) => {
        let state = noWedgeInput;
        let atMs = 0;
        for (const { gap, ...key } of keys) {
          atMs += gap;
          const { state: next, scanned } = takeWedgeKey(state, { ...key, atMs });
          if (scanned !== null) {
            expect(scanned).toMatch(/^[\x20-\x7e]{6,512}$/);
            expect(looksLikeScan(state) || state.altDigits !== '').toBe(true);
          }
          state = next;
          expect(state.altDigits.length).toBeLessThanOrEqual(5);
        }
      }),
      runs,
    );
  });
});
