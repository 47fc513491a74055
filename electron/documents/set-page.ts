import pdfmake from 'pdfmake';
import type { Content, TDocumentDefinitions } from 'pdfmake/interfaces.js';

import type { PaperFont, PaperFonts } from './paper-fonts.ts';

/** Stands for a character no font has; typesetters call it a geta. */
export const missingCharacterMark = '〓';

/**
 * The fonts that what a sheet says needs, and the characters none of this machine has, as `U+31350`: without a glyph they
 * would vanish without a word.
 */
export function charactersOf(
  sheet: unknown,
  fonts: PaperFonts,
): { readonly used: ReadonlySet<PaperFont>; readonly missing: readonly string[] } {
  const used = new Set<PaperFont>([fonts.main]);
  const missing: string[] = [];
  for (const character of new Set(JSON.stringify(sheet))) {
    const font = fonts.fontFor(character);
    if (font !== null) used.add(font);
    else missing.push(`U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase()}`);
  }
  return { used, missing };
}

/** Documents are made one after another: the library keeps fonts and files in one place for all. */
let last: Promise<unknown> = Promise.resolve();

/**
 * A page as a PDF, fonts embedded, each character in the first font that has it. `used`: the fonts of its characters, the
 * main one among them.
 */
export function setPage(
  page: TDocumentDefinitions,
  fonts: PaperFonts,
  used: ReadonlySet<PaperFont>,
): Promise<Uint8Array> {
  const set = inFontsThatHaveIt(page, fonts);
  const made = last.then(async () => {
    // Nothing is fetched and nothing is read from the disk, whatever a bill says.
    pdfmake.setUrlAccessPolicy(() => false);
    pdfmake.setLocalAccessPolicy(() => false);
    pdfmake.setFonts(Object.fromEntries([...used].map(keep)));
    return Uint8Array.from(await pdfmake.createPdf(set).getBuffer());
  });
  last = made.catch(() => undefined);
  return made;
}

/** Where the library looks for files; its types leave it out. */
const { virtualfs: shelf } = pdfmake as typeof pdfmake & {
  readonly virtualfs: {
    writeFileSync(name: string, content: Uint8Array): void;
  };
};

/** Puts the font's tickets where the library looks for files, and names its faces. */
function keep({ name, tickets }: PaperFont) {
  const files = { normal: `${name}-regular`, bold: `${name}-bold` };
  shelf.writeFileSync(files.normal, tickets.regular);
  shelf.writeFileSync(files.bold, tickets.bold);
  return [name, files] as const;
}

/** Splits every text of a page into runs of one font each. */
function inFontsThatHaveIt(page: TDocumentDefinitions, fonts: PaperFonts): TDocumentDefinitions {
  const { footer } = page;
  return {
    ...page,
    content: withRuns(page.content, fonts),
    ...(typeof footer === 'function'
      ? {
          footer: (current, count, size) => {
            const content = footer(current, count, size);
            return content === null || content === undefined ? null : withRuns(content, fonts);
          },
        }
      : {}),
  };
}

function withRuns(node: Content, fonts: PaperFonts): Content {
  return replaceTexts(node, (text) => {
    if (Array.from(text).every((character) => fonts.fontFor(character) === fonts.main)) return text;
    return runsOf(text, fonts);
  }) as Content;
}

/** Walks a page, whatever it is made of, and replaces what stands under `text`. */
function replaceTexts(node: unknown, replace: (text: string) => unknown): unknown {
  if (Array.isArray(node)) return node.map((part) => replaceTexts(part, replace));
  if (typeof node !== 'object' || node === null) return node;
  return Object.fromEntries(
    Object.entries(node).map(([key, value]) => [
      key,
      key === 'text' && typeof value === 'string' ? replace(value) : replaceTexts(value, replace),
    ]),
  );
}

function runsOf(text: string, fonts: PaperFonts) {
  const runs: { text: string; font: string }[] = [];
  for (const character of text) {
    const font = fonts.fontFor(character);
    const shown = font === null ? missingCharacterMark : character;
    const name = (font ?? fonts.main).name;
    const run = runs.at(-1);
    if (run?.font === name) run.text += shown;
    else runs.push({ text: shown, font: name });
  }
  return runs;
}
