import { unzipSync } from 'fflate';

import { isHidden, shownCells, type HiddenBy, type ShownCells } from './shown-cells.ts';
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
  /** What stands there nobody sees who opens the workbook. */
  | { readonly why: 'hidden'; readonly by: HiddenBy; readonly row: number }
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
  const seen = new Set<string>();
  try {
    parts = unzipSync(bytes, {
      filter: ({ name, originalSize }) => {
        if (!wanted.test(name)) return false;
        // Of two parts of one name every program takes another.
        if (seen.has(name)) throw new Error(`${name} twice`);
        seen.add(name);
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
    const styles = parts['xl/styles.xml'];
    const shown = shownCells(xml, styles === undefined ? null : textOf(styles));
    return {
      countsFrom1904: countsFrom1904(textOf(parts['xl/workbook.xml'] ?? new Uint8Array())),
      *rows() {
        try {
          yield* rowsOf(xml, texts, shown);
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
  for (const { name, depth, attributes } of xmlTags(workbook)) {
    if (name === 'workbookPr' && depth === 1)
      return /^(?:1|true)$/.test(attributes.get('date1904') ?? '');
  }
  return false;
}

class TooLarge extends Error {}

const wanted =
  /^xl\/(?:workbook\.xml|styles\.xml|_rels\/workbook\.xml\.rels|sharedStrings\.xml|worksheets\/[^/]+\.xml)$/;

const textOf = (bytes: Uint8Array): string =>
  new TextDecoder('utf-8', { fatal: true }).decode(bytes);

/** The first sheet that Excel shows, by its relation: in one that is hidden nobody sees what is taken. */
function firstSheetOf(parts: Readonly<Record<string, Uint8Array>>): Uint8Array | null {
  const workbook = parts['xl/workbook.xml'];
  const relations = parts['xl/_rels/workbook.xml.rels'];
  if (workbook === undefined || relations === undefined) return null;
  let id: string | undefined;
  let isInList = false;
  for (const { name, kind, depth, attributes } of xmlTags(textOf(workbook))) {
    if (depth === 1) isInList = name === 'sheets' && kind === 'open';
    if (name !== 'sheet' || kind === 'close' || depth !== 2 || !isInList) continue;
    if (/hidden/i.test(attributes.get('state') ?? '')) continue;
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
  let isPhonetic = false;
  for (const tag of xmlTags(xml)) {
    if (tag.name === 'si' && tag.depth === 1) {
      if (tag.kind === 'open') text = '';
      else {
        if (texts.push(text ?? '') > most) throw new TooLarge();
        text = null;
      }
    } else if (tag.depth === 2) isPhonetic = tag.name === 'rPh';
    if (text !== null && isTextOf(tag, 1, isPhonetic)) text += tag.text;
  }
  return texts;
}

/** Whether a tag holds text of what stands at a depth: its own, or that of one of its pieces. */
function isTextOf({ name, kind, depth }: XmlTag, of: number, isPhonetic: boolean): boolean {
  if (name !== 't' || kind !== 'open') return false;
  return depth === of + 1 || (depth === of + 2 && !isPhonetic);
}

/** Where the parts of a sheet stand, and nowhere else: what Excel passes over (an extension) may hold some of the same names. */
const [dataDepth, rowDepth, cellDepth, partDepth] = [1, 2, 3, 4];

function* rowsOf(
  xml: string,
  shared: readonly string[],
  shown: ShownCells,
): Generator<WorkbookRow | { readonly problem: WorkbookProblem }> {
  let rows = 0;
  let number = 0;
  let column = -1;
  let cells = new Map<number, WorkbookCell>();
  let cell: OpenCell | null = null;
  let isInHiddenRow = false;
  for (const tag of sheetDataOf(xml)) {
    const isPart = tag.name === (tag.depth === rowDepth ? 'row' : 'c');
    if (tag.depth === rowDepth && !isPart) throw new Error(`${tag.name} between rows`);
    if (tag.depth === rowDepth && tag.kind !== 'close') {
      const next = wholeOr(tag.attributes.get('r'), number + 1);
      if (next <= number || next > rowNumberMax) {
        yield { problem: { why: 'damaged', row: number } };
        return;
      }
      number = next;
      isInHiddenRow = isHidden(tag);
      column = -1;
      cells = new Map();
    } else if (tag.depth === rowDepth) {
      if (cells.size > 0) {
        rows += 1;
        if (rows > workbookRowsMax + 1) {
          yield { problem: { why: 'too-large', most: `${String(workbookRowsMax)} rows` } };
          return;
        }
        yield { number, cells };
      }
    } else if (tag.depth === cellDepth && !isPart) {
      if (tag.name !== 'extLst') throw new Error(`${tag.name} between cells`);
    } else if (tag.depth === cellDepth && tag.kind !== 'close') {
      const next = columnOf(tag.attributes.get('r'), { row: number, otherwise: column + 1 });
      // Two cells under one reference: every program shows another.
      if (next === null || next <= column || next >= columnsMax) {
        yield { problem: { why: 'damaged', row: number } };
        return;
      }
      column = next;
      cell = cellFrom(tag);
    } else if (tag.depth === cellDepth) {
      const read = cell === null ? null : cellOf(cell, shared);
      if (read === 'damaged') {
        yield { problem: { why: 'damaged', row: number } };
        return;
      }
      if (read !== null) {
        const { style = 0 } = cell ?? {};
        const by =
          read.kind === 'other' ? null : shown.hiddenBy({ ...read, isInHiddenRow, column, style });
        if (by !== null) {
          yield { problem: { why: 'hidden', by, row: number } };
          return;
        }
        cells.set(column, read);
      }
      cell = null;
    } else if (cell !== null) addTo(cell, tag);
  }
}

/** What stands within the one table of a sheet. */
function* sheetDataOf(xml: string): Generator<XmlTag> {
  let root: XmlTag | null = null;
  let tables = 0;
  let isInside = false;
  for (const tag of xmlTags(xml)) {
    root ??= tag;
    if (tag.depth <= dataDepth) {
      isInside = tag.depth === dataDepth && tag.name === 'sheetData' && tag.kind === 'open';
      if (tag.name === 'sheetData' && tag.kind !== 'close') tables += 1;
      continue;
    }
    if (!isInside) continue;
    // Of another vocabulary: Excel passes over it where the sheet says so.
    if (tag.prefix !== root.prefix && tag.depth <= cellDepth)
      throw new Error(`${tag.prefix}:${tag.name} in a table`);
    yield tag;
  }
  if (tables !== 1) throw new Error(`${String(tables)} tables in a sheet`);
}

type OpenCell = {
  readonly type: string;
  /** Which of the workbook's styles it has. */
  readonly style: number;
  value: string | null;
  inline: string;
  isFormula: boolean;
  isPhonetic: boolean;
};

function cellFrom({ kind, attributes }: XmlTag): OpenCell | null {
  if (kind === 'empty') return null;
  const type = attributes.get('t') ?? 'n';
  const style = Number(attributes.get('s') ?? '0');
  return { type, style, value: null, inline: '', isFormula: false, isPhonetic: false };
}

function addTo(cell: OpenCell, tag: XmlTag): void {
  if (tag.depth === partDepth) {
    if (tag.name === 'f') cell.isFormula = true;
    else if (tag.name === 'v' && tag.kind === 'open') {
      if (cell.value !== null) throw new Error('two values in a cell');
      cell.value = tag.text;
    }
  } else if (tag.depth === partDepth + 1) cell.isPhonetic = tag.name === 'rPh';
  if (isTextOf(tag, partDepth, cell.isPhonetic)) cell.inline += tag.text;
}

/** null: empty. */
function cellOf(
  { type, value: given, inline, isFormula }: OpenCell,
  shared: readonly string[],
): WorkbookCell | null | 'damaged' {
  if (isFormula) return { kind: 'other', what: 'formula' };
  const value = given ?? '';
  switch (type) {
    case 's': {
      if (value === '') return null;
      if (!/^\s*\d+\s*$/.test(value)) return 'damaged';
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
      return numberIn(value.trim());
    case 'd':
      return filled(value);
    default:
      return 'damaged';
  }
}

/** Written as a decimal figure, which alone is one in a workbook. */
const figure = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

function numberIn(text: string): WorkbookCell | null | 'damaged' {
  if (text === '') return null;
  return figure.test(text) ? { kind: 'number', text } : 'damaged';
}

const filled = (text: string): WorkbookCell | null =>
  text.trim() === '' ? null : { kind: 'text', text: text.trim() };

function wholeOr(text: string | undefined, otherwise: number): number {
  const number = Number(text);
  return text !== undefined && Number.isSafeInteger(number) && number > 0 ? number : otherwise;
}

/** `C12` is column 2 of row 12; null where the reference is one of another row, or none. */
function columnOf(
  reference: string | undefined,
  { row, otherwise }: { readonly row: number; readonly otherwise: number },
): number | null {
  if (reference === undefined) return otherwise;
  const [, letters, inRow] = /^([A-Z]{1,3})(\d+)$/.exec(reference) ?? [];
  if (letters === undefined || Number(inRow) !== row) return null;
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
