import type { Kysely } from 'kysely';

import { shanghaiInstant } from '../base/clock.ts';
import type { AuditKey } from './audit-key.ts';
import { auditRepository, headSeal } from './audit-repository.ts';
import { endUnitMarks } from './end-unit-marks.ts';
import { journalRepository } from './journal-repository.ts';
import { markedKinds } from './marked-tables.ts';
import { markAll, digestOfSums } from './row-marks.ts';
import type { Tables } from './schema.ts';
import { aloneUnit, type Window } from './unit-of-work.ts';

/** The act of the entry that says which rows bear a mark from then on as they stood. */
const rowsMarkedAct = 'mark-rows';

/**
 * Marks, once, the rows of tables that had no marks before: as they stand, for nobody can tell any more what was done to them
 * until then; the audit says so (`mark-rows`) with how many they were. Where the end of the chain is not the one
 * that was sealed nothing is marked: somebody took the marks away, and `verify` tells.
 */
export async function startRowMarks(
  database: Kysely<Tables>,
  auditKey: AuditKey,
  window: Window,
): Promise<void> {
  await database.transaction().execute(async (transaction) => {
    const kinds = await unmarkedKinds(transaction);
    if (kinds.length === 0) return;
    const head = await transaction.selectFrom('audit_head').selectAll().executeTakeFirst();
    const sums = await digestOfSums(transaction);
    if (head !== undefined && head.seal !== headSeal(head, auditKey, sums)) return;
    const counts: Record<string, number> = {};
    for (const kind of kinds) counts[kind] = await markAll(transaction, kind, auditKey);
    const at = shanghaiInstant(new Date());
    const unit = { ...aloneUnit(), window, auditKey };
    if (Object.values(counts).some((rows) => rows > 0))
      await auditRepository(transaction, unit).append({
        ...{ at, who: 'program', act: rowsMarkedAct, about: 'books' },
        detail: { rows: counts },
      });
    else unit.marks.chainMoved();
    await endUnitMarks(transaction, unit);
    await journalRepository(transaction).endUnit(at);
  });
}

/** Whether every table has its marks: a start that was broken off between the two is made up for. */
export async function areRowsMarked(database: Kysely<Tables>): Promise<boolean> {
  return (await unmarkedKinds(database)).length === 0;
}

async function unmarkedKinds(database: Kysely<Tables>) {
  const marked = await database.selectFrom('row_sums').select('kind').execute();
  const known = new Set(marked.map(({ kind }) => kind));
  return markedKinds.filter((kind) => !known.has(kind));
}
