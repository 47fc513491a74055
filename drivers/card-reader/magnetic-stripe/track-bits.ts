/** How the characters of a track are written (ISO 7811): data bits, lowest first, then odd parity. */
type Alphabet = {
  readonly dataBits: number;
  /** Character of value 0. */
  readonly first: number;
  readonly start: number;
  readonly end: number;
  /** Characters with both sentinels and the check. */
  readonly longest: number;
};

const track1: Alphabet = { dataBits: 6, first: 0x20, start: 0x05, end: 0x1f, longest: 79 };
const track2: Alphabet = { dataBits: 4, first: 0x30, start: 0x0b, end: 0x0f, longest: 40 };

/** `empty`: nothing but zeros. `damaged`: no start, wrong parity, no end, too long, or a wrong check. */
export type BitsReading =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'empty' }
  | { readonly kind: 'damaged' };

/**
 * The text of a track from its bits, sentinels included and the check left out. A card that was swiped backwards
 * gives its bits from the end: that is tried when it does not read forwards.
 */
export function readTrackBits(bits: readonly number[], track: 1 | 2): BitsReading {
  if (!bits.includes(1)) return { kind: 'empty' };
  const alphabet = track === 1 ? track1 : track2;
  const text = readForwards(bits, alphabet) ?? readForwards(bits.toReversed(), alphabet);
  return text === null ? { kind: 'damaged' } : { kind: 'text', text };
}

/** Bits of bytes, the highest of each first, as readers pack them. */
export function bitsOf(bytes: Uint8Array): number[] {
  const bits: number[] = [];
  for (const byte of bytes) for (let at = 7; at >= 0; at -= 1) bits.push((byte >> at) & 1);
  return bits;
}

function readForwards(bits: readonly number[], alphabet: Alphabet): string | null {
  // A track begins with zeros for the clock; the start sentinel begins with a one.
  const from = bits.indexOf(1);
  const width = alphabet.dataBits + 1;
  let text = '';
  let check = 0;
  // The last character is the check.
  for (let at = 0; at < alphabet.longest - 1; at += 1) {
    const value = valueAt(bits, from + at * width, alphabet);
    if (value === null) return null;
    if (at === 0 && value !== alphabet.start) return null;
    text += String.fromCharCode(alphabet.first + value);
    check ^= value;
    if (value !== alphabet.end) continue;
    // The check makes the sum of everything zero, itself included.
    return valueAt(bits, from + (at + 1) * width, alphabet) === check ? text : null;
  }
  return null;
}

/** The value of one character, or null where bits are missing or the parity is wrong. */
function valueAt(bits: readonly number[], at: number, alphabet: Alphabet): number | null {
  let value = 0;
  let ones = 0;
  for (let place = 0; place <= alphabet.dataBits; place += 1) {
    const bit = bits[at + place];
    if (bit === undefined) return null;
    ones += bit;
    if (place < alphabet.dataBits) value |= bit << place;
  }
  return ones % 2 === 1 ? value : null;
}
