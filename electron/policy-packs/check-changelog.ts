import { dirname, join } from 'node:path';
import { LineCounter, parseDocument } from 'yaml';
import { problemsOfChangelog, type ChangedPack } from '../../shared/policy/pack/pack-changelog.ts';
import { readNamedFile } from '../base/foreign-folder.ts';
import { packFileProblem, problemOfFile, type PackFileProblem } from './pack-file-problems.ts';
import { utf8Text } from './utf8-text.ts';
import { placeBeyondBounds } from './yaml-bounds.ts';

/** The history of a pack beyond this is none. */
const changelogBytesMax = 1_000_000;

/**
 * Checks `<id>/changelog.yaml`, which says of every version what became different. One version alone needs none; from
 * the second on it has to be there, for whoever settles under the new one asks what it changes.
 */
export function problemsOfPackChangelog(
  packFile: string,
  versions: readonly ChangedPack[],
): readonly PackFileProblem[] {
  const file = join(dirname(dirname(packFile)), 'changelog.yaml');
  let bytes: Buffer;
  try {
    bytes = readNamedFile(file, changelogBytesMax);
  } catch (problem) {
    if ((problem as NodeJS.ErrnoException).code !== 'ENOENT') return [notYaml(file)];
    return versions.length > 1
      ? [problemOfFile(file, packFileProblem([], 'changelog-missing'))]
      : [];
  }
  const text = utf8Text(bytes);
  if (text === null || placeBeyondBounds(text) !== null) return [notYaml(file)];
  const lines = new LineCounter();
  const yaml = parseDocument(text, { lineCounter: lines, uniqueKeys: true, stringKeys: true });
  if (yaml.errors.length > 0)
    return [notYaml(file, lines.linePos(yaml.errors[0]?.pos[0] ?? 0).line)];
  return problemsOfChangelog(yaml.toJS({ maxAliasCount: 0 }), versions).map(
    ({ path, code, message, remedy }) => {
      const node: unknown = yaml.getIn(path, true);
      const range =
        typeof node === 'object' && node !== null && 'range' in node ? node.range : null;
      const start: unknown = Array.isArray(range) ? range[0] : null;
      const line = typeof start === 'number' ? lines.linePos(start).line : 1;
      return { file, line, code, message, remedy };
    },
  );
}

function notYaml(file: string, line = 1) {
  return problemOfFile(file, packFileProblem([], 'not-yaml', {}), line);
}
