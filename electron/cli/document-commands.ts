import type { Services } from '../app/services.ts';
import { documentFiles } from '../documents/document-files.ts';
import { startDocumentMaker } from '../documents/document-maker.ts';
import type { PrintDependencies } from '../documents/print-sheet.ts';
import {
  answer,
  callerIn,
  done,
  refusedWith,
  textOption,
  wrongUsage,
  type Command,
  type CommandAnswer,
} from './command.ts';
import { receiptCommand, statementCommand } from './documents.ts';

export const makeStatement: Command = {
  name: 'statement',
  usage: 'SETTLEMENT-ID --out FILE',
  options: { out: { type: 'string' } },
  words: [1, 1],
  roles: ['cashier', 'supervisor', 'it-clerk', 'auditor'],
  folder: 'opened',
  run: async (call, services, callers) => {
    const out = textOption(call, 'out');
    if (out === undefined) return wrongUsage('请用 --out 写明文件。', 'Name the file with --out.');
    const [settlementId = ''] = call.words;
    const wanted = { settlementId, outFile: call.path(out), who: callerIn(callers).userId };
    return withDocuments(services, async (documents) =>
      answer(await statementCommand(documents, wanted)),
    );
  },
};

export const printReceipt: Command = {
  name: 'receipt',
  usage: 'SETTLEMENT-ID --out FILE [--printer URL]',
  options: { out: { type: 'string' }, printer: { type: 'string' } },
  words: [1, 1],
  roles: ['cashier', 'supervisor'],
  folder: 'opened',
  run: async (call, services, callers) => {
    const out = textOption(call, 'out');
    if (out === undefined) return wrongUsage('请用 --out 写明文件。', 'Name the file with --out.');
    const [settlementId = ''] = call.words;
    const printerUrl = textOption(call, 'printer');
    return withDocuments(services, async (documents) => {
      const receipt = await receiptCommand(
        { ...documents, ids: services.ids },
        {
          settlementId,
          outFile: call.path(out),
          ...(printerUrl === undefined ? {} : { printerUrl }),
          who: callerIn(callers).userId,
        },
      );
      if (!receipt.ok) return refusedWith(receipt.refusal);
      const problem = receipt.value.printed?.problem ?? null;
      if (problem === null) return done(receipt.value);
      // The file is there, the paper is not: both are said, and the exit code says the worse.
      return done({ ...receipt.value, error: problem }, false);
    });
  },
};

async function withDocuments(
  { store, clock, folder }: Services,
  work: (documents: PrintDependencies) => Promise<CommandAnswer>,
): Promise<CommandAnswer> {
  const maker = startDocumentMaker();
  try {
    const files = documentFiles(folder.home, folder.key);
    const demo = folder.kind === 'demo';
    return await work({ store, clock, maker, files, demo });
  } finally {
    await maker.close();
  }
}
