import type { Store } from '../database/store.ts';
import { approvalOf } from '../policy-packs/pack-approvals.ts';
import type { LoadedPack, LoadedPacks } from '../policy-packs/load-packs.ts';
import { fileProblem, type PackFileProblem } from '../policy-packs/pack-file-problems.ts';
import { packRefusal } from '../policy-packs/pack-refusals.ts';
import { packName, type PackTexts } from '../settlement/pack-texts.ts';
import type { WholeFingerprints } from '../settlement/packs-that-count.ts';
import { settledBeforeEntry } from '../settlement/verify-approvals.ts';
import { nobody } from '../security/user-names.ts';

/** The hashes of the packs' texts by name. */
export function packTextsOf({ packs }: LoadedPacks): PackTexts {
  return new Map(packs.map(({ compiled, fingerprint }) => [packName(compiled), fingerprint]));
}

/** The fingerprints of the packs with every file they name, by name: what is approved. */
export function wholeFingerprintsOf({ packs }: LoadedPacks): WholeFingerprints {
  return new Map(packs.map(({ compiled, whole }) => [packName(compiled), whole]));
}

/**
 * Keeps the texts of packs that are named for the first time: from now on their ids and versions stand for these. In a
 * folder at work that is done for what counts alone: a draft may be edited until somebody approves it.
 * A pack whose text is another than the one kept stays listed and may be previewed, with a problem that says so;
 * settling by it is refused. Where only reading is allowed nothing is kept.
 */
export async function keepPackTexts(
  store: Store,
  loaded: LoadedPacks,
  at: string,
  folderKind: 'demo' | 'live',
): Promise<LoadedPacks> {
  const { kept, acts } = await store.read(async ({ packsInForce, packActs }) => ({
    kept: await packsInForce.list(),
    acts: await packActs.list(),
  }));
  const counts = ({ compiled: { id, version }, whole: fingerprint }: LoadedPack): boolean =>
    folderKind === 'demo' ||
    approvalOf(acts, { id, version, fingerprint }, folderKind).state === 'approved';
  const inForce = new Map(kept.map((pack) => [packName(pack), pack.sha256]));
  const fresh = loaded.packs.filter(
    (pack) => !inForce.has(packName(pack.compiled)) && counts(pack),
  );
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
    const refusal = packRefusal('pack-differs', { name: packName(compiled) });
    const problem = { path: ['version'], ...refusal };
    problems.push(fileProblem(file, lineOf, problem));
  }
  return { packs: loaded.packs, problems };
}

/**
 * Says once, in the audit, which packs count as approved because this folder had settled by them before approvals were
 * asked for; `verify` compares. Answers their names where they are said now, null where nothing is new.
 */
export async function noteSettledBefore(
  store: Store,
  at: string,
): Promise<readonly string[] | null> {
  if (store.readingOnly() !== null) return null;
  const namesIn = await store.read(async ({ packActs, audit }) =>
    (await audit.about(settledBeforeEntry)).length > 0
      ? []
      : (await packActs.list()).filter(({ act }) => act === 'settled-before').map(nameOfAct),
  );
  if (namesIn.length === 0) return null;
  await store.transact(({ audit }) =>
    audit.append({
      ...{ at, who: nobody, act: 'count-settled-packs', about: settledBeforeEntry },
      detail: { packs: namesIn },
    }),
  );
  return namesIn;
}

const nameOfAct = ({ pack, version }: { readonly pack: string; readonly version: string }) =>
  `${pack}@${version}`;
