import {
  declareProblems,
  type PackProblem,
  type ProblemCodeOf,
} from '../policy/pack/pack-problem.ts';

/**
 * Whether a pack is where it should be: `<id>/<version>/pack.yaml` below the folder of packs, or
 * `<version>/pack.yaml` below that of one pack. `folders` are the names of the folders on the way from there
 * to the pack's text; none where it is in that folder itself.
 */
export function misplaced(
  folders: readonly string[],
  { id, version }: { readonly id: string; readonly version: string },
): PackProblem<PackPlaceCode> | null {
  const wanted = folders.length === 1 ? [version] : [id, version];
  // A folder that holds one pack itself may have any name.
  if (folders.every((name, index) => name === wanted[index])) return null;
  return placeProblem([folders.at(-1) === version ? 'id' : 'version'], 'folder-differs', {
    id,
    version,
  });
}

const placeProblem = declareProblems({
  'folder-differs': ({ id, version }: { readonly id: string; readonly version: string }) => [
    `文件夹名与政策包 ${id}@${version} 不一致`,
    `the folder's name is not that of the pack ${id}@${version}`,
    `放到 ${id}/${version}/pack.yaml`,
    `put it at ${id}/${version}/pack.yaml`,
  ],
});

type PackPlaceCode = ProblemCodeOf<typeof placeProblem>;
