import { dirname } from 'node:path';
import { ownPacksFolder, type LoadedPack, type LoadedPacks } from './load-packs.ts';
import { fileProblem, packFileProblem, type PackFileProblem } from './pack-file-problems.ts';
import { checkCases } from '../../shared/pack-checks/check-cases.ts';
import { prepareCases } from './prepare-cases.ts';

/**
 * Leaves out the hospital's own packs whose cases do not come out as they say: such a pack would settle real
 * money by figures its own author calls wrong. The program's own were checked when it was built.
 */
export async function packsThatHold(loaded: LoadedPacks): Promise<LoadedPacks> {
  const packs: LoadedPack[] = [];
  const problems: PackFileProblem[] = [...loaded.problems];
  for (const pack of loaded.packs) {
    const wrong = pack.file.startsWith(ownPacksFolder()) ? [] : await problemsOf(pack);
    if (wrong.length === 0) packs.push(pack);
    else problems.push(notInUse(pack, wrong.length), ...wrong);
  }
  return { packs, problems };
}

async function problemsOf({
  compiled,
  file,
  lineOf,
}: LoadedPack): Promise<readonly PackFileProblem[]> {
  const prepared = await prepareCases(compiled.document, dirname(file));
  const { problems } = checkCases(compiled, prepared);
  return problems.map((each) => fileProblem(file, lineOf, each));
}

function notInUse({ file, lineOf }: LoadedPack, count: number): PackFileProblem {
  const problem = packFileProblem(['cases'], 'cases-do-not-hold', { wrong: String(count) });
  return fileProblem(file, lineOf, problem);
}
