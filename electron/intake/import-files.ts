import { open } from 'node:fs/promises';
import { basename } from 'node:path';

import type { Refusal } from '../../shared/domain/result.ts';
import { shanghaiInstant } from '../base/clock.ts';
import { receivedAsJson, type ReceivedVisit } from '../database/bill-identity.ts';
import { decodeText } from './decode-text.ts';
import {
  intakeProblem,
  problemsListedMax,
  type IntakeProblem,
  type RefusedEntry,
} from './intake-problem.ts';
import { intakeRefusal, type IntakeCode } from './intake-refusals.ts';
import { keepVisitDocument, visitIdOf, type IntakeDependencies } from './keep-visit-document.ts';
import { visitsOfCsv } from './visits-of-csv.ts';

export type ImportReport = {
  readonly accepted: readonly { readonly visitId: string; readonly lines: number }[];
  readonly refused: readonly RefusedEntry[];
};

/** A file is read into memory whole; 64 MiB is ten times a day's bills of a large hospital. */
export const fileBytesMax = 64 * 1024 * 1024;

/** A visit of a file, where its places stand there, and what is wrong with it before it is checked. */
type FileVisit = {
  readonly received: ReceivedVisit;
  readonly problems: readonly IntakeProblem[];
  readonly locate: (pointer: string) => Pick<IntakeProblem, 'row' | 'column' | 'place'>;
};

type FileReading = { readonly visits: readonly FileVisit[] } | { readonly problem: IntakeProblem };

/**
 * Takes in files of visits: Visit JSON (one document, an array, or `{ "visits": […] }`) or CSV, in UTF-8 or
 * GB18030. Each visit is kept whole or not at all; a damaged file or visit is listed with its place and
 * the others go on. What was refused is also written into the database. A database that stays locked throws.
 */
export async function importFiles(
  dependencies: IntakeDependencies,
  files: readonly string[],
): Promise<ImportReport> {
  const accepted: { visitId: string; lines: number }[] = [];
  const refused: RefusedEntry[] = [];
  for (const file of files) {
    const reading = await readVisitsFile(file);
    const report =
      'problem' in reading
        ? { accepted: [], refused: [{ file, ...reading.problem }] }
        : await importVisits(dependencies, reading.visits, file);
    accepted.push(...report.accepted);
    refused.push(...report.refused);
  }
  await rememberRefusals(dependencies, refused);
  return { accepted, refused };
}

/** Takes in visits of one source that are read already, each on its own. */
export async function importVisits(
  dependencies: IntakeDependencies,
  visits: readonly FileVisit[],
  source: string,
): Promise<ImportReport> {
  const accepted: { visitId: string; lines: number }[] = [];
  const refused: RefusedEntry[] = [];
  const refuse = (problems: readonly IntakeProblem[]): void => {
    refused.push(
      ...problems.slice(0, problemsListedMax).map((each) => ({ file: source, ...each })),
    );
  };
  const twice = idsStandingTwice(visits);
  for (const { received, problems, locate } of visits) {
    const visitId = visitIdOf(received.document);
    if (problems.length > 0) {
      refuse(problems);
    } else if (visitId !== null && twice.has(visitId)) {
      refuse([visitTwice(visitId, locate('/visit/id'))]);
    } else {
      const kept = await keepVisitDocument(dependencies, received, basename(source));
      if (kept.ok) accepted.push({ visitId: kept.value.visitId, lines: kept.value.lines });
      else refuse(problemsOfRefusal(kept.refusal, locate));
    }
  }
  return { accepted, refused };
}

