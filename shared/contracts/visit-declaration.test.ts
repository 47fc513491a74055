import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { columnOf } from '../domain/shapes/column.ts';
import { receivedInputShape } from '../domain/shapes/input-shape.ts';
import { anyDocumentOf } from './any-document.test-support.ts';
import { decodeSettlementInput, encodeSettlementInput } from './stored-visit.ts';
import { visitColumns } from './visit-columns.ts';
import type { VisitJson } from './visit-json-schema.ts';

const numRuns = 200 * Number(process.env['TEST_DEPTH'] ?? '1');

/** Any Visit JSON of the declaration that has either charges or totals. */
const anyVisitJson = (anyDocumentOf(receivedInputShape) as fc.Arbitrary<VisitJson>)
  .map(({ visit: { totals, ...visit }, ...same }): VisitJson => {
    const has = visit.charges === undefined && totals !== undefined ? { totals } : {};
    // Receipts of any size may add up to more than an amount holds, so the deposit is stated.
    return { ...same, visit: { deposit: '0.00', ...visit, ...has } };
  })
  .filter(({ visit }) => visit.charges !== undefined || visit.totals !== undefined);

const kept = (json: unknown): unknown => JSON.parse(JSON.stringify(json));

/** Every field of a document, as paths without the places in lists. */
function pathsOf(value: unknown, path = ''): string[] {
  if (Array.isArray(value)) return value.flatMap((item) => pathsOf(item, path));
  if (typeof value !== 'object' || value === null) return [path];
  return Object.entries(value).flatMap(([name, part]) =>
    pathsOf(part, path === '' ? name : `${path}.${name}`),
  );
}

describe('the declaration of a visit', () => {
  it('keeps whatever it allows: decoded, encoded and decoded again it is the same', () => {
    fc.assert(
      fc.property(anyVisitJson, (json) => {
        // When a bill was made is nothing that is decided on.
        const { visit, person, yearToDate = null } = json;
        const decidedOn = { visit, person, ...(yearToDate === null ? {} : { yearToDate }) };
        const input = decodeSettlementInput(decidedOn);
        const written = kept(encodeSettlementInput(input));
        expect(decodeSettlementInput(written)).toEqual(input);
        // Nothing that was written is lost; what was left out may be written as its absence.
        const left = new Set(pathsOf(written));
        const lost = pathsOf(kept(decidedOn)).filter((path) => !left.has(path));
        expect(lost.filter((path) => !path.startsWith('person.categories'))).toEqual([]);
      }),
      { numRuns },
    );
  });

  it('allows no more and no less than the JSON Schema that is handed out', () => {
    const file = new URL('visit.schema.json', import.meta.url);
    const stored = JSON.parse(readFileSync(file, 'utf8')) as Parameters<typeof z.fromJSONSchema>[0];
    const schema = z.fromJSONSchema(stored);
    fc.assert(
      fc.property(anyVisitJson, fc.constantFrom('visit', 'person'), (json, part) => {
        expect(schema.safeParse(json).error?.issues).toBeUndefined();
        const other = { ...json, [part]: { ...json[part as 'visit'], undeclared: 1 } };
        expect(schema.safeParse(other).success).toBe(false);
      }),
      { numRuns: numRuns / 2 },
    );
  });

  it('has a column for every field but those that come in JSON only', () => {
    const declared: z.core.$ZodShape = (receivedInputShape as unknown as z.ZodObject).shape;
    const visit = (declared['visit'] as z.ZodCodec).def.in as z.ZodObject;
    const inTables = new Set(visitColumns.map(({ path }) => path.split('.')[1]));
    const jsonOnly = Object.keys(visit.shape).filter((name) => !inTables.has(name));
    expect(jsonOnly).toEqual(['diagnoses', 'charges', 'deposits', 'approvals', 'payerFigures']);
    expect(columnOf(visit.shape['bed'] as z.ZodType)).toEqual({ zh: '床号', kind: 'text' });
    expect(new Set(visitColumns.map(({ path }) => path)).size).toBe(visitColumns.length);
    expect(new Set(visitColumns.map(({ zh }) => zh)).size).toBe(visitColumns.length);
  });
});
