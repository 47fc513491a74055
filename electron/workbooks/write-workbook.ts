import writeXlsxFile from 'write-excel-file/node';

import { asShown } from '../../shared/domain/written-text.ts';

/** A cell: a text, an amount in fen, a count, or nothing. */
export type SheetCell = string | { readonly fen: number } | { readonly count: number } | null;

export type Sheet = {
  readonly name: string;
  readonly headers: readonly string[];
  readonly rows: readonly (readonly SheetCell[])[];
  /** In characters, by column. */
  readonly widths: readonly number[];
};

/** A workbook of some sheets as the bytes of its file. Amounts are numbers, so that they can be added up there. */
export async function workbookBytes(sheets: readonly Sheet[]): Promise<Uint8Array> {
  const file = writeXlsxFile(
    sheets.map(({ name, headers, rows, widths }) => ({
      sheet: name,
      columns: widths.map((width) => ({ width })),
      stickyRowsCount: 1,
      data: [
        headers.map((header) => ({ ...textCell(header), fontWeight: 'bold' as const })),
        ...rows.map((row) => row.map(cellOf)),
      ],
    })),
  );
  return file.toBuffer();
}

function cellOf(cell: SheetCell) {
  if (cell === null) return null;
  if (typeof cell === 'string') return textCell(cell);
  if ('count' in cell) return { type: Number, value: cell.count, format: '#,##0' };
  return { type: Number, value: cell.fen / 100, format: '#,##0.00' };
}

/** Said to be a text, or one that begins with `=` might be taken for a formula; what no file may hold is left out. */
const textCell = (text: string) => ({ type: String, value: asShown(text).replace(notInXml, '') });

// eslint-disable-next-line no-control-regex -- these are what XML cannot hold
const notInXml = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;
