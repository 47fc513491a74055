import { basename, dirname, relative, resolve, sep } from 'node:path';
import { problem, type PackProblem } from '../../../shared/policy/pack/pack-problem.ts';

/**
 * Whether a pack lies where it should: `<id>/<version>/pack.yaml` below the folder of packs, or
 * `<version>/pack.yaml` below that of one pack.
 */
export function misplaced(
  folder: string,
  file: string,
  { id, version }: { readonly id: string; readonly version: string },
): PackProblem | null {
  const names = relative(resolve(folder), dirname(file)).split(sep);
  const wanted = names.length === 1 ? [version] : [id, version];
  // A folder that holds one pack itself may have any name.
  if (names[0] === '' || names.every((name, index) => name === wanted[index])) return null;
  return problem(
    [basename(dirname(file)) === version ? 'id' : 'version'],
    'folder-differs',
    `文件夹名与政策包 ${id}@${version} 不一致`,
    `the folder's name is not that of the pack ${id}@${version}`,
    `放到 ${id}/${version}/pack.yaml`,
    `put it at ${id}/${version}/pack.yaml`,
  );
}
