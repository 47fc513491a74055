/** The nightly upload: claims per second, each kept on disk before it is sent and after it is answered. */

import { timeOrderedIds } from '../../electron/base/ids.ts';
import { startPayers } from '../../electron/claims/payers.test-support.ts';
import { ownChannels } from '../../electron/claims/channels/channels.ts';
import { uploadClaims } from '../../electron/claims/upload-claims.ts';
import { createTestStore } from '../../electron/database/test-store.ts';
import {
  colonCancer,
  dependenciesOn,
  keepVisit,
  ownPacks,
  testClock,
  valueOf,
} from '../../electron/settlement/settlement.test-support.ts';
import { settleVisit } from '../../electron/settlement/settle-visit.ts';

const visits = 100;
const packs = await ownPacks();
const input = await colonCancer();
const store = await createTestStore();
const payers = await startPayers();
for (let turn = 0; turn < visits; turn += 1) {
  const visitId = `ZY-${String(turn)}`;
  await keepVisit(store, { ...input, visit: { ...input.visit, id: visitId }, yearToDate: null });
  valueOf(await settleVisit(dependenciesOn(store, packs), { visitId, by: 'cashier1' }));
}
const startedAt = performance.now();
const answer = valueOf(
  await uploadClaims(
    {
      store,
      channels: ownChannels(),
      clock: testClock,
      ids: timeOrderedIds(),
      folder: { home: store.folder, databaseFile: store.file },
    },
    { payersUrl: payers.url(), who: 'clerk1' },
  ),
);
const seconds = (performance.now() - startedAt) / 1000;
const sent = answer.payers.reduce((sum, { accepted }) => sum + accepted, 0);
console.log(
  `claims uploaded and accepted: ${String(sent)}, ${(sent / seconds).toFixed(0)} per second`,
);
await payers.end();
await store.remove();
