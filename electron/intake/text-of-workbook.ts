import {
  columnLetters,
  isWorkbook,
  openWorkbook,
  workbookBytesMax,
  type WorkbookCell,
  type WorkbookProblem,
  type WorkbookRow,
} from '../workbooks/read-workbook.ts';
import { inMemory, type FileBytes } from './file-bytes.ts';
import { intakeProblem, type IntakeProblem } from './intake-problem.ts';
import { intakeRefusal, type IntakeCode, type NotPlainCell } from './intake-refusals.ts';
import { tooLarge } from './too-large.ts';

type Refused = { readonly problem: IntakeProblem<IntakeCode> };

/**
 * A file as all others here are: the first sheet of a workbook as a table of texts in UTF-8, its rows where Excel counts them.
 * What a cell is decides how it is read: a text stays a text; a figure is written as Excel shows it; one of more digits than
 * Excel keeps is broken, and is refused, or left to look broken where it is the number of a person, so that its row alone is;
 * under the header of a day a figure is the day it counts. A formula, a truth or an error is nobody's guess.
 */
export function withoutWorkbook(file: FileBytes): FileBytes | Refused {
  if (!isWorkbook(file.read(0, 8))) return file;
  if (file.size > workbookBytesMax) return tooLarge('32 MB (XLSX)');
  const workbook = openWorkbook(file.read(0, file.size));
  if ('problem' in workbook) return refusedAs(workbook.problem);
  const { countsFrom1904 } = workbook;
  const pieces: Buffer[] = [Buffer.from('\uFEFF')];
  let lines: string[] = [];
  let last = 0;
  let header: Header | null = null;
  for (const row of workbook.rows()) {
    if ('problem' in row) return refusedAs(row.problem);
    if (header === null) {
      const title = titleIn(row);
      if (title !== null) {
        const refusal = intakeRefusal('title-above-header', { title });
        return { problem: intakeProblem(refusal, { row: row.number }) };
      }
    }
    header ??= headerOf(row, countsFrom1904);
    const texts = textsOf(row, header);
    if ('problem' in texts) return texts;
    for (; last < row.number - 1; last += 1) lines.push('');
    lines.push(texts.map(quoted).join(','));
    last = row.number;
    if (lines.length < linesAtOnce) continue;
    pieces.push(Buffer.from(`${lines.join('\n')}\n`));
    lines = [];
  }
  pieces.push(Buffer.from(lines.join('\n')));
  return inMemory(Buffer.concat(pieces), () => {
    file.close();
  });
}

/** Rows that are made bytes at a time: texts of a whole sheet take several times their bytes. */
const linesAtOnce = 1000;

const quoted = (text: string): string =>
  /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;

/** How much of a title is said again. */
const titleMax = 40;

/** What stands alone in the first row: no table of one column is taken in, and of merged cells only the first has a text. */
function titleIn({ number, cells }: WorkbookRow): string | null {
  const filled = [...cells.values()].filter((cell) => cell.kind !== 'text' || cell.text !== '');
  const [only] = filled;
  if (number !== 1 || only?.kind !== 'text' || filled.length > 1) return null;
  return only.text.slice(0, titleMax);
}

/** What the first row says of the others. */
type Header = {
  readonly columns: number;
  /** Columns whose cells are days. */
  readonly days: ReadonlySet<number>;
  /** Columns of the numbers of persons. */
  readonly numbers: ReadonlySet<number>;
  readonly countsFrom1904: boolean;
};

/** Headers by path and by their Chinese name. */
const dayHeader =
  /(?:On|Date|From|asOf|\.on|\.until|^from|^until)$|日期$|累计截至|慢特病认定[起止]/;
const numberHeader = /idNumber$|身份证号$/;

function headerOf({ cells }: WorkbookRow, countsFrom1904: boolean): Header {
  const named = (header: RegExp): ReadonlySet<number> =>
    new Set(
      [...cells].flatMap(([column, cell]) =>
        cell.kind === 'text' && header.test(cell.text) ? [column] : [],
      ),
    );
  const columns = Math.max(...cells.keys()) + 1;
  return { columns, days: named(dayHeader), numbers: named(numberHeader), countsFrom1904 };
}

function textsOf({ number, cells }: WorkbookRow, header: Header): readonly string[] | Refused {
  const texts: string[] = [];
  const columns = Math.max(header.columns, ...[...cells.keys()].map((column) => column + 1));
  for (let column = 0; column < columns; column += 1) {
    const cell = cells.get(column);
    const text = cell === undefined ? '' : textOf(cell, column, header);
    if (typeof text !== 'string') {
      const at = { row: number, column: columnLetters(column) };
      return { problem: intakeProblem(intakeRefusal('cell-not-plain', { ...at, ...text }), at) };
    }
    texts.push(text);
  }
  return texts;
}

type Unreadable = { readonly what: NotPlainCell };

function textOf(
  cell: WorkbookCell,
  column: number,
  { days, numbers, countsFrom1904 }: Header,
): string | Unreadable {
  switch (cell.kind) {
    case 'text':
      return cell.text;
    case 'number': {
      const value = Number(cell.text);
      if (!(Math.abs(value) < 10 ** digitsOfExcel)) {
        return numbers.has(column) ? value.toExponential().toUpperCase() : { what: 'long-figure' };
      }
      return (days.has(column) ? dayOf(value, countsFrom1904) : null) ?? figureOf(cell.text, value);
    }
    case 'other':
      return { what: cell.what };
  }
}

/** As many digits as Excel keeps. */
const digitsOfExcel = 15;

/** Excel counts a day that never was, 29 February 1900: before it nobody can tell which day was meant. */
const firstSureDay = 61;
/** The last day of 2099. */
const lastDay = 73_050;
const daysUntil1904 = 1462;
const millisecondsOfDay = 86_400_000;

function dayOf(figure: number, countsFrom1904: boolean): string | null {
  const days = Math.floor(figure) + (countsFrom1904 ? daysUntil1904 : 0);
  if (!(days >= firstSureDay && days <= lastDay)) return null;
  return new Date(Date.UTC(1899, 11, 30) + days * millisecondsOfDay).toISOString().slice(0, 10);
}

/** A figure without the dust of its binary form: 0.30000000000000004 is 0.3. */
export function figureOf(written: string, value: number): string {
  const shown = String(Number(value.toPrecision(digitsOfExcel)));
  return shown.includes('e') ? written : shown;
}

function refusedAs(problem: WorkbookProblem): Refused {
  if (problem.why === 'too-large') return tooLarge(problem.most);
  if (problem.why === 'hidden') {
    const { row, by } = problem;
    return { problem: intakeProblem(intakeRefusal('workbook-hides', { row, by }), { row }) };
  }
  const { why, row } = problem;
  const place = row === undefined ? {} : { row };
  return { problem: intakeProblem(intakeRefusal('workbook-unreadable', { why }), place) };
}
