import { stat } from 'node:fs/promises';
import type { VisitProblemCode } from '../../shared/contracts/visit-json-problems.ts';
import { resultJsonFromResult, type ResultJson } from '../../shared/contracts/result-json.ts';
import { accepted, refused, type Result, type Warning } from '../../shared/domain/result.ts';
import { choosePack } from '../../shared/policy/choose-pack.ts';
import type { CompiledPack } from '../../shared/policy/compile/compiled-pack.ts';
import { decideOrRefuse, type NotDecidedCode } from '../../shared/pack-checks/decide-or-refuse.ts';
import { loadPacks, packFolders } from '../policy-packs/load-packs.ts';
import { packRefusal } from '../policy-packs/pack-refusals.ts';
import { readVisitFile, type VisitFileCode } from '../policy-packs/read-visit-file.ts';

export type SettleCall = {
  /** `ID`, `ID@VERSION`, or a folder that holds one pack or several versions of it. */
  readonly pack: string;
  readonly visitFile: string;
  /** Where packs named by id are looked for; the program's own unless said otherwise. */
  readonly folders?: readonly string[];
  /** Turns a path of the caller into one of this process. */
  readonly path?: (given: string) => string;
};

type PackCode = 'unknown-pack' | 'no-packs' | 'pack-broken';
type SettleCode =
  PackCode | VisitFileCode | VisitProblemCode | 'no-pack' | 'several-packs' | NotDecidedCode;

type Candidates = {
  readonly packs: readonly CompiledPack[];
  /** All packs there are, for a year may name steps of any of them. */
  readonly known: readonly CompiledPack[];
};

/** `settle`: the Result JSON of one visit file under one pack. Pure: touches no database. */
export async function settleCommand(call: SettleCall): Promise<Result<ResultJson, SettleCode>> {
  const path = call.path ?? ((given: string) => given);
  const candidates = await candidatesOf(call, path);
  if (!candidates.ok) return candidates;
  const visit = await readVisitFile(path(call.visitFile));
  if (!visit.ok) return visit;
  const { input, warnings } = visit.value;
  const { packs, known } = candidates.value;
  const pack = choosePack(packs, input);
  if (!pack.ok) return pack;
  const decided = decideOrRefuse(pack.value, input, { packs: known, checksYear: true });
  if (!decided.ok) return decided;
  const result = decided.value;
  return accepted(
    resultJsonFromResult({ ...result, warnings: eachOnce([...warnings, ...result.warnings]) }),
  );
}

/** The versions a pack argument may mean; the day of discharge chooses among them. */
async function candidatesOf(
  { pack, folders }: SettleCall,
  path: (given: string) => string,
): Promise<Result<Candidates, PackCode>> {
  const named = /^([a-z][a-z0-9-]*)(?:@(\d+\.\d+\.\d+))?$/.exec(pack);
  const loaded = await loadPacks({ folders: folders ?? packFolders(null) });
  const known = loaded.packs.map(({ compiled }) => compiled);
  if (named !== null) {
    const [, id, version] = named;
    const found = known.filter(
      (each) => each.id === id && (version === undefined || each.version === version),
    );
    if (found.length > 0) return accepted({ packs: found, known });
  }
  const folder = path(pack);
  if (!(await isFolder(folder))) {
    const names = known.map((each) => `${each.id}@${each.version}`);
    return refused(packRefusal('unknown-pack', { pack, known: names, problems: loaded.problems }));
  }
  const own = await loadPacks({ folders: [folder] });
  if (own.problems.length === 0 && own.packs.length > 0) {
    const packs = own.packs.map(({ compiled }) => compiled);
    return accepted({ packs, known: [...packs, ...known] });
  }
  const { problems } = own;
  const [first] = problems;
  return first === undefined
    ? refused(packRefusal('no-packs', { folder: pack }))
    : refused(packRefusal('pack-broken', { folder: pack, first, problems }));
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

/** The codec and the engine may warn of the same thing; it is said once. */
function eachOnce(warnings: readonly Warning[]): readonly Warning[] {
  const seen = new Set<string>();
  return warnings.filter(({ code, place }) => {
    const key = `${code} ${place ?? ''}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
