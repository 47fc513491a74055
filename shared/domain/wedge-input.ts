/**
 * A scanner or stripe reader that types: it is a keyboard to the machine, and only its speed tells it from a
 * person. This tells the two apart, key by key, and says what was scanned.
 *
 * What is read is the place of a key on the keyboard and whether Shift is down, never what the key would write:
 * so a Chinese input method, which turns keys into its own, changes nothing, and CapsLock changes nothing.
 */
export type WedgeKey = {
  /** Place of the key, as the page tells it: `KeyA`, `Digit1`, `Numpad7`, `Enter`. Empty where it is not told. */
  readonly code: string;
  /** What the key writes; only looked at where the place is not told. `Process` under an input method. */
  readonly key: string;
  /** Milliseconds that only ever grow. */
  readonly atMs: number;
  readonly shift?: boolean;
  readonly alt?: boolean;
  readonly ctrl?: boolean;
  /** The key is held down and repeats itself: no scanner does that. */
  readonly repeat?: boolean;
  /** The key was let go; only Alt is interesting then. Pressed unless said otherwise. */
  readonly released?: boolean;
};

export type WedgeSettings = {
  /** A pause between two keys that is longer is a person's: scanners take 7 to 16 ms a key. */
  readonly longestGapMs: number;
  /** Fewer characters are no code. */
  readonly shortest: number;
  /** `key`: Enter or Tab ends a code. `silence`: the scanner sends neither. */
  readonly endsWith: 'key' | 'silence';
};

export const defaultWedgeSettings: WedgeSettings = {
  longestGapMs: 50,
  shortest: 6,
  endsWith: 'key',
};

/** No code of ours is longer; what is, is not a scan. */
const longestScan = 512;

export type WedgeState = {
  /** What came without a pause so far. */
  readonly text: string;
  readonly lastAtMs: number;
  /** Digits typed on the number pad while Alt is held, which make one character together. */
  readonly altDigits: string;
  /** Something came in this burst that no scanner sends, or more than a code can be. */
  readonly isSpoilt: boolean;
};

export const noWedgeInput: WedgeState = {
  text: '',
  lastAtMs: Number.NEGATIVE_INFINITY,
  altDigits: '',
  isSpoilt: false,
};

export type WedgeStep = {
  readonly state: WedgeState;
  /** The code, when this key ended one; the key itself must then do nothing else. */
  readonly scanned: string | null;
};

/** Takes one key. Without a scan in it nothing is lost: the page goes on treating the key as typed. */
export function takeWedgeKey(
  before: WedgeState,
  key: WedgeKey,
  settings: WedgeSettings = defaultWedgeSettings,
): WedgeStep {
  const isNew = key.atMs - before.lastAtMs > settings.longestGapMs;
  const burst: WedgeState = { ...(isNew ? noWedgeInput : before), lastAtMs: key.atMs };
  if (key.released === true) {
    return step(isAlt(key) ? withAltCharacter(burst) : burst);
  }
  if (isModifier(key)) return step(isAlt(key) ? withAltCharacter(burst) : burst);
  if (key.repeat === true) return step({ ...burst, isSpoilt: true });
  if (key.alt === true) return step(withAltDigit(burst, key));
  const whole = withAltCharacter(burst);
  if (isEnd(key)) return end(whole, settings);
  const character = key.ctrl === true ? null : characterOf(key);
  if (character === null) return step({ ...whole, isSpoilt: true });
  return step(withCharacter(whole, character));
}

/** Time has passed without a key: a scanner that sends no Enter has said everything. */
export function settleWedge(
  before: WedgeState,
  atMs: number,
  settings: WedgeSettings = defaultWedgeSettings,
): WedgeStep {
  if (atMs - before.lastAtMs <= settings.longestGapMs) return step(before);
  if (settings.endsWith === 'key') return step(noWedgeInput);
  return end(withAltCharacter(before), settings);
}

