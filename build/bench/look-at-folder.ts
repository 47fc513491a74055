import { readFileSync } from 'node:fs';
import { openStore } from '../../electron/database/open-store.ts';
import { previewVisit } from '../../electron/settlement/preview-visit.ts';
import { ownPacks, testClock } from '../../electron/settlement/settlement.test-support.ts';

// What a desk does all day with a folder, in a process of its own, so that the memory printed is that alone.
const [, , file = '', keyText = ''] = process.argv;
const store = await openStore({ file, key: Buffer.from(keyText, 'hex') });
const dependencies = { store, packs: await ownPacks(), approvedOnly: null, clock: testClock };
const queue = await store.read(({ visits }) => visits.listUnsettled({ limit: 200 }));
for (let round = 0; round < 20; round += 1) {
  await store.read(({ visits }) => visits.search('zhang', 20));
  await store.read(({ claims }) => claims.outboxSummary());
  for (const { visitId } of queue.slice(0, 50)) await previewVisit(dependencies, { visitId });
}
await store.close();
// The peak of this program's own memory; the figure of resourceUsage begins with that of who started it.
const peak = /VmHWM:\s+(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
console.log((Number(peak) / 1024).toFixed(0));
