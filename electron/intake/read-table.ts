import Papa from 'papaparse';

import type { Refusal } from '../../shared/domain/result.ts';
import { intakeProblem, type IntakeProblem } from './intake-problem.ts';
import { intakeRefusal, type IntakeCode } from './intake-refusals.ts';

/** More rows than a year of a large hospital's one department; a file beyond it is a mistake. */
export const tableRowsMax = 200_000;

export type TableRow = {
  /** As a spreadsheet counts: the header is row 1. */
  readonly number: number;
  readonly cells: readonly string[];
  readonly problems: readonly IntakeProblem<IntakeCode>[];
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
  Table<Column> | { readonly kind: 'refused'; readonly problem: IntakeProblem<IntakeCode> };

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
    return refusedTable(intakeRefusal('damaged-csv', { row, said: error.message }), { row });
  }
  if (data.length > tableRowsMax + 1) {
    return refusedTable(intakeRefusal('too-many-rows', { most: tableRowsMax }));
  }
  const headers = (data[0] ?? []).map((header) => header.trim());
  const read = columnsOf(headers, known);
  if ('problem' in read) return { kind: 'refused', problem: read.problem };
  const rows = data
    .map((cells, index) => rowOf(cells, index + 1, headers.length))
    .slice(1)
    .filter(({ cells }) => cells.some((cell) => cell !== ''));
  if (rows.length === 0) {
    return refusedTable(intakeRefusal('no-rows', { of: 'table' }));
  }
  return { kind: 'table', columns: read.columns, headers, rows };
}

function refusedTable(
  why: Refusal<IntakeCode>,
  where: { row?: number } = {},
): { readonly kind: 'refused'; readonly problem: IntakeProblem<IntakeCode> } {
  return { kind: 'refused', problem: intakeProblem(why, where) };
}

function columnsOf<Column extends NamedColumn>(
  headers: readonly string[],
  known: readonly Column[],
): { readonly columns: Column[] } | { readonly problem: IntakeProblem<IntakeCode> } {
  const columns: Column[] = [];
  for (const header of headers) {
    const column = known.find(({ path, zh }) => path === header || zh === header);
    const where = { row: 1, column: header };
    if (column === undefined) {
      return { problem: intakeProblem(intakeRefusal('unknown-column', { header }), where) };
    }
    if (columns.includes(column)) {
      return { problem: intakeProblem(intakeRefusal('column-twice', { header }), where) };
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
  const cell = { row: number, has: trimmed.length, wants: width };
  const why =
    trimmed.length < width
      ? intakeRefusal('row-too-short', cell)
      : intakeRefusal('row-too-long', cell);
  return { ...row, problems: [intakeProblem(why, { row: number })] };
}
