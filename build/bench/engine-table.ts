import type { comparePeers } from './engine-peers.ts';
import type { settleCityYear } from './engine-city-year.ts';

type Comparison = Awaited<ReturnType<typeof comparePeers>>;

type Figures = {
  readonly lines60: Comparison;
  readonly lines600: Comparison;
  readonly cityYear: ReturnType<typeof settleCityYear>;
  readonly packs: { readonly builtMs: number; readonly compileMs: number };
};

export type Target = {
  readonly what: string;
  readonly unit: string;
  readonly most?: number;
  readonly least?: number;
  readonly figure: number;
  readonly met: boolean;
};

/** What the engine is meant to reach, with what it came to; a peer that is not here has none. */
export function targetsOf({ lines60, lines600, cityYear, packs }: Figures): readonly Target[] {
  const { before, after } = cityYear.heapMegabytes;
  const time = ({ timings }: Comparison, name: string) => timings[name]?.medianUs;
  return [
    ...most('60 lines, figures', 'µs', 10, time(lines60, 'figures')),
    ...most('60 lines, with trace', 'µs', 50, time(lines60, 'with-trace')),
    ...most('600 lines, figures', 'µs', 40, time(lines600, 'figures')),
    ...most('600 lines, with trace', 'µs', 150, time(lines600, 'with-trace')),
    ...least(
      'json-rules-engine / figures, 60 lines',
      10,
      lines60.ratios['json-rules-engine / figures'],
    ),
    ...least('zen / figures, 60 lines', 100, lines60.ratios['zen / figures']),
    ...most(`${cityYear.admissions} admissions, figures`, 's', 5, cityYear.figuresSeconds),
    ...most('heap held after them beyond before', 'MB', 1, Math.max(0, after - before)),
    ...most(
      'all packs, read and compiled at a start of the built program',
      'ms',
      200,
      packs.builtMs,
    ),
    ...most('all packs, compiled alone', 'ms', 200, packs.compileMs),
  ];
}

function most(what: string, unit: string, bound: number, figure: number | undefined): Target[] {
  return figure === undefined ? [] : [{ what, unit, most: bound, figure, met: figure <= bound }];
}

function least(what: string, bound: number, figure: number | undefined): Target[] {
  return figure === undefined
    ? []
    : [{ what, unit: '×', least: bound, figure, met: figure >= bound }];
}

/** The same for a person, on standard error. */
export function printEngineTable({ lines60, lines600 }: Figures, targets: readonly Target[]): void {
  const rows: string[][] = [['median / p95 in µs', '60 lines', '600 lines']];
  for (const name of Object.keys(lines60.timings)) {
    rows.push([name, ...[lines60, lines600].map(({ timings }) => inTable(timings[name]))]);
  }
  for (const name of Object.keys(lines60.ratios)) {
    rows.push([name, ...[lines60, lines600].map(({ ratios }) => `${ratios[name] ?? ''}×`)]);
  }
  print(rows);
  print([
    ['target', 'figure', ''],
    ...targets.map(({ what, unit, most: bound, least: floor, figure, met }) => [
      `${what} ${bound === undefined ? `≥ ${floor ?? ''}` : `≤ ${bound}`} ${unit}`,
      `${figure}`,
      met ? 'met' : 'NOT MET',
    ]),
  ]);
}

function inTable(timing: Comparison['timings'][string] | undefined): string {
  return timing === undefined ? '' : `${timing.medianUs} / ${timing.p95Us}`;
}

function print(rows: readonly (readonly string[])[]): void {
  const columns = rows[0]?.map((_none, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  for (const row of rows) {
    console.error(
      row
        .map((cell, column) => cell.padEnd(columns?.[column] ?? 0))
        .join('  ')
        .trimEnd(),
    );
  }
  console.error('');
}
