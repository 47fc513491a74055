import type { SettlementRecord } from '../database/settlements-repository.ts';
import type { Repositories } from '../database/store.ts';
import type { SettlementInput } from '../../shared/domain/person.ts';
import { accepted, refused, type Refusal, type Result } from '../../shared/domain/result.ts';
import type { SettlementResult } from '../../shared/domain/settlement-result.ts';
import type { Day } from '../../shared/domain/visit.ts';
import { choosePack, whyNot, yearRuleOf } from '../../shared/policy/choose-pack.ts';
import type { CompiledPack } from '../../shared/policy/compile/compiled-pack.ts';
import { selfPayPack } from '../../shared/policy/decide-self-pay.ts';
import { receivedPack } from '../../shared/policy/received-figures.ts';
import { factsOf, settlementYearOf } from '../../shared/policy/facts/visit-facts.ts';
import { decideAgain, paysOtherwise, wayOf, type Way } from './decide-again.ts';
import { personOfVisit } from './person-of-visit.ts';
import type { NotDecidedAgain } from './later-settlements.ts';
import { packName } from './pack-texts.ts';
import type { CountingPacks } from './packs-that-count.ts';
import { settlementRefusal } from './settlement-refusals.ts';
import { openYearBook } from './year-book.ts';

/** A settlement that would have been another one under the categories known today, old and new side by side. */
export type Supplement = {
  readonly settlement: SettlementRecord;
  readonly dischargedOn: Day;
  /** The categories that counted on the pack's deciding day. */
  readonly categories: { readonly was: readonly string[]; readonly now: readonly string[] };
  /** What was settled. */
  readonly was: SettlementResult;
  /** What would have been settled, the year chained anew; without its explanation. */
  readonly now: SettlementResult;
  /**
   * Even with the categories of then it would come out otherwise today: an earlier settlement of the year was
   * cancelled, or other figures of the year came in since. The difference is not the category's alone.
   */
  readonly otherReasons: boolean;
};

/** Why it cannot be told what a settlement would be today. */
export type NotReckoned = NotDecidedAgain | 'no-pack' | 'several-packs';

export type SupplementsOfPerson = {
  readonly personId: string;
  readonly supplements: readonly Supplement[];
  /** Settlements whose categories are others now and which could not be decided again, and why. */
  readonly notReckoned: readonly {
    readonly settlement: SettlementRecord;
    readonly refusal: Refusal<NotReckoned>;
  }[];
  /** Every pack that a settlement was decided again by, also where it came out the same: `id@version`. */
  readonly decidedBy: readonly string[];
};

/**
 * What a category recognised late, and dated back, would have changed for a person: every settlement that
 * stands is decided again on what it was settled on, with the categories known today, by the same version of
 * the pack where that still applies (a person no pack covered then may be covered now), each year chained anew
 * in the order of the settlements. Reads only: a person decides what is paid out, and how.
 */
export async function findSupplements(
  repositories: Pick<Repositories, 'settlements' | 'counters' | 'persons' | 'visits'>,
  counting: CountingPacks,
  personId: string,
): Promise<SupplementsOfPerson> {
  const settled = await settledOf(repositories, counting, personId);
  const supplements: Supplement[] = [];
  const notReckoned: { settlement: SettlementRecord; refusal: Refusal<NotReckoned> }[] = [];
  if (!settled.some(({ isTouched }) => isTouched)) {
    return { personId, supplements, notReckoned, decidedBy: [] };
  }
  const decidedBy = new Set<string>();
  const books = {
    was: openYearBook(repositories, personId),
    now: openYearBook(repositories, personId),
  };
  for (const before of settled) {
    const { settlement, input } = before;
    // By the year as it is chained anew: the one that is stored with the visit knows nothing of what came out otherwise.
    const ways = await waysIn(books.now, counting, before);
    const each = { ...before, ...waysAndCategories(before, ways) };
    const isTouched = before.isTouched || each.isTouched;
    const found = await decideBoth(each, counting, books);
    if (ways.ok) for (const way of [ways.value.was, ways.value.now]) decidedBy.add(packName(way));
    if (found.ok) {
      if (found.value !== null) supplements.push(found.value);
      continue;
    }
    if (isTouched) notReckoned.push({ settlement, refusal: found.refusal });
    const changes = await repositories.counters.changesOf(settlement.settlementId);
    for (const book of [books.was, books.now]) {
      await book.add(input.visit, settlement.year, changes);
    }
  }
  return { personId, supplements, notReckoned, decidedBy: [...decidedBy] };
}

type Settled = {
  readonly settlement: SettlementRecord;
  /** What it was settled on. */
  readonly input: SettlementInput;
  /** The same with the categories known today. */
  readonly inputNow: SettlementInput;
  readonly ways: Result<
    { readonly was: Way; readonly now: Way },
    'pack-gone' | 'no-pack' | 'several-packs'
  >;
  readonly categories: Supplement['categories'];
  /** Its categories, or who pays by which policy, are others now. */
  readonly isTouched: boolean;
};

