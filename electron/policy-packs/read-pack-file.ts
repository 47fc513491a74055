import { isMap, isPair, isScalar, LineCounter, parseDocument, visit, type Document } from 'yaml';
import type { PackProblem } from '../../shared/policy/pack/pack-problem.ts';
import type { PackDocument } from '../../shared/policy/pack/pack-schema.ts';
import { readPackDocument } from '../../shared/policy/pack/read-pack-document.ts';
import { formProblem, versionIsNumber } from '../../shared/policy/pack/problems-of-form.ts';
import { readNamedFile, whyNot } from '../base/foreign-folder.ts';
import {
  fileProblem,
  packFileProblem,
  problemOfFile,
  type PackFileProblem,
} from './pack-file-problems.ts';
import { readReadyPack } from './ready-pack.ts';
import { packFingerprint } from './pack-fingerprint.ts';
import { includedFile, withIncluded, type Included } from './pack-includes.ts';
import { utf8Text } from './utf8-text.ts';
import { placeBeyondBounds } from './yaml-bounds.ts';
import { yamlProblem } from './yaml-problems.ts';

export type PackFileReading =
  | {
      readonly ok: true;
      readonly document: PackDocument;
      readonly fingerprint: string;
      /** The line where the value of a path stands. */
      readonly lineOf: (path: readonly (string | number)[]) => number;
    }
  | { readonly ok: false; readonly problems: readonly PackFileProblem[] };

/** A pack's file beyond this is no pack; reading it would only hold up the desk. */
const packFileBytesMax = 1_000_000;
/** Nobody mends more at once; each takes a walk through the file to find its line. */
const problemsMax = 200;

/**
 * Reads one `pack.yaml`: YAML 1.2 without aliases, no key twice, no amount as a number. One of the program's
 * own may be read in its ready form; nobody else's, for what is read must be what the file says.
 */
export async function readPackFile(
  file: string,
  { isOwn = false }: { readonly isOwn?: boolean } = {},
): Promise<PackFileReading> {
  let bytes: Buffer;
  try {
    bytes = readNamedFile(file, packFileBytesMax);
  } catch (problem) {
    if (problem instanceof RangeError) return failed(file, packFileProblem([], 'file-too-large'));
    return failed(file, packFileProblem([], 'cannot-read', { why: whyNot(problem) }));
  }
  const text = utf8Text(bytes);
  if (text === null) {
    return failed(file, packFileProblem([], 'not-utf8'));
  }
  const included = readIncluded(file, text);
  if (included !== null && 'problem' in included) {
    return { ok: false, problems: [included.problem] };
  }
  const ready = isOwn ? await readReadyPack(file, text) : null;
  const reading = ready === null ? null : readPackDocument(ready);
  if (reading?.ok !== true) {
    return isOwn ? readOwnText(file, text, included) : readPackText(file, text, included);
  }
  // Where a line is asked for the text is read after all.
  let read: PackFileReading | null = null;
  return {
    ok: true,
    document: reading.document,
    fingerprint: packFingerprint(text, included?.text ?? null),
    lineOf: (path) => {
      read ??= readPackText(file, text, included);
      return read.ok ? read.lineOf(path) : 1;
    },
  };
}

type IncludedText = { readonly file: string; readonly text: string };

/** The text that a pack shares with others; null where it names none. */
function readIncluded(
  file: string,
  text: string,
): IncludedText | { readonly problem: PackFileProblem } | null {
  const named = includedFile(file, text);
  if (named === null) return null;
  const failedWith = (problem: PackProblem) => ({ problem: problemOfFile(named, problem) });
  try {
    const included = utf8Text(readNamedFile(named, packFileBytesMax));
    if (included === null) return failedWith(packFileProblem([], 'not-utf8'));
    return { file: named, text: included };
  } catch (problem) {
    if (problem instanceof RangeError) return failedWith(packFileProblem([], 'file-too-large'));
    return failedWith(packFileProblem([], 'include-missing', { why: whyNot(problem) }));
  }
}

const ownTextsRead = new Map<
  string,
  { readonly fingerprint: string; readonly read: PackFileReading }
>();

/** The text of one of the program's own, which a process that opens several folders reads once. */
function readOwnText(file: string, text: string, included: IncludedText | null): PackFileReading {
  const fingerprint = packFingerprint(text, included?.text ?? null);
  const known = ownTextsRead.get(file);
  if (known?.fingerprint === fingerprint) return known.read;
  const read = readPackText(file, text, included);
  ownTextsRead.set(file, { fingerprint, read });
  return read;
}

