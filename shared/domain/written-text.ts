/**
 * What nobody sees in a text: control and format characters (marks of direction, of no width, soft hyphens, byte order
 * marks), fillers, and selectors of how a character is drawn.
 */
const invisible =
  /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\u115F\u1160\u3164\uFFA0]|\u034F|[\p{Variation_Selector}]/gu;

/** A text as it is seen: white space of every kind is a space, what is invisible is gone. */
export function asSeen(text: string): string {
  return text.replace(/[\p{Zs}\t\n\v\f\r\u0085\u2028\u2029]/gu, ' ').replace(invisible, '');
}

/**
 * A reason somebody gave, as others read it: nothing in it is unseen, breaks the line or turns its direction. Empty: it says
 * nothing, for where no letter and no digit is, nobody reads anything.
 */
export function readReason(text: string): string {
  const said = text
    .toWellFormed()
    .normalize()
    .replaceAll(/[\s\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]+/gu, ' ')
    .trim();
  return /[\p{L}\p{N}]/u.test(said) ? said : '';
}

/** Full-width letters, digits and signs of ASCII as the narrow ones they stand for. */
export function narrow(text: string): string {
  return text.replace(/[\uFF01-\uFF5E]/g, (wide) =>
    String.fromCharCode(wide.charCodeAt(0) - fullWidthAbove),
  );
}

const fullWidthAbove = 0xfee0;

/**
 * What turns the direction of a line or steers what shows it: marks and overrides of direction, tags, and control characters
 * but for tab and line break. One of them in a bed's name makes "11-25" read "52-11".
 */
const steering =
  /(?![\t\n\r])\p{Cc}|[\u061C\u200E\u200F\u202A-\u202E\u2066-\u206F\u{E0001}\u{E0020}-\u{E007F}]/gu;
const steers = new RegExp(steering.source, 'u');

/** Whether a text would turn or steer the line it stands in. */
export const steersLine = (text: string): boolean => steers.test(text);

/** A text as it may stand among others on a page, on paper, in a terminal: nothing in it turns or steers the line. */
export function asShown(text: string): string {
  return steersLine(text) ? text.replace(steering, '') : text;
}

/** The same for every text in a value; a value without such a text is answered as it is. What is kept is never changed. */
export function allAsShown<Value>(value: Value): Value {
  return shownValue(value) as Value;
}

function shownValue(value: unknown): unknown {
  if (typeof value === 'string') return asShown(value);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    const shown = value.map(shownValue);
    return shown.some((each, at) => each !== value[at]) ? shown : value;
  }
  if (!isPlain(value)) return value;
  const entries = Object.entries(value);
  const shown = entries.map(([key, part]): [string, unknown] => [key, shownValue(part)]);
  const isSame = shown.every(([, part], at) => part === entries[at]?.[1]);
  return isSame ? value : Object.fromEntries(shown);
}

/** A record and no date, bytes or class of its own. */
function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