/** Whether keys come as a scanner sends them, so that a page may hold back what it would do with them. */
export function looksLikeScan(
  state: WedgeState,
  settings: WedgeSettings = defaultWedgeSettings,
): boolean {
  return !state.isSpoilt && state.text.length >= settings.shortest;
}

function step(state: WedgeState): WedgeStep {
  return { state, scanned: null };
}

function end(burst: WedgeState, settings: WedgeSettings): WedgeStep {
  return { state: noWedgeInput, scanned: looksLikeScan(burst, settings) ? burst.text : null };
}

function withCharacter(burst: WedgeState, character: string): WedgeState {
  if (burst.text.length >= longestScan) return { ...burst, isSpoilt: true };
  return { ...burst, text: burst.text + character };
}

/** Alt and digits of the number pad write a character by its number, as some scanners do for every one. */
function withAltDigit(burst: WedgeState, key: WedgeKey): WedgeState {
  const digit = /^Numpad(\d)$/.exec(key.code)?.[1];
  if (digit === undefined || burst.altDigits.length >= longestAltNumber) {
    return { ...burst, isSpoilt: true };
  }
  return { ...burst, altDigits: burst.altDigits + digit };
}

const longestAltNumber = 5;

/** Alt was let go, or the next key came: the digits are a character. Only those of ASCII are the same everywhere. */
function withAltCharacter(burst: WedgeState): WedgeState {
  if (burst.altDigits === '') return burst;
  const number = Number(burst.altDigits);
  const rest = { ...burst, altDigits: '' };
  if (number < 0x20 || number > 0x7e) return { ...rest, isSpoilt: true };
  return withCharacter(rest, String.fromCharCode(number));
}

function isAlt(key: WedgeKey): boolean {
  return (
    key.code === 'AltLeft' || key.code === 'AltRight' || (key.code === '' && key.key === 'Alt')
  );
}

function isModifier(key: WedgeKey): boolean {
  return (
    isAlt(key) ||
    /^(Shift|Control|Meta)(Left|Right)$|^(CapsLock|NumLock)$/.test(key.code) ||
    (key.code === '' && /^(Shift|Control|Meta|CapsLock|NumLock)$/.test(key.key))
  );
}

/** Enter and Tab; Ctrl with M, J and I are their older names, which some scanners type. */
function isEnd(key: WedgeKey): boolean {
  if (key.ctrl === true) return /^Key[MJI]$/.test(key.code);
  const name = key.code === '' ? key.key : key.code;
  return name === 'Enter' || name === 'NumpadEnter' || name === 'Tab';
}

/** What a key writes by its place, on the keyboard every scanner is made for; null if it writes nothing. */
function characterOf(key: WedgeKey): string | null {
  const isShifted = key.shift === true;
  if (key.code === '') return /^[\x20-\x7e]$/.test(key.key) ? key.key : null;
  const letter = /^Key([A-Z])$/.exec(key.code)?.[1];
  if (letter !== undefined) return isShifted ? letter : letter.toLowerCase();
  const padDigit = /^Numpad(\d)$/.exec(key.code)?.[1];
  if (padDigit !== undefined) return padDigit;
  const pair = keyCharacters[key.code];
  return pair?.[isShifted ? 1 : 0] ?? null;
}

/** Without and with Shift. */
const keyCharacters: Readonly<Record<string, string | undefined>> = {
  Digit1: '1!',
  Digit2: '2@',
  Digit3: '3#',
  Digit4: '4$',
  Digit5: '5%',
  Digit6: '6^',
  Digit7: '7&',
  Digit8: '8*',
  Digit9: '9(',
  Digit0: '0)',
  Minus: '-_',
  Equal: '=+',
  BracketLeft: '[{',
  BracketRight: ']}',
  Backslash: '\\|',
  Semicolon: ';:',
  Quote: `'"`,
  Backquote: '`~',
  Comma: ',<',
  Period: '.>',
  Slash: '/?',
  Space: '  ',
  NumpadDecimal: '..',
  NumpadAdd: '++',
  NumpadSubtract: '--',
  NumpadMultiply: '**',
  NumpadDivide: '//',
};
