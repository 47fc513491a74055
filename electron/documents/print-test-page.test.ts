import { afterEach, describe, expect, it } from 'vitest';

import { printerModels } from '../../drivers/receipt-printer/models.ts';
import { openReceiptPrinter } from '../../drivers/receipt-printer/open-printer.ts';
import { startPrinterSimulator } from '../../drivers/receipt-printer/simulator/escpos-simulator.ts';
import { printTestPage } from './print-test-page.ts';
import { startPrinterService } from './printer-service.ts';

const printedAt = '2026-11-22T09:00:00.000+08:00';
const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function printerWith(model: string) {
  const simulator = await startPrinterSimulator();
  ends.push(() => simulator.close());
  const opened = openReceiptPrinter(`tcp://127.0.0.1:${String(simulator.port)}?model=${model}`);
  if (!opened.ok) throw new Error(opened.refusal.message.en);
  const service = startPrinterService(opened.value);
  ends.push(() => service.close());
  return { simulator, service };
}

describe('the test page', () => {
  it.each(printerModels.map((model) => [model.name, model] as const))(
    'comes out of %s: one line full of digits, characters, an end',
    async (name, model) => {
      const { simulator, service } = await printerWith(name);
      const outcome = model.confirms === 'none' ? 'sent' : 'confirmed';
      expect(await printTestPage(service, printedAt)).toMatchObject({ outcome });
      const [sheet] = simulator.sheets;
      expect(sheet?.unreadable).toEqual([]);
      expect(sheet?.wasCut).toBe(model.cutter);
      const lines = sheet?.lines.map((line) => line.trimEnd()) ?? [];
      expect(lines).toContain('1234567890'.repeat(5).slice(0, model.columns));
      const text = lines.join('\n');
      expect(text).toContain('2026-11-22 09:00:00');
      expect(text).toContain('不是凭条');
      // What the font lacks is marked, and the page says so.
      expect(text.includes('字库没有的印成〓')).toBe(!model.fourByteCharacters);
    },
  );

  it('is refused by a printer without paper, and nothing waits', async () => {
    const { simulator, service } = await printerWith('generic-80');
    simulator.change({ paper: 'out' });
    const outcome = await printTestPage(service, printedAt);
    expect(outcome).toMatchObject({ outcome: 'failed', words: { zh: '打印机缺纸' } });
    expect(outcome.remedy?.zh).toContain('新纸卷');
    expect(simulator.sheets).toEqual([]);
  });
});
