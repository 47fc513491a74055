import { duplicateKeysIn } from '../../shared/contracts/duplicate-keys.ts';
import { settlementInputFromVisitJson, type ReadVisit } from '../../shared/contracts/visit-json.ts';
import { accepted, refused, type Result } from '../../shared/domain/result.ts';
import {
  duplicateKeys,
  type VisitProblemCode,
} from '../../shared/contracts/visit-json-problems.ts';
import { readNamedFile, whyNot } from '../base/foreign-folder.ts';
import { packRefusal } from './pack-refusals.ts';
import { utf8Text } from './utf8-text.ts';
import { jsonErrorLine } from './json-error-line.ts';

/** A visit of twenty thousand lines has some eight million bytes; more than this is another file. */
export const visitFileBytesMax = 50_000_000;

/** Why a file is not even JSON. */
export type VisitFileCode = 'cannot-read-file' | 'not-utf8' | 'not-json';

/** Reads a file with one Visit JSON (UTF-8). A file that cannot be read or is no JSON is refused like a wrong one. */
export function readVisitFile(
  file: string,
): Promise<Result<ReadVisit, VisitFileCode | VisitProblemCode>> {
  const data = visitDataIn(file);
  return Promise.resolve(data.ok ? settlementInputFromVisitJson(data.value) : data);
}

/** The same before it is known whether it is a visit: plain data. */
export function readVisitData(
  file: string,
): Promise<Result<unknown, VisitFileCode | 'duplicate-key'>> {
  return Promise.resolve(visitDataIn(file));
}

function visitDataIn(file: string): Result<unknown, VisitFileCode | 'duplicate-key'> {
  let bytes: Buffer;
  try {
    bytes = readNamedFile(file, visitFileBytesMax);
  } catch (problem) {
    if (problem instanceof RangeError) return refused(packRefusal('not-json', { file, line: 1 }));
    return refused(packRefusal('cannot-read-file', { file, why: whyNot(problem) }));
  }
  const text = utf8Text(bytes);
  if (text === null) return refused(packRefusal('not-utf8', { file }));
  const json = text.replace(/^\uFEFF/, '');
  let data: unknown;
  try {
    data = JSON.parse(json);
  } catch {
    return refused(packRefusal('not-json', { file, line: jsonErrorLine(json) }));
  }
  const twice = duplicateKeysIn(json);
  return twice.length === 0 ? accepted(data) : duplicateKeys(twice);
}
