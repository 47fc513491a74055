/** A desk's print queue as a program of its own, to be killed: FILE KEY-HEX HOME PRINTER-URL. */
import { openReceiptPrinter } from '../../../drivers/receipt-printer/open-printer.ts';
import { systemClock } from '../../base/clock.ts';
import { armCrashPoints } from '../../base/crash-points.ts';
import { timeOrderedIds } from '../../base/ids.ts';
import { openStore } from '../../database/open-store.ts';
import { documentFiles } from '../document-files.ts';
import { startDocumentMaker } from '../document-maker.ts';
import { startPrintQueue } from '../print-queue.ts';
import { startPrinterService } from '../printer-service.ts';

const [file = '', keyHex = '', home = '', url = ''] = process.argv.slice(2);
armCrashPoints(process.env);
const key = Buffer.from(keyHex, 'hex');
const printer = openReceiptPrinter(url);
if (!printer.ok) throw new Error(printer.refusal.message.en);
const service = startPrinterService(printer.value);
const queue = await startPrintQueue({
  store: await openStore({ file, key }),
  clock: systemClock(null),
  ids: timeOrderedIds(),
  maker: startDocumentMaker(),
  files: documentFiles(home, key),
  printer: service,
  demo: false,
});
await queue.settled();
process.stdout.write('settled\n');
