import type { ReceivedVisit } from '../database/bill-identity.ts';
import { valueOfCell } from './csv-cell.ts';
import { csvColumns, type CsvColumn } from './csv-columns.ts';
import type { FileBytes } from './file-bytes.ts';
import { intakeProblem, problemsListedMax, type IntakeProblem } from './intake-problem.ts';
import { intakeRefusal } from './intake-refusals.ts';
import { openTable, type OpenTable, type PlacedRow, type TableRow } from './read-table.ts';

/** One visit of a CSV: its document, what is wrong with its rows, and where its places stand in the file. */
export type CsvVisit = {
  readonly visitId: string;
  readonly received: ReceivedVisit;
  readonly problems: readonly IntakeProblem[];
  readonly places: CsvPlaces;
};

/** By what a JSON place of a visit is found in its file. */
export type CsvPlaces = {
  readonly kind: 'csv';
  readonly firstRow: number;
  /** The rows of its charge lines, in order. */
  readonly chargeRows: readonly number[];
  /** Path and header of each column of the file. */
  readonly headers: readonly (readonly [path: string, header: string])[];
};

export type CsvReading =
  | { readonly kind: 'visits'; readonly visits: () => Generator<CsvVisit> }
  | { readonly kind: 'refused'; readonly problem: IntakeProblem };

type VisitTable = OpenTable<CsvColumn>;
/** What a table says of its rows, wherever they come from. */
export type TableHead = Pick<VisitTable, 'columns' | 'headers'>;

/** Where rows of one visit stand one after another in the file. */
type Run = { readonly number: number; rows: number; readonly start: number; next: number };

/**
 * The visits of a CSV, one row per charge line, in the order of their first rows; rows of a visit may stand anywhere.
 * The file is read twice: once to see whose each row is and that every row can be told, then visit by visit, so that
 * no more than one visit is in memory. Never throws for what a file holds.
 */
export function visitsOfCsv(file: FileBytes): CsvReading {
  const table = openTable(file, csvColumns);
  if ('problem' in table) return { kind: 'refused', problem: table.problem };
  const idAt = table.columns.findIndex(({ path }) => path === 'visit.id');
  if (idAt < 0) {
    return {
      kind: 'refused',
      problem: intakeProblem(intakeRefusal('missing-column'), { row: 1 }),
    };
  }
  const visits = new Map<string, Run[]>();
  for (const row of table.rows()) {
    if ('damage' in row) return { kind: 'refused', problem: row.damage };
    const astray = rowAstray(table, idAt, row);
    if (astray !== null) return { kind: 'refused', problem: astray };
    addTo(visits, row.cells[idAt] ?? '', row);
  }
  if (visits.size === 0) {
    return { kind: 'refused', problem: intakeProblem(intakeRefusal('no-rows', { of: 'table' })) };
  }
  return {
    kind: 'visits',
    *visits() {
      for (const [visitId, runs] of visits) yield visitOf(table, visitId, rowsOf(table, runs));
    },
  };
}

function addTo(visits: Map<string, Run[]>, visitId: string, row: PlacedRow): void {
  const { number, start, next } = row;
  const runs = visits.get(visitId);
  const last = runs?.at(-1);
  if (runs === undefined) visits.set(visitId, [{ number, rows: 1, start, next }]);
  else if (last !== undefined && last.number + last.rows === number) {
    last.rows += 1;
    last.next = next;
  } else runs.push({ number, rows: 1, start, next });
}

function rowsOf(table: VisitTable, runs: readonly Run[]): readonly TableRow[] {
  const rows: TableRow[] = [];
  for (const { start, next, number } of runs) {
    for (const row of table.rowsAt(start, next, number)) {
      if ('damage' in row) throw new Error('a file changed while it was read');
      rows.push(row);
    }
  }
  return rows;
}

/**
 * Why nobody can say whose a row is: without a visit id, or with cells too many or too few before it. It may be a
 * line of any visit of the file, and a visit without one of its lines is not whole.
 */
function rowAstray(
  table: VisitTable,
  idAt: number,
  { number, cells, problems }: TableRow,
): IntakeProblem | null {
  const [shifted] = problems;
  if (shifted !== undefined && (idAt > 0 || cells[0] === '')) return shifted;
  if (cells[idAt] !== '') return null;
  const column = table.headers[idAt] ?? 'visit.id';
  const why = intakeRefusal('visit-id-missing', { row: number });
  return intakeProblem(why, { row: number, column });
}

/** The visit that these rows of a table are. */
export function visitOf(table: TableHead, visitId: string, rows: readonly TableRow[]): CsvVisit {
  const document: Fields = {};
  const charges: unknown[] = [];
  const chargeRows: number[] = [];
  rows.forEach((row, index) => {
    if (index === 0) fillVisit(document, table.columns, row);
    const charge = chargeOf(table.columns, row);
    if (charge === null) return;
    charges.push({ line: charges.length + 1, ...charge });
    chargeRows.push(row.number);
  });
  if (charges.length > 0) fieldsAt(document, ['visit'])['charges'] = charges;
  const firstRow = rows[0]?.number ?? 1;
  return {
    visitId,
    received: { document, ...receivedCells(table, rows) },
    problems: [...rows.flatMap(({ problems }) => problems), ...disagreements(table, rows)],
    places: {
      ...{ kind: 'csv', firstRow, chargeRows },
      headers: table.columns.map(({ path }, index) => [path, table.headers[index] ?? path]),
    },
  };
}

/**
 * What of a visit's rows is told apart later: cells that are filled, by path. The columns' order, their language and
 * empty columns say nothing.
 */
