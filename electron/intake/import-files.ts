import { basename } from 'node:path';

import { claimGaps } from '../../shared/domain/claim-gaps.ts';
import type { Refusal, Warning } from '../../shared/domain/result.ts';
import type { Blocker } from '../../shared/domain/visit.ts';
import { shanghaiInstant } from '../base/clock.ts';
import { usualIntakeReader, type IntakeReader } from './intake-reader.ts';
import {
  intakeProblem,
  problemsListedMax,
  type IntakeProblem,
  type RefusedEntry,
} from './intake-problem.ts';
import type { IntakeCode } from './intake-refusals.ts';
import {
  keepPreparedVisit,
  tryPreparedVisit,
  type IntakeDependencies as Keeping,
  type KeptVisit,
  type PreparedVisit,
} from './keep-visit-document.ts';
import { readNoted } from './note-reading.ts';
import { placeIn, type FileVisit } from './read-visits-file.ts';

export type IntakeDependencies = Keeping & {
  /** The thread that reads files; absent: the program's own. */
  readonly reader?: IntakeReader;
};

/** A visit that was taken in. `blockers`: what is missing for its claims, with who supplies it; absent where nothing is. */
export type AcceptedVisit = {
  readonly visitId: string;
  readonly lines: number;
  readonly blockers?: readonly Blocker[];
  /** What should be known of the bill although it is taken: what `settle` warns of. */
  readonly warnings: readonly Warning[];
};

export type ImportReport = {
  readonly accepted: readonly AcceptedVisit[];
  readonly refused: readonly RefusedEntry[];
};

/**
 * Takes in files of visits: Visit JSON (one document, an array, or `{ "visits": […] }`) or CSV, in UTF-8 or
 * GB18030. Each visit is kept whole or not at all; a damaged file or visit is listed with its place and
 * the others go on. What was refused is also written into the database. A database that stays locked throws.
 */
export async function importFiles(
  dependencies: IntakeDependencies,
  files: readonly string[],
): Promise<ImportReport> {
  const accepted: AcceptedVisit[] = [];
  const refused: RefusedEntry[] = [];
  for (const file of files) {
    const report = await importFile(dependencies, file);
    accepted.push(...report.accepted);
    refused.push(...report.refused);
  }
  await rememberRefusals(dependencies, refused);
  return { accepted, refused };
}

/** What taking a file in would come to. */
export type TrialReport = ImportReport & {
  /** What would become of each bill that would be taken. */
  readonly outcomes: Readonly<Record<KeptVisit['outcome'], number>>;
};

/**
 * Reads a file as `importFiles` does, with all of its checks and against the books as they stand, and keeps nothing: no visit, no
 * question, no refusal.
 */
export async function tryFile(
  dependencies: IntakeDependencies,
  file: string,
): Promise<TrialReport> {
  const outcomes = { new: 0, replaced: 0, same: 0, 'set-aside': 0 };
  const report = await importFile(dependencies, file, async (...given) => {
    const kept = await tryPreparedVisit(...given);
    if (kept.ok) outcomes[kept.value.outcome] += 1;
    return kept;
  });
  return { ...report, outcomes };
}

/** Puts a file aside that cannot be read now: nothing of it is taken, and that is kept. */
export async function refuseFile(
  dependencies: IntakeDependencies,
  file: string,
  refusal: Refusal<IntakeCode>,
): Promise<ImportReport> {
  const refused = [{ file, ...intakeProblem(refusal) }];
  await rememberRefusals(dependencies, refused);
  return { accepted: [], refused };
}

/** Takes in one file, visit by visit as the reading thread hands them over. */
async function importFile(
  dependencies: IntakeDependencies,
  file: string,
  keep: typeof keepPreparedVisit = keepPreparedVisit,
): Promise<ImportReport> {
  const accepted: AcceptedVisit[] = [];
  const refused: RefusedEntry[] = [];
  const refuse = (problems: readonly IntakeProblem[]): void => {
    refused.push(...problems.slice(0, problemsListedMax).map((each) => ({ file, ...each })));
  };
  const reader = dependencies.reader ?? usualIntakeReader();
  const ended = await readNoted({ ...dependencies, reader }, file, async (noted) => {
    const opened = await reader.open(file);
    await noted();
    if ('problem' in opened) {
      refuse([opened.problem]);
      return;
    }
    for (;;) {
      const visits = await reader.next(opened.id);
      if (visits.length === 0) return;
      for (const visit of visits) {
        const taken = await takeInVisit(dependencies, visit, basename(file), keep);
        if (taken.ok) accepted.push(taken.value);
        else refuse(taken.problems);
      }
    }
  });
  if (ended !== null) refuse([ended]);
  return { accepted, refused };
}

/** A visit that was taken in, or what is wrong with it. */
type TakenIn =
  | { readonly ok: true; readonly value: AcceptedVisit }
  | { readonly ok: false; readonly problems: readonly IntakeProblem[] };

/** Takes in one visit that was read and checked, wherever it comes from. */
export async function takeInVisit(
  dependencies: Keeping,
  { prepared, problems, places }: FileVisit,
  source: string,
  keep: typeof keepPreparedVisit = keepPreparedVisit,
): Promise<TakenIn> {
  if (problems.length > 0) return { ok: false, problems };
  const kept = await keep(dependencies, prepared, source);
  return kept.ok
    ? { ok: true, value: acceptedVisit(kept.value, prepared) }
    : {
        ok: false,
        problems: problemsOfRefusal(kept.refusal, (pointer) => placeIn(places, pointer)),
      };
}

/** What is missing is said on the day the bill comes, not when the patient stands at the window. */
function acceptedVisit({ visitId, lines }: KeptVisit, { reading }: PreparedVisit): AcceptedVisit {
  const gaps =
    reading.ok && reading.value.input.person.insurance !== 'none'
      ? claimGaps(reading.value.input)
      : [];
  // A bill that is known is not refused by a later rule, and then nothing more is said of it.
  const warnings = reading.ok ? reading.value.warnings : [];
  if (gaps.length === 0) return { visitId, lines, warnings };
  return { visitId, lines, warnings, blockers: gaps.map(({ code, text }) => ({ code, text })) };
}

/** Keeps what was refused; `file`: where it came from. */
export async function rememberRefusals(
  { store, clock, ids }: IntakeDependencies,
  refused: readonly RefusedEntry[],
): Promise<void> {
  if (refused.length === 0) return;
  const at = shanghaiInstant(clock.now());
  const rows = refused.map((entry) => ({
    ...entry,
    file: basename(entry.file),
    id: ids.next(),
    at,
  }));
  await store.transact(({ intakeRefusals }) => intakeRefusals.add(rows));
}

/** The codec lists every problem in the details; other refusals are one. */
function problemsOfRefusal(
  refusal: Refusal,
  locate: (pointer: string) => ReturnType<typeof placeIn>,
): IntakeProblem[] {
  const listed = (refusal.details ?? []).flatMap((detail) => {
    if (typeof detail !== 'object' || detail === null) return [];
    const { code, place, message, remedy = refusal.remedy } = detail as Partial<Refusal>;
    if (code === undefined || place === undefined || message === undefined) return [];
    return [{ ...locate(place), place: locate(place).place ?? place, code, message, remedy }];
  });
  if (listed.length > 0) return listed;
  const { code, message, place, remedy } = refusal;
  return [{ ...(place === undefined ? {} : { place, ...locate(place) }), code, message, remedy }];
}
