import { describe, expect, it } from 'vitest';
import { settlementInputFromVisitJson } from '../../shared/contracts/visit-json.ts';
import { csvColumns } from './csv-columns.ts';
import { fileOf } from './file-bytes.test-support.ts';
import { placeInCsv, visitsOfCsv } from './visits-of-csv.ts';

describe('the columns of a table of visits', () => {
  it.each([
    ['paths', csvColumns.map(({ path }) => path)],
    ['Chinese names', csvColumns.map(({ zh }) => zh)],
  ])('are all known by their %s, and lead to fields the Visit JSON knows', (_what, headers) => {
    const reading = visitsOfCsv(
      fileOf([headers.join(','), headers.map(() => '1').join(',')].join('\n')),
    );
    if (reading.kind === 'refused') throw new Error(reading.problem.message.en);
    const [visit] = [...reading.visits()];
    if (visit === undefined) throw new Error('no visit');
    expect(visit.problems).toEqual([]);
    const read = settlementInputFromVisitJson(visit.received.document);
    const problems = read.ok
      ? []
      : ((read.refusal.details ?? []) as { code: string; place: string }[]);
    // Every cell says 1, so there is much to refuse, but never that a field is unknown.
    expect(problems.length).toBeGreaterThan(10);
    expect(problems.filter(({ code }) => code === 'unknown-field')).toEqual([]);
    const columns = problems.map(({ place }) => placeInCsv(visit.places, place).column);
    expect(columns.filter((column) => column !== undefined).length).toBeGreaterThan(10);
  });
});
