import { payersAddress } from '../claims/payers-address.ts';
import type { SeenDifference } from '../database/differences-repository.ts';
import type { Store } from '../database/store.ts';
import type { FoundProblem } from '../database/verification-repository.ts';
import { accepted, type Result } from '../../shared/domain/result.ts';
import { compareDay } from './compare-day.ts';
import { oneStopLedger } from './one-stop-ledger.ts';
import { ledgerOf, type LedgerPlaces } from './payer-ledger.ts';

const problemsMax = 100;

export type PayersVerified = {
  readonly problems: readonly FoundProblem[];
  /** Payers that have no ledger to ask, and differences that somebody has explained. */
  readonly notes: readonly FoundProblem[];
};

/**
 * Compares every day's claims with each payer that has a ledger to ask, and changes nothing. What was explained is worth
 * knowing; everything else that does not agree, and a payer that does not answer, is a problem.
 */
export async function verifyPayers(
  { store, claimChannels }: { readonly store: Store; readonly claimChannels: LedgerPlaces },
  payersUrl: string | null,
): Promise<Result<PayersVerified, 'payers-url-wrong' | 'payers-url-plain'>> {
  const address = payersUrl === null ? null : await payersAddress(store, payersUrl);
  if (address?.ok === false) return address;
  const usual = address === null ? null : address.value;
  const problems: FoundProblem[] = [];
  const notes: FoundProblem[] = [];
  const days = await store.read(({ dayCloses }) => dayCloses.payersOfDay());
  for (const { businessDate, payer } of days) {
    if (problems.length >= problemsMax) break;
    const ledger = ledgerOf(claimChannels, payer, usual, oneStopLedger);
    if (ledger === null) continue;
    const day = { businessDate, payer };
    const compared = await compareDay({ store, ledger }, day, async (found) => {
      const explained = await explainedOf(store, day);
      for (const each of found)
        (isExplained(each, explained) ? notes : problems).push(problemOf(each));
    });
    const about = `${businessDate} ${payer}`;
    if (compared.ledger === 'none') notes.push({ about, problem: 'has no ledger to ask' });
    if (compared.ledger === 'not-reached')
      problems.push({ about, problem: `was not reached (${compared.problem ?? ''})` });
  }
  return accepted({ problems: problems.slice(0, problemsMax), notes: notes.slice(0, problemsMax) });
}

type Explained = Pick<SeenDifference, 'class' | 'subject' | 'ours_fen' | 'theirs_fen'>;

const explainedAtOnce = 500;

async function explainedOf(
  store: Store,
  day: { readonly businessDate: string; readonly payer: string },
): Promise<readonly Explained[]> {
  return store.read(async ({ differences }) => {
    const all: Explained[] = [];
    for (let after = ''; ;) {
      const page = await differences.list({
        ...{ ...day, states: ['explained'], after, limit: explainedAtOnce },
      });
      all.push(...page);
      const last = page.at(-1);
      if (last === undefined) return all;
      after = last.id;
    }
  });
}

const isExplained = (seen: SeenDifference, explained: readonly Explained[]): boolean =>
  explained.some(
    (each) =>
      each.class === seen.class &&
      each.subject === seen.subject &&
      each.ours_fen === seen.ours_fen &&
      each.theirs_fen === seen.theirs_fen,
  );

const problemOf = (seen: SeenDifference): FoundProblem => ({
  about: seen.claim_id ?? seen.subject,
  problem: `${seen.class} on ${seen.business_date} at ${seen.payer}: ${String(seen.ours_fen)} fen here, ${String(seen.theirs_fen)} there`,
});
