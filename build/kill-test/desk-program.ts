import { readFileSync, writeSync } from 'node:fs';

import { openReceiptPrinter } from '../../drivers/receipt-printer/open-printer.ts';
import { systemClock } from '../../electron/base/clock.ts';
import { armCrashPoints } from '../../electron/base/crash-points.ts';
import { timeOrderedIds } from '../../electron/base/ids.ts';
import { ownChannels } from '../../electron/claims/channels/channels.ts';
import { uploadClaims } from '../../electron/claims/upload-claims.ts';
import { openStore } from '../../electron/database/open-store.ts';
import { documentFiles } from '../../electron/documents/document-files.ts';
import type { DocumentMaker } from '../../electron/documents/document-maker.ts';
import { startPrintQueue } from '../../electron/documents/print-queue.ts';
import { startPrinterService } from '../../electron/documents/printer-service.ts';
import { receivedAsJson } from '../../electron/database/bill-identity.ts';
import { keepVisitDocument } from '../../electron/intake/keep-visit-document.ts';
import { writeHospitalFilesNow } from '../../electron/hospital-exchange/write-hospital-files.ts';
import { cancelSettlement } from '../../electron/settlement/cancel-settlement.ts';
import { settleVisit } from '../../electron/settlement/settle-visit.ts';
import {
  dependenciesOn,
  ownPacks,
  valueOf,
} from '../../electron/settlement/settlement.test-support.ts';
import { ackMark, type Ack, type Act, type KillOrder } from './kill-order.ts';

// The desk as the kill test runs it: the same services, one act after the other, each acknowledged by a line
// when it is done and not before. It is killed at a crash point (`CRASH_AT`) or from outside, at any moment.

armCrashPoints(process.env);
const order = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as KillOrder;
const key = Buffer.from(order.keyText, 'hex');
const store = await openStore({ file: order.databaseFile, key });
const clock = systemClock('2017-11-27');
const ids = timeOrderedIds();
const dependencies = { ...dependenciesOn(store, await ownPacks()), clock, ids };
const settled: Record<string, string> = { ...order.settled };

const noStatements: DocumentMaker = {
  prepare: () => Promise.resolve(),
  statement: () => Promise.reject(new Error('no statements are made here')),
  packSheet: () => Promise.reject(new Error('no sheets are made here')),
  close: () => Promise.resolve(),
};

for (const [index, act] of order.acts.entries()) {
  if (index < order.from) continue;
  const ack = await perform(index, act);
  // Written at once and whole: what is in the pipe was acknowledged, whatever happens to this process next.
  writeSync(1, `${ackMark}${JSON.stringify(ack)}\n`);
}
await store.close();

async function perform(index: number, each: Act): Promise<Ack> {
  switch (each.act) {
    case 'import': {
      const received = receivedAsJson(each.visit);
      const kept = valueOf(await keepVisitDocument(dependencies, received, 'the kill test'));
      return { index, act: 'import', visitId: kept.visitId };
    }
    case 'settle': {
      const { visitId } = each;
      const { already, settlement } = valueOf(
        await settleVisit(dependencies, { visitId, by: 'cashier1' }),
      );
      const { settlementId, number } = settlement;
      settled[visitId] = settlementId;
      return { index, act: 'settle', visitId, settlementId, number, already };
    }
    case 'cancel': {
      const { visitId } = each;
      const settlementId = settled[visitId] ?? '';
      const by = { by: 'cashier1', approvedBy: 'supervisor1' };
      valueOf(await cancelSettlement(dependencies, { settlementId, reason: '重新核算', ...by }));
      return { index, act: 'cancel', visitId, settlementId };
    }
    case 'print':
      await print();
      return { index, act: 'print' };
    case 'hand-over':
      await writeHospitalFilesNow({ store, clock, folder: order.handOverFolder });
      return { index, act: 'hand-over' };
    case 'upload': {
      const folder = { home: order.folder, databaseFile: order.databaseFile };
      const { payersUrl } = order;
      const channels = ownChannels();
      const call = { payersUrl, who: 'clerk1' };
      valueOf(await uploadClaims({ store, clock, ids, folder, channels }, call));
      return { index, act: 'upload' };
    }
  }
}

/** Prints slips until none waits. Statements are only files, so they are left out: their fonts take a second. */
async function print(): Promise<void> {
  const timings = { answerMs: 500, confirmMs: 3000, helpMs: 500, askAgainMs: 50, connectMs: 2000 };
  const printer = startPrinterService(valueOf(openReceiptPrinter(order.printerUrl, timings)));
  const queue = await startPrintQueue({
    store,
    clock,
    ids,
    maker: noStatements,
    printer,
    files: documentFiles(order.folder, key),
    demo: false,
    pauses: { firstMs: 50, longestMs: 500, lookMs: 50 },
  });
  for (;;) {
    const jobs = await store.read(async ({ printJobs }) => [
      ...(await printJobs.inState('queued', 50)),
      ...(await printJobs.inState('sending', 50)),
    ]);
    if (!jobs.some(({ document }) => document === 'receipt')) break;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  await queue.close();
  await printer.close();
}
