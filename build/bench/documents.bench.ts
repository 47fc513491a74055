/**
 * Paper: how soon a slip's bytes are there, how soon the printer confirms it, how long a statement takes in
 * its thread with the fonts at hand, and what the first one costs.
 */
import { printerModels } from '../../drivers/receipt-printer/models.ts';
import { openReceiptPrinter } from '../../drivers/receipt-printer/open-printer.ts';
import { startPrinterSimulator } from '../../drivers/receipt-printer/simulator/escpos-simulator.ts';
import { startDocumentMaker } from '../../electron/documents/document-maker.ts';
import { loadPaperFonts } from '../../electron/documents/paper-fonts.ts';
import { receiptPng } from '../../electron/documents/receipt-picture.ts';
import { renderReceipt } from '../../electron/documents/render-receipt.ts';
import { publishedSettlement } from '../../electron/documents/testing/published-settlement.ts';

const facts = await publishedSettlement();
const [model] = printerModels;
if (model === undefined) throw new Error('there are no printer models');
const slip = renderReceipt(facts, model);
if (!slip.ok) throw new Error(slip.refusal.message.en);
const { bytes, svg } = slip.value;

await measure('slip laid out to printer bytes', 500, () =>
  Promise.resolve(renderReceipt(facts, model)),
);

const simulator = await startPrinterSimulator();
const printer = openReceiptPrinter(`tcp://127.0.0.1:${String(simulator.port)}`);
if (!printer.ok) throw new Error(printer.refusal.message.en);
await measure('slip printed over TCP and confirmed', 200, () => printer.value.print(bytes));
await measure('printer asked how it is', 200, () => printer.value.status());
await printer.value.close();
await simulator.close();

const maker = startDocumentMaker();
await measure('first statement: thread and fonts', 1, () => maker.statement(facts));
await measure('statement of 85 charge lines', 50, () => maker.statement(facts));
const rare = await publishedSettlement({ name: '王小𠮷' });
await measure('first statement with a rare name', 1, () => maker.statement(rare));
await measure('statement with a rare name', 20, () => maker.statement(rare));
await maker.close();

const fonts = loadPaperFonts();
await measure('slip as a PNG picture', 5, () => receiptPng(svg, fonts));

async function measure(what: string, times: number, act: () => Promise<unknown>): Promise<void> {
  const took: number[] = [];
  for (let turn = 0; turn < times; turn += 1) {
    const startedAt = performance.now();
    await act();
    took.push(performance.now() - startedAt);
  }
  took.sort((a, b) => a - b);
  const at = (part: number): string => (took[Math.floor((took.length - 1) * part)] ?? 0).toFixed(1);
  console.log(
    `${what.padEnd(40)} median ${at(0.5)} ms, p95 ${at(0.95)} ms (${String(times)} times)`,
  );
}