async function rememberRefusals(
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

async function readVisitsFile(file: string): Promise<FileReading> {
  const bytes = await readBytes(file);
  if (!(bytes instanceof Uint8Array)) return bytes;
  // A workbook is a zip archive; its first bytes tell before anything is decoded.
  if (bytes.subarray(0, 4).toString('latin1') === 'PK\u0003\u0004') {
    return { problem: intakeProblem(intakeRefusal('unknown-file-kind')) };
  }
  const text = decodeText(bytes);
  if (!text.ok) {
    const { code, message, place } = text.refusal;
    return { problem: { code, message, ...(place === undefined ? {} : { place }) } };
  }
  const value = text.value.trimStart();
  if (value === '') return { problem: intakeProblem(intakeRefusal('empty-file')) };
  if (value.startsWith('{') || value.startsWith('[')) return visitsOfJson(value);
  const csv = visitsOfCsv(text.value);
  if (csv.kind === 'refused') return { problem: csv.problem };
  return { visits: csv.visits.map(({ whereIs, ...visit }) => ({ ...visit, locate: whereIs })) };
}

/** The bytes of a file, or why there are none. */
export async function readBytes(
  file: string,
): Promise<Buffer | { readonly problem: IntakeProblem<IntakeCode> }> {
  try {
    const handle = await open(file, 'r');
    try {
      const { size } = await handle.stat();
      if (size <= fileBytesMax) return await handle.readFile();
    } finally {
      await handle.close();
    }
    const most = `${String(fileBytesMax / 1024 / 1024)} MiB`;
    return { problem: intakeProblem(intakeRefusal('file-too-large', { most })) };
  } catch (problem) {
    const said = problem instanceof Error && 'code' in problem ? String(problem.code) : '';
    return {
      problem: intakeProblem(
        said === 'ENOENT'
          ? intakeRefusal('file-missing', { file })
          : intakeRefusal('file-unreadable', { why: said }),
      ),
    };
  }
}

function visitsOfJson(text: string): FileReading {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch (problem) {
    const said = problem instanceof Error ? problem.message : '';
    const position = Number(/position (\d+)/.exec(said)?.[1] ?? text.length);
    const line = text.slice(0, position).split('\n').length;
    const place = `line ${String(line)}`;
    return { problem: intakeProblem(intakeRefusal('damaged-json', { line }), { place }) };
  }
  const [documents, before] = documentsOf(data);
  if (documents?.length === 0) {
    return { problem: intakeProblem(intakeRefusal('no-visits')) };
  }
  const visits = (documents ?? [data]).map((document: unknown, index): FileVisit => {
    const prefix = documents === null ? '' : `${before}/${String(index)}`;
    return {
      received: receivedAsJson(document),
      problems: [],
      locate: (pointer) => ({ place: `${prefix}${pointer}` }),
    };
  });
  return { visits };
}

/** The list of documents and its own JSON Pointer; null where the whole file is one document. */
function documentsOf(data: unknown): readonly [readonly unknown[] | null, string] {
  if (Array.isArray(data)) return [data, ''];
  if (typeof data === 'object' && data !== null && 'visits' in data && Array.isArray(data.visits)) {
    return [data.visits, '/visits'];
  }
  return [null, ''];
}

function idsStandingTwice(visits: readonly FileVisit[]): ReadonlySet<string> {
  const seen = new Set<string>();
  const twice = new Set<string>();
  for (const { received } of visits) {
    const visitId = visitIdOf(received.document);
    if (visitId === null) continue;
    if (seen.has(visitId)) twice.add(visitId);
    seen.add(visitId);
  }
  return twice;
}

function visitTwice(
  visitId: string,
  where: Pick<IntakeProblem, 'row' | 'column' | 'place'>,
): IntakeProblem {
  return intakeProblem(intakeRefusal('visit-twice', { visitId }), where);
}

/** The codec lists every problem in the details; other refusals are one. */
function problemsOfRefusal(refusal: Refusal, locate: FileVisit['locate']): IntakeProblem[] {
  const listed = (refusal.details ?? []).flatMap((detail) => {
    if (typeof detail !== 'object' || detail === null) return [];
    const { code, place, message } = detail as Partial<Refusal>;
    if (code === undefined || place === undefined || message === undefined) return [];
    return [{ ...locate(place), place: locate(place).place ?? place, code, message }];
  });
  if (listed.length > 0) return listed;
  const { code, message, place } = refusal;
  return [{ ...(place === undefined ? {} : { place, ...locate(place) }), code, message }];
}
