import { basename } from 'node:path';

import { claimGaps } from '../../shared/domain/claim-gaps.ts';
import type { Refusal, Result, Warning } from '../../shared/domain/result.ts';
import type { Blocker } from '../../shared/domain/visit.ts';
import { shanghaiInstant } from '../base/clock.ts';
import { crashPoint } from '../base/crash-points.ts';
import { startedNow } from '../base/started-now.ts';
import type { Repositories } from '../database/store.ts';
import { inShortUnits, type Unit } from './in-short-units.ts';
import { usualIntakeReader, type IntakeReader } from './intake-reader.ts';
import {
  intakeProblem,
  problemsListedMax,
  type IntakeProblem,
  type RefusedEntry,
  keptEntry,
} from './intake-problem.ts';
import { asIntakeOwner } from './intake-owner.ts';
import type { IntakeCode } from './intake-refusals.ts';
import {
  keepInUnit,
  refusedUnasked,
  tryPreparedVisit,
  type IntakeDependencies as Keeping,
  type KeptVisit,
  type PreparedVisit,
} from './keep-visit-document.ts';
import { madeOfFile, type BillArrival } from './order-of-arrival.ts';
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
 * the others go on. What was refused is also written into the database. A database that stays locked throws, and so does intake that
 * another program has for long (`IntakeHeldError`).
 */
export async function importFiles(
  dependencies: IntakeDependencies,
  files: readonly string[],
): Promise<ImportReport> {
  const accepted: AcceptedVisit[] = [];
  const refused: RefusedEntry[] = [];
  for (const file of files) {
    const doing = '接收账单文件 (taking in a file of bills)';
    const report = await asIntakeOwner(dependencies, doing, () => importFile(dependencies, file));
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
  const report = await importFile(dependencies, file, async (visits, arrival) => {
    const tried: TakenIn[] = [];
    for (const visit of visits) {
      const { prepared, problems } = visit;
      if (problems.length > 0) {
        tried.push({ ok: false, problems });
        continue;
      }
      const kept = await tryPreparedVisit(dependencies, prepared, arrival);
      if (kept.ok) outcomes[kept.value.outcome] += 1;
      tried.push(takenIn(visit, kept));
    }
    return tried;
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
  take: TakeIn = (visits, arrival) => takeInVisits(dependencies, visits, arrival),
): Promise<ImportReport> {
  const accepted: AcceptedVisit[] = [];
  const refused: RefusedEntry[] = [];
  const refuse = (problems: readonly IntakeProblem[]): void => {
    refused.push(...problems.slice(0, problemsListedMax).map((each) => ({ file, ...each })));
  };
  const reader = dependencies.reader ?? usualIntakeReader();
  const ended = await readNoted({ ...dependencies, reader }, file, async (noted, facts) => {
    const made = facts === null ? null : madeOfFile(facts.changedMs);
    const opened = await reader.open(file);
    await noted();
    if ('problem' in opened) {
      refuse([opened.problem]);
      return;
    }
    // The next ones are read while these are kept.
    const next = () => startedNow(() => reader.next(opened.id));
    for (let coming = next(); ;) {
      const visits = await coming;
      if (visits.length === 0) return;
      coming = next();
      for (const taken of await take(visits, { source: basename(file), made })) {
        if (taken.ok) accepted.push(taken.value);
        else refuse(taken.problems);
      }
    }
  });
  if (ended !== null) refuse([ended]);
  return { accepted, refused };
}

type TakeIn = (visits: readonly FileVisit[], arrival: BillArrival) => Promise<readonly TakenIn[]>;

/** A visit that was taken in, or what is wrong with it. */
export type TakenIn =
  | { readonly ok: true; readonly value: AcceptedVisit; readonly outcome: KeptVisit['outcome'] }
  | { readonly ok: false; readonly problems: readonly IntakeProblem[] };

/**
 * Takes in visits that were read and checked, wherever they come from, in short units of work: one that is refused is so alone.
 * `beside` is kept in the same unit as the visits that it is told of.
 */
export async function takeInVisits(
  dependencies: Keeping,
  visits: readonly FileVisit[],
  arrival: BillArrival,
  beside?: Unit<FileVisit, TakenIn>['beside'],
): Promise<readonly TakenIn[]> {
  const refused = await dependencies.store.read((all) => refusedOf(all, visits));
  const isNothingKept = beside === undefined && refused.every((each) => each !== null);
  if (isNothingKept) return refused;
  return inShortUnits(dependencies, visits, {
    each: async (all, visit, at) =>
      refused[at] ?? takenIn(visit, await keepInUnit(dependencies, all, visit.prepared, arrival)),
    ...(beside === undefined ? {} : { beside }),
    kept: (taken) => {
      if (taken.some(({ ok }) => ok)) crashPoint('import:after-commit');
    },
  });
}

/** Of each visit what is wrong with it as it is; null: it is to be kept. */
async function refusedOf(
  repositories: Repositories,
  visits: readonly FileVisit[],
): Promise<readonly (TakenIn | null)[]> {
  const found: (TakenIn | null)[] = [];
  for (const visit of visits) {
    const { prepared, problems } = visit;
    const refusal = problems.length > 0 ? null : await refusedUnasked(repositories, prepared);
    if (problems.length > 0) found.push({ ok: false, problems });
    else found.push(refusal === null ? null : takenIn(visit, refusal));
  }
  return found;
}

function takenIn({ prepared, places }: FileVisit, kept: Result<KeptVisit>): TakenIn {
  return kept.ok
    ? { ok: true, value: acceptedVisit(kept.value, prepared), outcome: kept.value.outcome }
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
  if (refused.length > 0) await store.transact((all) => addRefusals({ clock, ids }, all, refused));
}

/** The same inside a unit of work. */
export async function addRefusals(
  { clock, ids }: Pick<Keeping, 'clock' | 'ids'>,
  { intakeRefusals }: Repositories,
  refused: readonly RefusedEntry[],
): Promise<void> {
  if (refused.length === 0) return;
  const at = shanghaiInstant(clock.now());
  const rows = refused.map((entry) => ({
    ...keptEntry({ ...entry, file: basename(entry.file) }),
    id: ids.next(),
    at,
  }));
  await intakeRefusals.add(rows);
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
