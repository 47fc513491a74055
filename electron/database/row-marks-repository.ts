import type { Kysely } from 'kysely';

import { markProblemsOf, unmarkedOfVisit, type MarkFinding } from './check-row-marks.ts';
import { endUnitMarks } from './end-unit-marks.ts';
import { markedKinds } from './marked-tables.ts';
import type { Tables } from './schema.ts';
import type { UnitOfWork } from './unit-of-work.ts';

/** The keyed marks of rows that wait to be settled: whoever has the folder's key and an editor changes rows, but no mark. */
export type RowMarksRepository = {
  /** What of a visit and its person does not bear its mark, by table and key; empty: nothing, or the chain has no key. */
  unmarkedOf(about: {
    readonly visitId: string;
    readonly personId: string;
  }): Promise<readonly string[]>;
  /** Rows of all tables that are not as the program wrote them, at most so many. */
  problems(limit: number): Promise<readonly MarkFinding[]>;
  /** Marks what the unit of work touched and seals the end of the chain; the store does it last. */
  endUnit(): Promise<void>;
};

export function rowMarksRepository(db: Kysely<Tables>, unit: UnitOfWork): RowMarksRepository {
  const { auditKey } = unit;
  return {
    unmarkedOf: (about) => unmarkedOfVisit(db, about, auditKey),
    async problems(limit) {
      // That the key is gone is found by the check of the chain.
      if (auditKey === null) return [];
      const found: MarkFinding[] = [];
      for (const kind of markedKinds) {
        if (found.length >= limit) break;
        found.push(...(await markProblemsOf(db, kind, { auditKey, limit: limit - found.length })));
      }
      return found;
    },
    endUnit: () => endUnitMarks(db, unit),
  };
}
