import { isDay } from '../../shared/domain/day.ts';
import { z } from 'zod';

import { decodeText } from '../intake/decode-text.ts';
import { inMemory } from '../intake/file-bytes.ts';
import { intakeProblem, type IntakeProblem } from '../intake/intake-problem.ts';
import { openTable } from '../intake/read-table.ts';
import { withoutWorkbook } from '../intake/text-of-workbook.ts';
import { fenFromYuanText, yuanTextFromFen, yuanTextPattern } from '../../shared/money/yuan-text.ts';
import { fen, fenMax, type Fen } from '../../shared/money/fen.ts';
import { remittanceProblem } from './reconciliation-refusals.ts';
import { remittanceColumns, trailerWords, type RemittancePath } from './remittance-columns.ts';

/** A line as its payer wrote it: whose, which item, four figures, and why less was paid. */
export type StatedLine = {
  readonly reference: string;
  /** null: the whole claim. */
  readonly step: string | null;
  readonly claimedFen: Fen;
  readonly approvedFen: Fen;
  readonly adjustedFen: Fen;
  readonly paidFen: Fen;
  readonly code: string | null;
  readonly words: string | null;
};

/** A remittance whose form and sums are right. */
export type StatedRemittance = {
  readonly number: string;
  readonly paidOn: string;
  readonly lines: readonly StatedLine[];
  readonly sums: LineSums;
};

export type LineSums = {
  readonly claimedFen: Fen;
  readonly approvedFen: Fen;
  readonly adjustedFen: Fen;
  readonly paidFen: Fen;
};

type Reading =
  { readonly remittance: StatedRemittance } | { readonly problems: readonly IntakeProblem[] };

/** A file is booked in one unit of work, which must not keep the windows waiting. */
export const remittanceLinesMax = 5_000;
/** So many problems are enough to see what is wrong with a file. */
const problemsMax = 50;
const referenceMax = 64;
const wordsMax = 200;

/** The texts of a line, by column, with where they stand. */
type Row = {
  readonly at: Pick<IntakeProblem, 'row' | 'place'>;
  readonly text: (path: RemittancePath) => string;
};

/**
 * Reads a payer's remittance: CSV (UTF-8 or GB18030), a workbook, or JSON. All of it is right in itself or the file is
 * refused: every amount, approved less adjusted is paid on each line, one remittance in a file, and the trailer's count and
 * sums, without which nobody knows whether the file is whole.
 */
