import type { SettlementRecord } from '../database/settlements-repository.ts';
import type { Repositories } from '../database/store.ts';
import type { CounterValues } from '../database/year-counters.ts';
import { refused, type Refusal } from '../../shared/domain/result.ts';
import type { SettlementResult } from '../../shared/domain/settlement-result.ts';
import type { CompiledPack } from '../../shared/policy/compile/compiled-pack.ts';
import type { ReceivedCode } from '../../shared/policy/received-figures.ts';
import { decideAgain, differ, wayOf } from './decide-again.ts';
import { packName } from './pack-texts.ts';
import { settlementRefusal } from './settlement-refusals.ts';
import { openYearBook, type YearBook } from './year-book.ts';

/** Why a settlement cannot be decided again. */
export type NotDecidedAgain = 'pack-gone' | ReceivedCode;

/** A settlement that stands and would be another one on the year as it is now. */
export type LaterSettlement = {
  readonly settlement: SettlementRecord;
  /** What it would be; null where it cannot be decided again, and `refusal` says why. */
  readonly wouldBe: SettlementResult | null;
  /** What it would add to the year beyond what it did. */
  readonly yearDifference: CounterValues;
  readonly refusal: Refusal<NotDecidedAgain> | null;
};

export type LaterSettlements = {
  /** Those that would come out differently. */
  readonly differing: readonly LaterSettlement[];
  /** Every pack that one of them was decided again by, also where it came out the same: `id@version`. */
  readonly decidedBy: readonly string[];
};

/**
 * The settlements of a person's year made since the first one cancelled in it, each decided again after the
 * others as if that one had never been: those that would come out differently. They are listed, never changed:
 * who has paid and been paid stays so until a person cancels and settles them anew. From the start: where the year itself has
 * become another one, each of them.
 */
export async function laterSettlementsThatDiffer(
  repositories: Pick<Repositories, 'settlements' | 'counters'>,
  packs: readonly CompiledPack[],
  personId: string,
  year: number,
  { since = 'first-cancelled' }: { readonly since?: 'first-cancelled' | 'start' } = {},
): Promise<LaterSettlements> {
  const all = (await repositories.settlements.ofPerson(personId)).filter(
    (settlement) => settlement.year === year,
  );
  const firstCancelled = all.findIndex(({ state }) => state === 'cancelled');
  const book = openYearBook(repositories, personId);
  const differing: LaterSettlement[] = [];
  const decidedBy = new Set<string>();
  for (const [index, settlement] of all.entries()) {
    if (settlement.state === 'cancelled') continue;
    // What stood before the first cancellation was settled on the year as it still is.
    const isBefore = since !== 'start' && (firstCancelled === -1 || index < firstCancelled);
    const later = await goThrough(repositories, packs, settlement, book, isBefore);
    if (later !== null) differing.push(later);
    if (isBefore) continue;
    decidedBy.add(packName({ id: settlement.result.pack, version: settlement.result.packVersion }));
  }
  return { differing, decidedBy: [...decidedBy] };
}

async function goThrough(
  { settlements, counters }: Pick<Repositories, 'settlements' | 'counters'>,
  packs: readonly CompiledPack[],
  settlement: SettlementRecord,
  book: YearBook,
  isBefore: boolean,
): Promise<LaterSettlement | null> {
  const { settlementId, result, year } = settlement;
  const input = await settlements.inputOf(settlementId);
  if (input === null) throw new Error(`settlement ${settlementId} has lost its input`);
  const changes = await counters.changesOf(settlementId);
  if (isBefore) {
    await book.add(input.visit, year, changes);
    return null;
  }
  const way = wayOf(packs, result);
  const again =
    way === null
      ? refused(settlementRefusal('pack-gone', result))
      : await decideAgain(way, input, book);
  if (!again.ok) {
    await book.add(input.visit, year, changes);
    return { settlement, wouldBe: null, yearDifference: {}, refusal: again.refusal };
  }
  await book.add(input.visit, again.value.result.yearToDate.year, again.value.changes);
  if (!differ({ result, changes }, again.value)) return null;
  return {
    settlement,
    wouldBe: again.value.result,
    yearDifference: differenceOf(changes, again.value.changes),
    refusal: null,
  };
}

function differenceOf(was: CounterValues, wouldBe: CounterValues): CounterValues {
  const counters = new Set([...Object.keys(was), ...Object.keys(wouldBe)]);
  return Object.fromEntries(
    [...counters]
      .map((counter): [string, number] => [counter, (wouldBe[counter] ?? 0) - (was[counter] ?? 0)])
      .filter(([, difference]) => difference !== 0),
  );
}