/** The same for a text already read; `file` is only named in the problems. */
export function readPackText(
  file: string,
  text: string,
  included: IncludedText | null = null,
): PackFileReading {
  const tooMuch = [
    ...beyondBounds(file, text),
    ...(included === null ? [] : beyondBounds(included.file, included.text)),
  ];
  if (tooMuch.length > 0) return { ok: false, problems: tooMuch };
  const own = parsedYaml(file, text);
  const shared = included === null ? null : parsedYaml(included.file, included.text);
  const syntax = [...own.problems, ...(shared?.problems ?? [])];
  if (syntax.length > 0) return { ok: false, problems: syntax.slice(0, problemsMax) };
  const { yaml, lines } = own;
  const data: unknown = yaml.toJS({ maxAliasCount: 0 });
  const whole = shared === null ? null : joined(data, shared.yaml.toJS({ maxAliasCount: 0 }));
  const includeLine = lineOfPath(yaml, lines, ['include']);
  if (whole?.ok === false) {
    const problem = packFileProblem(['include'], 'include-does-not-fit', whole);
    return { ok: false, problems: [problemOfFile(file, problem, includeLine)] };
  }
  if (whole === null && isData(data) && 'include' in data) {
    const why = { why: JSON.stringify(data['include']) };
    return {
      ok: false,
      problems: [problemOfFile(file, packFileProblem([], 'include-missing', why), includeLine)],
    };
  }
  const reading = readPackDocument(whole === null ? data : whole.data);
  const lineOf = (path: readonly (string | number)[]) => {
    const ownPath = whole === null ? path : whole.ownPath(path);
    return ownPath === null ? includeLine : lineOfPath(yaml, lines, ownPath);
  };
  if (reading.ok) {
    const fingerprint = packFingerprint(text, included?.text ?? null);
    return { ok: true, document: reading.document, fingerprint, lineOf };
  }
  return {
    ok: false,
    problems: reading.problems.slice(0, problemsMax).map((each) => {
      const place = each.path.join('.');
      const { zh, en } = each.message;
      const message = { zh: `${place}：${zh}`, en: `${place}: ${en}` };
      return fileProblem(file, lineOf, { ...each, message });
    }),
  };
}

/** A text that would hold up whoever parses it is not parsed. */
function beyondBounds(file: string, text: string): PackFileProblem[] {
  const beyond = placeBeyondBounds(text);
  if (beyond === null) return [];
  const line = text.slice(0, beyond).split('\n').length;
  return [problemOfFile(file, packFileProblem([], 'not-pack-yaml'), line)];
}

/** A text as YAML, with what is wrong with it as such. */
function parsedYaml(file: string, text: string) {
  const lines = new LineCounter();
  const yaml = parseDocument(text, { lineCounter: lines, uniqueKeys: true, stringKeys: true });
  const problems = [
    ...yaml.errors
      .slice(0, problemsMax)
      .map((error) => problemOfFile(file, yamlProblem(error), lines.linePos(error.pos[0]).line)),
    ...fractionsAndAliases(file, yaml, lines),
  ];
  return { yaml, lines, problems };
}

function joined(own: unknown, shared: unknown): Included {
  if (!isData(own) || !isData(shared)) return { ok: false, part: 'shared.yaml', twice: false };
  return withIncluded(own, shared);
}

function isData(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function fractionsAndAliases(
  file: string,
  yaml: Document.Parsed,
  lines: LineCounter,
): PackFileProblem[] {
  const problems: PackFileProblem[] = [];
  const lineAt = (range: readonly number[] | null | undefined) =>
    lines.linePos(range?.[0] ?? 0).line;
  visit(yaml, {
    Scalar(key, scalar, parents) {
      if (key === 'key' || typeof scalar.value !== 'number') return;
      if (Number.isSafeInteger(scalar.value) && !/[.eE]/.test(scalar.source ?? '')) return;
      const pair = parents.at(-1);
      const isVersion =
        parents.length === 3 && isPair(pair) && isScalar(pair.key) && pair.key.value === 'version';
      const problem = isVersion
        ? versionIsNumber()
        : formProblem([], 'not-text-amount', { fraction: scalar.source ?? '' });
      problems.push(problemOfFile(file, problem, lineAt(scalar.range)));
    },
    Alias(_key, alias) {
      const problem = packFileProblem([], 'alias-not-allowed');
      problems.push(problemOfFile(file, problem, lineAt(alias.range)));
    },
  });
  return problems;
}

/** The line of a path's last part: of its name where it has one. What is not there has its parent's line. */
function lineOfPath(
  yaml: Document.Parsed,
  lines: LineCounter,
  path: readonly (string | number)[],
): number {
  for (let length = path.length; length > 0; length -= 1) {
    const parent: unknown = yaml.getIn(path.slice(0, length - 1), true);
    const last = path[length - 1];
    const pair = isMap(parent)
      ? parent.items.find(({ key }) => isScalar(key) && key.value === last)
      : undefined;
    const position = nodeStart(pair?.key) ?? nodeStart(yaml.getIn(path.slice(0, length), true));
    if (position !== null) return lines.linePos(position).line;
  }
  return 1;
}

function nodeStart(node: unknown): number | null {
  if (typeof node !== 'object' || node === null || !('range' in node)) return null;
  const { range } = node;
  return Array.isArray(range) && typeof range[0] === 'number' ? range[0] : null;
}

function failed(file: string, problem: PackProblem): PackFileReading {
  return { ok: false, problems: [problemOfFile(file, problem)] };
}
