import { z } from 'zod';

import { problemAt } from '../../shared/contracts/visit-json-problems.ts';
import { identityDocuments } from '../../shared/domain/closed-values.ts';
import { readIdentityNumber } from '../../shared/domain/identity-number.ts';
import { problemOfNumber } from '../../shared/domain/number-words.ts';
import { accepted, refused, type Result } from '../../shared/domain/result.ts';
import { decodeText } from './decode-text.ts';
import { openFileBytes, type FileBytes } from './file-bytes.ts';
import { intakeProblem, problemsListedMax, type IntakeProblem } from './intake-problem.ts';
import { intakeRefusal, type IntakeCode } from './intake-refusals.ts';
import { unfitTextIn, unfitTextProblem } from './unfit-text.ts';
import { openTable, type NamedColumn, type OpenTable } from './read-table.ts';
import { csvBytesMax, jsonBytesMax, kindOf } from './read-visits-file.ts';
import { withoutUtf16 } from './text-of-utf16.ts';
import { withoutWorkbook } from './text-of-workbook.ts';
import { tooLarge } from './too-large.ts';

/** What a register's rows look like. */
export type RegisterForm<Row> = {
  readonly columns: readonly NamedColumn[];
  readonly row: z.ZodType<Row>;
  /** The number of its person, where a row as it came names one that can be read; else what is wrong with it. */
  readonly numberOf: (value: Cells, row: number) => NumberOfRow;
  /** By what a row is known from others, from what it says; null where that cannot be told. */
  readonly keyOf: (value: Cells, idNumber: string | null) => string | null;
  /** What is wrong with rows that are each right in form, as seen together or between their cells. */
  readonly check: (rows: readonly Numbered<Row>[]) => readonly RowProblem[];
};

/** The cells of a row by path, as they came. */
export type Cells = Readonly<Record<string, unknown>>;
export type NumberOfRow = { readonly idNumber: string } | { readonly problem: RowProblem };

/** As a spreadsheet counts in a CSV, where the header is row 1; from 1 in a JSON list. */
export type Numbered<Row> = Row & { readonly row: number };

export type RowProblem = IntakeProblem<IntakeCode> & { readonly row: number };

/** A row that is not taken, and of whom or what it speaks as far as that can be told: there all stays as it was. */
export type RowSetAside = {
  readonly problem: RowProblem;
  readonly key: string | null;
  readonly name: string | null;
};

/** The rows of a register that can be taken, and those that cannot. */
export type RegisterRows<Row> = {
  readonly rows: readonly Numbered<Row>[];
  readonly setAside: readonly RowSetAside[];
};

/** A file with more bad rows than this is damaged as a whole. */
const rowsSetAsideMost = 10_000;

/**
 * The rows of a register, CSV or a JSON list. A bad row is set aside alone, with what it is known by, so that who imports
 * can leave its person as he was; where no row is right, or the file itself is damaged, the whole file is refused.
 */
export function readRegisterFile<Row extends object>(
  file: string,
  form: RegisterForm<Row>,
): Result<RegisterRows<Row>, IntakeCode> {
  const bytes = openFileBytes(file);
  if ('problem' in bytes) return refusedAs([bytes.problem]);
  try {
    const read = readRows(bytes, form);
    // Whoever a register does not name loses what it said: half a file is none.
    bytes.assertUnchanged();
    return read;
  } finally {
    bytes.close();
  }
}

function readRows<Row extends object>(
  written: FileBytes,
  form: RegisterForm<Row>,
): Result<RegisterRows<Row>, IntakeCode> {
  const unpacked = withoutWorkbook(written);
  if ('problem' in unpacked) return refusedAs([unpacked.problem]);
  const bytes = withoutUtf16(unpacked);
  if ('problem' in bytes) return refusedAs([bytes.problem]);
  const kind = kindOf(bytes);
  if (kind === 'empty') return refusedAs([intakeProblem(intakeRefusal('empty-file'))]);
  const raw = kind === 'json' ? rawOfJson(bytes) : rawOfCsv(bytes, form.columns);
  if ('problem' in raw) return refusedAs([raw.problem]);
  const rows: Numbered<Row>[] = [];
  const keys = new Map<number, Pick<RowSetAside, 'key' | 'name'>>();
  const setAside: RowSetAside[] = [];
  for (const { row, value, problems, damage } of raw.rows) {
    if (damage !== undefined) return refusedAs([damage]);
    const read = readRow(form, { row, value, problems });
    if ('setAside' in read) setAside.push(read.setAside);
    else {
      rows.push(read.value);
      keys.set(row, read);
    }
    if (setAside.length > rowsSetAsideMost) return refusedAs(setAside.map(problemOfRow));
  }
  const wrong = Map.groupBy(form.check(rows), ({ row }) => row);
  for (const [row, [problem]] of wrong) {
    if (problem !== undefined) setAside.push({ problem, ...(keys.get(row) ?? nobody) });
  }
  const right = rows.filter(({ row }) => !wrong.has(row));
  setAside.sort((one, other) => one.problem.row - other.problem.row);
  if (right.length > 0) return accepted({ rows: right, setAside });
  // An export that came out empty must not take from everybody what they have.
  return setAside.length > 0
    ? refusedAs(setAside.map(problemOfRow))
    : refusedAs([intakeProblem(intakeRefusal('no-rows', { of: 'register' }))]);
}

const problemOfRow = ({ problem }: RowSetAside): RowProblem => problem;
const nobody = { key: null, name: null } as const;

type ReadRow<Row> =
  | { readonly setAside: RowSetAside }
  | ({ readonly value: Numbered<Row> } & Pick<RowSetAside, 'key' | 'name'>);

