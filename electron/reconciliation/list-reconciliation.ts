import { differencesPageMax, type DifferencesPage } from '../database/differences-repository.ts';
import type { DifferenceTable, RemittanceTable } from '../database/remittance-tables.ts';
import type { Store } from '../database/store.ts';

const remittancesAtOnce = 200;

/** Every remittance, the latest first, of one snapshot. */
export function listRemittances({
  store,
}: {
  readonly store: Store;
}): Promise<readonly RemittanceTable[]> {
  return store.read(async ({ remittances }) => {
    const listed: RemittanceTable[] = [];
    for (let before: string | undefined; ;) {
      const page = await remittances.list({
        ...(before === undefined ? {} : { before }),
        limit: remittancesAtOnce,
      });
      listed.push(...page);
      const last = page.at(-1);
      if (last === undefined) return listed;
      before = last.id;
    }
  });
}

/** Every difference that is asked for, in the order in which they were first seen, of one snapshot. */
export function listDifferences(
  { store }: { readonly store: Store },
  filter: Omit<DifferencesPage, 'after' | 'limit'>,
): Promise<readonly DifferenceTable[]> {
  return store.read(async ({ differences }) => {
    const listed: DifferenceTable[] = [];
    for (let after = ''; ;) {
      const page = await differences.list({ ...filter, after, limit: differencesPageMax });
      listed.push(...page);
      const last = page.at(-1);
      if (last === undefined) return listed;
      after = last.id;
    }
  });
}
