import { yuanTextFromFen } from '../../shared/money/yuan-text.ts';
import { fen } from '../../shared/money/fen.ts';
import { asShown } from '../../shared/domain/written-text.ts';
import { workbookBytes, type Sheet, type SheetCell } from '../workbooks/write-workbook.ts';

export const listFormats = ['csv', 'xlsx'] as const;
export type ListFormat = (typeof listFormats)[number];

/** A list as the bytes of a file. */
export async function listFileBytes(sheet: Sheet, format: ListFormat): Promise<Uint8Array> {
  return format === 'csv' ? csvBytes(sheet) : workbookBytes([sheet]);
}

/** As Excel opens it with a double click: UTF-8 with its mark, and a line ends as it does there. */
function csvBytes({ headers, rows }: Sheet): Uint8Array {
  const lines = [headers, ...rows.map((row) => row.map(textOf))].map((line) =>
    line.map(cellText).join(','),
  );
  return Buffer.from(`\uFEFF${lines.join('\r\n')}\r\n`);
}

function textOf(cell: SheetCell): string {
  if (cell === null) return '';
  // A figure is one of ours, and its minus begins no formula.
  if (typeof cell === 'string') return harmless(asShown(cell));
  return 'count' in cell ? String(cell.count) : yuanTextFromFen(fen(cell.fen));
}

/**
 * A spreadsheet takes a text that begins so for a formula and runs it; also behind blanks and signs nobody sees, which it
 * leaves out, and where full-width signs are taken for plain ones.
 */
const formula = /^[\p{Z}\p{Cc}\p{Cf}]*[=+\-@＝＋－＠|%]/u;

const harmless = (text: string): string => (formula.test(text) ? `'${text}` : text);

const cellText = (text: string): string =>
  /[",\r\n;\t]|^\s|\s$/u.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
