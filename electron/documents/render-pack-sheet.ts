import { packSheetPage, type PackSheetFacts } from './pack-sheet-page.ts';
import type { PaperFonts } from './paper-fonts.ts';
import { charactersOf, missingCharacterMark, setPage } from './set-page.ts';

/**
 * The sheet that those who wrote, checked and approved a policy pack sign, as a PDF. What no font of this machine has is
 * marked and named.
 */
export async function renderPackSheet(
  facts: PackSheetFacts,
  fonts: PaperFonts,
): Promise<Uint8Array> {
  const { used, missing } = charactersOf(facts, fonts);
  const notes =
    missing.length === 0
      ? []
      : [`${missingCharacterMark} 处为本机字库没有的字：${missing.join(' ')}，请手写补上。`];
  return setPage(packSheetPage(facts, notes), fonts, used);
}