async function settledOf(
  repositories: Pick<Repositories, 'settlements' | 'persons' | 'visits'>,
  counting: CountingPacks,
  personId: string,
): Promise<readonly Settled[]> {
  const settled: Settled[] = [];
  for (const settlement of await repositories.settlements.ofPerson(personId)) {
    if (settlement.state !== 'settled') continue;
    const { settlementId, visitId, result } = settlement;
    const input = await repositories.settlements.inputOf(settlementId);
    const record = await repositories.visits.find(visitId);
    if (input === null || record === null) throw new Error(`${settlementId} has lost its visit`);
    const today = await personOfVisit(repositories, record);
    // Somebody of whom no number was known may be known by now; else only the categories are others.
    const isKnownSince = input.person.idNumber === '' && today.idNumber !== '';
    const person = isKnownSince ? today : { ...input.person, categories: today.categories };
    const inputNow = { ...input, person };
    const ways = waysOf(counting, result, inputNow, inputNow);
    settled.push({
      ...{ settlement, input, inputNow },
      ...waysAndCategories({ input, inputNow }, ways),
    });
  }
  return settled;
}

/** By which policy a settlement was and would be decided, which categories count there, and whether either is another. */
function waysAndCategories(
  { input, inputNow }: Pick<Settled, 'input' | 'inputNow'>,
  ways: Settled['ways'],
): Pick<Settled, 'ways' | 'categories' | 'isTouched'> {
  const categories = {
    was: countingOn(ways.ok ? ways.value.was : selfPayPack, input),
    now: countingOn(ways.ok ? ways.value.now : selfPayPack, inputNow),
  };
  const otherWay = ways.ok
    ? ways.value.was !== ways.value.now
    : ways.refusal.code === 'several-packs';
  const isTouched = otherWay || categories.was.join() !== categories.now.join();
  return { ways, categories, isTouched };
}

/**
 * The ways of a settlement on the year that a book stands at: the policy that settled it is asked on its own year, any
 * other as in settling.
 */
async function waysIn(
  book: ReturnType<typeof openYearBook>,
  counting: CountingPacks,
  { settlement: { result }, inputNow }: Settled,
): Promise<Settled['ways']> {
  const onYearOf = async (rule: Pick<CompiledPack, 'year'>): Promise<SettlementInput> => ({
    ...inputNow,
    yearToDate: await book.before(settlementYearOf(rule, inputNow)),
  });
  const rule = yearRuleOf(counting.chosenAmong, inputNow);
  const onItsYear = await onYearOf(wayOf(counting.all, result) ?? rule);
  return waysOf(counting, result, onItsYear, await onYearOf(rule));
}

function waysOf(
  counting: CountingPacks,
  result: SettlementResult,
  onItsYear: SettlementInput,
  inputNow: SettlementInput,
): Settled['ways'] {
  const was = wayOf(counting.all, result);
  if (was === null) return refused(settlementRefusal('pack-gone', result));
  const byCounting = (now: CompiledPack): Settled['ways'] => {
    const notCounting = counting.whyNotCounting(now);
    return notCounting === null ? accepted({ was, now }) : refused(notCounting);
  };
  if ('document' in was && whyNot(was, onItsYear) === null) return byCounting(was);
  const chosen = choosePack(counting.chosenAmong, inputNow);
  if (chosen.ok) return byCounting(chosen.value);
  const { refusal } = chosen;
  if (refusal.code === 'several-packs') return refused(refusal);
  if (inputNow.visit.payerFigures !== undefined) return accepted({ was, now: receivedPack });
  const draft = counting.draftFor(inputNow);
  return draft === null ? accepted({ was, now: selfPayPack }) : refused(draft);
}

const countingOn = (way: Way, input: SettlementInput): readonly string[] =>
  [...new Set(factsOf(way, input).categories)].sort();

/** The settlement by its categories of then and of now, each on its own year; null if nobody pays otherwise. */
async function decideBoth(
  { settlement, input, inputNow, ways, categories }: Settled,
  counting: CountingPacks,
  books: Readonly<Record<'was' | 'now', ReturnType<typeof openYearBook>>>,
): Promise<Result<Supplement | null, NotReckoned>> {
  if (!ways.ok) return ways;
  const then = await decideAgain(ways.value.was, input, books.was);
  if (!then.ok) return then;
  const today = await decideAgain(ways.value.now, inputNow, books.now);
  if (!today.ok) return today;
  const way = ways.value.now;
  const open = 'document' in way ? counting.openAssumption(way, today.value.result) : null;
  if (open !== null) return refused(open);
  for (const [book, { result, changes }] of [
    [books.was, then.value],
    [books.now, today.value],
  ] as const) {
    await book.add(input.visit, result.yearToDate.year, changes);
  }
  const [was, now] = [settlement.result, today.value.result];
  if (!paysOtherwise(then.value.result, now)) return accepted(null);
  return accepted({
    settlement,
    dischargedOn: input.visit.dischargedOn,
    categories,
    was,
    now,
    otherReasons: paysOtherwise(was, then.value.result),
  });
}
