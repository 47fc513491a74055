import { accepted, type Result } from '../../shared/domain/result.ts';
import type { PacksHere } from '../settlement/packs-that-count.ts';
import { importCards, type CardRegisterReport } from '../intake/import-cards.ts';
import { importFiles, type ImportReport } from '../intake/import-files.ts';
import { importPersons, type RegisterReport } from '../intake/import-persons.ts';
import type { IntakeDependencies } from '../intake/keep-visit-document.ts';
import type { RegisterDependencies, RegisterImportCode } from '../intake/register-import.ts';
import { reportSupplements } from '../settlement/supplements-report.ts';

/** Who signed in for the command: what it takes in stands under that name in the audit. */
type TakenIn<Dependencies> = Dependencies & { readonly takenInBy: string };

/** `import FILE…`: the contract's JSON. */
export function importCommand(
  dependencies: TakenIn<IntakeDependencies>,
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
  dependencies: TakenIn<RegisterDependencies> & PacksHere,
  { file, source }: { readonly file: string; readonly source: string },
): Promise<Result<ImportPersonsAnswer, RegisterImportCode>> {
  const taken = await untilInterrupted((cancelled) =>
    importPersons({ ...dependencies, cancelled }, file, source),
  );
  if (!taken.ok) return taken;
  const { report, personIds } = taken.value;
  const touched = await reportSupplements(dependencies, { personIds });
  const settledVisitsTouched = touched.settlements + touched.notReckoned.length;
  return accepted({ ...report, settledVisitsTouched });
}

/** `import-cards FILE --source NAME`: the contract's JSON, or why the register was not taken. */
export function importCardsCommand(
  dependencies: TakenIn<RegisterDependencies>,
  { file, source }: { readonly file: string; readonly source: string },
): Promise<Result<CardRegisterReport, RegisterImportCode>> {
  return untilInterrupted((cancelled) => importCards({ ...dependencies, cancelled }, file, source));
}

/** Ctrl+C stops an import between two parts, with its answer; a second one ends the program. */
async function untilInterrupted<Answer>(
  work: (cancelled: AbortSignal) => Promise<Answer>,
): Promise<Answer> {
  const interruption = new AbortController();
  const interrupt = (): void => {
    interruption.abort();
  };
  process.once('SIGINT', interrupt);
  try {
    return await work(interruption.signal);
  } finally {
    process.off('SIGINT', interrupt);
  }
}
