import type { Result } from '../../shared/domain/result.ts';
import { importFiles, type ImportReport } from '../intake/import-files.ts';
import { importPersons, type RegisterReport } from '../intake/import-persons.ts';
import type { IntakeDependencies } from '../intake/keep-visit-document.ts';

/** `import FILE…`: the contract's JSON. */
export function importCommand(
  dependencies: IntakeDependencies,
  files: readonly string[],
): Promise<ImportReport> {
  return importFiles(dependencies, files);
}

/** `import-persons FILE --source NAME`: the contract's JSON, or why the file was not taken. */
export function importPersonsCommand(
  dependencies: IntakeDependencies,
  { file, source }: { readonly file: string; readonly source: string },
): Promise<Result<RegisterReport>> {
  return importPersons(dependencies, file, source);
}
