import { accepted, type Result } from '../../shared/domain/result.ts';
import type { CompiledPack } from '../../shared/policy/compile/compiled-pack.ts';
import { importFiles, type ImportReport } from '../intake/import-files.ts';
import { importPersons, type RegisterReport } from '../intake/import-persons.ts';
import type { IntakeCode } from '../intake/intake-refusals.ts';
import type { IntakeDependencies } from '../intake/keep-visit-document.ts';
import { reportSupplements } from '../settlement/supplements-report.ts';

/** `import FILE…`: the contract's JSON. */
export function importCommand(
  dependencies: IntakeDependencies,
  files: readonly string[],
): Promise<ImportReport> {
  return importFiles(dependencies, files);
}

/** The contract's JSON of `import-persons`, and how many settled visits the register touches. */
export type ImportPersonsAnswer = RegisterReport & {
  /** Settlements that stand and would come out differently by what is known of these persons today. */
  readonly settledVisitsTouched: number;
};

/**
 * `import-persons FILE --source NAME`: the contract's JSON, or why the file was not taken. Settled visits that a
 * recognition dated back would have changed are counted; `supplements` tells them one by one.
 */
export async function importPersonsCommand(
  dependencies: IntakeDependencies & { readonly packs: readonly CompiledPack[] },
  { file, source }: { readonly file: string; readonly source: string },
): Promise<Result<ImportPersonsAnswer, IntakeCode>> {
  const taken = await importPersons(dependencies, file, source);
  if (!taken.ok) return taken;
  const { report, personIds } = taken.value;
  const touched = await reportSupplements(dependencies, { personIds });
  const settledVisitsTouched = touched.settlements + touched.notReckoned.length;
  return accepted({ ...report, settledVisitsTouched });
}
