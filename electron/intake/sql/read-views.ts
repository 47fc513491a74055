import { blockerCalled } from '../../../shared/domain/blocker-words.ts';
import { refused, accepted, type Result } from '../../../shared/domain/result.ts';
import { intakeProblem, type IntakeProblem } from '../intake-problem.ts';
import type { RowsColumn, RowsOfVisits } from '../visits-of-rows.ts';
import type { Views } from './connection-settings.ts';
import {
  HospitalDatabaseError,
  type Cell,
  type ChangeOrder,
  type HospitalDatabase,
  type Row,
  type ViewColumn,
  type ViewName,
} from './hospital-database.ts';
import { sqlRefusal } from './sql-refusals.ts';
import {
  blockerPaths,
  cellAsInFile,
  columnsRead,
  markerPath,
  type ReadColumn,
  type ViewRole,
} from './view-columns.ts';

/** A view whose columns were looked at. */
type OpenView = {
  readonly name: string;
  readonly parts: readonly string[];
  readonly columns: readonly ReadColumn[];
};
export type OpenViews = Readonly<Record<ViewRole, OpenView>>;

export type ViewsCode =
  'sql-view-missing' | 'sql-column-missing' | 'sql-column-twice' | 'sql-column-type';

export const viewText = (parts: readonly string[]): string => parts.join('.');

/** Looks at the columns of the three views: which are read. */
export async function openViews(
  database: HospitalDatabase,
  views: Views,
): Promise<Result<OpenViews, ViewsCode>> {
  const opened: Partial<Record<ViewRole, OpenView>> = {};
  for (const role of ['visits', 'charges', 'blockers'] as const) {
    const parts = views[role];
    const name = viewText(parts);
    const found = await columnsOf(database, parts);
    if (found === null) return refused(sqlRefusal('sql-view-missing', { view: name }));
    const read = columnsRead(role, found);
    if ('problem' in read) {
      const at = { view: name, column: read.problem.name };
      switch (read.problem.kind) {
        case 'missing':
          return refused(sqlRefusal('sql-column-missing', at));
        case 'twice':
          return refused(sqlRefusal('sql-column-twice', at));
        case 'unreadable':
          return refused(sqlRefusal('sql-column-type', at));
      }
    }
    opened[role] = { name, parts, columns: read.columns };
  }
  return accepted(opened as OpenViews);
}

/** Null where the view is not there. */
async function columnsOf(
  database: HospitalDatabase,
  view: ViewName,
): Promise<readonly ViewColumn[] | null> {
  try {
    return await database.columnsOf(view);
  } catch (problem) {
    if (problem instanceof HospitalDatabaseError && problem.fault === 'view-missing') return null;
    throw problem;
  }
}

/** Where each visit's rows stand, for what is said of them. */
export type ReadVisits = {
  readonly rows: RowsOfVisits;
  /** Visits that were listed and are in the view no more. */
  readonly gone: readonly string[];
};

/** As many lines as a bill may have, and one more. */
const linesMax = 20_000;
/** Rows of one visit beyond its first are a fault; a few are read to tell it. */
const rowsOfVisitMax = 5;
const blockersMax = 200;
/** No more rows than this are held for some visits at a time. */
const rowsAtOnceMax = 40_000;

/** The places of changes, in order. */
export async function placesOf(
  database: HospitalDatabase,
  { visits }: OpenViews,
  rows: ChangeOrder['rows'],
  most: number,
): Promise<readonly { readonly visitId: Cell; readonly marker: Cell }[]> {
  const id = columnOf(visits, 'visit.id');
  const marker = columnOf(visits, markerPath);
  const found = await database.rows({
    view: visits.parts,
    columns: [id.found.name, marker.found.name],
    order: { marker: marker.found, visitId: id.found.name, rows },
    most,
  });
  return found.map(([visitId = null, at = null]) => ({
    visitId: visitId === null ? null : cellAsInFile(id, visitId),
    marker: at,
  }));
}

