// eslint-disable-next-line @typescript-eslint/triple-slash-reference -- fontkit has no types of its own; an import cannot name a file that declares a package
/// <reference path="./fontkit.d.ts" />
import { createRequire } from 'node:module';

import type * as Fontkit from 'fontkit';

/**
 * The copy of fontkit that pdfkit uses: its package has two, one for `import` and one for `require`, and a format made
 * known to the one is unknown to the other.
 */
const fontkit = createRequire(import.meta.url)('fontkit') as typeof Fontkit;

const fontOfTicket = new WeakMap<Uint8Array, Fontkit.Font>();

/**
 * A font for one document, over a font that was read before: pdfkit reads the file of a font anew for every document,
 * ten megabytes of it, and leaves tens of megabytes behind. Tables are shared; glyphs are the document's own, because
 * a glyph keeps the characters it was first used for, and those go into the document as its text.
 */
function documentFont({ buffer }: { readonly buffer: Uint8Array }): object {
  const parsed = fontOfTicket.get(buffer);
  if (parsed === undefined) throw new Error('a ticket of no font');
  return Object.assign(Object.create(parsed) as object, { _glyphs: {} });
}

fontkit.registerFormat(
  Object.assign(documentFont, { probe: (file: Uint8Array) => fontOfTicket.has(file) }),
);

/** A font that is read once, and the ticket for which pdfkit takes it in place of the bytes of its file. */
export type ParsedFace = { readonly ticket: Uint8Array; has(codePoint: number): boolean };

/** Reads a font; its tables are read from the bytes as they are needed, so the bytes must stay as they are. */
export function parseFace(bytes: Uint8Array): ParsedFace {
  const font = fontkit.create(bytes);
  const ticket = Buffer.from('a font that is read already');
  fontOfTicket.set(ticket, font);
  return { ticket, has: (codePoint) => font.hasGlyphForCodePoint(codePoint) };
}
