import { stat } from 'node:fs/promises';

import { accepted, refused, type Result } from '../../shared/domain/result.ts';
import type { CompiledPack } from '../../shared/policy/compile/compiled-pack.ts';
import { loadPacks, type LoadedPacks } from './load-packs.ts';
import { packRefusal } from './pack-refusals.ts';

export type NamedPackCode = 'unknown-pack' | 'no-packs' | 'pack-broken';

export type NamedPacks = {
  /** The versions that may be meant: the day of discharge chooses among them. */
  readonly packs: readonly CompiledPack[];
  /** All packs there are, for a year may name steps of any of them. */
  readonly known: readonly CompiledPack[];
};

/** The packs that `ID`, `ID@VERSION` or a folder with one pack or several versions of it may mean. */
export async function packsNamed(
  pack: string,
  loaded: LoadedPacks,
  path: (given: string) => string,
): Promise<Result<NamedPacks, NamedPackCode>> {
  const named = /^([a-z][a-z0-9-]*)(?:@(\d+\.\d+\.\d+))?$/.exec(pack);
  const known = loaded.packs.map(({ compiled }) => compiled);
  if (named !== null) {
    const [, id, version] = named;
    const found = known.filter(
      (each) => each.id === id && (version === undefined || each.version === version),
    );
    if (found.length > 0) return accepted({ packs: found, known });
  }
  const folder = path(pack);
  if (!(await isFolder(folder))) {
    const names = known.map((each) => `${each.id}@${each.version}`);
    return refused(packRefusal('unknown-pack', { pack, known: names, problems: loaded.problems }));
  }
  const own = await loadPacks({ folders: [folder] });
  if (own.problems.length === 0 && own.packs.length > 0) {
    const packs = own.packs.map(({ compiled }) => compiled);
    return accepted({ packs, known: [...packs, ...known] });
  }
  const { problems } = own;
  const [first] = problems;
  return first === undefined
    ? refused(packRefusal('no-packs', { folder: pack }))
    : refused(packRefusal('pack-broken', { folder: pack, first, problems }));
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}