/** A view that has rows of which nobody can say whose they are; null: none has. */
export async function viewWithAstrayRows(
  database: HospitalDatabase,
  views: OpenViews,
): Promise<OpenView | null> {
  for (const view of [views.visits, views.charges, views.blockers]) {
    const name = columnOf(view, 'visit.id').found.name;
    const rows = await database.rows({
      view: view.parts,
      columns: [name],
      without: name,
      most: 1,
    });
    if (rows.length > 0) return view;
  }
  return null;
}

/** Visits whose changes would never be found, at most some. */
export async function visitsWithoutMarker(
  database: HospitalDatabase,
  { visits }: OpenViews,
  most: number,
): Promise<readonly string[]> {
  const id = columnOf(visits, 'visit.id');
  const rows = await database.rows({
    view: visits.parts,
    columns: [id.found.name],
    without: columnOf(visits, markerPath).found.name,
    most,
  });
  return rows.flatMap(([visitId = null]) => (visitId === null ? [] : [cellAsInFile(id, visitId)]));
}

/** Everything of some visits as of one moment; a visit whose rows do not agree carries its problems. */
export async function readVisits(
  database: HospitalDatabase,
  views: OpenViews,
  visitIds: readonly string[],
): Promise<readonly ReadVisits[]> {
  const parts = await database.atOneMoment(async () => {
    const isOne = visitIds.length === 1;
    const [visitsMost, blockersMost] = [rowsOfVisitMax, blockersMax].map(
      (each) => each * visitIds.length,
    ) as [number, number];
    const chargesMost = isOne ? linesMax + 1 : rowsAtOnceMax;
    const visits = await rowsOf(database, views.visits, visitIds, visitsMost);
    const charges = await rowsOf(database, views.charges, visitIds, chargesMost, 'charge.line');
    const blockers = await rowsOf(
      database,
      views.blockers,
      visitIds,
      blockersMost,
      blockerPaths.code,
    );
    // Where as many came as were asked for there may be more, of any of them.
    const isFull =
      visits.size >= visitsMost || charges.size >= chargesMost || blockers.size >= blockersMost;
    return isFull && !isOne ? null : { visits, charges, blockers };
  });
  if (parts === null) {
    const half = Math.ceil(visitIds.length / 2);
    return [
      ...(await readVisits(database, views, visitIds.slice(0, half))),
      ...(await readVisits(database, views, visitIds.slice(half))),
    ];
  }
  const there = visitIds.filter((visitId) => parts.visits.of.has(visitId));
  const visits = there.map((visitId) =>
    visitOfRows(views, {
      visitId,
      visits: parts.visits.of.get(visitId) ?? [],
      charges: parts.charges.of.get(visitId) ?? [],
      blockers: parts.blockers.of.get(visitId) ?? [],
    }),
  );
  const gone = visitIds.filter((visitId) => !there.includes(visitId));
  return [{ rows: { ...columnsOfRows(views), visits }, gone }];
}

type RowsById = { readonly of: ReadonlyMap<string, readonly Row[]>; readonly size: number };

async function rowsOf(
  database: HospitalDatabase,
  view: OpenView,
  visitIds: readonly string[],
  most: number,
  sortedBy?: string,
): Promise<RowsById> {
  const id = columnOf(view, 'visit.id');
  const at = view.columns.indexOf(id);
  const rows = await database.rows({
    view: view.parts,
    columns: view.columns.map(({ found }) => found.name),
    among: { column: id.found.name, texts: visitIds },
    sortedBy: [
      id.found.name,
      ...(sortedBy === undefined ? [] : [columnOf(view, sortedBy).found.name]),
    ],
    most,
  });
  const of = new Map<string, Row[]>();
  for (const row of rows) {
    // A database may take ids for one that are not the same to us: such a row is another visit's.
    const visitId = cellAsInFile(id, row[at] ?? '');
    const known = of.get(visitId);
    if (known === undefined) of.set(visitId, [row]);
    else known.push(row);
  }
  return { of, size: rows.length };
}

