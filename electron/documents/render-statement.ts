import pdfmake from 'pdfmake';
import type { Content, TDocumentDefinitions } from 'pdfmake/interfaces.js';

import { accepted, type Result } from '../../shared/domain/result.ts';
import type { DocumentFacts } from './document-facts.ts';
import type { PaperFont, PaperFonts } from './paper-fonts.ts';
import { statementPage } from './statement-page.ts';
import { statementSheet, type StatementSheet } from './statement-sheet.ts';

export type RenderedStatement = {
  readonly pdf: Uint8Array;
  /** Characters no font of this machine has, as `U+31350`; the paper shows 〓 and names them. */
  readonly missing: readonly string[];
};

/** Stands for a character no font has; typesetters call it a geta. */
const missingCharacterMark = '〓';

/**
 * The statement as a PDF, A4, fonts embedded. Refused as `document-does-not-foot`. A character without a
 * glyph would vanish without a word, so each one is looked up first: it is set in the first font that has it,
 * or marked and named at the foot of the sheet.
 */
export async function renderStatement(
  facts: DocumentFacts,
  fonts: PaperFonts,
): Promise<Result<RenderedStatement, 'document-does-not-foot'>> {
  const sheet = statementSheet(facts);
  if (!sheet.ok) return sheet;
  const { complete, missing, used } = withNote(sheet.value, fonts);
  const pdf = await makePdf(inFontsThatHaveIt(statementPage(complete), fonts), used);
  return accepted({ pdf, missing });
}

function withNote(sheet: StatementSheet, fonts: PaperFonts) {
  const characters = [...new Set(JSON.stringify(sheet))];
  const used = new Set<PaperFont>([fonts.main]);
  const missing: string[] = [];
  for (const character of characters) {
    const font = fonts.fontFor(character);
    if (font !== null) used.add(font);
    else missing.push(`U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase()}`);
  }
  if (missing.length === 0) return { complete: sheet, missing, used };
  const note = `${missingCharacterMark} 处为本机字库没有的字：${missing.join(' ')}，请手写补上。`;
  return { complete: { ...sheet, notes: [note, ...sheet.notes] }, missing, used };
}

/** Documents are made one after another: the library keeps fonts and files in one place for all. */
let last: Promise<unknown> = Promise.resolve();

function makePdf(page: TDocumentDefinitions, fonts: ReadonlySet<PaperFont>): Promise<Uint8Array> {
  const made = last.then(async () => {
    // Nothing is fetched and nothing is read from the disk, whatever a bill says.
    pdfmake.setUrlAccessPolicy(() => false);
    pdfmake.setLocalAccessPolicy(() => false);
    pdfmake.setFonts(Object.fromEntries([...fonts].map(keep)));
    return Uint8Array.from(await pdfmake.createPdf(page).getBuffer());
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
