import Papa from 'papaparse';

import { intakeProblem, type IntakeProblem } from './intake-problem.ts';

/** More rows than a year of a large hospital's one department; a file beyond it is a mistake. */
export const tableRowsMax = 200_000;

export type TableRow = {
  /** As a spreadsheet counts: the header is row 1. */
  readonly number: number;
  readonly cells: readonly string[];
  readonly problems: readonly IntakeProblem[];
};

export type Table<Column extends NamedColumn = NamedColumn> = {
  readonly kind: 'table';
  readonly columns: readonly Column[];
  /** The headers as the file writes them. */
  readonly headers: readonly string[];
  readonly rows: readonly TableRow[];
};

export type NamedColumn = { readonly path: string; readonly zh: string };

export type TableReading<Column extends NamedColumn> =
  Table<Column> | { readonly kind: 'refused'; readonly problem: IntakeProblem };

/**
 * A CSV (commas; tabs where the header has tabs and no comma) whose headers are paths or Chinese names of known
 * columns. Refused as a whole where rows and columns cannot be trusted: broken quotes, an unknown or a
 * repeated header, too many rows. A row with too few or too many cells carries its problem.
 */
export function readTable<Column extends NamedColumn>(
  text: string,
  known: readonly Column[],
): TableReading<Column> {
  const firstLine = text.split('\n', 1)[0] ?? '';
  const delimiter = firstLine.includes('\t') && !firstLine.includes(',') ? '\t' : ',';
  const preview = tableRowsMax + 2;
  const { data, errors } = Papa.parse<string[]>(text, { delimiter, preview });
  const [error] = errors;
  if (error !== undefined) {
    const row = (error.row ?? 0) + 1;
    const said = `(${error.message})`;
    const zh = `第 ${String(row)} 行引号不完整，无法分清各列${said}`;
    const en = `Row ${String(row)}: the quotes are broken, so its columns cannot be told ${said}`;
    return refusedTable('damaged-csv', zh, en, { row });
  }
  if (data.length > tableRowsMax + 1) {
    const most = String(tableRowsMax);
    return refusedTable('too-many-rows', `超过 ${most} 行`, `There are more than ${most} rows`, {});
  }
  const headers = (data[0] ?? []).map((header) => header.trim());
  const read = columnsOf(headers, known);
  if ('problem' in read) return { kind: 'refused', problem: read.problem };
  const rows = data
    .map((cells, index) => rowOf(cells, index + 1, headers.length))
    .slice(1)
    .filter(({ cells }) => cells.some((cell) => cell !== ''));
  if (rows.length === 0) {
    return refusedTable('no-rows', '文件里没有数据行', 'The file has no rows', {});
  }
  return { kind: 'table', columns: read.columns, headers, rows };
}

function refusedTable(
  code: string,
  zh: string,
  en: string,
  where: { row?: number; column?: string },
): { readonly kind: 'refused'; readonly problem: IntakeProblem } {
  return { kind: 'refused', problem: intakeProblem(code, zh, en, where) };
}

function columnsOf<Column extends NamedColumn>(
  headers: readonly string[],
  known: readonly Column[],
): { readonly columns: Column[] } | { readonly problem: IntakeProblem } {
  const columns: Column[] = [];
  for (const header of headers) {
    const column = known.find(({ path, zh }) => path === header || zh === header);
    const where = { row: 1, column: header };
    if (column === undefined) {
      const zh = `不认识的列名“${header}”`;
      const en = `The column "${header}" is not known`;
      return { problem: intakeProblem('unknown-column', zh, en, where) };
    }
    if (columns.includes(column)) {
      const zh = `列“${header}”出现了两次`;
      const en = `The column "${header}" stands twice`;
      return { problem: intakeProblem('column-twice', zh, en, where) };
    }
    columns.push(column);
  }
  return { columns };
}

function rowOf(cells: readonly string[], number: number, width: number): TableRow {
  const trimmed = cells.map((cell) => cell.trim());
  const row = { number, cells: trimmed };
  if (trimmed.length === width || trimmed.every((cell) => cell === '')) {
    return { ...row, problems: [] };
  }
  const [has, wants] = [String(trimmed.length), String(width)];
  const problem = intakeProblem(
    trimmed.length < width ? 'row-too-short' : 'row-too-long',
    `第 ${String(number)} 行有 ${has} 格，表头有 ${wants} 格`,
    `Row ${String(number)} has ${has} cells, the header has ${wants}`,
    { row: number },
  );
  return { ...row, problems: [problem] };
}
