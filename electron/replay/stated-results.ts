import {
  columnLetters,
  isWorkbook,
  readWorkbook,
  workbookBytesMax,
} from '../workbooks/read-workbook.ts';
import type { WorkbookCell, WorkbookProblem } from '../workbooks/read-workbook.ts';
import { openFileBytes, type FileBytes } from '../intake/file-bytes.ts';
import { openTable, tableRowsMax } from '../intake/read-table.ts';
import { whyNot } from '../base/foreign-folder.ts';
import { intakeProblem, type IntakeProblem } from '../intake/intake-problem.ts';
import { intakeRefusal } from '../intake/intake-refusals.ts';
import { accepted, refused, type Result } from '../../shared/domain/result.ts';
import { payerNames } from '../../shared/domain/value-names.ts';
import { fenFromYuanText, yuanTextPattern } from '../../shared/money/yuan-text.ts';
import type { PackDocument } from '../../shared/policy/pack/pack-schema.ts';
import {
  replayRefusal,
  resultsProblem,
  type ResultsProblem,
  type ResultsProblemCode,
} from './replay-refusals.ts';

/** What a payer says it owes on a visit, as a row of its file. */
export type StatedRow = {
  /** As a spreadsheet counts. */
  readonly row: number;
  readonly visitId: string;
  readonly payer: string;
  /** null: for all steps of this payer together. */
  readonly step: string | null;
  readonly amountFen: number;
};

/** Rows by visit, and every payer that the file speaks of. */
export type StatedResults = {
  readonly payers: readonly string[];
  readonly rows: Readonly<Record<string, readonly StatedRow[]>>;
};

/** The columns of a payer's results, by path or by Chinese name. */
export const resultsColumns = [
  { path: 'visit.id', zh: '就诊号', isNeeded: true },
  { path: 'payer', zh: '支付方', isNeeded: true },
  { path: 'step', zh: '支付环节', isNeeded: false },
  { path: 'amount', zh: '支付金额', isNeeded: true },
] as const;
type ColumnPath = (typeof resultsColumns)[number]['path'];

/** A file is mended by a person, who sees enough in these. */
const problemsMax = 50;

/** What payers and steps are called in a file: by id, or as the packs name them. */
export type PayerWords = {
  readonly payers: ReadonlyMap<string, string>;
  readonly steps: ReadonlyMap<string, { readonly id: string; readonly payer: string }>;
};

/** The names that some packs give payers and steps. */
export function payerWordsOf(documents: readonly PackDocument[]): PayerWords {
  const payers = new Map<string, string>();
  const steps = new Map<string, { readonly id: string; readonly payer: string }>();
  for (const [id, { zh }] of Object.entries(payerNames)) payers.set(id, id).set(zh, id);
  for (const { payers: own, steps: all } of documents) {
    for (const { id, name } of own) payers.set(id, id).set(name.zh, id);
    for (const { id, name, payer } of all) {
      payers.set(payer, payer);
      steps.set(id, { id, payer }).set(name.zh, { id, payer });
    }
  }
  return { payers, steps };
}

/**
 * Reads a payer's results: CSV (UTF-8 or GB18030) or a workbook, a row per visit and payer, or per visit, payer and
 * step. All or nothing: anything that is not plainly an id, a payer and an amount refuses the file with row and column.
 */
export function readStatedResults(
  file: string,
  words: PayerWords,
): Result<readonly StatedRow[], 'results-refused'> {
  const bytes = openFileBytes(file);
  if ('problem' in bytes) return refusedFor(file, [asProblem(bytes.problem)]);
  try {
    const table = isWorkbook(bytes.read(0, 8)) ? workbookTable(bytes) : csvTable(bytes);
    if ('problem' in table) return refusedFor(file, [table.problem]);
    const reading = readRows(table, words);
    bytes.assertUnchanged();
    return reading.problems.length > 0
      ? refusedFor(file, reading.problems)
      : accepted(reading.rows);
  } catch (problem) {
    // A stick that was pulled out, or a program that saved the file meanwhile.
    const why = whyNot(problem);
    if (!/^(?:E[A-Z0-9]+|changed-while-read)$/.test(why)) throw problem;
    const gone = intakeProblem(intakeRefusal('file-unreadable', { why }));
    return refusedFor(file, [asProblem(gone)]);
  } finally {
    bytes.close();
  }
}

type CellText =
  { readonly kind: 'text' | 'number'; readonly text: string } | { readonly kind: 'other' };
