import { z } from 'zod';

import { accepted, refused, type Result } from '../../shared/domain/result.ts';
import { decodeText } from './decode-text.ts';
import { readBytes } from './import-files.ts';
import { intakeProblem, problemsListedMax, type IntakeProblem } from './intake-problem.ts';
import { intakeRefusal, type IntakeCode } from './intake-refusals.ts';
import { nulIn, nulProblem } from './nul-in-text.ts';
import { readTable, type NamedColumn } from './read-table.ts';

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
export async function readRegisterFile<Row extends object>(
  file: string,
  form: RegisterForm<Row>,
): Promise<Result<readonly Numbered<Row>[], IntakeCode>> {
  const bytes = await readBytes(file);
  if ('problem' in bytes) return refusedAs([bytes.problem]);
  const text = decodeText(bytes);
  if (!text.ok) return text;
  const start = text.value.trimStart();
  const raw = start.startsWith('[') ? rawOfJson(start) : rawOfCsv(text.value, form.columns);
  if ('problem' in raw) return refusedAs([raw.problem]);
  // An export that came out empty must not take from everybody what they have.
  if (raw.rows.length === 0) {
    return refusedAs([intakeProblem(intakeRefusal('no-rows', { of: 'register' }))]);
  }
  const rows: Numbered<Row>[] = [];
  const problems: IntakeProblem<IntakeCode>[] = [...raw.problems];
  for (const { row, value } of raw.rows) {
    const nul = nulIn(value);
    const read = form.row.safeParse(value);
    if (nul !== null) problems.push(nulProblem({ row, column: nul.slice(1) }));
    else if (read.success) rows.push({ ...read.data, row });
    else problems.push(...read.error.issues.map((issue) => problemOf(row, issue)));
  }
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

type RawRows = {
  readonly rows: readonly { readonly row: number; readonly value: unknown }[];
  readonly problems: readonly IntakeProblem<IntakeCode>[];
};

function rawOfCsv(
  text: string,
  columns: readonly NamedColumn[],
): RawRows | { readonly problem: IntakeProblem<IntakeCode> } {
  const table = readTable(text, columns);
  if (table.kind === 'refused') return table;
  const rows = table.rows.map(({ number, cells }) => {
    const pairs = table.columns.map(({ path }, index) => [path, cells[index] ?? ''] as const);
    return { row: number, value: Object.fromEntries(pairs.filter(([, cell]) => cell !== '')) };
  });
  return { rows, problems: table.rows.flatMap(({ problems }) => problems) };
}

function rawOfJson(text: string): RawRows | { readonly problem: IntakeProblem<IntakeCode> } {
  try {
    const values = z.array(z.unknown()).parse(JSON.parse(text));
    return { rows: values.map((value, index) => ({ row: index + 1, value })), problems: [] };
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
  const { code, message, row } = first;
  const details = problems.slice(0, problemsListedMax);
  return refused({
    code,
    message,
    details,
    ...(row === undefined ? {} : { place: `row ${String(row)}` }),
  });
}
