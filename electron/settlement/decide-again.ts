import { changesOfVisit, type CounterValues } from '../database/year-counters.ts';
import type { SettlementInput } from '../../shared/domain/person.ts';
import { accepted, type Result } from '../../shared/domain/result.ts';
import type { SettlementResult } from '../../shared/domain/settlement-result.ts';
import type { CompiledPack } from '../../shared/policy/compile/compiled-pack.ts';
import { decide } from '../../shared/policy/decide.ts';
import { decideSelfPay, selfPayPack } from '../../shared/policy/decide-self-pay.ts';
import {
  decideAsReceived,
  receivedPack,
  type ReceivedCode,
} from '../../shared/policy/received-figures.ts';
import { settlementYearOf } from '../../shared/policy/facts/visit-facts.ts';
import type { YearBook } from './year-book.ts';

/** How a visit is decided: by a version of a pack, as all self-pay, or by its payer's own figures. */
export type Way = CompiledPack | typeof selfPayPack | typeof receivedPack;

/** A visit decided again on paper: its figures, and what they do to the year. */
export type DecidedAgain = {
  readonly result: SettlementResult;
  /** With what it changes by 0: a step known to have counted nothing is not an unknown one, in the books and here. */
  readonly changes: CounterValues;
};

/** The way a settlement was decided; null if that version of the pack is no longer here. */
export function wayOf(
  packs: readonly CompiledPack[],
  { pack, packVersion }: Pick<SettlementResult, 'pack' | 'packVersion'>,
): Way | null {
  if (pack === selfPayPack.id) return selfPayPack;
  if (pack === receivedPack.id) return receivedPack;
  return packs.find(({ id, version }) => id === pack && version === packVersion) ?? null;
}

/** Decides a visit by a given way on the year a book stands at; the caller enters it there. */
export async function decideAgain(
  way: Way,
  input: SettlementInput,
  book: Pick<YearBook, 'before' | 'isOpened'>,
): Promise<Result<DecidedAgain, ReceivedCode>> {
  const yearToDate = await book.before(settlementYearOf(way, input));
  const decided = decideBy(way, { ...input, yearToDate });
  if (!decided.ok) return decided;
  const result = decided.value;
  const isOpened = await book.isOpened(result.yearToDate.year);
  const changes = changesOfVisit({ ...input, yearToDate }, result, { isOpened });
  return accepted({ result, changes });
}

function decideBy(way: Way, input: SettlementInput): Result<SettlementResult, ReceivedCode> {
  if ('document' in way) return accepted(decide(way, input));
  const { payerFigures } = input.visit;
  if (way.id === selfPayPack.id) return accepted(decideSelfPay(input));
  if (payerFigures === undefined) throw new Error('figures as received, and none are there');
  return decideAsReceived(input, payerFigures);
}

/** Whether two settlements of a visit differ in what anyone pays or in what they do to the year. */
export function differ(one: DecidedAgain, other: DecidedAgain): boolean {
  return (
    paysOtherwise(one.result, other.result) ||
    one.result.yearToDate.year !== other.result.yearToDate.year ||
    countersText(one.changes) !== countersText(other.changes)
  );
}

/** Whether anyone pays another amount. A step that pays nothing is as one that is not there. */
export function paysOtherwise(one: SettlementResult, other: SettlementResult): boolean {
  if (one.patientPaysFen !== other.patientPaysFen) return true;
  if (one.hospitalBearsFen !== other.hospitalBearsFen) return true;
  let at = nextPaid(other.shares, 0);
  for (const { step, payer, destination, amountFen } of one.shares) {
    if (amountFen === 0) continue;
    const share = other.shares[at];
    if (share?.step !== step || share.payer !== payer) return true;
    if (share.destination !== destination || share.amountFen !== amountFen) return true;
    at = nextPaid(other.shares, at + 1);
  }
  return at < other.shares.length;
}

/** The place of the first share from one on that pays something; behind the last where none does. */
function nextPaid(shares: SettlementResult['shares'], from: number): number {
  let at = from;
  while (shares[at]?.amountFen === 0) at += 1;
  return at;
}

function countersText(changes: CounterValues): string {
  return JSON.stringify(Object.entries(notZero(changes)).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function notZero(changes: CounterValues): CounterValues {
  return Object.fromEntries(Object.entries(changes).filter(([, change]) => change !== 0));
}
