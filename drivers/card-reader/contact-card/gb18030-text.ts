import iconv from 'iconv-lite';

import { withoutPrivateCharacters } from '../../../shared/domain/private-characters.ts';

/** A text, and whether its last character was left out. */
export type CutText = { readonly text: string; readonly isCut: boolean };

/** Text in GB 18030, of which GBK is a part; null where the bytes are none. */
export function wholeTextOfGb18030(bytes: Uint8Array): CutText | null {
  const text = textOfGb18030(bytes);
  return text === null ? null : { text, isCut: false };
}

function textOfGb18030(bytes: Uint8Array): string | null {
  const text = iconv.decode(Buffer.from(bytes), 'gb18030');
  if (text.includes('\uFFFD')) return null;
  return withoutPrivateCharacters(text);
}

/** The most bytes of a character that can be left of it without its end. */
const partMost = 3;

/** The same where the last character may have had no room: what is left of it is no part of the text. */
export function cutTextOfGb18030(bytes: Uint8Array): CutText | null {
  for (let without = 0; without <= Math.min(partMost, bytes.length); without += 1) {
    const text = textOfGb18030(bytes.subarray(0, bytes.length - without));
    if (text !== null) return { text, isCut: without > 0 };
  }
  return null;
}