function readRow<Row extends object>(
  form: RegisterForm<Row>,
  { row, value, problems }: Pick<RawRow, 'row' | 'value' | 'problems'>,
): ReadRow<Row> {
  // Cells that are too few or too many are of columns nobody can tell.
  const [shifted] = problems;
  if (shifted !== undefined) return { setAside: { problem: { ...shifted, row }, ...nobody } };
  const cells = (typeof value === 'object' && value !== null ? value : {}) as Cells;
  const unfit = unfitTextIn(value);
  if (unfit !== null) {
    const where = { row, column: unfit.place.slice(1) };
    return { setAside: { problem: { ...unfitTextProblem(unfit, where), row }, ...nobody } };
  }
  const number = form.numberOf(cells, row);
  const idNumber = 'idNumber' in number ? number.idNumber : null;
  const { name } = cells;
  const known = {
    key: form.keyOf(cells, idNumber),
    name: typeof name === 'string' && name.trim() !== '' ? name : null,
  };
  if ('problem' in number) return { setAside: { problem: number.problem, ...known } };
  const read = form.row.safeParse({ ...cells, idNumber: number.idNumber });
  if (read.success) return { value: { ...read.data, row }, ...known };
  const [issue] = read.error.issues;
  return { setAside: { problem: problemOf(form, { row, cells }, issue), ...known } };
}

/** What is wrong with one row of a register. */
export function rowProblem(row: number, zh: string, en: string, column: string): RowProblem {
  const problem = intakeProblem(intakeRefusal('register-row-wrong', { row, zh, en }), { column });
  return { ...problem, row };
}

/** The number of a row's person, or what is wrong with it. */
export function numberOfRow(value: Cells, row: number): NumberOfRow {
  const { idNumber: cell, document, birthDate } = value;
  const written = typeof cell === 'string' ? cell : '';
  const reading = readIdentityNumber(written, {
    document: identityDocuments.find((known) => known === document),
    birthDate: typeof birthDate === 'string' ? birthDate : undefined,
  });
  if (reading.kind === 'read') return { idNumber: reading.number };
  const problem = problemOfNumber(written, reading);
  if (problem === null) throw new Error('a number that is read has no problem');
  const { code } = problem;
  const { message, remedy } = problemAt(['idNumber'], code, problem.why);
  const at = { zh: `第 ${String(row)} 行 ${message.zh}`, en: `row ${String(row)}, ${message.en}` };
  return { problem: { row, column: 'idNumber', code, message: at, remedy } };
}

type RawRow = {
  readonly row: number;
  readonly value: unknown;
  readonly problems: readonly IntakeProblem<IntakeCode>[];
  /** From here on no row can be told. */
  readonly damage?: IntakeProblem<IntakeCode>;
};
type RawRows =
  { readonly rows: Iterable<RawRow> } | { readonly problem: IntakeProblem<IntakeCode> };

function rawOfCsv(bytes: FileBytes, columns: readonly NamedColumn[]): RawRows {
  if (bytes.size > csvBytesMax) return tooLarge('512 MB (CSV)');
  const table = openTable(bytes, columns);
  return 'problem' in table ? table : { rows: rawRowsOf(table) };
}

function* rawRowsOf(table: OpenTable<NamedColumn>): Generator<RawRow> {
  for (const row of table.rows()) {
    if ('damage' in row) {
      yield { row: row.damage.row ?? 0, value: null, problems: [], damage: row.damage };
      return;
    }
    const { number, cells, problems } = row;
    const pairs = table.columns.map(({ path }, index) => [path, cells[index] ?? ''] as const);
    const value = Object.fromEntries(pairs.filter(([, cell]) => cell !== ''));
    yield { row: number, value, problems };
  }
}

function rawOfJson(bytes: FileBytes): RawRows {
  if (bytes.size > jsonBytesMax) return tooLarge('8 MB (JSON)');
  const text = decodeText(bytes.read(0, bytes.size));
  if (!text.ok) return { problem: intakeProblem(text.refusal) };
  try {
    const values = z.array(z.unknown()).parse(JSON.parse(text.value));
    const rows = values.map((value, index) => ({ row: index + 1, value, problems: [] }));
    return { rows };
  } catch {
    return { problem: intakeProblem(intakeRefusal('damaged-json', { line: null })) };
  }
}

function problemOf<Row>(
  { columns }: RegisterForm<Row>,
  { row, cells }: { readonly row: number; readonly cells: Cells },
  issue: z.core.$ZodIssue | undefined,
): RowProblem {
  const unknown = issue?.code === 'unrecognized_keys' ? issue.keys[0] : undefined;
  const column = unknown ?? String(issue?.path[0] ?? '');
  const { zh } = columns.find(({ path }) => path === column) ?? { zh: column };
  const cell = cells[column];
  if (cell === undefined) return rowProblem(row, `缺少“${zh}”`, `${column} is missing`, column);
  const read = typeof cell === 'string' ? cell.slice(0, 60) : JSON.stringify(cell).slice(0, 60);
  return rowProblem(
    row,
    `“${zh}”不合要求，读到“${read}”`,
    `${column} is not as it must be; "${read}" was read`,
    column,
  );
}

function refusedAs(problems: readonly IntakeProblem<IntakeCode>[]): Result<never, IntakeCode> {
  const [first] = problems;
  if (first === undefined) throw new Error('a refusal without a problem');
  const { code, message, remedy, row } = first;
  const details = problems.slice(0, problemsListedMax);
  return refused({
    code,
    message,
    remedy,
    details,
    ...(row === undefined ? {} : { place: `row ${String(row)}` }),
  });
}
