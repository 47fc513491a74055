import { fileHash } from '../base/file-hash.ts';
import { whyNot } from '../base/foreign-folder.ts';
import type { Store } from '../database/store.ts';
import type { FoundProblem, StatementMade } from '../database/verification-repository.ts';
import type { DocumentFiles } from './document-files.ts';
import { statementName } from './print-sheet.ts';

/** At most so many findings are listed. */
const findingsMax = 100;
const pageSize = 100;

/**
 * Compares the statements in the data folder with the books: each that was made is there as it was made, and there is none
 * that the books know nothing of. One from before its hash was kept need only be whole and this folder's.
 */
export async function checkDocuments({
  store,
  files,
}: {
  readonly store: Store;
  readonly files: DocumentFiles;
}): Promise<readonly FoundProblem[]> {
  const found: FoundProblem[] = [];
  let after = '';
  while (found.length < findingsMax) {
    const made = await store.read(({ verification }) =>
      verification.statementsMade({ after, limit: pageSize }),
    );
    for (const statement of made) {
      const problem = await problemOf(statement, files);
      if (problem !== null) found.push({ about: aboutOf(statement), problem });
    }
    const last = made.at(-1);
    if (last === undefined) break;
    after = last.id;
  }
  found.push(...(await foreignDocuments(store, files)));
  return found.slice(0, findingsMax);
}

async function problemOf(
  { fileSha256, ...sheet }: StatementMade,
  files: DocumentFiles,
): Promise<string | null> {
  let pdf: Uint8Array | null;
  try {
    pdf = await files.read(statementName(sheet));
  } catch {
    return 'its statement in documents/ was shortened or changed, or put there from another folder';
  }
  if (pdf === null) {
    // A folder of another machine or of an older release may not have it; it is made again when it is opened.
    return fileSha256 === null ? null : 'its statement in documents/ is gone';
  }
  return fileSha256 === null || fileHash(pdf) === fileSha256
    ? null
    : 'its statement in documents/ is not the one that was made';
}

function aboutOf({ number, copyNumber }: StatementMade): string {
  return copyNumber === 0 ? number : `${number} copy ${String(copyNumber)}`;
}

async function foreignDocuments(
  store: Store,
  files: DocumentFiles,
): Promise<readonly FoundProblem[]> {
  let names: readonly string[];
  try {
    names = await files.names();
  } catch (problem) {
    return [{ about: 'documents', problem: `the folder cannot be read (${whyNot(problem)})` }];
  }
  const found: FoundProblem[] = [];
  for (let from = 0; from < names.length && found.length < findingsMax; from += pageSize) {
    const some = names.slice(from, from + pageSize);
    const settlements = some.map((name) => name.replace(/-\d+\.pdf$/, ''));
    const known = await store.read(({ verification }) => verification.statementsOf(settlements));
    const expected = new Set(known.map(statementName));
    const foreign = some.filter((name) => !expected.has(name));
    found.push(
      ...foreign.map((name) => ({
        about: `documents/${name}`,
        problem: 'is a document that the books know nothing of',
      })),
    );
  }
  return found;
}
