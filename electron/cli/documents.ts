import { extname } from 'node:path';

import { printerModels } from '../../drivers/receipt-printer/models.ts';
import { openReceiptPrinter } from '../../drivers/receipt-printer/open-printer.ts';
import type { ReceiptPrinter } from '../../drivers/receipt-printer/port.ts';
import { accepted, refused, type Result } from '../../shared/domain/result.ts';
import { whyNot, writeNewWhole } from '../base/foreign-folder.ts';
import type { Ids } from '../base/ids.ts';
import { loadDocumentFacts } from '../documents/load-document-facts.ts';
import { noteShown } from '../documents/note-shown.ts';
import { openStatement } from '../documents/open-statement.ts';
import { loadPaperFonts } from '../documents/paper-fonts.ts';
import {
  nextReceipt,
  printReceiptNow,
  takeBackCopy,
  takeReceiptSheet,
  type PrintedReceipt,
} from '../documents/print-receipt-now.ts';
import type { PrintDependencies, SheetCode } from '../documents/print-sheet.ts';
import { receiptPng } from '../documents/receipt-picture.ts';
import { renderReceipt } from '../documents/render-receipt.ts';
import { commandRefusal } from './command-refusals.ts';

type FileCode = 'wrong-file-ending' | 'cannot-write-file';

/** `statement SETTLEMENT-ID --out FILE`: the discharge statement as a PDF. */
export async function statementCommand(
  dependencies: PrintDependencies,
  {
    settlementId,
    outFile,
    who,
  }: { readonly settlementId: string; readonly outFile: string; readonly who: string },
): Promise<
  Result<
    { readonly settlementId: string; readonly file: string; readonly bytes: number },
    FileCode | SheetCode
  >
> {
  if (extname(outFile).toLowerCase() !== '.pdf')
    return refused(commandRefusal('wrong-file-ending', { file: outFile, endings: '.pdf' }));
  const shownTo = { who, where: 'statement', page: null };
  const opened = await openStatement(dependencies, settlementId, shownTo);
  if (!opened.ok) return opened;
  const written = await write(outFile, opened.value.pdf);
  if (!written.ok) return written;
  return accepted({ settlementId, file: outFile, bytes: opened.value.pdf.length });
}

export type ReceiptCall = {
  readonly settlementId: string;
  /** `.bin` printer bytes, `.svg` or `.png` a picture. */
  readonly outFile: string;
  /** Prints as well, there. */
  readonly printerUrl?: string;
  /** Who asks; stands in the audit. */
  readonly who: string;
};

export type ReceiptAnswer = {
  readonly settlementId: string;
  readonly file: string;
  readonly bytes: number;
  readonly copyNumber: number;
  /** What became of the sheet; null without a printer. */
  readonly printed: PrintedReceipt | null;
};

/**
 * `receipt SETTLEMENT-ID --out FILE [--printer URL]`: the slip as a file, and on paper if a printer is named.
 * Until the original was sent it is the original; afterwards it is a copy and marked as one. A file alone
 * counts as no print, nor does a copy of which nothing left for the printer; it stands in the audit all the same.
 */
export async function receiptCommand(
  dependencies: PrintDependencies & { readonly ids: Ids },
  call: ReceiptCall,
): Promise<Result<ReceiptAnswer, FileCode | SheetCode | 'printer-url'>> {
  const ending = extname(call.outFile).toLowerCase();
  if (!['.bin', '.svg', '.png'].includes(ending)) {
    return refused(
      commandRefusal('wrong-file-ending', { file: call.outFile, endings: '.bin .svg .png' }),
    );
  }
  if (call.printerUrl === undefined) {
    const { copyNumber } = await nextReceipt(dependencies, call.settlementId);
    return sheetInFile(dependencies, { ...call, copyNumber, ending }, null);
  }
  const printer = openReceiptPrinter(call.printerUrl);
  if (!printer.ok) return printer;
  try {
    return await fileAndPaper(dependencies, { ...call, ending }, printer.value);
  } finally {
    await printer.value.close();
  }
}

async function fileAndPaper(
  dependencies: PrintDependencies & { readonly ids: Ids },
  call: ReceiptCall & { readonly ending: string },
  printer: ReceiptPrinter,
): Promise<Result<ReceiptAnswer, FileCode | SheetCode>> {
  const { who } = call;
  const sheet = await takeReceiptSheet(dependencies, { ...call, reason: 'command line' });
  if (!sheet.ok) return sheet;
  const { copyNumber, printJobId } = sheet.value;
  const inFile = await sheetInFile(dependencies, { ...call, copyNumber }, printer);
  if (!inFile.ok) {
    // The desk must not print by itself what this command could not even write.
    await takeBackCopy(dependencies, { printJobId, who });
    return inFile;
  }
  const printed = await printReceiptNow(dependencies, printer, printJobId, who);
  return accepted({ ...inFile.value, printed });
}

type Sheet = {
  readonly who: string;
  readonly settlementId: string;
  readonly outFile: string;
  readonly copyNumber: number;
  readonly ending: string;
};

async function sheetInFile(
  dependencies: PrintDependencies,
  sheet: Sheet,
  printer: ReceiptPrinter | null,
): Promise<Result<ReceiptAnswer, FileCode | SheetCode>> {
  const { settlementId, outFile: file, copyNumber, who } = sheet;
  const content = await sheetAs(dependencies, sheet, printer);
  if (!content.ok) return content;
  const taken = { settlementId, document: 'receipt', copyNumber } as const;
  await noteShown(dependencies, taken, { who, where: 'receipt', page: null });
  const written = await write(file, content.value);
  if (!written.ok) return written;
  return accepted({ settlementId, file, bytes: content.value.length, copyNumber, printed: null });
}

async function sheetAs(
  { store, clock, demo }: PrintDependencies,
  sheet: { readonly settlementId: string; readonly copyNumber: number; readonly ending: string },
  printer: ReceiptPrinter | null,
): Promise<Result<Uint8Array, SheetCode>> {
  const facts = await store.read((repositories) =>
    loadDocumentFacts(repositories, { ...sheet, demo, clock }),
  );
  if (!facts.ok) return facts;
  const [firstModel] = printerModels;
  const model = printer?.model ?? firstModel;
  if (model === undefined) throw new Error('there are no printer models');
  const slip = renderReceipt(facts.value, model);
  if (!slip.ok) return slip;
  const { bytes, svg } = slip.value;
  if (sheet.ending === '.bin') return accepted(bytes);
  if (sheet.ending === '.svg') return accepted(Buffer.from(svg));
  return accepted(await receiptPng(svg, loadPaperFonts()));
}

async function write(
  file: string,
  content: Uint8Array,
): Promise<Result<null, 'cannot-write-file'>> {
  try {
    await writeNewWhole(file, content, { mode: 0o600 });
    return accepted(null);
  } catch (problem) {
    return refused(commandRefusal('cannot-write-file', { file, why: whyNot(problem) }));
  }
}
