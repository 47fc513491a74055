import type { PrinterModel, PrintOutcome } from '../../drivers/receipt-printer/port.ts';
import {
  layoutSlip,
  missingCharacters,
  slipText,
  type LaidOutSlip,
} from '../../drivers/receipt-printer/slip-layout.ts';
import type { Words } from '../../shared/domain/result.ts';
import { printerWords } from './printer-words.ts';
import { canPrint, type PrinterService } from './printer-service.ts';

/** A character of four bytes in GB 18030, as stands in some names. */
const rareCharacter = '𠮷';

/** What became of a test page, and what to do. */
export type TestPageOutcome = {
  readonly outcome: PrintOutcome['kind'];
  readonly words: Words;
  readonly remedy: Words | null;
};

/**
 * A page that names nobody and looks like a slip: a full line, characters of names, amounts and the cutter.
 * `printedAt` is an instant of Shanghai.
 */
function renderTestPage(model: PrinterModel, printedAt: string): LaidOutSlip {
  const rule = '─'.repeat(model.columns / 2);
  const digits = '1234567890'.repeat(5).slice(0, model.columns);
  const hasRare = missingCharacters(rareCharacter, model).length === 0;
  return layoutSlip(
    [
      '{border:none}',
      '{width:*}',
      '|"打印机测试页"|',
      '|不是凭条，没有任何结算|',
      `|${rule} |`,
      `|${slipText(`型号 ${model.name}`, model)} |`,
      `|${slipText(model.words.zh, model)} |`,
      `|时间 ${slipText(printedAt.slice(0, 19).replace('T', ' '), model)} |`,
      `|${rule} |`,
      `|${digits} |`,
      `|汉字：总费用 个人负担 医疗救助 |`,
      `|少见的字：${slipText(`镕喆㛃${rareCharacter}`, model)}${hasRare ? '' : '（字库没有的印成〓）'} |`,
      '|^^"1,358.00" |',
      `|${rule} |`,
      `|数字应占满一行，共 ${String(model.columns)} 个。 |`,
    ].join('\n'),
    model,
  );
}

/** Prints a test page; a printer that cannot print now says so, and nothing waits. */
export async function printTestPage(
  printer: PrinterService,
  printedAt: string,
): Promise<TestPageOutcome> {
  const { state } = await printer.look();
  if (!canPrint(state)) return { outcome: 'failed', ...printerWords(state) };
  const { bytes } = renderTestPage(printer.model, printedAt);
  const outcome = await printer.print(bytes, () => undefined);
  switch (outcome.kind) {
    case 'confirmed':
      return {
        outcome: 'confirmed',
        words: { zh: '测试页已打印完成。', en: 'The test page was printed.' },
        remedy: null,
      };
    case 'sent':
      return {
        outcome: 'sent',
        words: {
          zh: '测试页已送出；这台打印机不回报结果，请看纸上有没有。',
          en: 'The test page was sent; this printer does not say whether it came out: look at the paper.',
        },
        remedy: null,
      };
    case 'unknown':
    case 'failed':
      return { outcome: outcome.kind, ...printerWords(outcome.status.state) };
  }
}