type Table = {
  readonly rows: Iterable<
    | { readonly number: number; readonly cells: Readonly<Record<ColumnPath, CellText | null>> }
    | { readonly problem: ResultsProblem }
  >;
  /** What a column is called in this file, for messages. */
  readonly nameOf: (path: ColumnPath) => string;
};

function csvTable(bytes: FileBytes): Table | { readonly problem: ResultsProblem } {
  const table = openTable(bytes, resultsColumns);
  if ('problem' in table) return { problem: asProblem(table.problem) };
  const missing = missingColumn(table.columns.map(({ path }) => path));
  if (missing !== null) return { problem: missing };
  const places = new Map(table.columns.map(({ path }, at) => [path, at]));
  function* rows(): Table['rows'] extends Iterable<infer Row> ? Generator<Row> : never {
    if ('problem' in table) return;
    for (const row of table.rows()) {
      if ('damage' in row) {
        yield { problem: asProblem(row.damage) };
        return;
      }
      const [problem] = row.problems;
      if (problem !== undefined) {
        yield { problem: asProblem(problem) };
        continue;
      }
      const cell = (path: ColumnPath): CellText | null => {
        const text = row.cells[places.get(path) ?? -1] ?? '';
        return text === '' ? null : { kind: 'text', text };
      };
      yield { number: row.number, cells: cellsBy(cell) };
    }
  }
  return {
    rows: rows(),
    nameOf: (path) => table.headers[places.get(path) ?? -1] ?? path,
  };
}

function workbookTable(bytes: FileBytes): Table | { readonly problem: ResultsProblem } {
  if (bytes.size > workbookBytesMax) {
    return { problem: workbookProblem({ why: 'too-large', most: '32 MB' }) };
  }
  const read = readWorkbook(bytes.read(0, bytes.size));
  if ('problem' in read) return { problem: workbookProblem(read.problem) };
  const [header, ...body] = read.rows;
  if (header === undefined) return { problem: resultsProblem('no-rows', {}) };
  const places = new Map<ColumnPath, number>();
  for (const [column, cell] of header.cells) {
    const text = cell.kind === 'other' ? '' : cell.text;
    const known = resultsColumns.find(({ path, zh }) => path === text || zh === text);
    const where = { row: header.number, column: columnLetters(column) };
    if (known === undefined) return { problem: resultsProblem('unknown-column', where, text) };
    if (places.has(known.path)) return { problem: resultsProblem('column-twice', where, text) };
    places.set(known.path, column);
  }
  const missing = missingColumn([...places.keys()]);
  if (missing !== null) return { problem: missing };
  const columns = new Set(places.values());
  return {
    rows: body.map((row) => {
      const stray = [...row.cells.keys()].find((column) => !columns.has(column));
      if (stray !== undefined) {
        const where = { row: row.number, column: columnLetters(stray) };
        return { problem: resultsProblem('unknown-column', where, '') };
      }
      const cell = (path: ColumnPath): WorkbookCell | null =>
        row.cells.get(places.get(path) ?? -1) ?? null;
      return { number: row.number, cells: cellsBy(cell) };
    }),
    nameOf: (path) => columnLetters(places.get(path) ?? 0),
  };
}

const cellsBy = (
  cell: (path: ColumnPath) => CellText | null,
): Readonly<Record<ColumnPath, CellText | null>> => ({
  'visit.id': cell('visit.id'),
  payer: cell('payer'),
  step: cell('step'),
  amount: cell('amount'),
});

function missingColumn(found: readonly ColumnPath[]): ResultsProblem | null {
  const missing = resultsColumns.find(({ path, isNeeded }) => isNeeded && !found.includes(path));
  return missing === undefined ? null : resultsProblem('missing-column', { row: 1 }, missing.zh);
}

