import Papa from 'papaparse';

import { csvRecords, recordBytesMax, type CsvRecord } from './csv-records.ts';
import { encodingOf, hasUtf8Mark, textOf } from './decode-text.ts';
import type { FileBytes } from './file-bytes.ts';
import { intakeProblem, type IntakeProblem } from './intake-problem.ts';
import { intakeRefusal, type IntakeCode } from './intake-refusals.ts';

/** Ten thousand long bills; a file beyond it is a mistake. */
export const tableRowsMax = 1_000_000;

export type TableRow = {
  /** As a spreadsheet counts: the header is row 1. */
  readonly number: number;
  readonly cells: readonly string[];
  readonly problems: readonly IntakeProblem<IntakeCode>[];
};

export type NamedColumn = { readonly path: string; readonly zh: string };

/** A CSV that is open: its columns, and its rows one after another as often as they are wanted. */
export type OpenTable<Column extends NamedColumn> = {
  readonly columns: readonly Column[];
  /** The headers as the file writes them. */
  readonly headers: readonly string[];
  /** Every row that has a filled cell, with where it begins and where the next one does. */
  rows(): Generator<PlacedRow | Damage>;
  /** Rows that stand one after another between two places of the file; the first has this number. */
  rowsAt(start: number, next: number, number: number): Generator<PlacedRow | Damage>;
};

export type PlacedRow = TableRow & { readonly start: number; readonly next: number };
export type Damage = { readonly damage: IntakeProblem<IntakeCode> };

/**
 * Opens a CSV (commas; tabs where the header has tabs and no comma) whose headers are paths or Chinese names of known
 * columns. Refused as a whole where rows and columns cannot be trusted: bytes of no encoding, an unknown or a repeated
 * header; broken quotes and too many rows come as damage among the rows. A row with too few or too many cells carries
 * its problem.
 */
export function openTable<Column extends NamedColumn>(
  file: FileBytes,
  known: readonly Column[],
): OpenTable<Column> | { readonly problem: IntakeProblem<IntakeCode> } {
  const encoding = encodingOf(() => file.chunks());
  if (!encoding.ok) {
    const { place } = encoding.refusal;
    return { problem: intakeProblem(encoding.refusal, place === undefined ? {} : { place }) };
  }
  const inEncoding = encoding.value;
  const begin = hasUtf8Mark(file.read(0, 3)) ? 3 : 0;
  const header = file.read(begin, begin + recordBytesMax);
  const firstLine = textOf(header.subarray(0, lineEndOf(header)), inEncoding);
  const delimiter = firstLine.includes('\t') && !firstLine.includes(',') ? '\t' : ',';
  const separator = delimiter.charCodeAt(0);
  const [first] = csvRecords([header], separator, { from: begin });
  if (first === undefined)
    return { problem: intakeProblem(intakeRefusal('no-rows', { of: 'table' })) };
  if (first.damage !== null) return damageOf(1, first.damage).damageAsProblem;
  const headers = cellsOf(textOf(first.bytes, inEncoding), delimiter);
  const read = columnsOf(headers, known);
  if ('problem' in read) return read;
  function* placed(records: Iterable<CsvRecord>, number: number): Generator<PlacedRow | Damage> {
    let row = number - 1;
    for (const { start, next, bytes, damage } of records) {
      row += 1;
      if (damage !== null) {
        yield damageOf(row, damage);
        return;
      }
      if (row > tableRowsMax + 1) {
        yield { damage: intakeProblem(intakeRefusal('too-many-rows', { most: tableRowsMax })) };
        return;
      }
      if (bytes.length === 0) continue;
      const cells = cellsOf(textOf(bytes, inEncoding), delimiter);
      if (cells.every((cell) => cell === '')) continue;
      yield { ...rowOf(cells, row, headers.length), start, next };
    }
  }
  return {
    columns: read.columns,
    headers,
    rows: () => {
      const from = first.next;
      const afterReturn = file.read(from - 1, from)[0] === 0x0d;
      return placed(csvRecords(file.chunks(from), separator, { from, afterReturn }), 2);
    },
    rowsAt: (start, next, number) =>
      placed(csvRecords([file.read(start, next)], separator, { from: start }), number),
  };
}

function damageOf(row: number, said: string) {
  const problem = intakeProblem(intakeRefusal('damaged-csv', { row, said }), { row });
  return { damage: problem, damageAsProblem: { problem } };
}

function lineEndOf(bytes: Uint8Array): number {
  const ends = [bytes.indexOf(0x0a), bytes.indexOf(0x0d)].filter((at) => at >= 0);
  return Math.min(bytes.length, ...ends);
}

/** The cells of one record, without the spaces around them. */
function cellsOf(text: string, delimiter: string): string[] {
  const cells = text.includes('"')
    ? (Papa.parse<string[]>(text, { delimiter }).data[0] ?? [])
    : text.split(delimiter);
  return cells.map((cell) => cell.trim());
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
  if (cells.length === width) return { number, cells, problems: [] };
  const cell = { row: number, has: cells.length, wants: width };
  const why =
    cells.length < width
      ? intakeRefusal('row-too-short', cell)
      : intakeRefusal('row-too-long', cell);
  return { number, cells, problems: [intakeProblem(why, { row: number })] };
}
