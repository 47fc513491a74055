import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import {
  demoBusinessDate,
  demoDocuments,
  demoHospital,
  demoVisitsToSettle,
} from '../intake/demo-data.ts';
import { receivedAsJson } from '../database/bill-identity.ts';
import { keepVisitDocument } from '../intake/keep-visit-document.ts';
import { settleVisit } from '../settlement/settle-visit.ts';
import { shanghaiInstant, systemClock } from '../base/clock.ts';
import type { Services } from './services.ts';

/** Who settled the visits a new demo folder begins with. */
const demoCashier = 'cashier1';

/** The demo's bills are older than whatever comes into its folder. */
const madeBeforeDemo = { at: `${demoBusinessDate}T00:00:00.000+08:00`, by: 'file' } as const;

/**
 * Fills a new folder. A live one only learns what it is; a demo gets its fixed business date, its hospital,
 * the invented patients, and some of them settled by the same act as at the desk.
 */
export async function fillFolder(services: Services): Promise<void> {
  const { folder, store } = services;
  await store.transact(({ folderFacts }) => folderFacts.set('kind', folder.kind));
  if (folder.kind === 'live') return;
  await store.transact(async ({ folderFacts }) => {
    await folderFacts.set('business-date', demoBusinessDate);
    await folderFacts.set('hospital', demoHospital);
  });
  // The demo exchanges files with its hospital through folders of its own.
  for (const name of ['hospital-in', 'hospital-out']) await mkdir(join(folder.home, name));
  // The services were opened before the folder had its business date.
  const dependencies = { ...services, clock: systemClock(demoBusinessDate) };
  for (const document of await demoDocuments()) {
    const received = receivedAsJson(document);
    const kept = await keepVisitDocument(dependencies, received, 'demo', madeBeforeDemo);
    if (!kept.ok) throw new Error(`a demo visit was refused: ${kept.refusal.message.en}`);
  }
  for (const visitId of demoVisitsToSettle) {
    const settled = await settleVisit(dependencies, { visitId, by: demoCashier });
    if (!settled.ok) throw new Error(`a demo visit did not settle: ${settled.refusal.message.en}`);
    await withdrawPaper(dependencies, settled.value.settlement.settlementId);
  }
}

/** These patients have long gone home with their paper: it must not come out of the first printer connected. */
async function withdrawPaper({ store, clock }: Services, settlementId: string): Promise<void> {
  const at = shanghaiInstant(clock.now());
  await store.transact(({ printJobs }) => printJobs.withdrawForCancellation(settlementId, at));
}
