import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

import { shanghaiInstant } from '../base/clock.ts';
import type { Store } from '../database/store.ts';
import { loadPacks, packFolders, type LoadedPacks } from '../policy-packs/load-packs.ts';
import { packsThatHold } from '../policy-packs/packs-that-hold.ts';
import type { PackTexts } from '../settlement/pack-texts.ts';
import type { PacksHere } from '../settlement/packs-that-count.ts';
import type { DataFolder } from './data-folder.ts';
import {
  keepPackTexts,
  noteSettledBefore,
  packTextsOf,
  wholeFingerprintsOf,
} from './keep-pack-texts.ts';

/** The packs of a folder at one moment; all of it is of the same reading. */
type PolicyReading = PacksHere & {
  readonly policies: LoadedPacks;
  readonly packTexts: PackTexts;
};

export type OpenPolicies = {
  /** As they were last read. */
  readonly now: () => PolicyReading;
  /**
   * Reads them again where a file of the folder's own packs is another than before; answers whether it did. A settlement
   * under way goes on by the reading it began with, or is refused by what is approved.
   */
  readonly reload: () => Promise<boolean>;
  /** Which packs count because they were settled by before, where that is said now for the first time; else null. */
  readonly settledBefore: readonly string[] | null;
};

/** Packs as they lie on the disk, and what the folder's own files were then. */
export type PacksOnDisk = { readonly loaded: LoadedPacks; readonly files: string };

/** Reads the packs of the program and of a folder; needs no database, so it is done while that opens. */
export async function readPacksOf(home: string): Promise<PacksOnDisk> {
  const files = await filesIn(home);
  return { files, loaded: await packsThatHold(await loadPacks({ folders: packFolders(home) })) };
}

/** The packs of a folder, and how they stand in its books. */
export async function openPolicies(
  { home, kind }: Pick<DataFolder, 'home' | 'kind'>,
  store: Store,
  onDisk: PacksOnDisk,
): Promise<OpenPolicies> {
  const facts = await store.read(({ folderFacts }) => folderFacts.all());
  // A folder at work whose marker was edited to say that it is a demo asks for approvals all the same.
  const isExempt = kind === 'demo' && facts['kind'] !== 'live';
  const at = (): string => shanghaiInstant(new Date());
  const standing = async (loaded: LoadedPacks): Promise<PolicyReading> => ({
    packs: loaded.packs.map(({ compiled }) => compiled),
    policies: await keepPackTexts(store, loaded, at(), isExempt ? 'demo' : 'live'),
    packTexts: packTextsOf(loaded),
    approvedOnly: isExempt ? null : wholeFingerprintsOf(loaded),
  });
  let { files } = onDisk;
  let current = await standing(onDisk.loaded);
  let reading: Promise<boolean> | null = null;
  const look = async (): Promise<boolean> => {
    if ((await filesIn(home)) === files) return false;
    const found = await readPacksOf(home);
    current = await standing(found.loaded);
    ({ files } = found);
    return true;
  };
  return {
    now: () => current,
    reload: () =>
      (reading ??= look().finally(() => {
        reading = null;
      })),
    settledBefore: isExempt ? null : await noteSettledBefore(store, at()),
  };
}

/** Every file of the folder's own packs, when it was last changed and how long it is; no more than is looked for. */
async function filesIn(home: string): Promise<string> {
  const own = join(home, 'policy-packs');
  const entries = await readdir(own, { recursive: true, withFileTypes: true }).catch(() => []);
  const said = await Promise.all(
    entries
      .filter((entry) => entry.isFile())
      .slice(0, filesMax)
      .map(async ({ parentPath, name }) => {
        const file = join(parentPath, name);
        const found = await stat(file).catch(() => null);
        return `${file} ${String(found?.mtimeMs)} ${String(found?.size)} ${String(found?.ino)}`;
      }),
  );
  return said.sort().join('\n');
}

/** More files than any hospital's packs have: somebody put another folder there. */
const filesMax = 20_000;
