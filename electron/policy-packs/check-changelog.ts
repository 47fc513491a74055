import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { LineCounter, parseDocument } from 'yaml';
import { problemsOfChangelog, type ChangedPack } from '../../shared/policy/pack/pack-changelog.ts';
import type { PackFileProblem } from './read-pack-file.ts';
import { utf8Text } from './utf8-text.ts';

/**
 * Checks `<id>/changelog.yaml`, which says of every version what became different. One version alone needs none; from
 * the second on it has to be there, for whoever settles under the new one asks what it changes.
 */
export async function problemsOfPackChangelog(
  packFile: string,
  versions: readonly ChangedPack[],
): Promise<readonly PackFileProblem[]> {
  const file = join(dirname(dirname(packFile)), 'changelog.yaml');
  const bytes = await readFile(file).catch(() => null);
  if (bytes === null) return versions.length > 1 ? [missing(file)] : [];
  const text = utf8Text(bytes);
  if (text === null) return [notYaml(file)];
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

function missing(file: string): PackFileProblem {
  return {
    file,
    line: 1,
    code: 'changelog-missing',
    message: {
      zh: '这个政策包有几个版本，却没有更改记录',
      en: 'this pack has several versions and no changelog',
    },
    remedy: {
      zh: '在版本文件夹旁边写 changelog.yaml，每个版本一条',
      en: 'write changelog.yaml beside the folders of the versions, an entry for each',
    },
  };
}

function notYaml(file: string, line = 1): PackFileProblem {
  return {
    file,
    line,
    code: 'not-yaml',
    message: { zh: '更改记录不是正确的 UTF-8 YAML', en: 'the changelog is not YAML in UTF-8' },
    remedy: {
      zh: '检查这一行的缩进、引号和冒号，并存为 UTF-8',
      en: 'check indent, quotes and colons of this line, and save it as UTF-8',
    },
  };
}
