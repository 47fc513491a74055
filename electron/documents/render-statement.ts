import { accepted, type Result } from '../../shared/domain/result.ts';
import type { DocumentFacts } from './document-facts.ts';
import type { PaperFonts } from './paper-fonts.ts';
import { charactersOf, missingCharacterMark, setPage } from './set-page.ts';
import { statementPage } from './statement-page.ts';
import { statementSheet, type StatementSheet } from './statement-sheet.ts';

export type RenderedStatement = {
  readonly pdf: Uint8Array;
  /** Characters no font of this machine has, as `U+31350`; the paper shows 〓 and names them. */
  readonly missing: readonly string[];
};

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
  const { used, missing } = charactersOf(sheet.value, fonts);
  const complete = missing.length === 0 ? sheet.value : withNote(sheet.value, missing);
  return accepted({ pdf: await setPage(statementPage(complete), fonts, used), missing });
}

function withNote(sheet: StatementSheet, missing: readonly string[]): StatementSheet {
  const note = `${missingCharacterMark} 处为本机字库没有的字：${missing.join(' ')}，请手写补上。`;
  return { ...sheet, notes: [note, ...sheet.notes] };
}
