import { accepted, refused, type Result } from '../../shared/domain/result.ts';
import { fileHash } from '../base/file-hash.ts';
import { databaseRefusal } from '../database/database-refusals.ts';
import { noteShown, type ShownTo } from './note-shown.ts';
import {
  renderStatementSheet,
  statementName,
  type PrintDependencies,
  type SheetCode,
} from './print-sheet.ts';

const ignored = (): undefined => undefined;

export type OpenedStatement = { readonly fileName: string; readonly pdf: Uint8Array };

/**
 * The latest statement of a settlement as it was made; made now where the queue has not come to it yet.
 * A cancelled settlement's is made anew, so that it says so. It bears the patient's name: who is shown it stands in the audit.
 */
export async function openStatement(
  dependencies: PrintDependencies,
  settlementId: string,
  shownTo: ShownTo,
): Promise<Result<OpenedStatement, SheetCode>> {
  const { store, files } = dependencies;
  const stored = await store.read(async ({ settlements, printJobs }) => {
    const settlement = await settlements.find(settlementId);
    const jobs = (await printJobs.ofSettlement(settlementId)).filter(
      ({ document }) => document === 'statement',
    );
    return settlement === null ? null : { settlement, latest: jobs.at(-1) };
  });
  if (stored === null) return refused(databaseRefusal('settlement-not-found', { settlementId }));
  const { settlement, latest } = stored;
  const fileName = `结算单-${settlement.number}.pdf`;
  const sheet = { settlementId, copyNumber: latest?.copyNumber ?? 0 };
  const shown = async (pdf: Uint8Array): Promise<Result<OpenedStatement, never>> => {
    await noteShown(dependencies, { ...sheet, document: 'statement' }, shownTo);
    return accepted({ fileName, pdf });
  };
  const isKept = latest?.state === 'confirmed' && settlement.state === 'settled';
  if (isKept) {
    const pdf = await files.read(statementName(sheet));
    if (pdf !== null) return shown(pdf);
  }
  const made = await renderStatementSheet(dependencies, sheet);
  if (!made.ok) return made;
  // One that is gone comes back as it was; the books know no other, so no other is kept.
  if (isKept && (latest.fileHash ?? fileHash(made.value)) === fileHash(made.value)) {
    // On a disk that is full or only read it is shown all the same.
    await files.save(statementName(sheet), made.value).catch(dependencies.onFault ?? ignored);
  }
  return shown(made.value);
}
