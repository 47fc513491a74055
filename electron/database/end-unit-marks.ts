import type { Kysely } from 'kysely';

import type { AuditKey } from './audit-key.ts';
import { headSeal } from './audit-repository.ts';
import { markTouched, digestOfSums } from './row-marks.ts';
import type { Tables } from './schema.ts';
import type { UnitOfWork } from './unit-of-work.ts';

/**
 * Ends a unit of work: what it touched is marked as it stands now, and the end of the audit chain is sealed together with the
 * sums of the marks. Whoever brings rows back with their old marks cannot bring back the seal.
 */
export async function endUnitMarks(
  db: Kysely<Tables>,
  { marks, auditKey, keys }: Pick<UnitOfWork, 'marks' | 'auditKey' | 'keys'>,
): Promise<void> {
  if (auditKey === null || (marks.touched.size === 0 && !marks.isChainMoved())) return;
  keys.takeHotRow('audit_head');
  // Locks the end of the chain until this unit is kept: sums are moved by one unit after the other.
  const head = await db
    .updateTable('audit_head')
    .set((row) => ({ seal: row.ref('seal') }))
    .where('id', '=', 1)
    .returning(['sequence', 'hash', 'seal'])
    .executeTakeFirst();
  await markTouched(db, marks, auditKey);
  if (head === undefined) return;
  const seal = headSeal(head, auditKey, await digestOfSums(db));
  if (seal === head.seal) return;
  await db.updateTable('audit_head').set({ seal }).where('id', '=', 1).execute();
}

/** What is wrong with the key of the chain or with the seal of its end. */
export async function sealProblems(
  db: Kysely<Tables>,
  auditKey: AuditKey | null,
): Promise<readonly { readonly about: string; readonly problem: string }[]> {
  if (auditKey === null) return [{ about: 'audit', problem: 'the key of the chain is gone' }];
  const head = await db.selectFrom('audit_head').selectAll().executeTakeFirst();
  if (head === undefined) return [];
  if (head.seal === headSeal(head, auditKey, await digestOfSums(db))) return [];
  const problem =
    'its end is not the one that was sealed: entries were cut off or made anew, or the sums of marks are not those that were sealed with it';
  return [{ about: `audit ${String(head.sequence)}`, problem }];
}
