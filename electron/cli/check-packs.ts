import { accepted, type Result } from '../../shared/domain/result.ts';
import { checkPacks, type PacksCheck } from '../policy-packs/check-packs.ts';
import { ownPacksFolder } from '../policy-packs/load-packs.ts';

/** `check-packs [DIR]`: whether the packs of a folder are sound; the program's own without one. */
export async function checkPacksCommand({
  folder,
}: {
  readonly folder: string | null;
}): Promise<Result<PacksCheck>> {
  return accepted(await checkPacks(folder ?? ownPacksFolder()));
}
