import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

import { parseFace, type ParsedFace } from './parsed-fonts.ts';

/** A font of the paper: its name in documents and where its bytes are. */
type FontSource = { readonly name: string; readonly file: string };

/** Fonts of the system that have what Noto Sans SC lacks: rare characters of people's names. */
const systemFallbacks: readonly FontSource[] = [
  { name: 'hanazono-a', file: '/usr/share/fonts/truetype/hanazono/HanaMinA.ttf' },
  { name: 'hanazono-b', file: '/usr/share/fonts/truetype/hanazono/HanaMinB.ttf' },
  { name: 'simsun-ext-b', file: 'C:\\Windows\\Fonts\\simsunb.ttf' },
];

export type PaperFont = {
  readonly name: string;
  /** The file of the regular face. */
  readonly regular: Uint8Array;
  /** What the library of documents is given in place of the files. */
  readonly tickets: { readonly regular: Uint8Array; readonly bold: Uint8Array };
};

export type PaperFonts = {
  /** The font everything is set in. */
  readonly main: PaperFont;
  /** Which font has this character: the main one, the first fallback that has it, or none. */
  fontFor(character: string): PaperFont | null;
};

/** Loads the fonts once; a fallback, some tens of megabytes, is read when a character first needs it. */
export function loadPaperFonts(fallbacks: readonly FontSource[] = systemFallbacks): PaperFonts {
  const find = createRequire(import.meta.url);
  const folder = '@expo-google-fonts/noto-sans-sc';
  const main = loaded(
    'paper',
    readFileSync(find.resolve(`${folder}/400Regular/NotoSansSC_400Regular.ttf`)),
    readFileSync(find.resolve(`${folder}/600SemiBold/NotoSansSC_600SemiBold.ttf`)),
  );
  const present = fallbacks.filter(({ file }) => existsSync(file));
  const used = new Map<string, LoadedFont>();
  const known = new Map<string, PaperFont | null>();
  function look(codePoint: number): PaperFont | null {
    if (main.has(codePoint)) return main.font;
    for (const { name, file } of present) {
      let fallback = used.get(name);
      if (fallback === undefined) {
        const bytes = readFileSync(file);
        fallback = loaded(name, bytes, bytes);
        used.set(name, fallback);
      }
      if (fallback.has(codePoint)) return fallback.font;
    }
    return null;
  }
  return {
    main: main.font,
    fontFor(character) {
      let font = known.get(character);
      if (font === undefined) {
        font = look(character.codePointAt(0) ?? 0);
        known.set(character, font);
      }
      return font;
    },
  };
}

type LoadedFont = {
  readonly font: PaperFont;
  has(codePoint: number): boolean;
};

function loaded(name: string, regular: Buffer, bold: Buffer): LoadedFont {
  const face = parseFace(regular);
  const boldFace: ParsedFace = bold === regular ? face : parseFace(bold);
  return {
    font: { name, regular, tickets: { regular: face.ticket, bold: boldFace.ticket } },
    has: (codePoint) => face.has(codePoint) && boldFace.has(codePoint),
  };
}
