import { accepted, type Result } from '../../shared/domain/result.ts';
import { packsThatHold } from '../policy-packs/packs-that-hold.ts';
import { loadPacks, packFolders } from '../policy-packs/load-packs.ts';
import { packList, type PackListEntry } from '../policy-packs/pack-list.ts';
import type { PackFileProblem } from '../policy-packs/pack-file-problems.ts';

export type PacksAnswer = {
  readonly packs: readonly PackListEntry[];
  /** Packs that are not in use because something is wrong with them; for standard error. */
  readonly problems: readonly PackFileProblem[];
};

/** `packs`: the packs of the program and, with a data folder, the hospital's own. */
export async function packsCommand({
  home,
}: {
  readonly home: string | null;
}): Promise<Result<PacksAnswer, never>> {
  const loaded = await loadPacks({ folders: packFolders(home) });
  const { packs, problems } = await packsThatHold(loaded);
  return accepted({ packs: packList(packs.map(({ compiled }) => compiled)), problems });
}