function receivedCells(
  { columns }: TableHead,
  rows: readonly TableRow[],
): Pick<ReceivedVisit, 'bill' | 'year'> {
  const cellsOf = (row: TableRow | undefined, isWanted: (path: string) => boolean) =>
    Object.fromEntries(
      columns.flatMap(({ path }, index) => {
        const cell = row?.cells[index] ?? '';
        return cell !== '' && isWanted(path) ? [[path, cell]] : [];
      }),
    );
  const isOfYear = (path: string): boolean => path.startsWith('yearToDate.');
  const isOfCharge = (path: string): boolean => path.startsWith('charge.');
  // When it was made says nothing of what it is.
  const isOfSending = (path: string): boolean => path.startsWith('sent.');
  const [first] = rows;
  const year = cellsOf(first, isOfYear);
  return {
    bill: {
      cells: cellsOf(first, (path) => !isOfYear(path) && !isOfCharge(path) && !isOfSending(path)),
      charges: rows.map((row) => cellsOf(row, isOfCharge)),
    },
    year: Object.keys(year).length === 0 ? null : year,
  };
}

type Fields = Record<string, unknown>;

/** The object at a path, made where it is not there yet. The names come from our own table only. */
function fieldsAt(document: Fields, path: readonly string[]): Fields {
  let at = document;
  for (const name of path) {
    const next = (at[name] ?? {}) as Fields;
    at[name] = next;
    at = next;
  }
  return at;
}

function fillVisit(document: Fields, columns: readonly CsvColumn[], row: TableRow): void {
  const visit = fieldsAt(document, ['visit']);
  const person = fieldsAt(document, ['person']);
  person['categories'] = [];
  const principal: Fields = {};
  let others: unknown[] = [];
  columns.forEach(({ path, kind }, index) => {
    const text = row.cells[index] ?? '';
    const [root = '', ...names] = path.split('.');
    if (text === '' || root === 'charge') return;
    const value = valueOfCell(kind, text);
    const last = names.pop() ?? '';
    if (root !== 'diagnosis') fieldsAt(document, [root, ...names])[last] = value;
    else if (last === 'others') others = value as unknown[];
    else principal[last] = value;
  });
  const hasPrincipal = Object.keys(principal).length > 0;
  visit['diagnoses'] = [...(hasPrincipal ? [{ ...principal, principal: true }] : []), ...others];
  const year = document['yearToDate'];
  if (year !== undefined) {
    const none = { includesVisits: [], paid: {}, byStep: {}, levels: [] };
    document['yearToDate'] = { ...none, ...(year as Fields) };
  }
}

/** The charge line of a row; null where all its charge cells are empty, as for a bill of totals only. */
function chargeOf(columns: readonly CsvColumn[], row: TableRow): Fields | null {
  const charge: Fields = { firstSelfPayRatio: null, priceCeiling: null, unit: '' };
  const filled = columns.flatMap(({ path, kind }, index) => {
    const text = row.cells[index] ?? '';
    return text === '' || !path.startsWith('charge.') ? [] : [{ path, kind, text }];
  });
  for (const { path, kind, text } of filled) {
    const [, ...names] = path.split('.');
    const last = names.pop() ?? '';
    fieldsAt(charge, names)[last] = valueOfCell(kind, text);
  }
  return filled.length === 0 ? null : charge;
}

/** Cells of the visit, person and year must say the same in each row of a visit; at most as many as are listed. */
function disagreements(table: TableHead, rows: readonly TableRow[]): IntakeProblem[] {
  const [first, ...later] = rows;
  const found: IntakeProblem[] = [];
  for (const row of later) {
    for (const [index, { path }] of table.columns.entries()) {
      if (path.startsWith('charge.') || row.cells[index] === first?.cells[index]) continue;
      const column = table.headers[index] ?? path;
      const where = { row: row.number, column };
      const why = intakeRefusal('cells-disagree', { ...where, firstRow: first?.number ?? 1 });
      const problem = intakeProblem(why, where);
      // A large file with a wrong first row must not fill the memory with the same complaint.
      if (found.push(problem) === problemsListedMax) return found;
    }
  }
  return found;
}

/** Where a JSON Pointer of the document stands in the file. */
export function placeInCsv(
  { firstRow, chargeRows, headers }: CsvPlaces,
  pointer: string,
): { row: number; column?: string } {
  const [, root = '', ...names] = pointer.split('/');
  if (root === 'visit' && names[0] === 'charges' && names[1] !== undefined) {
    const row = chargeRows[Number(names[1])] ?? firstRow;
    return withColumn(row, headerOf(headers, `charge.${names.slice(2).join('.')}`));
  }
  if (root === 'visit' && names[0] === 'diagnoses') {
    const field = names[1] === '0' && names[2] !== undefined ? names[2] : 'others';
    return withColumn(firstRow, headerOf(headers, `diagnosis.${field}`));
  }
  return withColumn(firstRow, headerOf(headers, [root, ...names].join('.')));
}

function withColumn(row: number, column: string | undefined): { row: number; column?: string } {
  return column === undefined ? { row } : { row, column };
}

/** The header of a path, or of the nearest one above it, as it stands in the file, else as it would. */
function headerOf(headers: CsvPlaces['headers'], path: string): string | undefined {
  for (let at = path; at !== ''; at = at.slice(0, Math.max(0, at.lastIndexOf('.')))) {
    const written = headers.find(([known]) => known === at)?.[1];
    if (written !== undefined) return written;
    if (csvColumns.some((column) => column.path === at)) return at;
  }
  return undefined;
}
