import { canonicalJson } from '../database/canonical-json.ts';
import type { Repositories, Store } from '../database/store.ts';
import type { FoundProblem } from '../database/verification-repository.ts';
import { checkOf, type Check } from '../settlement/verify-folder.ts';
import { settingNames } from './settings.ts';

/** What a takeover sets by itself, and says in an entry of its own: after one it is what the takeover made it. */
const setOtherwise = 'second-place';
const takeoverAct = 'take-over';

/**
 * Whether every setting is the one that somebody set last, by the audit, and the folder of the kind it is opened as. Whoever
 * has the key and an editor could else send claims elsewhere, let everybody guess passwords, settle under another day, or
 * call the folder a demo, which asks for no approvals.
 */
export function checkOfSettings(store: Pick<Store, 'read'>, kind: 'demo' | 'live'): Promise<Check> {
  return store.read(async ({ verification, folderFacts }) => {
    const facts = await folderFacts.all();
    const { set, isTakenOver } = await setByAudit(verification);
    const isOfTakeover = (name: string): boolean => name === setOtherwise && isTakenOver;
    const found: FoundProblem[] = [];
    if (facts['kind'] !== kind)
      found.push({ about: 'kind', problem: `the books are not those of a ${kind} folder` });
    for (const [about, { sequence, value }] of set) {
      if (isOfTakeover(about) || isSame(facts[about], value)) continue;
      found.push({
        about,
        problem: `is not what was set by entry ${String(sequence)} of the audit`,
      });
    }
    if (kind === 'live' && (await hasAlwaysHadUsers(verification)))
      found.push(...setByNobody(facts, set).filter(({ about }) => !isOfTakeover(about)));
    return checkOf('settings', found);
  });
}

type Set = ReadonlyMap<string, { readonly sequence: number; readonly value: unknown }>;

async function setByAudit({
  entriesOfActs,
}: Pick<Repositories['verification'], 'entriesOfActs'>): Promise<{
  readonly set: Set;
  /** A machine took the folder over after its second place was set. */
  readonly isTakenOver: boolean;
}> {
  const entries = await entriesOfActs(['change-setting', takeoverAct]);
  const takeover = entries.findLast(({ act }) => act === takeoverAct)?.sequence ?? 0;
  const changes = entries.filter(({ act }) => act !== takeoverAct);
  const set = new Map(
    changes.map(({ about, sequence, detail_json: text }) => {
      const detail: unknown = JSON.parse(text);
      const value: unknown =
        typeof detail === 'object' && detail !== null ? Reflect.get(detail, 'value') : null;
      return [about, { sequence, value }];
    }),
  );
  return { set, isTakenOver: takeover > (set.get(setOtherwise)?.sequence ?? 0) };
}

/** What a live folder has set and nobody set; its day is the clock's and no setting of it. */
function setByNobody(facts: Readonly<Record<string, unknown>>, set: Set): readonly FoundProblem[] {
  return [...settingNames, 'business-date']
    .filter((name) => !set.has(name) && !isSame(facts[name], null))
    .map((about) => ({ about, problem: 'is set, and by nobody: no entry of the audit' }));
}

/** Before there were users settings were changed without an entry; such a folder had settled by then. */
async function hasAlwaysHadUsers({
  entriesOfActs,
}: Pick<Repositories['verification'], 'entriesOfActs'>): Promise<boolean> {
  const [first] = await entriesOfActs(['make-first-administrator', 'settle-visit']);
  return first?.act === 'make-first-administrator';
}

const isSame = (one: unknown, other: unknown): boolean =>
  canonicalJson(one ?? null) === canonicalJson(other ?? null);
