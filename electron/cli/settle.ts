import { stat } from 'node:fs/promises';
import { resultJsonFromResult, type ResultJson } from '../../shared/contracts/result-json.ts';
import { accepted, refused, type Result, type Warning } from '../../shared/domain/result.ts';
import { choosePack } from '../../shared/policy/choose-pack.ts';
import type { CompiledPack } from '../../shared/policy/compile/compiled-pack.ts';
import { decide } from '../../shared/policy/decide.ts';
import { loadPacks, packFolders, type LoadedPacks } from '../policy-packs/load-packs.ts';
import { readVisitFile } from '../policy-packs/read-visit-file.ts';

export type SettleCall = {
  /** `ID`, `ID@VERSION`, or a folder that holds one pack or several versions of it. */
  readonly pack: string;
  readonly visitFile: string;
  /** Where packs named by id are looked for; the program's own unless said otherwise. */
  readonly folders?: readonly string[];
  /** Turns a path of the caller into one of this process. */
  readonly path?: (given: string) => string;
};

/** `settle`: the Result JSON of one visit file under one pack. Pure: touches no database. */
export async function settleCommand(call: SettleCall): Promise<Result<ResultJson>> {
  const path = call.path ?? ((given: string) => given);
  const candidates = await candidatesOf(call, path);
  if (!candidates.ok) return candidates;
  const visit = await readVisitFile(path(call.visitFile));
  if (!visit.ok) return visit;
  const { input, warnings } = visit.value;
  const pack = choosePack(candidates.value, input);
  if (!pack.ok) return pack;
  const result = decide(pack.value, input);
  return accepted(
    resultJsonFromResult({ ...result, warnings: eachOnce([...warnings, ...result.warnings]) }),
  );
}

/** The versions a pack argument may mean; the day of discharge chooses among them. */
async function candidatesOf(
  { pack, folders }: SettleCall,
  path: (given: string) => string,
): Promise<Result<readonly CompiledPack[]>> {
  const named = /^([a-z][a-z0-9-]*)(?:@(\d+\.\d+\.\d+))?$/.exec(pack);
  const loaded = await loadPacks({ folders: folders ?? packFolders(null) });
  if (named !== null) {
    const [, id, version] = named;
    const found = loaded.packs
      .map(({ compiled }) => compiled)
      .filter((each) => each.id === id && (version === undefined || each.version === version));
    if (found.length > 0) return accepted(found);
  }
  const folder = path(pack);
  if (!(await isFolder(folder))) return unknownPack(pack, loaded);
  const own = await loadPacks({ folders: [folder] });
  if (own.problems.length === 0 && own.packs.length > 0) {
    return accepted(own.packs.map(({ compiled }) => compiled));
  }
  return brokenPack(pack, own);
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

function unknownPack(pack: string, { packs, problems }: LoadedPacks): Result<never> {
  const known = packs.map(({ compiled }) => `${compiled.id}@${compiled.version}`);
  return refused({
    code: 'unknown-pack',
    message: {
      zh: `没有待遇政策“${pack}”，也没有这个文件夹。没有结算，没有收钱。`,
      en: `There is no policy pack "${pack}" and no such folder. Nothing was settled, no money moved.`,
    },
    remedy: {
      zh: `可用的有：${known.join('、')}`,
      en: `Known are: ${known.join(', ')}`,
    },
    details: [...known, ...problems],
  });
}

function brokenPack(pack: string, { problems }: LoadedPacks): Result<never> {
  const [first] = problems;
  return refused({
    code: first === undefined ? 'no-packs' : 'pack-broken',
    ...(first === undefined ? {} : { place: `${first.file}:${String(first.line)}` }),
    message: {
      zh: `文件夹 ${pack} 里没有可用的政策包${first === undefined ? '' : `：${first.message.zh}`}。没有结算，没有收钱。`,
      en: `The folder ${pack} holds no usable pack${first === undefined ? '' : `: ${first.message.en}`}. Nothing was settled, no money moved.`,
    },
    remedy: first?.remedy ?? {
      zh: '政策包放在 <id>/<version>/pack.yaml',
      en: 'A pack lies at <id>/<version>/pack.yaml',
    },
    details: problems,
  });
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
