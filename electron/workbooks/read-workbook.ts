import { unzipSync } from 'fflate';

import { xmlTags, type XmlTag } from './xml-tags.ts';

/** A cell as the file has it. `other`: what is neither text nor number, by its name. */
export type WorkbookCell =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'number'; readonly text: string }
  | { readonly kind: 'other'; readonly what: 'formula' | 'truth' | 'error' };

/** A row with a filled cell; the number is the one at its left edge. */
export type WorkbookRow = {
  readonly number: number;
  /** By column, from 0 on. */
  readonly cells: ReadonlyMap<number, WorkbookCell>;
};

/** Why a workbook is not read: no workbook, damaged, or more than is taken. */
export type WorkbookProblem =
  | { readonly why: 'no-workbook' | 'damaged' | 'has-password'; readonly row?: number }
  | { readonly why: 'too-large'; readonly most: string };

/** Contract: XLSX 32 MB, 200,000 rows; unpacked it is some ten times its size. */
export const workbookBytesMax = 32 * 1024 * 1024;
const unpackedBytesMax = 384 * 1024 * 1024;
export const workbookRowsMax = 200_000;
/** As many as Excel has. */
const columnsMax = 16_384;
/** As many as Excel has, filled or not: whoever made the file chose the number, and rows left empty are written out. */
const rowNumberMax = 1_048_576;

/** Both a workbook of some hundred kilobytes can have by tens of millions, and they would fill the memory of the whole program. */
const textsMax = 2_000_000;
const cellsMax = 2_000_000;

/** Whether a file begins as a workbook does: as a ZIP, or as the encrypted or old kind. */
export function isWorkbook(bytes: Uint8Array): boolean {
  return isZip(bytes) || isOldOrEncrypted(bytes);
}

const isZip = (bytes: Uint8Array): boolean =>
  bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] === 0x03 && bytes[3] === 0x04;

/** OLE: `.xls`, or an `.xlsx` with a password. */
const isOldOrEncrypted = (bytes: Uint8Array): boolean =>
  bytes[0] === 0xd0 && bytes[1] === 0xcf && bytes[2] === 0x11 && bytes[3] === 0xe0;

/** The rows of a workbook's first sheet, in order. */
export function readWorkbook(
  bytes: Uint8Array,
  { textsMost = textsMax, cellsMost = cellsMax } = {},
): { readonly rows: readonly WorkbookRow[] } | { readonly problem: WorkbookProblem } {
  const opened = openWorkbook(bytes, { textsMost });
  if ('problem' in opened) return opened;
  const rows: WorkbookRow[] = [];
  let cells = 0;
  for (const row of opened.rows()) {
    if ('problem' in row) return row;
    rows.push(row);
    cells += row.cells.size;
    if (cells > cellsMost)
      return { problem: { why: 'too-large', most: `${String(cellsMost)} cells` } };
  }
  return { rows };
}

/** A workbook that is open. */
export type OpenWorkbook = {
  /** Days are counted from 1904 on, as old Macs did: without saying so they would be four years off. */
  readonly countsFrom1904: boolean;
  /** The rows of the first sheet one after another, so that not all are in memory; a problem is the last. */
  rows(): Generator<WorkbookRow | { readonly problem: WorkbookProblem }>;
};

/** Opens a workbook: its first sheet, read as far as it is asked for. */
export function openWorkbook(
  bytes: Uint8Array,
  { textsMost = textsMax } = {},
): OpenWorkbook | { readonly problem: WorkbookProblem } {
  if (isOldOrEncrypted(bytes)) return { problem: { why: 'has-password' } };
  if (!isZip(bytes)) return { problem: { why: 'no-workbook' } };
  if (bytes.length > workbookBytesMax) return { problem: { why: 'too-large', most: '32 MB' } };
  let parts: Readonly<Record<string, Uint8Array>>;
  let unpacked = 0;
  try {
    parts = unzipSync(bytes, {
      filter: ({ name, originalSize }) => {
        if (!wanted.test(name)) return false;
        // What is unpacked is never longer than the ZIP said: a part that lies is cut, and then it is damaged.
        unpacked += originalSize;
        if (unpacked > unpackedBytesMax) throw new TooLarge();
        return true;
      },
    });
  } catch (problem) {
    return problem instanceof TooLarge
      ? { problem: { why: 'too-large', most: '384 MB (unpacked)' } }
      : { problem: { why: 'damaged' } };
  }
  try {
    const sheet = firstSheetOf(parts);
    if (sheet === null) return { problem: { why: 'no-workbook' } };
    const shared = parts['xl/sharedStrings.xml'];
    const texts = shared === undefined ? [] : sharedTexts(textOf(shared), textsMost);
    const xml = textOf(sheet);
    return {
      countsFrom1904: countsFrom1904(textOf(parts['xl/workbook.xml'] ?? new Uint8Array())),
      *rows() {
        try {
          yield* rowsOf(xml, texts);
        } catch {
          yield { problem: { why: 'damaged' } };
        }
      },
    };
  } catch (problem) {
    return problem instanceof TooLarge
      ? { problem: { why: 'too-large', most: `${String(textsMost)} texts` } }
      : { problem: { why: 'damaged' } };
  }
}

function countsFrom1904(workbook: string): boolean {
  for (const { name, attributes } of xmlTags(workbook)) {
    if (name === 'workbookPr') return /^(?:1|true)$/.test(attributes.get('date1904') ?? '');
  }
  return false;
}

class TooLarge extends Error {}

const wanted =
  /^xl\/(?:workbook\.xml|_rels\/workbook\.xml\.rels|sharedStrings\.xml|worksheets\/[^/]+\.xml)$/;

