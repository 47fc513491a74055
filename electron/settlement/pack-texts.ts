import { shanghaiInstant, type Clock } from '../base/clock.ts';
import type { Repositories } from '../database/store.ts';
import { packRefusal } from '../policy-packs/pack-refusals.ts';
import { accepted, refused, type Result } from '../../shared/domain/result.ts';
import type { CompiledPack } from '../../shared/policy/compile/compiled-pack.ts';

/** The hashes of the texts the packs were read from, by `id@version`. */
export type PackTexts = ReadonlyMap<string, string>;

export const packName = ({ id, version }: Pick<CompiledPack, 'id' | 'version'>): string =>
  `${id}@${version}`;

/**
 * Makes sure that a pack is the one its id and version stand for in these books: another text under the same name
 * would settle alike patients unlike, and nothing would show it. A name heard for the
 * first time is kept.
 */
export async function assurePackText(
  { clock, packTexts }: { readonly clock: Clock; readonly packTexts?: PackTexts },
  { packsInForce }: Pick<Repositories, 'packsInForce'>,
  pack: Pick<CompiledPack, 'id' | 'version'>,
): Promise<Result<void, 'pack-differs'>> {
  const sha256 = packTexts?.get(packName(pack));
  if (sha256 === undefined) return accepted(undefined);
  const { id, version } = pack;
  const kept = await packsInForce.keep({ id, version, sha256, at: shanghaiInstant(clock.now()) });
  return kept === sha256
    ? accepted(undefined)
    : refused(packRefusal('pack-differs', { name: packName(pack) }));
}

/** A pack that is here with another text than the one its name stands for in these books. */
export type ChangedPack = { readonly name: string; readonly kept: string; readonly here: string };

/** Which of the packs here are such. Packs that these books have never heard of are none. */
export async function packsThatChanged(
  { packsInForce }: Pick<Repositories, 'packsInForce'>,
  packTexts: PackTexts,
): Promise<readonly ChangedPack[]> {
  const inForce = await packsInForce.list();
  return inForce.flatMap((pack) => {
    const [name, kept] = [packName(pack), pack.sha256];
    const here = packTexts.get(name);
    return here === undefined || here === kept ? [] : [{ name, kept, here }];
  });
}

/** Which of some packs, by name, are here with another text than the one in force. */
export async function editedAmong(
  repositories: Pick<Repositories, 'packsInForce'>,
  packTexts: PackTexts | undefined,
  names: readonly string[],
): Promise<readonly string[]> {
  const changed = await packsThatChanged(repositories, packTexts ?? new Map());
  return changed.map(({ name }) => name).filter((name) => names.includes(name));
}