function columnOf({ columns, name }: OpenView, path: string): ReadColumn {
  const column = columns.find(({ known }) => known.path === path);
  if (column === undefined) throw new Error(`${name} has no column ${path}`);
  return column;
}

const visitPaths = ({ visits }: OpenViews): readonly ReadColumn[] =>
  visits.columns.filter(({ known }) => known.path !== markerPath);
const chargePaths = ({ charges }: OpenViews): readonly ReadColumn[] =>
  charges.columns.filter(({ known }) => known.path !== 'visit.id');

function columnsOfRows(views: OpenViews): {
  readonly visitColumns: readonly RowsColumn[];
  readonly chargeColumns: readonly RowsColumn[];
} {
  const asColumn = ({ found, known }: ReadColumn): RowsColumn => ({
    path: known.path,
    header: found.name,
  });
  return {
    visitColumns: [
      ...visitPaths(views).map(asColumn),
      { path: 'visit.blockers', header: columnOf(views.blockers, blockerPaths.text).found.name },
    ],
    chargeColumns: chargePaths(views).map(asColumn),
  };
}

type Found = {
  readonly visitId: string;
  readonly visits: readonly Row[];
  readonly charges: readonly Row[];
  readonly blockers: readonly Row[];
};

function visitOfRows(views: OpenViews, found: Found): RowsOfVisits['visits'][number] {
  const problems: IntakeProblem[] = [];
  const cellsOf = (
    view: OpenView,
    columns: readonly ReadColumn[],
    row: Row,
    number: number,
  ): string[] =>
    columns.map((column) => {
      const cell = row[view.columns.indexOf(column)] ?? null;
      const text = cell === null ? '' : cellAsInFile(column, cell);
      const at = { row: number, column: column.found.name };
      if (text.includes('\uFFFD'))
        problems.push(
          intakeProblem(sqlRefusal('sql-text-damaged', { view: view.name, column: at.column }), at),
        );
      return text;
    });
  const rows = found.visits.map((row, index) =>
    cellsOf(views.visits, visitPaths(views), row, index + 1),
  );
  const [first = []] = rows;
  const differ = visitPaths(views).filter((_column, at) =>
    rows.some((cells) => cells[at] !== first[at]),
  );
  if (differ.length > 0) {
    const columns = differ.map(({ found: { name } }) => name);
    const where = { row: 2, column: columns[0] ?? '' };
    problems.push(
      intakeProblem(
        sqlRefusal('sql-row-says-two-things', { view: views.visits.name, columns }),
        where,
      ),
    );
  }
  if (found.charges.length > linesMax || found.blockers.length >= blockersMax)
    problems.push(intakeProblem(sqlRefusal('sql-too-many-lines', { most: linesMax })));
  const lines = found.charges
    .slice(0, linesMax)
    .map((row, index) => cellsOf(views.charges, chargePaths(views), row, index + 1));
  return {
    visitId: found.visitId,
    cells: [...first, blockersCell(views, found.blockers, cellsOf, problems)],
    lines,
    problems,
  };
}

/** Blockers as a file has them: `CODE TEXT;…`. A semicolon inside a text would begin another. */
function blockersCell(
  { blockers }: OpenViews,
  rows: readonly Row[],
  cellsOf: (view: OpenView, columns: readonly ReadColumn[], row: Row, number: number) => string[],
  problems: IntakeProblem[],
): string {
  const columns = [columnOf(blockers, blockerPaths.code), columnOf(blockers, blockerPaths.text)];
  const cells = rows.map((row, index) => {
    const [code = '', text = ''] = cellsOf(blockers, columns, row, index + 1);
    // A known one needs no text of the hospital's.
    const said = text === '' ? (blockerCalled(code) ?? '') : text;
    if (/^[^\s;；]+$/.test(code)) return `${code} ${said.replace(/\s*[;；]\s*/g, '，')}`;
    const at = { row: index + 1, column: columns[0]?.found.name ?? '' };
    problems.push(intakeProblem(sqlRefusal('sql-blocker-code', { code }), at));
    return '';
  });
  return [...new Set(cells)].join(';');
}
