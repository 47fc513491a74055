import { csvColumns, type CsvColumn } from '../csv-columns.ts';
import { figureOf } from '../text-of-workbook.ts';
import type { ColumnKind, ViewColumn } from './hospital-database.ts';

/** The three views, as settings name them. */
export type ViewRole = 'visits' | 'charges' | 'blockers';

/** A column that a view may have, under any of its names. */
export type KnownColumn = {
  /** As files have it; what stands in no file has a name of its own. */
  readonly path: string;
  readonly names: readonly string[];
  /** How its cells are written in a file. */
  readonly kind: CsvColumn['kind'];
  readonly isDay: boolean;
};

/** What says that a visit, its charges or its blockers changed: later is greater. */
export const markerPath = 'changed';
export const blockerPaths = { code: 'blocker.code', text: 'blocker.text' } as const;

/** `visit.admittedOn` is `visit_admitted_on` where a name may hold no dots. */
export const sqlNameOf = (path: string): string =>
  path.includes('.')
    ? path.replaceAll('.', '_').replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
    : path;

const known = (path: string, zh: string, kind: CsvColumn['kind'] = 'text'): KnownColumn => ({
  path,
  names: [sqlNameOf(path), path.toLowerCase(), zh],
  kind,
  isDay: /(?:On|Date|asOf|From|until)$/.test(path) || path === 'charge.on',
});

const columnsFor = (isOf: (path: string) => boolean): readonly KnownColumn[] =>
  csvColumns.filter(({ path }) => isOf(path)).map(({ path, zh, kind }) => known(path, zh, kind));

const visitId = columnsFor((path) => path === 'visit.id');

/** All that may be read of each view; whatever else stands in it is never asked for. */
export const columnsOfViews: Readonly<Record<ViewRole, readonly KnownColumn[]>> = {
  visits: [
    ...columnsFor((path) => !path.startsWith('charge.') && path !== 'visit.blockers'),
    known(markerPath, '变更标记'),
  ],
  charges: [...visitId, ...columnsFor((path) => path.startsWith('charge.'))],
  blockers: [
    ...visitId,
    known(blockerPaths.code, '原因编码'),
    known(blockerPaths.text, '原因说明'),
  ],
};

/** Without these a view cannot be read at all. */
export const neededOfViews: Readonly<Record<ViewRole, readonly string[]>> = {
  visits: ['visit.id', markerPath],
  charges: ['visit.id', 'charge.line'],
  blockers: ['visit.id', blockerPaths.code, blockerPaths.text],
};

/** A column of a view that is read, and what it is. */
export type ReadColumn = { readonly found: ViewColumn; readonly known: KnownColumn };

export type ViewProblem =
  | { readonly kind: 'missing'; readonly name: string }
  | { readonly kind: 'twice'; readonly name: string }
  | { readonly kind: 'unreadable'; readonly name: string };

/** Which columns of a view are read, or the first that cannot be. The case of names says nothing. */
export function columnsRead(
  role: ViewRole,
  found: readonly ViewColumn[],
): { readonly columns: readonly ReadColumn[] } | { readonly problem: ViewProblem } {
  const columns: ReadColumn[] = [];
  for (const column of found) {
    const name = column.name.toLowerCase();
    const match = columnsOfViews[role].find(({ names }) => names.includes(name));
    if (match === undefined) continue;
    if (columns.some((each) => each.known === match))
      return { problem: { kind: 'twice', name: column.name } };
    if (column.kind === 'unreadable' || (match.path === markerPath && !isOrdered(column.kind)))
      return { problem: { kind: 'unreadable', name: column.name } };
    columns.push({ found: column, known: match });
  }
  for (const path of neededOfViews[role]) {
    if (columns.some((each) => each.known.path === path)) continue;
    return { problem: { kind: 'missing', name: sqlNameOf(path) } };
  }
  return { columns };
}

/** Texts and floats have no order that changes could be found by. */
const isOrdered = (kind: ColumnKind): boolean =>
  kind === 'whole' || kind === 'decimal' || kind === 'instant';

/**
 * A cell as a file would have it. Only what says the same is written otherwise: the zeros a decimal column fills up
 * with, the time of day of a day, true and false, the blanks of a column of fixed length.
 */
export function cellAsInFile({ found, known: { kind, isDay } }: ReadColumn, cell: string): string {
  const text = cell.trim();
  switch (found.kind) {
    case 'instant': {
      const [, day = '', time = ''] = /^(\d{4}-\d\d-\d\d)[ T](.*)$/.exec(text) ?? [];
      if (day === '') return text;
      return isDay ? day : `${day} ${time.replace(/[+-]\d\d(?::?\d\d)?$/, '')}`;
    }
    case 'decimal': {
      if (kind === 'whole') return text.replace(/\.0+$/, '');
      // 12.3400 is 12.34 and 5.000000 is 5.00; 12.345 stays what it is, and is refused where it is an amount.
      return text.replace(/^(-?\d+\.\d\d\d*?)0+$/, '$1');
    }
    case 'floating':
      return figureOf(text, Number(text));
    case 'yes-no':
      return { t: '是', f: '否', '1': '是', '0': '否' }[text] ?? text;
    default:
      return text;
  }
}
