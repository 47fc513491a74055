import type { VisitProblemCode } from '../../shared/contracts/visit-json-problems.ts';
import { resultJsonFromResult, type ResultJson } from '../../shared/contracts/result-json.ts';
import { accepted, warningsOnce, type Result } from '../../shared/domain/result.ts';
import { choosePack } from '../../shared/policy/choose-pack.ts';
import { decideOrRefuse, type NotDecidedCode } from '../../shared/pack-checks/decide-or-refuse.ts';
import { loadPacks, packFolders } from '../policy-packs/load-packs.ts';
import { packsNamed, type NamedPackCode } from '../policy-packs/packs-named.ts';
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

type SettleCode =
  NamedPackCode | VisitFileCode | VisitProblemCode | 'no-pack' | 'several-packs' | NotDecidedCode;

/** `settle`: the Result JSON of one visit file under one pack. Pure: touches no database. */
export async function settleCommand(call: SettleCall): Promise<Result<ResultJson, SettleCode>> {
  const path = call.path ?? ((given: string) => given);
  const loaded = await loadPacks({ folders: call.folders ?? packFolders(null) });
  const candidates = await packsNamed(call.pack, loaded, path);
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
    resultJsonFromResult({ ...result, warnings: warningsOnce([...warnings, ...result.warnings]) }),
  );
}
