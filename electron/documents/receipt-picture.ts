import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

import { initWasm, Resvg } from '@resvg/resvg-wasm';

import type { PaperFonts } from './paper-fonts.ts';

/** The layout asks for any font of fixed width; this is what the paper's font calls itself. */
const familyOfPaper = 'Noto Sans SC';

/**
 * How far above the bottom of its line a character stands, in pixels. The layout leaves it to the font, whose
 * own box is higher than a line of the slip: the first line would be cut off at the top.
 */
const baseline = 5;

let drawing: Promise<void> | null = null;

/** The drawing library is loaded with the first picture: most runs of the program draw none. */
function loadDrawing(): Promise<void> {
  drawing ??= readFile(
    createRequire(import.meta.url).resolve('@resvg/resvg-wasm/index_bg.wasm'),
  ).then((library) => initWasm(library));
  return drawing;
}

/** A slip as a PNG picture, drawn from its SVG in the fonts of the paper. Rejects where it is no SVG. */
export async function receiptPng(svg: string, fonts: PaperFonts): Promise<Uint8Array> {
  await loadDrawing();
  const used = new Set([fonts.main, ...Array.from(svg, (character) => fonts.fontFor(character))]);
  const picture = new Resvg(svg.replaceAll('<text', `<text y="-${String(baseline)}"`), {
    background: '#fff',
    font: {
      fontBuffers: [...used].flatMap((font) => (font === null ? [] : [font.regular])),
      monospaceFamily: familyOfPaper,
    },
  });
  try {
    const pixels = picture.render();
    const png = pixels.asPng();
    pixels.free();
    return png;
  } finally {
    picture.free();
  }
}
