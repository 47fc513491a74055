import type { Store } from '../database/store.ts';
import type { LoadedPacks } from '../policy-packs/load-packs.ts';
import { fileProblem, type PackFileProblem } from '../policy-packs/pack-file-problems.ts';
import { packName, type PackTexts } from '../settlement/pack-texts.ts';
import { settlementRefusal } from '../settlement/settlement-refusals.ts';

/** The hashes of the packs' texts by name. */
export function packTextsOf({ packs }: LoadedPacks): PackTexts {
  return new Map(packs.map(({ compiled, fingerprint }) => [packName(compiled), fingerprint]));
}

/**
 * Keeps the texts of packs that are named for the first time: from now on their ids and versions stand for these.
 * A pack whose text is another than the one kept stays listed and may be previewed, with a problem that says so;
 * settling by it is refused. Where only reading is allowed nothing is kept.
 */
export async function keepPackTexts(
  store: Store,
  loaded: LoadedPacks,
  at: string,
): Promise<LoadedPacks> {
  const kept = await store.read(({ packsInForce }) => packsInForce.list());
  const inForce = new Map(kept.map((pack) => [packName(pack), pack.sha256]));
  const fresh = loaded.packs.filter(({ compiled }) => !inForce.has(packName(compiled)));
  if (fresh.length > 0 && store.readingOnly() === null) {
    await store.transact(async ({ packsInForce }) => {
      for (const { compiled, fingerprint: sha256 } of fresh) {
        const { id, version } = compiled;
        inForce.set(packName(compiled), await packsInForce.keep({ id, version, sha256, at }));
      }
    });
  }
  const problems: PackFileProblem[] = [...loaded.problems];
  for (const { compiled, file, lineOf, fingerprint } of loaded.packs) {
    if ((inForce.get(packName(compiled)) ?? fingerprint) === fingerprint) continue;
    const refusal = settlementRefusal('pack-differs', { name: packName(compiled) });
    const problem = { path: ['version'], ...refusal };
    problems.push(fileProblem(file, lineOf, problem));
  }
  return { packs: loaded.packs, problems };
}
