import type { Kysely } from 'kysely';

import { shanghaiInstant } from '../base/clock.ts';
import { loadAuditKey, makeAuditKey } from './audit-key.ts';
import { auditRepository } from './audit-repository.ts';
import { endUnitMarks } from './end-unit-marks.ts';
import { journalRepository } from './journal-repository.ts';
import type { Tables } from './schema.ts';
import { aloneUnit, type Window } from './unit-of-work.ts';

/** The act of the entry that a chain without a key goes on with under one. */
const auditKeyedAct = 'start-keyed-audit';

/**
 * Gives the chain its key where it has none: a random one, kept closed under the folder's key, so that several windows
 * can share it and who has the tables alone makes no entry. Entries that are there keep their plain hashes; one that says so
 * (`start-keyed-audit`) is the first with a keyed one.
 */
export async function startAuditKey(
  database: Kysely<Tables>,
  folderKey: Uint8Array,
  window: Window,
): Promise<void> {
  await database.transaction().execute(async (transaction) => {
    if ((await loadAuditKey(transaction, folderKey)) !== null) return;
    const head = await transaction.selectFrom('audit_head').select('sequence').executeTakeFirst();
    const firstEntry = (head?.sequence ?? 0) + 1;
    const { auditKey, sealed } = makeAuditKey(firstEntry, folderKey);
    const at = shanghaiInstant(new Date());
    await transaction
      .insertInto('audit_keys')
      .values({
        id: 1,
        first_entry: firstEntry,
        sealed,
        made_at: at,
      })
      .execute();
    if (firstEntry > 1) {
      const unit = { ...aloneUnit(), window, auditKey };
      await auditRepository(transaction, unit).append({
        ...{ at, who: 'program', act: auditKeyedAct, about: 'audit' },
        detail: { firstEntry },
      });
      await endUnitMarks(transaction, unit);
    }
    await journalRepository(transaction).endUnit(at);
  });
}
