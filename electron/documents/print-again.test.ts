import { describe, expect, it } from 'vitest';

import { contracts } from '../../shared/contracts/contracts.ts';
import type { NewAuditEntry } from '../database/audit-repository.ts';
import type { Store } from '../database/store.ts';
import { printAgain } from './print-again.ts';

describe('why a sheet is printed again', () => {
  it.each(['', ' ', '\u200b', '\u2060\u00ad', '\u3164', '\u2800'])(
    'is not %j, which says nothing to whoever reads it later',
    (reason) => {
      const asked = { settlementId: 'S-1', document: 'receipt', reason };
      expect(contracts['documents:print-again'].input.safeParse(asked).success).toBe(false);
      const told = { ...asked, reason: '患者遗失' };
      expect(contracts['documents:print-again'].input.safeParse(told).success).toBe(true);
    },
  );

  it('stands in the audit as it is read', async () => {
    const noted: unknown[] = [];
    const all = {
      settlements: { find: () => Promise.resolve({}) },
      printJobs: { queueCopy: () => Promise.resolve({ id: 'J', copyNumber: 1 }) },
      audit: { append: ({ detail }: Pick<NewAuditEntry, 'detail'>) => noted.push(detail) },
    };
    const store = { transact: (work: (given: typeof all) => unknown) => work(all) };
    await printAgain(
      {
        store: store as unknown as Store,
        clock: { now: () => new Date(0), businessDate: () => '1970-01-01' },
        ids: { next: () => 'J' },
      },
      { settlementId: 'S-1', document: 'receipt', reason: ' \u202e遗失\u200b\n ', who: 'c001' },
    );
    expect(noted).toMatchObject([{ reason: '遗失' }]);
  });
});
