import type { Result } from '../../shared/domain/result.ts';
import type { Services } from '../app/services.ts';
import { documentFiles } from '../documents/document-files.ts';
import { startDocumentMaker } from '../documents/document-maker.ts';
import type { PrintDependencies } from '../documents/print-sheet.ts';
import { userName, usualUserId } from '../security/users.ts';
import { answer, textOption, wrongUsage, type Command, type CommandAnswer } from './command.ts';
import { receiptCommand, statementCommand } from './documents.ts';

export const makeStatement: Command = {
  name: 'statement',
  usage: 'SETTLEMENT-ID --out FILE',
  options: { out: { type: 'string' } },
  words: [1, 1],
  folder: 'opened',
  run: async (call, services) => {
    const out = textOption(call, 'out');
    if (out === undefined) return wrongUsage('请用 --out 写明文件。', 'Name the file with --out.');
    const [settlementId = ''] = call.words;
    return withDocuments(services, (documents) =>
      statementCommand(documents, { settlementId, outFile: call.path(out) }),
    );
  },
};

export const printReceipt: Command = {
  name: 'receipt',
  usage: 'SETTLEMENT-ID --out FILE [--printer URL]',
  options: { out: { type: 'string' }, printer: { type: 'string' } },
  words: [1, 1],
  folder: 'opened',
  run: async (call, services) => {
    const out = textOption(call, 'out');
    if (out === undefined) return wrongUsage('请用 --out 写明文件。', 'Name the file with --out.');
    const [settlementId = ''] = call.words;
    const printerUrl = textOption(call, 'printer');
    return withDocuments(services, (documents) =>
      receiptCommand(
        { ...documents, ids: services.ids },
        {
          settlementId,
          outFile: call.path(out),
          ...(printerUrl === undefined ? {} : { printerUrl }),
          who: usualUserId,
        },
      ),
    );
  },
};

async function withDocuments(
  { store, clock, folder }: Services,
  work: (documents: PrintDependencies) => Promise<Result<unknown>>,
): Promise<CommandAnswer> {
  const maker = startDocumentMaker();
  try {
    const files = documentFiles(folder.home, folder.key);
    const demo = folder.kind === 'demo';
    return answer(await work({ store, clock, maker, files, demo, nameOf: userName }));
  } finally {
    await maker.close();
  }
}
