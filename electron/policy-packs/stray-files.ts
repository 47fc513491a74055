import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { PackDocument } from '../../shared/policy/pack/pack-schema.ts';
import { packFileProblem, problemOfFile, type PackFileProblem } from './pack-file-problems.ts';

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

function stray(file: string, name: string): PackFileProblem<'pack-not-taken'> {
  const [zh, en] =
    name === 'pack.yaml'
      ? ['放得太深，或旁边已有一个 pack.yaml', 'too deep, or below a folder that is a pack itself']
      : [`文件名是“${name}”，不是 pack.yaml`, `its name is "${name}", not pack.yaml`];
  return problemOfFile(file, packFileProblem([], 'pack-not-taken', { why: { zh, en } }));
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
    .map((name) =>
      problemOfFile(join(packFolder, 'cases', name), packFileProblem([], 'case-file-unused')),
    );
}
