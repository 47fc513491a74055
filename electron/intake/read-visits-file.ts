import { duplicateKeysIn, duplicateKeysMax } from '../../shared/contracts/duplicate-keys.ts';
import { problemAt } from '../../shared/contracts/visit-json-problems.ts';
import { receivedAsJson } from '../database/bill-identity.ts';
import { decodeText, hasUtf8Mark } from './decode-text.ts';
import type { FileBytes } from './file-bytes.ts';
import { intakeProblem, type IntakeProblem } from './intake-problem.ts';
import { intakeRefusal, type IntakeCode } from './intake-refusals.ts';
import { prepareVisit, visitIdOf, type PreparedVisit } from './keep-visit-document.ts';
import { withoutUtf16 } from './text-of-utf16.ts';
import { withoutWorkbook } from './text-of-workbook.ts';
import { tooLarge } from './too-large.ts';
import { placeInCsv, visitsOfCsv, type CsvPlaces, type CsvVisit } from './visits-of-csv.ts';

/** A visit of a file, checked as far as that needs no data of ours; it crosses from thread to thread. */
export type FileVisit = {
  readonly prepared: PreparedVisit;
  /** What is wrong with it besides what its own checks say. */
  readonly problems: readonly IntakeProblem[];
  readonly places: Places;
};

/** By what a place of a visit's document is found in its file. */
export type Places = CsvPlaces | { readonly kind: 'json'; readonly prefix: string };

export type VisitsFile =
  | { readonly visits: Generator<FileVisit> }
  | { readonly problem: IntakeProblem<IntakeCode> | IntakeProblem };

/** A document is read as a whole, so its size is its memory; a table is read visit by visit. */
export const jsonBytesMax = 8 * 1024 * 1024;
export const csvBytesMax = 512 * 1024 * 1024;

/** Where a JSON Pointer of a visit's document stands in its file. */
export function placeIn(
  places: Places,
  pointer: string,
): Pick<IntakeProblem, 'row' | 'column' | 'place'> {
  return places.kind === 'csv'
    ? placeInCsv(places, pointer)
    : { place: `${places.prefix}${pointer}` };
}

/** The visits of a file: Visit JSON (one document, a list, or `{ "visits": […] }`) CSV or XLSX. Never throws for what it holds. */
export function readVisitsFile(written: FileBytes): VisitsFile {
  const unpacked = withoutWorkbook(written);
  if ('problem' in unpacked) return unpacked;
  const file = withoutUtf16(unpacked);
  if ('problem' in file) return file;
  const kind = kindOf(file);
  switch (kind) {
    case 'empty':
      return { problem: intakeProblem(intakeRefusal('empty-file')) };
    case 'json':
      if (file.size > jsonBytesMax) return tooLarge('8 MB (JSON)');
      return visitsOfJson(file.read(0, file.size));
    case 'table': {
      if (file.size > csvBytesMax) return tooLarge('512 MB (CSV)');
      const csv = visitsOfCsv(file);
      return csv.kind === 'refused' ? csv : { visits: preparedOf(csv.visits()) };
    }
  }
}

function* preparedOf(visits: Iterable<CsvVisit>): Generator<FileVisit> {
  for (const { received, problems, places } of visits) {
    yield { prepared: prepareVisit(received), problems, places };
  }
}

/** What a file is by its first bytes that are no spaces. */
export function kindOf(file: FileBytes): 'empty' | 'json' | 'table' {
  const start = file.read(0, 4096);
  const text = start
    .subarray(hasUtf8Mark(start) ? 3 : 0)
    .toString('latin1')
    .trimStart();
  if (text === '' && file.size <= start.length) return 'empty';
  return text.startsWith('{') || text.startsWith('[') ? 'json' : 'table';
}

/** The visits of bytes that can only be a Visit JSON. */
export function readVisitsJson(bytes: Buffer): VisitsFile {
  if (bytes.every((byte) => byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09))
    return { problem: intakeProblem(intakeRefusal('empty-file')) };
  return bytes.length > jsonBytesMax ? tooLarge('8 MB (JSON)') : visitsOfJson(bytes);
}

function visitsOfJson(bytes: Uint8Array): VisitsFile {
  const text = decodeText(bytes);
  if (!text.ok) {
    const { place } = text.refusal;
    return { problem: intakeProblem(text.refusal, place === undefined ? {} : { place }) };
  }
  let data: unknown;
  try {
    data = JSON.parse(text.value);
  } catch (problem) {
    const said = problem instanceof Error ? problem.message : '';
    const position = Number(/position (\d+)/.exec(said)?.[1] ?? text.value.length);
    const line = text.value.slice(0, position).split('\n').length;
    const place = `line ${String(line)}`;
    return { problem: intakeProblem(intakeRefusal('damaged-json', { line }), { place }) };
  }
  const [documents, before] = documentsOf(data);
  if (documents?.length === 0) {
    return { problem: intakeProblem(intakeRefusal('no-visits')) };
  }
  const keysTwice = duplicateKeysIn(text.value).map((path) => problemAt(path, 'duplicate-key'));
  // Outside any visit, or beyond what is listed, nobody knows which visits are sound.
  const ofFile =
    keysTwice.length === duplicateKeysMax
      ? keysTwice[0]
      : keysTwice.find(({ place }) => documents !== null && !place.startsWith(`${before}/`));
  if (ofFile !== undefined) return { problem: ofFile };
  const prefix = documents === null ? null : before;
  return { visits: visitsOfDocuments(documents ?? [data], prefix, keysTwice) };
}

function* visitsOfDocuments(
  documents: readonly unknown[],
  before: string | null,
  keysTwice: readonly (IntakeProblem & { readonly place: string })[],
): Generator<FileVisit> {
  const twice = idsStandingTwice(documents);
  for (const [index, document] of documents.entries()) {
    const places = {
      kind: 'json',
      prefix: before === null ? '' : `${before}/${String(index)}`,
    } as const;
    const visitId = visitIdOf(document);
    const ofKeys = keysTwice.filter(({ place }) => place.startsWith(`${places.prefix}/`));
    const ofId =
      visitId !== null && twice.has(visitId)
        ? [intakeProblem(intakeRefusal('visit-twice', { visitId }), placeIn(places, '/visit/id'))]
        : [];
    const problems = [...ofKeys, ...ofId];
    yield { prepared: prepareVisit(receivedAsJson(document)), problems, places };
  }
}

/** The list of documents and its own JSON Pointer; null where the whole file is one document. */
function documentsOf(data: unknown): readonly [readonly unknown[] | null, string] {
  if (Array.isArray(data)) return [data, ''];
  if (typeof data === 'object' && data !== null && 'visits' in data && Array.isArray(data.visits)) {
    return [data.visits, '/visits'];
  }
  return [null, ''];
}

function idsStandingTwice(documents: readonly unknown[]): ReadonlySet<string> {
  const seen = new Set<string>();
  const twice = new Set<string>();
  for (const document of documents) {
    const visitId = visitIdOf(document);
    if (visitId === null) continue;
    if (seen.has(visitId)) twice.add(visitId);
    seen.add(visitId);
  }
  return twice;
}
