import { stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { judgementsBetween, type PackAmongOthers } from '../../shared/pack-checks/between-packs.ts';
import { checkCases } from '../../shared/pack-checks/check-cases.ts';
import {
  categoriesThatHurt,
  stepsThatNeverPay,
  withoutAccepted,
} from '../../shared/pack-checks/judgements.ts';
import {
  foldersBetween,
  findPackFiles,
  loadPacks,
  type LoadedPack,
  type LoadedPacks,
} from './load-packs.ts';
import {
  idleClaims,
  mutatePack,
  type Mutation,
} from '../../shared/pack-checks/mutation/mutate-pack.ts';
import { problemsOfNeedlessFigures } from '../../shared/pack-checks/needless-figures.ts';
import { stepsReachingFurther } from '../../shared/pack-checks/reaching-further.ts';
import { problemsOfFineRates } from '../../shared/pack-checks/fine-rates.ts';
import { misplaced } from '../../shared/pack-checks/pack-place.ts';
import type { PreparedCases } from '../../shared/pack-checks/prepared-case.ts';
import { problemsOfPackChangelog } from './check-changelog.ts';
import { prepareCases } from './prepare-cases.ts';
import {
  fileProblem,
  packFileProblem,
  problemOfFile,
  type PackFileProblem,
} from './pack-file-problems.ts';
import { isReplaced } from '../../shared/policy/choose-pack.ts';
import type { PackProblem } from '../../shared/policy/pack/pack-problem.ts';
import { strayPackFiles, unusedVisitFiles } from './stray-files.ts';
import { problemsOfUnlikelyFigures } from '../../shared/pack-checks/unlikely-figures.ts';
import { problemsOfUnreachableRules } from '../../shared/pack-checks/unreachable-rules.ts';
import { problemsOfUnusedParts } from '../../shared/pack-checks/unused-parts.ts';

export type CheckedPack = {
  readonly id: string;
  readonly version: string;
  readonly ok: boolean;
  readonly cases: number;
  readonly failed: number;
  readonly problems: readonly PackFileProblem[];
  /** What an officer decides: a step that reaches further than those before it. The pack is in order all the same. */
  readonly notes?: readonly PackFileProblem[];
  /** Only where it was asked for and the cases hold: of cases that fail each change would be noticed. */
  readonly mutation?: Mutation;
};

/** What `check-packs` prints (contract). */
export type PacksCheck = { readonly ok: boolean; readonly packs: readonly CheckedPack[] };

export type ChecksWanted = {
  /** Whether every single number, category, order and rounding is changed to see that a case notices. */
  readonly mutate?: boolean;
  /** Told of every pack when it is done. */
  readonly progress?: (pack: CheckedPack) => void;
};

/**
 * Checks every pack of a folder: its form, whether its parts fit together and can be reached, how it stands
 * beside the others, and that each of its cases comes to the amounts it states by the arithmetic it gives.
 * Works on anyone's packs.
 */
export async function checkPacks(folder: string, wanted: ChecksWanted = {}): Promise<PacksCheck> {
  const files = await findPackFiles(folder);
  if (!(await isFolder(folder)))
    return {
      ok: false,
      packs: [withoutPack(problemOfFile(folder, packFileProblem([], 'folder-missing')))],
    };
  const stray = await strayPackFiles(folder, files);
  if (files.length === 0 && stray.length === 0) {
    return {
      ok: false,
      packs: [withoutPack(problemOfFile(folder, packFileProblem([], 'no-packs')))],
    };
  }
  const loaded = await loadPacks({ folders: [folder] });
  const ready = new Map<string, ReadyPack>();
  for (const pack of loaded.packs) {
    const prepared = await prepareCases(pack.compiled.document, dirname(pack.file));
    ready.set(pack.file, { ...pack, prepared, cases: prepared.cases });
  }
  const packs: CheckedPack[] = stray.map(withoutPack);
  for (const file of files) {
    const pack = ready.get(file);
    const checked =
      pack === undefined
        ? notLoaded(file, loaded)
        : await checkPack(folder, pack, [...ready.values()], wanted);
    wanted.progress?.(checked);
    packs.push(checked);
  }
  return { ok: packs.every(({ ok }) => ok), packs };
}

type ReadyPack = LoadedPack & PackAmongOthers & { readonly prepared: PreparedCases };

async function checkPack(
  folder: string,
  pack: ReadyPack,
  all: readonly ReadyPack[],
  { mutate = false }: ChecksWanted,
): Promise<CheckedPack> {
  const { compiled, file, lineOf, prepared } = pack;
  const { document } = compiled;
  const place = misplaced(foldersBetween(folder, file), compiled);
  const others = all.map((each) => each.compiled);
  if (isReplaced(compiled, others)) return replacedPack(pack, place);
  const { problems: ofCases, failed } = checkCases(compiled, prepared);
  const further = stepsReachingFurther(document);
  const judgements = [
    ...further,
    ...judgementsBetween(pack, all),
    ...categoriesThatHurt(compiled, prepared.cases),
    // Where cases cannot be run it is not the step that is at fault.
    ...(prepared.problems.length > 0 || document.cases.length === 0
      ? []
      : stepsThatNeverPay(compiled, prepared.cases)),
  ];
  const judged = withoutAccepted(document, judgements);
  const isNote = ({ code }: PackProblem): boolean => further.some((note) => note.code === code);
  const notes = judged.filter(isNote).map((each) => fileProblem(file, lineOf, each));
  const problems = [
    ...[
      ...(place === null ? [] : [place]),
      ...problemsOfUnreachableRules(document),
      ...problemsOfUnusedParts(document),
      ...problemsOfNeedlessFigures(document),
      ...problemsOfUnlikelyFigures(document),
      ...problemsOfFineRates(document),
      ...judged.filter((each) => !isNote(each)),
      ...ofCases,
    ].map((each) => fileProblem(file, lineOf, each)),
    ...(await unusedVisitFiles(dirname(file), document)),
    ...ofChangelog(pack, all),
  ];
  const { id, version, cases } = document;
  // Changes are tried as soon as the cases hold: what else is wrong can be mended in the same round.
  const mayMutate = mutate && failed === 0 && document.cases.length > 0;
  const mutation = mayMutate ? mutatePack(pack, prepared.cases) : null;
  if (mutation !== null) {
    for (const index of idleClaims(document, mutation)) {
      const path = ['equivalent', index];
      problems.push(fileProblem(file, lineOf, packFileProblem(path, 'equivalent-to-nothing')));
    }
  }
  return {
    id,
    version,
    ok: problems.length === 0 && (mutation === null || mutation.survivors.length === 0),
    cases: cases.length,
    failed,
    problems,
    ...(notes.length === 0 ? {} : { notes }),
    ...(mutation === null ? {} : { mutation }),
  };
}

/** What a replaced version's cases came to was said by the program of its time. */
function replacedPack(
  { compiled, file, lineOf }: ReadyPack,
  place: PackProblem | null,
): CheckedPack {
  const { id, version, cases } = compiled.document;
  const problems = place === null ? [] : [fileProblem(file, lineOf, place)];
  return { id, version, ok: problems.length === 0, cases: cases.length, failed: 0, problems };
}

/** Said once of a pack, with the version that was read first. */
function ofChangelog(
  { compiled, file }: ReadyPack,
  all: readonly ReadyPack[],
): readonly PackFileProblem[] {
  const versions = all.filter((each) => each.compiled.id === compiled.id);
  if (versions[0]?.file !== file) return [];
  return problemsOfPackChangelog(
    file,
    versions.map(({ compiled: { document } }) => document),
  );
}

/** A pack that cannot be read, or that stands somewhere else already. */
function notLoaded(file: string, { problems }: LoadedPacks): CheckedPack {
  return {
    id: basename(dirname(dirname(file))),
    version: basename(dirname(file)),
    ok: false,
    cases: 0,
    failed: 0,
    problems: problems.filter((problem) => problem.file === file),
  };
}

function withoutPack(problem: PackFileProblem): CheckedPack {
  return { id: '', version: '', ok: false, cases: 0, failed: 0, problems: [problem] };
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}
