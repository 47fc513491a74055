import { sql, type Kysely } from 'kysely';

import type { Result } from '../../shared/domain/result.ts';
import type { Tables } from './schema.ts';

/** Parts of a unit of work of which each is kept, or taken back alone. */
export type UnitParts = {
  /**
   * Does a part of the unit. What a refused part wrote is taken back, and the rest of the unit stands; what it throws ends the
   * whole unit. No part is inside another, and none gives numbers of settlements, which are remembered outside, too.
   */
  keepUnlessRefused<Value, Code extends string>(
    part: () => Promise<Result<Value, Code>>,
  ): Promise<Result<Value, Code>>;
};

export function unitParts(db: Kysely<Tables>): UnitParts {
  return {
    async keepUnlessRefused(part) {
      await sql`savepoint part`.execute(db);
      const result = await part();
      if (!result.ok) await sql`rollback to savepoint part`.execute(db);
      await sql`release savepoint part`.execute(db);
      return result;
    },
  };
}
