import type { Words } from '../../shared/domain/result.ts';
import type { Repositories, Store } from '../database/store.ts';
import type { FoundProblem } from '../database/verification-repository.ts';
import { placeWords } from '../second-place/second-place-refusals.ts';
import type { PlaceComparison } from '../second-place/compare-with-place.ts';
import type { SecondPlace } from '../second-place/second-place.ts';
import { checkOf, type Check } from '../settlement/verify-folder.ts';

/**
 * Whether the folder is the newest state of itself. Everything that remembers how far the books were lies in the folder, so an
 * older one that was put whole in its place says nothing: only the second place knows. Where it cannot be asked,
 * that nobody can tell is said, with the end of the audit to compare with what was written down elsewhere.
 */
export async function checkAgainstPlace({
  store,
  secondPlace,
}: {
  readonly store: Pick<Store, 'read'>;
  readonly secondPlace: Pick<SecondPlace, 'compare'>;
}): Promise<Check> {
  const found = await secondPlace.compare();
  const problem = stalenessOf(found);
  if (problem !== null) return checkOf('second-place', [problem]);
  if (found.kind === 'fits') return checkOf('second-place', []);
  const end = await store.read(lastEntry);
  const why =
    found.kind === 'not-asked'
      ? `could not be asked (${placeWords[found.problem].what.en}: ${found.place})`
      : 'there is none';
  const unknown = `${why}: whether an older copy of this whole folder stands in the place of the newer one cannot be known here; ${end}`;
  return {
    ...checkOf('second-place', []),
    notes: [{ about: 'second place', problem: unknown }],
  };
}

/** What the second place says against the books; null: nothing. */
function stalenessOf(found: PlaceComparison): FoundProblem | null {
  if (found.kind === 'ahead') {
    const { place: about, there, here } = found;
    const problem = `the second place ends with row ${String(there)}, these books with row ${String(here)}: they are an older state of this folder; stop settling and restore with restore --from, or, where an older backup was restored on purpose, set the second place anew`;
    return { about, problem };
  }
  if (found.kind !== 'differs') return null;
  const { what, remedy } = placeWords[found.problem];
  return { about: found.place, problem: `${what.en}. ${remedy.en}` };
}

async function lastEntry({ audit }: Pick<Repositories, 'audit'>): Promise<string> {
  const end = await audit.end();
  if (end === null) return 'nothing was ever done in it';
  const [last] = await audit.list({ after: end.sequence - 1, limit: 1 });
  return `its audit ends with entry ${String(end.sequence)} of ${last?.at ?? '?'} (${end.hash.slice(0, 12)}…): compare that with what was noted elsewhere`;
}

/** What a desk says at its start where the place has more than the books, or another history; null: nothing. */
export function stalenessWords(found: PlaceComparison): Words | null {
  if (found.kind === 'ahead') {
    const [there, here] = [String(found.there), String(found.here)];
    return {
      zh: `第二存放处（${found.place}）记到第 ${there} 行，本机的账只到第 ${here} 行：这里可能是旧的数据文件夹。请先停止结算，由信息科用 verify 核对，再用 restore --from 恢复；如果是有意恢复了旧备份，请重新设置第二存放处。`,
      en: `The second place (${found.place}) goes to row ${there}, the books here to row ${here}: this may be an older data folder. Stop settling, have the IT clerk run verify, then restore with restore --from; where an older backup was restored on purpose, set the second place anew.`,
    };
  }
  if (found.kind !== 'differs') return null;
  const { what, remedy } = placeWords[found.problem];
  return {
    zh: `第二存放处（${found.place}）：${what.zh}。${remedy.zh}`,
    en: `The second place (${found.place}): ${what.en}. ${remedy.en}`,
  };
}
