import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { PackDocument } from '../../shared/policy/pack/pack-schema.ts';
import type { PackFileProblem } from './read-pack-file.ts';

/** Deeper than this no pack is looked for. */
const depthMax = 6;

/** A name an editor or a mail program makes of `pack.yaml`. */
const packLike = /^(?:pack|policy-?pack)[^/]*\.ya?ml(?:\.txt)?$/i;

/** Files that look like packs and are not taken for one: by another name, or too deep in folders. */
export async function strayPackFiles(
  folder: string,
  taken: readonly string[],
): Promise<PackFileProblem[]> {
  const problems: PackFileProblem[] = [];
  const walk = async (path: string, depth: number): Promise<void> => {
    const entries = await readdir(path, { withFileTypes: true });
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const inner = join(path, entry.name);
      if (entry.isDirectory() && depth < depthMax && entry.name !== 'node_modules') {
        await walk(inner, depth + 1);
      }
      if (!entry.isFile() || !packLike.test(entry.name) || taken.includes(inner)) continue;
      problems.push(stray(inner, entry.name));
    }
  };
  await walk(resolve(folder), 0);
  return problems;
}

function stray(file: string, name: string): PackFileProblem {
  const [zh, en] =
    name === 'pack.yaml'
      ? ['放得太深，或旁边已有一个 pack.yaml', 'too deep, or below a folder that is a pack itself']
      : [`文件名是“${name}”，不是 pack.yaml`, `its name is "${name}", not pack.yaml`];
  return {
    file,
    line: 1,
    code: 'pack-not-taken',
    message: { zh: `没有当作政策包读取：${zh}`, en: `not taken for a pack: ${en}` },
    remedy: {
      zh: '放到 <id>/<version>/pack.yaml；不是政策包的，改名或移走',
      en: 'put it at <id>/<version>/pack.yaml; if it is no pack, rename it or move it away',
    },
  };
}

/** Visit files beside a pack that none of its cases names. */
export async function unusedVisitFiles(
  packFolder: string,
  { cases }: PackDocument,
): Promise<PackFileProblem[]> {
  const used = new Set(cases.map(({ visit }) => visit));
  const names = await readdir(join(packFolder, 'cases')).catch(() => []);
  return names
    .filter((name) => !used.has(`cases/${name}`))
    .sort()
    .map((name) => ({
      file: join(packFolder, 'cases', name),
      line: 1,
      code: 'case-file-unused',
      message: { zh: '没有案例用到这个文件', en: 'no case names this file' },
      remedy: { zh: '写一个用它的案例，或删去它', en: 'write a case with it, or remove it' },
    }));
}
