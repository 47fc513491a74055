import { shanghaiInstant } from '../base/clock.ts';
import type { Repositories } from '../database/store.ts';
import { accepted, refused, type Result } from '../../shared/domain/result.ts';
import type { CompiledPack } from '../../shared/policy/compile/compiled-pack.ts';
import type { SettlementDependencies } from './settlement-dependencies.ts';

/** The hashes of the texts the packs were read from, by `id@version`. */
export type PackTexts = ReadonlyMap<string, string>;

export const packName = ({ id, version }: Pick<CompiledPack, 'id' | 'version'>): string =>
  `${id}@${version}`;

/**
 * Makes sure that a pack is the one its id and version stand for in these books: another text under the same name
 * would settle alike patients unlike, and nothing would show it. Refuses `pack-differs`. A name heard for the
 * first time is kept.
 */
export async function assurePackText(
  { clock, packTexts }: Pick<SettlementDependencies, 'clock' | 'packTexts'>,
  { packsInForce }: Pick<Repositories, 'packsInForce'>,
  pack: Pick<CompiledPack, 'id' | 'version'>,
): Promise<Result<void>> {
  const sha256 = packTexts?.get(packName(pack));
  if (sha256 === undefined) return accepted(undefined);
  const { id, version } = pack;
  const kept = await packsInForce.keep({ id, version, sha256, at: shanghaiInstant(clock.now()) });
  return kept === sha256 ? accepted(undefined) : refused(packDiffers(pack));
}

export function packDiffers(pack: Pick<CompiledPack, 'id' | 'version'>) {
  const name = packName(pack);
  return {
    code: 'pack-differs',
    message: {
      zh: `待遇政策 ${name} 的内容与启用时登记的不一样，不能用它结算。没有结算，没有收钱。`,
      en: `The text of the pack ${name} is not the one that was taken into use, so nothing is settled by it. No money moved.`,
    },
    remedy: {
      zh: '请政策管理员放回原来的文件；要改政策，请另存为更高的版本号。各窗口的程序版本要一致。',
      en: 'Have the policy officer put the original file back; a change goes into a higher version. All windows need the same version of the program.',
    },
  };
}
