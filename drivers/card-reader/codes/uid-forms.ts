/** How a reader that types writes the identifier of a contactless card: makers differ, so it is a setting. */
export const uidForms = ['hex-10', 'hex-8', 'decimal-10', 'decimal-8', '2h4h', '4h4h'] as const;
export type UidForm = (typeof uidForms)[number];

/** Whether the reader writes the bytes as they stand on the card, or the last first. */
export const byteOrders = ['as-on-card', 'reversed'] as const;
export type ByteOrder = (typeof byteOrders)[number];

type Part = { readonly digits: number; readonly base: 10 | 16; readonly bytes: number };

/**
 * Five bytes `01 02 6F 6C 3A` are `01026F6C3A`, `026F6C3A`, `0040856634` (four bytes), `07302202` (three),
 * `111,27706` (one and two) or `00623,27706` (two and two).
 */
const layouts: Readonly<Record<UidForm, readonly Part[]>> = {
  'hex-10': [{ digits: 10, base: 16, bytes: 5 }],
  'hex-8': [{ digits: 8, base: 16, bytes: 4 }],
  'decimal-10': [{ digits: 10, base: 10, bytes: 4 }],
  'decimal-8': [{ digits: 8, base: 10, bytes: 3 }],
  '2h4h': [
    { digits: 3, base: 10, bytes: 1 },
    { digits: 5, base: 10, bytes: 2 },
  ],
  '4h4h': [
    { digits: 5, base: 10, bytes: 2 },
    { digits: 5, base: 10, bytes: 2 },
  ],
};

/**
 * The identifier in `text` as hexadecimal bytes in the order of the card, as many as the form states; null if
 * `text` is not of that form or a part is too great for its bytes. The same card read in two forms gives two
 * lengths, of which the shorter is part of the longer.
 */
export function readUid(text: string, form: UidForm, order: ByteOrder): string | null {
  const layout = layouts[form];
  const parts = text.split(',');
  if (parts.length !== layout.length) return null;
  let bytes: string[] = [];
  for (const [at, part] of layout.entries()) {
    const read = bytesOf(parts[at] ?? '', part);
    if (read === null) return null;
    bytes.push(...read);
  }
  if (order === 'reversed') bytes = bytes.reverse();
  return bytes.join('');
}

function bytesOf(text: string, part: Part): string[] | null {
  const allowed = part.base === 16 ? /^[\dA-F]+$/i : /^\d+$/;
  if (text.length !== part.digits || !allowed.test(text)) return null;
  // Ten hexadecimal digits are well within what a number holds exactly.
  const hex = Number.parseInt(text, part.base).toString(16).toUpperCase();
  const full = hex.padStart(part.bytes * 2, '0');
  if (full.length > part.bytes * 2) return null;
  return full.match(/../g) ?? [];
}
