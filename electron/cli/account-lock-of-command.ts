import { refused, type Result } from '../../shared/domain/result.ts';
import { readSettings } from '../app/settings.ts';
import type { Services } from '../app/services.ts';
import { shanghaiInstant } from '../base/clock.ts';
import { startAccountLocks, type FetchedBill } from '../intake/sql/account-locks.ts';
import type { SqlSettings } from '../intake/sql/connection-settings.ts';
import { pullVisits } from '../intake/sql/pull-visits.ts';

/** Who holds the lock here: one command settles one visit. */
const holder = 'command';

/**
 * Does an act with the hospital's account of a visit locked, where the hospital offers it, and frees it afterwards. Refused, with
 * nothing done, where it is not locked, unless `despite` says who goes on all the same.
 */
export async function underAccountLock<Value, Code extends string>(
  services: Services,
  { visitId, by, despite }: { visitId: string; by: string; despite: boolean },
  act: () => Promise<Result<Value, Code>>,
): Promise<Result<Value>> {
  const { store, folder, clock } = services;
  const settings = await readSettings(store, folder);
  const known = await store.read(({ visits }) => visits.find(visitId));
  const locks = startAccountLocks({
    ...{ ...services, settings, by: 'command' },
    fetchBill: () => fetchBill(services, settings, visitId),
    onFault: (problem) => {
      throw problem;
    },
  });
  // What is settled already is answered with its settlement, lock or not.
  if (!locks.isOffered || known?.state !== 'unsettled') return act();
  try {
    const { refusal } = await locks.hold(visitId, holder);
    if (refusal !== null) {
      if (!despite) return refused(refusal);
      await store.transact(({ audit }) =>
        audit.append({
          ...{ at: shanghaiInstant(clock.now()), who: by },
          ...{ act: 'settle-despite-account', about: visitId, detail: { code: refusal.code } },
        }),
      );
    }
    return await act();
  } finally {
    await locks.close();
  }
}

async function fetchBill(
  services: Services,
  settings: SqlSettings,
  visitId: string,
): Promise<FetchedBill> {
  const pulled = await pullVisits(services, settings, { kind: 'visit', visitId });
  if (!pulled.ok) return pulled.refusal;
  return pulled.value.refused[0] ?? 'taken';
}
