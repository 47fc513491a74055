import type { Stats } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compilePack } from '../../shared/policy/compile/compile-pack.ts';
import type { CompiledPack } from '../../shared/policy/compile/compiled-pack.ts';
import { misplaced } from '../../shared/pack-checks/pack-place.ts';
import {
  fileProblem,
  packFileProblem,
  problemOfFile,
  type PackFileProblem,
} from './pack-file-problems.ts';
import { wholeFingerprint } from './pack-fingerprint.ts';
import { readPackFile } from './read-pack-file.ts';

export type LoadedPack = {
  readonly compiled: CompiledPack;
  readonly file: string;
  /** Of its text: another one under the same id and version is never used. */
  readonly fingerprint: string;
  /** Of its text and every file it names: what is approved. */
  readonly whole: string;
  readonly lineOf: (path: readonly (string | number)[]) => number;
};

export type LoadedPacks = {
  readonly packs: readonly LoadedPack[];
  /** Packs that could not be taken, with file and line; the others are in use all the same. */
  readonly problems: readonly PackFileProblem[];
};

/** Where the packs of the program are: beside the sources, or copied beside the built parts. */
export function ownPacksFolder(): string {
  const runsFromSources = import.meta.url.endsWith('.ts');
  const folder = runsFromSources ? '../../shared/policy-packs' : '../policy-packs';
  return fileURLToPath(new URL(folder, import.meta.url));
}

/** The folders packs are taken from: the program's own, then the data folder's. */
export function packFolders(home: string | null): readonly string[] {
  return home === null ? [ownPacksFolder()] : [ownPacksFolder(), join(home, 'policy-packs')];
}

/**
 * Finds and compiles all packs of some folders, in the order of the folders and of their names. A folder
 * that is not there holds none. The same pack in the same version twice is a problem, and the first counts.
 */
export async function loadPacks({
  folders,
}: {
  readonly folders: readonly string[];
}): Promise<LoadedPacks> {
  const packs: LoadedPack[] = [];
  const problems: PackFileProblem[] = [];
  for (const folder of folders) {
    for (const file of await findPackFiles(folder)) {
      const reading = await readPackFile(file, { isOwn: folder === ownPacksFolder() });
      if (!reading.ok) {
        problems.push(...reading.problems);
        continue;
      }
      const compiled = compilePack(reading.document);
      const misplaced = misplacedIn(folder, file, compiled, reading.lineOf);
      if (misplaced !== null) problems.push(misplaced);
      const twin = packs.find(
        ({ compiled: { id, version } }) => id === compiled.id && version === compiled.version,
      );
      if (twin === undefined) {
        const { document, fingerprint, lineOf } = reading;
        const whole = wholeFingerprint(document, dirname(file), fingerprint);
        packs.push({ compiled, file, fingerprint, whole, lineOf });
      } else problems.push(duplicate(file, twin.file, reading.lineOf(['version'])));
    }
  }
  return { packs, problems };
}

/** The names of the folders from a folder of packs down to a pack's text. */
export function foldersBetween(folder: string, file: string): readonly string[] {
  const names = relative(resolve(folder), dirname(file)).split(sep);
  return names[0] === '' ? [] : names;
}

/** How deep a folder of packs may be: the folder, the id, the version. */
const packDepthMax = 2;

/** Every `pack.yaml` in a folder: the folder's own, or those of `<id>/<version>/` below it. */
export async function findPackFiles(folder: string, depth = 0): Promise<readonly string[]> {
  const own = join(resolve(folder), 'pack.yaml');
  if ((await statOrNull(own))?.isFile() === true) return [own];
  if (depth === packDepthMax || (await statOrNull(folder))?.isDirectory() !== true) return [];
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
  const files: string[] = [];
  for (const name of names) files.push(...(await findPackFiles(join(folder, name), depth + 1)));
  return files;
}

async function statOrNull(path: string): Promise<Stats | null> {
  try {
    return await stat(path);
  } catch {
    return null;
  }
}

/** In the layout of many packs a folder of another name is a mistake; a folder given alone may have any. */
function misplacedIn(
  folder: string,
  file: string,
  pack: CompiledPack,
  lineOf: LoadedPack['lineOf'],
): PackFileProblem | null {
  const isInLayout = resolve(dirname(dirname(dirname(file)))) === resolve(folder);
  const found = isInLayout ? misplaced(foldersBetween(folder, file), pack) : null;
  return found === null ? null : fileProblem(file, lineOf, found);
}

function duplicate(file: string, twin: string, line: number): PackFileProblem {
  return problemOfFile(file, packFileProblem([], 'duplicate-pack', { twin }), line);
}
