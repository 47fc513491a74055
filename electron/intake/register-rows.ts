import { z } from 'zod';

import { hasRightCheckDigit } from '../../shared/contracts/visit-json-checks.ts';
import { insurances, personCategories } from '../../shared/domain/person.ts';
import { accepted, refused, type Result } from '../../shared/domain/result.ts';
import { decodeText } from './decode-text.ts';
import { readBytes } from './import-files.ts';
import { intakeProblem, problemsListedMax, type IntakeProblem } from './intake-problem.ts';
import { readTable } from './read-table.ts';

/** The columns of a person register. */
export const registerColumns = [
  { path: 'idNumber', zh: '身份证号' },
  { path: 'name', zh: '姓名' },
  { path: 'category', zh: '人员类别' },
  { path: 'from', zh: '认定日期' },
  { path: 'until', zh: '截止日期' },
  { path: 'insurance', zh: '参保类型' },
  { path: 'insuredPlace', zh: '参保地' },
] as const;

const registerRowSchema = z.strictObject({
  idNumber: z
    .string()
    .regex(/^\d{17}[\dX]$/)
    .refine(hasRightCheckDigit),
  name: z.string().min(1).max(100),
  category: z.enum(personCategories),
  from: z.iso.date().optional(),
  until: z.iso.date().optional(),
  insurance: z.enum(insurances).optional(),
  insuredPlace: z
    .string()
    .regex(/^\d{6}$/)
    .optional(),
});

/** One recognition of one person, as a register writes it. */
export type RegisterRow = z.infer<typeof registerRowSchema> & { readonly row: number };

/**
 * The rows of a register, CSV or a JSON list. One bad row refuses the whole file: what is not in the file
 * is taken from its person, so a row left out would silently cost somebody a category.
 */
export async function readRegister(file: string): Promise<Result<readonly RegisterRow[]>> {
  const bytes = await readBytes(file);
  if ('problem' in bytes) return refusedAs([bytes.problem]);
  const text = decodeText(bytes);
  if (!text.ok) return text;
  const start = text.value.trimStart();
  const raw = start.startsWith('[') ? rawOfJson(start) : rawOfCsv(text.value);
  if ('problem' in raw) return refusedAs([raw.problem]);
  // An export that came out empty must not take everybody's category away.
  if (raw.rows.length === 0) {
    return refusedAs([intakeProblem('no-rows', '名单里没有人', 'The register names nobody')]);
  }
  const rows: RegisterRow[] = [];
  const problems: IntakeProblem[] = [...raw.problems];
  raw.rows.forEach(({ row, value }) => {
    const read = registerRowSchema.safeParse(value);
    if (!read.success) problems.push(...read.error.issues.map((issue) => problemOf(row, issue)));
    else if ((read.data.from ?? '') > (read.data.until ?? '9999')) problems.push(untilFirst(row));
    else rows.push({ ...read.data, row });
  });
  return problems.length > 0 ? refusedAs(problems) : accepted(rows);
}

type RawRows = {
  readonly rows: readonly { readonly row: number; readonly value: unknown }[];
  readonly problems: readonly IntakeProblem[];
};

function rawOfCsv(text: string): RawRows | { readonly problem: IntakeProblem } {
  const table = readTable(text, registerColumns);
  if (table.kind === 'refused') return table;
  const rows = table.rows.map(({ number, cells }) => {
    const pairs = table.columns.map(({ path }, index) => [path, cells[index] ?? ''] as const);
    return { row: number, value: Object.fromEntries(pairs.filter(([, cell]) => cell !== '')) };
  });
  return { rows, problems: table.rows.flatMap(({ problems }) => problems) };
}

function rawOfJson(text: string): RawRows | { readonly problem: IntakeProblem } {
  try {
    const values = z.array(z.unknown()).parse(JSON.parse(text));
    return { rows: values.map((value, index) => ({ row: index + 1, value })), problems: [] };
  } catch {
    const problem = intakeProblem(
      'damaged-json',
      '不是完整的 JSON 列表',
      'It is no whole JSON list',
    );
    return { problem };
  }
}

function problemOf(row: number, issue: z.core.$ZodIssue): IntakeProblem {
  const column = String(issue.path[0] ?? '');
  return intakeProblem(
    'register-row-wrong',
    `第 ${String(row)} 行“${column}”缺少或不合要求`,
    `Row ${String(row)}: ${column} is missing or not as it must be`,
    { row, column },
  );
}

function untilFirst(row: number): IntakeProblem {
  return intakeProblem(
    'register-row-wrong',
    `第 ${String(row)} 行截止日期早于认定日期`,
    `Row ${String(row)}: until is before from`,
    { row, column: 'until' },
  );
}

function refusedAs(problems: readonly IntakeProblem[]): Result<never> {
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
