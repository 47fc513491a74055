import { csvColumns, type CsvColumn } from './csv-columns.ts';
import type { IntakeProblem } from './intake-problem.ts';
import { prepareVisit } from './keep-visit-document.ts';
import type { TableRow } from './read-table.ts';
import type { FileVisit } from './read-visits-file.ts';
import { visitOf } from './visits-of-csv.ts';

/** A column by its path, and what it is called where its cells come from. */
export type RowsColumn = { readonly path: string; readonly header: string };

/** Visits that came as rows and not in a file: cells of each visit, and of each of its charge lines. */
export type RowsOfVisits = {
  readonly visitColumns: readonly RowsColumn[];
  readonly chargeColumns: readonly RowsColumn[];
  readonly visits: readonly {
    readonly visitId: string;
    readonly cells: readonly string[];
    readonly lines: readonly (readonly string[])[];
    /** What is wrong with its rows already. */
    readonly problems: readonly IntakeProblem[];
  }[];
};

/** The visits that rows are, read exactly as the rows of a CSV; the rows of each are counted from 1. */
export function visitsOfRows(rows: RowsOfVisits): readonly FileVisit[] {
  const { visitColumns, chargeColumns, visits } = rows;
  const both = [...visitColumns, ...chargeColumns];
  const table = {
    columns: both.map(({ path }) => knownColumn(path)),
    headers: both.map(({ header }) => header),
  };
  const noLine = chargeColumns.map(() => '');
  return visits.map(({ visitId, cells, lines, problems }) => {
    const tableRows = (lines.length === 0 ? [noLine] : lines).map((line, index): TableRow => ({
      number: index + 1,
      cells: [...cells, ...line],
      problems: [],
    }));
    const visit = visitOf(table, visitId, tableRows);
    return {
      prepared: prepareVisit(visit.received),
      problems: [...problems, ...visit.problems],
      places: visit.places,
    };
  });
}

function knownColumn(path: string): CsvColumn {
  const column = csvColumns.find((each) => each.path === path);
  if (column === undefined) throw new Error(`no column ${path}`);
  return column;
}
