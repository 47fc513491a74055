import { z } from 'zod';

import { accepted, refused, type Result } from '../../shared/domain/result.ts';
import { decodeText } from './decode-text.ts';
import { openFileBytes, type FileBytes } from './file-bytes.ts';
import { intakeProblem, problemsListedMax, type IntakeProblem } from './intake-problem.ts';
import { intakeRefusal, type IntakeCode } from './intake-refusals.ts';
import { unfitTextIn, unfitTextProblem } from './unfit-text.ts';
import { openTable, type NamedColumn, type OpenTable } from './read-table.ts';
import { csvBytesMax, jsonBytesMax, kindOf, tooLarge } from './read-visits-file.ts';

/** What a register's rows look like. */
export type RegisterForm<Row> = {
  readonly columns: readonly NamedColumn[];
  readonly row: z.ZodType<Row>;
  /** What is wrong with rows that are each right in form, as seen together or between their cells. */
  readonly check: (rows: readonly Numbered<Row>[]) => readonly IntakeProblem<IntakeCode>[];
};

/** As a spreadsheet counts in a CSV, where the header is row 1; from 1 in a JSON list. */
export type Numbered<Row> = Row & { readonly row: number };

/**
 * The rows of a register, CSV or a JSON list. One bad row refuses the whole file: what is not in the file is taken
 * from its person, so a row left out would silently cost somebody what he has.
 */
export function readRegisterFile<Row extends object>(
  file: string,
  form: RegisterForm<Row>,
): Result<readonly Numbered<Row>[], IntakeCode> {
  const bytes = openFileBytes(file);
  if ('problem' in bytes) return refusedAs([bytes.problem]);
  try {
    return readRows(bytes, form);
  } finally {
    bytes.close();
  }
}

function readRows<Row extends object>(
  bytes: FileBytes,
  form: RegisterForm<Row>,
): Result<readonly Numbered<Row>[], IntakeCode> {
  const kind = kindOf(bytes);
  if (kind === 'workbook') return refusedAs([intakeProblem(intakeRefusal('unknown-file-kind'))]);
  if (kind === 'empty') return refusedAs([intakeProblem(intakeRefusal('empty-file'))]);
  const raw = kind === 'json' ? rawOfJson(bytes) : rawOfCsv(bytes, form.columns);
  if ('problem' in raw) return refusedAs([raw.problem]);
  const rows: Numbered<Row>[] = [];
  const problems: IntakeProblem<IntakeCode>[] = [];
  let hasRows = false;
  for (const { row, value, problems: ofRow } of raw.rows) {
    hasRows = true;
    if (problems.length >= problemsListedMax) break;
    const unfit = unfitTextIn(value);
    const read = form.row.safeParse(value);
    problems.push(...ofRow);
    if (unfit !== null)
      problems.push(unfitTextProblem(unfit, { row, column: unfit.place.slice(1) }));
    else if (read.success) rows.push({ ...read.data, row });
    else problems.push(...read.error.issues.map((issue) => problemOf(row, issue)));
  }
  // An export that came out empty must not take from everybody what they have.
  if (!hasRows) return refusedAs([intakeProblem(intakeRefusal('no-rows', { of: 'register' }))]);
  problems.push(...form.check(rows));
  return problems.length > 0 ? refusedAs(problems) : accepted(rows);
}

/** What is wrong with one row of a register. */
export function rowProblem(
  row: number,
  zh: string,
  en: string,
  column: string,
): IntakeProblem<IntakeCode> {
  return intakeProblem(intakeRefusal('register-row-wrong', { row, zh, en }), { row, column });
}

type RawRow = {
  readonly row: number;
  readonly value: unknown;
  readonly problems: readonly IntakeProblem<IntakeCode>[];
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
      yield { row: row.damage.row ?? 0, value: null, problems: [row.damage] };
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

function problemOf(row: number, issue: z.core.$ZodIssue): IntakeProblem<IntakeCode> {
  const column = String(issue.path[0] ?? '');
  return rowProblem(
    row,
    `“${column}”缺少或不合要求`,
    `${column} is missing or not as it must be`,
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