function readRows(
  { rows, nameOf }: Table,
  words: PayerWords,
): { readonly rows: readonly StatedRow[]; readonly problems: readonly ResultsProblem[] } {
  const read: StatedRow[] = [];
  const problems: ResultsProblem[] = [];
  const seen = new Map<string, number>();
  for (const row of rows) {
    if (problems.length >= problemsMax) break;
    if ('problem' in row) {
      problems.push(row.problem);
      continue;
    }
    const { number, cells } = row;
    const wrong = (code: ResultsProblemCode, path: ColumnPath, said = ''): null => {
      problems.push(resultsProblem(code, { row: number, column: nameOf(path) }, said));
      return null;
    };
    const stated = statedOf(number, cells, words, wrong);
    if (stated === null) continue;
    const key = JSON.stringify([stated.visitId, stated.payer, stated.step]);
    const first = seen.get(key);
    if (first === undefined) seen.set(key, number);
    else wrong('row-twice', 'visit.id', String(first));
    read.push(stated);
    if (read.length > tableRowsMax) {
      problems.push(resultsProblem('too-many-rows', { row: number }, String(tableRowsMax)));
      break;
    }
  }
  if (read.length === 0 && problems.length === 0) problems.push(resultsProblem('no-rows', {}));
  return { rows: read, problems };
}

function statedOf(
  row: number,
  cells: Readonly<Record<ColumnPath, CellText | null>>,
  words: PayerWords,
  wrong: (code: ResultsProblemCode, path: ColumnPath, said?: string) => null,
): StatedRow | null {
  const textIn = (path: ColumnPath): string | null => {
    const cell = cells[path];
    if (cell === null) return wrong('cell-empty', path);
    return cell.kind === 'other' ? wrong('cell-computed', path) : cell.text;
  };
  const visitId = textIn('visit.id');
  const named = textIn('payer');
  const amount = textIn('amount');
  if (visitId === null || named === null || amount === null) return null;
  if (isBrokenId(visitId, cells['visit.id']?.kind === 'number')) {
    return wrong('id-broken', 'visit.id', visitId);
  }
  const payer = words.payers.get(named);
  if (payer === undefined) return wrong('unknown-payer', 'payer', named);
  const amountFen = cells.amount?.kind === 'number' ? fenOfNumber(amount) : fenOfText(amount);
  if (amountFen === null) return wrong('not-an-amount', 'amount', amount);
  if (cells.step === null) return { row, visitId, payer, step: null, amountFen };
  const stepText = textIn('step');
  if (stepText === null) return null;
  const step = words.steps.get(stepText);
  if (step?.payer !== payer) return wrong('unknown-step', 'step', stepText);
  return { row, visitId, payer, step: step.id, amountFen };
}

/** Excel keeps fifteen digits of a number and writes long ones as 4.3E+17: what stood there is gone. */
function isBrokenId(text: string, isNumber: boolean): boolean {
  return isNumber ? !/^\d{1,15}$/.test(text) : /^\d+(?:\.\d+)?[eE][+-]?\d+$/.test(text);
}

const fenOfText = (text: string): number | null =>
  yuanTextPattern.test(text) ? fenFromYuanText(text) : null;

/** A number of Excel is a binary one: 534.9 may stand there as 534.89999999999998, and nothing further off is an amount. */
function fenOfNumber(text: string): number | null {
  const hundredfold = Number(text) * 100;
  if (!/^-?\d+(?:\.\d+)?(?:[eE][+-]?\d{1,2})?$/.test(text)) return null;
  const amount = Math.round(hundredfold);
  if (!Number.isSafeInteger(amount) || Math.abs(amount) > 100_000_000_000) return null;
  return Math.abs(hundredfold - amount) > 0.0001 ? null : amount === 0 ? 0 : amount;
}

function asProblem({ row, column, code, message, remedy }: IntakeProblem): ResultsProblem {
  return {
    code,
    message,
    remedy,
    ...(row === undefined ? {} : { row }),
    ...(column === undefined ? {} : { column }),
  };
}

function workbookProblem(problem: WorkbookProblem): ResultsProblem {
  if (problem.why === 'too-large') return resultsProblem('workbook-too-large', {}, problem.most);
  if (problem.why === 'hidden') return resultsProblem('workbook-hides', { row: problem.row });
  const { row } = problem;
  const where = row === undefined ? {} : { row };
  return resultsProblem(
    problem.why === 'has-password' ? 'workbook-locked' : 'workbook-damaged',
    where,
  );
}

function refusedFor(
  file: string,
  problems: readonly ResultsProblem[],
): Result<never, 'results-refused'> {
  return refused(replayRefusal('results-refused', { file, problems }));
}

/** By visit, for handing on. */
export function byVisit(rows: readonly StatedRow[]): ReadonlyMap<string, readonly StatedRow[]> {
  const found = new Map<string, StatedRow[]>();
  for (const row of rows) {
    const known = found.get(row.visitId);
    if (known === undefined) found.set(row.visitId, [row]);
    else known.push(row);
  }
  return found;
}
