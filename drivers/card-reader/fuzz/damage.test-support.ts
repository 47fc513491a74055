import fc from 'fast-check';

/** One change of one place: overwritten, one bit turned, a byte put in or taken out. */
type Change = { readonly at: number; readonly value: number; readonly how: number };

/** How one input is made of those of the corpus. */
export type Damage =
  | {
      readonly kind: 'damaged';
      readonly file: number;
      readonly entry: number;
      readonly changes: readonly Change[];
      /** Checks are made right again, so that the damage gets past the first door. */
      readonly isMended: boolean;
    }
  | { readonly kind: 'anything'; readonly bytes: Uint8Array };

/** How many ways of changing there are; a target says how many of them keep the shape. */
const waysOfChanging = 16;

const change: fc.Arbitrary<Change> = fc.record({
  at: fc.nat(0xffff),
  value: fc.nat(0xff),
  how: fc.nat(waysOfChanging - 1),
});

function damaged(isMended: boolean, least: number, most: number): fc.Arbitrary<Damage> {
  return fc.record({
    kind: fc.constant('damaged' as const),
    file: fc.nat(0xff),
    entry: fc.nat(0xff),
    changes: fc.array(change, { minLength: least, maxLength: most, size: 'max' }),
    isMended: fc.constant(isMended),
  });
}

/** Seven of ten inputs are good ones with one to eight changes and right checks. */
export const anyDamage: fc.Arbitrary<Damage> = fc.oneof(
  { weight: 4, arbitrary: damaged(true, 1, 3) },
  { weight: 3, arbitrary: damaged(true, 4, 8) },
  { weight: 2, arbitrary: damaged(false, 1, 8) },
  {
    weight: 1,
    arbitrary: fc
      .uint8Array({ maxLength: 300, size: 'max' })
      .map((bytes) => ({ kind: 'anything' as const, bytes })),
  },
);

/** Bytes that mean something somewhere: digits, check characters, sentinels, padding, preambles. */
const telling = Buffer.from('0123456789X;=?%^\r\n \0\xff\xaa\x03\x06\x90\x61\x6c', 'latin1');

const otherWays = [
  ...['value', 'insert', 'telling', 'remove', 'bit'],
  ...['value', 'telling', 'bit', 'value', 'telling'],
] as const;

/**
 * The good input with its changes. `hot`: places at the front where half of them go, because it matters there;
 * `likes`: how many of the ways of changing put like in the place of like.
 */
export function applyChanges(
  good: Uint8Array,
  changes: readonly Change[],
  { hot, likes }: { readonly hot: number; readonly likes: number },
): Uint8Array {
  const bytes = [...good];
  for (const { at, value, how } of changes) {
    const reach = value % 2 === 0 ? Math.min(hot, bytes.length) : bytes.length;
    const place = reach === 0 ? 0 : at % reach;
    const before = bytes[place] ?? 0;
    const way = how < likes ? 'like' : otherWays[(how - likes) % otherWays.length];
    if (way === 'like') bytes[place] = likeWithLike(before, value);
    else if (way === 'value') bytes[place] = value;
    else if (way === 'telling') bytes[place] = telling[value % telling.length] ?? 0;
    else if (way === 'bit') bytes[place] = before ^ (1 << (value & 7));
    else if (way === 'insert') bytes.splice(place, 0, value);
    else bytes.splice(place, 1);
  }
  return Uint8Array.from(bytes);
}

/** A digit for a digit and a letter for a letter, so that shapes stay what they were. */
function likeWithLike(before: number, value: number): number {
  if (before >= 0x30 && before <= 0x39) return 0x30 + (value % 10);
  const isLetter = (before | 0x20) >= 0x61 && (before | 0x20) <= 0x7a;
  return isLetter ? (before & 0x20) | (0x41 + (value % 26)) : value;
}