export function readRemittance(bytes: Buffer): Reading {
  const isJson = /^\s*\{/.test(
    bytes.subarray(0, 64).toString('latin1').replace('\u00EF\u00BB\u00BF', ''),
  );
  const rows = isJson ? rowsOfJson(bytes) : rowsOfTable(bytes);
  return 'problems' in rows ? rows : remittanceOf(rows.rows);
}

function rowsOfTable(
  bytes: Buffer,
): { readonly rows: readonly Row[] } | { readonly problems: readonly IntakeProblem[] } {
  const file = withoutWorkbook(inMemory(bytes, () => undefined));
  if ('problem' in file) return { problems: [file.problem] };
  const table = openTable(file, remittanceColumns);
  if ('problem' in table) return { problems: [table.problem] };
  const places = new Map<RemittancePath, number>(
    table.columns.map(({ path }, at): [RemittancePath, number] => [path, at]),
  );
  const missing = remittanceColumns.filter(({ path, isNeeded }) => isNeeded && !places.has(path));
  if (missing.length > 0)
    return {
      problems: missing.map(({ zh, path }) =>
        intakeProblem(remittanceProblem('column-missing', { zh, path }), { row: 1 }),
      ),
    };
  const rows: Row[] = [];
  for (const row of table.rows()) {
    if ('damage' in row) return { problems: [row.damage] };
    if (row.problems.length > 0) return { problems: row.problems };
    const { cells, number } = row;
    rows.push({
      at: { row: number },
      text: (path) => cells[places.get(path) ?? -1]?.trim() ?? '',
    });
    if (rows.length > remittanceLinesMax + 1) return tooMany(number);
  }
  return { rows };
}

const tooMany = (row: number) => ({
  problems: [
    intakeProblem(remittanceProblem('remittance-too-long', { most: remittanceLinesMax }), { row }),
  ],
});

const figures = {
  claimed: z.string(),
  approved: z.string(),
  adjusted: z.string(),
  paid: z.string(),
};
const jsonSchema = z.strictObject({
  remittance: z.string(),
  paidOn: z.string(),
  lines: z.array(
    z.strictObject({
      claim: z.string(),
      item: z.string().optional(),
      ...figures,
      code: z.string().optional(),
      reason: z.string().optional(),
    }),
  ),
  trailer: z.strictObject({ lines: z.int(), ...figures }),
});

function rowsOfJson(
  bytes: Buffer,
): { readonly rows: readonly Row[] } | { readonly problems: readonly IntakeProblem[] } {
  const text = decodeText(bytes);
  if (!text.ok) return { problems: [intakeProblem(text.refusal)] };
  const wrong = (said: string, place?: string) => ({
    problems: [
      intakeProblem(
        remittanceProblem('remittance-json-wrong', { said }),
        place === undefined ? {} : { place },
      ),
    ],
  });
  let json: unknown;
  try {
    json = JSON.parse(text.value.replace(/^\uFEFF/, ''));
  } catch (problem) {
    return wrong(problem instanceof Error ? problem.message : String(problem));
  }
  const read = jsonSchema.safeParse(json);
  if (!read.success) {
    const [issue] = read.error.issues;
    return wrong(issue?.message ?? '', `/${(issue?.path ?? []).map(String).join('/')}`);
  }
  const { remittance, paidOn, lines, trailer } = read.data;
  if (lines.length > remittanceLinesMax) return tooMany(lines.length);
  const rowOf = (place: string, own: Partial<Record<RemittancePath, string>>): Row => ({
    at: { place },
    text: (path) => ({ remittance, paidOn, ...own })[path]?.trim() ?? '',
  });
  return {
    rows: [
      ...lines.map(({ item = '', code = '', reason = '', ...line }, at) =>
        rowOf(`/lines/${String(at)}`, { ...line, item, code, reason }),
      ),
      rowOf('/trailer', { ...trailer, lines: String(trailer.lines), claim: trailerWords[0] ?? '' }),
    ],
  };
}

const amountPaths = ['claimed', 'approved', 'adjusted', 'paid'] as const;

function remittanceOf(rows: readonly Row[]): Reading {
  const problems: IntakeProblem[] = [];
  const wrong = (
    refusal: Parameters<typeof intakeProblem>[0],
    { at }: Row,
    column?: RemittancePath,
  ): void => {
    if (problems.length < problemsMax)
      problems.push(intakeProblem(refusal, { ...at, ...(column === undefined ? {} : { column }) }));
  };
  const first = rows[0];
  const trailer = rows.at(-1);
  if (first === undefined || trailer === undefined)
    return { problems: [intakeProblem(remittanceProblem('no-lines'))] };
  const isTrailer = (row: Row): boolean => trailerWords.includes(row.text('claim').toUpperCase());
  if (!isTrailer(trailer)) wrong(remittanceProblem('trailer-missing'), trailer, 'claim');
  const own = isTrailer(trailer) ? rows.slice(0, -1) : rows;
  if (own.length === 0) wrong(remittanceProblem('no-lines'), trailer);
  const number = needed(first, 'remittance', wrong, referenceMax);
  const paidOn = needed(first, 'paidOn', wrong, referenceMax);
  if (paidOn !== '' && !isDay(paidOn))
    wrong(remittanceProblem('day-wrong', { said: paidOn }), first, 'paidOn');
  const lines: StatedLine[] = [];
  for (const row of own) {
    if (isTrailer(row)) wrong(remittanceProblem('trailer-not-last'), row, 'claim');
    for (const path of ['remittance', 'paidOn'] as const) {
      const said = row.text(path);
      if (said !== first.text(path))
        wrong(remittanceProblem('header-differs', columnNamed(path)), row, path);
    }
    const line = lineOf(row, wrong);
    if (line !== null) lines.push(line);
  }
  const stated = amountsOf(trailer, wrong);
  if (problems.length > 0 || stated === null) return { problems };
  const sums = sumsOf(lines);
  if (sums === null) {
    wrong(remittanceProblem('amount-wrong', { said: '合计' }), trailer, 'paid');
    return { problems };
  }
  const count = trailer.text('lines');
  if (count !== String(lines.length))
    wrong(
      remittanceProblem('trailer-differs', {
        zh: '笔数',
        said: count,
        found: String(lines.length),
      }),
      trailer,
      'lines',
    );
  for (const path of amountPaths) {
    const [said, found] = [stated[`${path}Fen`], sums[`${path}Fen`]];
    if (said === found) continue;
    const { zh } = columnNamed(path);
    const texts = { zh, said: yuanTextFromFen(said), found: yuanTextFromFen(found) };
    wrong(remittanceProblem('trailer-differs', texts), trailer, path);
  }
  return problems.length > 0 ? { problems } : { remittance: { number, paidOn, lines, sums } };
}

type Wrong = (
  refusal: Parameters<typeof intakeProblem>[0],
  row: Row,
  column?: RemittancePath,
) => void;

function columnNamed(path: RemittancePath): { readonly zh: string; readonly path: string } {
  const column = remittanceColumns.find((each) => each.path === path);
  return { zh: column?.zh ?? path, path };
}

function needed(row: Row, path: RemittancePath, wrong: Wrong, most: number): string {
  const text = row.text(path);
  if (text === '') wrong(remittanceProblem('field-missing', columnNamed(path)), row, path);
  if ([...text].length > most) wrong(remittanceProblem('text-too-long', { most }), row, path);
  return text;
}

function lineOf(row: Row, wrong: Wrong): StatedLine | null {
  const reference = needed(row, 'claim', wrong, referenceMax);
  const amounts = amountsOf(row, wrong);
  for (const path of ['item', 'code', 'reason'] as const)
    if ([...row.text(path)].length > wordsMax)
      wrong(remittanceProblem('text-too-long', { most: wordsMax }), row, path);
  if (amounts === null) return null;
  if (amounts.approvedFen - amounts.adjustedFen !== amounts.paidFen)
    wrong(remittanceProblem('figures-contradict'), row, 'paid');
  const orNull = (path: RemittancePath): string | null => {
    const text = row.text(path);
    return text === '' ? null : text;
  };
  return {
    ...{ reference, step: orNull('item'), ...amounts },
    ...{ code: orNull('code'), words: orNull('reason') },
  };
}

function amountsOf(row: Row, wrong: Wrong): LineSums | null {
  const read = amountPaths.map((path) => {
    const said = row.text(path);
    if (yuanTextPattern.test(said)) return fenFromYuanText(said);
    wrong(
      said === ''
        ? remittanceProblem('field-missing', columnNamed(path))
        : remittanceProblem('amount-wrong', { said }),
      row,
      path,
    );
    return null;
  });
  const [claimedFen, approvedFen, adjustedFen, paidFen] = read.filter((amount) => amount !== null);
  if (
    claimedFen === undefined ||
    approvedFen === undefined ||
    adjustedFen === undefined ||
    paidFen === undefined
  )
    return null;
  return { claimedFen, approvedFen, adjustedFen, paidFen };
}

function sumsOf(lines: readonly StatedLine[]): LineSums | null {
  const sum = (of: (line: StatedLine) => Fen): number =>
    lines.reduce((total, line) => total + of(line), 0);
  const all = {
    claimedFen: sum((line) => line.claimedFen),
    approvedFen: sum((line) => line.approvedFen),
    adjustedFen: sum((line) => line.adjustedFen),
    paidFen: sum((line) => line.paidFen),
  };
  if (Object.values(all).some((each) => Math.abs(each) > fenMax)) return null;
  return {
    ...{ claimedFen: fen(all.claimedFen), approvedFen: fen(all.approvedFen) },
    ...{ adjustedFen: fen(all.adjustedFen), paidFen: fen(all.paidFen) },
  };
}