const textOf = (bytes: Uint8Array): string =>
  new TextDecoder('utf-8', { fatal: true }).decode(bytes);

/** The sheet that stands first in the workbook, by its relation. */
function firstSheetOf(parts: Readonly<Record<string, Uint8Array>>): Uint8Array | null {
  const workbook = parts['xl/workbook.xml'];
  const relations = parts['xl/_rels/workbook.xml.rels'];
  if (workbook === undefined || relations === undefined) return null;
  let id: string | undefined;
  for (const { name, kind, attributes } of xmlTags(textOf(workbook))) {
    if (name !== 'sheet' || kind === 'close') continue;
    id = attributes.get('r:id') ?? [...attributes].find(([key]) => key.endsWith(':id'))?.[1];
    break;
  }
  for (const { name, attributes } of xmlTags(textOf(relations))) {
    if (name !== 'Relationship' || attributes.get('Id') !== id || id === undefined) continue;
    const target = attributes.get('Target') ?? '';
    return parts[target.startsWith('/') ? target.slice(1) : `xl/${target}`] ?? null;
  }
  return null;
}

/** The texts cells refer to. Pieces of several fonts are one text; how it is spoken is none of it. */
function sharedTexts(xml: string, most: number): readonly string[] {
  const texts: string[] = [];
  let text: string | null = null;
  let inPhonetic = false;
  for (const tag of xmlTags(xml)) {
    if (tag.name === 'si') {
      if (tag.kind === 'open') text = '';
      else {
        if (texts.push(text ?? '') > most) throw new TooLarge();
        text = null;
      }
    } else if (tag.name === 'rPh') inPhonetic = tag.kind === 'open';
    else if (tag.name === 't' && tag.kind === 'open' && text !== null && !inPhonetic) {
      text += tag.text;
    }
  }
  return texts;
}

function* rowsOf(
  xml: string,
  shared: readonly string[],
): Generator<WorkbookRow | { readonly problem: WorkbookProblem }> {
  let rows = 0;
  let number = 0;
  let column = -1;
  let cells = new Map<number, WorkbookCell>();
  let cell: OpenCell | null = null;
  for (const tag of xmlTags(xml)) {
    if (tag.name === 'row' && tag.kind !== 'close') {
      const next = wholeOr(tag.attributes.get('r'), number + 1);
      if (next <= number || next > rowNumberMax) {
        yield { problem: { why: 'damaged', row: number } };
        return;
      }
      number = next;
      column = -1;
      cells = new Map();
    } else if (tag.name === 'row') {
      if (cells.size > 0) {
        rows += 1;
        if (rows > workbookRowsMax + 1) {
          yield { problem: { why: 'too-large', most: `${String(workbookRowsMax)} rows` } };
          return;
        }
        yield { number, cells };
      }
    } else if (tag.name === 'c' && tag.kind !== 'close') {
      column = columnOf(tag.attributes.get('r'), column + 1);
      if (column >= columnsMax) {
        yield { problem: { why: 'damaged', row: number } };
        return;
      }
      cell = { type: tag.attributes.get('t') ?? 'n', value: '', inline: '', isFormula: false };
      if (tag.kind === 'empty') cell = null;
    } else if (tag.name === 'c') {
      const read = cell === null ? null : cellOf(cell, shared);
      if (read === 'damaged') {
        yield { problem: { why: 'damaged', row: number } };
        return;
      }
      if (read !== null) cells.set(column, read);
      cell = null;
    } else if (cell !== null) addTo(cell, tag);
  }
}

type OpenCell = { readonly type: string; value: string; inline: string; isFormula: boolean };

function addTo(cell: OpenCell, { name, kind, text }: XmlTag): void {
  if (name === 'f') cell.isFormula = true;
  else if (kind !== 'open') return;
  else if (name === 'v') cell.value = text;
  else if (name === 't') cell.inline += text;
}

/** null: empty. */
function cellOf(
  { type, value, inline, isFormula }: OpenCell,
  shared: readonly string[],
): WorkbookCell | null | 'damaged' {
  if (isFormula) return { kind: 'other', what: 'formula' };
  switch (type) {
    case 's': {
      const text = shared[Number(value)];
      return text === undefined ? 'damaged' : filled(text);
    }
    case 'inlineStr':
      return filled(inline);
    case 'str':
      return filled(value);
    case 'b':
      return { kind: 'other', what: 'truth' };
    case 'e':
      return { kind: 'other', what: 'error' };
    case 'n':
      return value.trim() === '' ? null : { kind: 'number', text: value.trim() };
    case 'd':
      return filled(value);
    default:
      return 'damaged';
  }
}

const filled = (text: string): WorkbookCell | null =>
  text.trim() === '' ? null : { kind: 'text', text: text.trim() };

function wholeOr(text: string | undefined, otherwise: number): number {
  const number = Number(text);
  return text !== undefined && Number.isSafeInteger(number) && number > 0 ? number : otherwise;
}

/** `C12` is column 2. */
function columnOf(reference: string | undefined, otherwise: number): number {
  const letters = /^([A-Z]{1,3})\d+$/.exec(reference ?? '')?.[1];
  if (letters === undefined) return otherwise;
  let column = 0;
  for (const letter of letters) column = column * 26 + letter.charCodeAt(0) - 64;
  return column - 1;
}

/** The letters over a column: 0 is `A`. */
export function columnLetters(column: number): string {
  const rest = Math.floor(column / 26);
  const letter = String.fromCharCode(65 + (column % 26));
  return rest === 0 ? letter : columnLetters(rest - 1) + letter;
}
