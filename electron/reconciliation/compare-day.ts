import type { SeenDifference } from '../database/differences-repository.ts';
import { comparedAtOnce, type ClaimOfDay } from '../database/day-closes-repository.ts';
import type { DifferenceClass, LedgerKind } from '../database/remittance-tables.ts';
import type { ClaimState } from '../database/schema.ts';
import type { Store } from '../database/store.ts';
import type { LedgerEntry, PayerLedger } from './payer-ledger.ts';

/** What came of comparing our books of a day with one payer's. */
export type Comparison = {
  readonly ledger: LedgerKind;
  readonly claimsHere: number;
  readonly claimedFen: number;
  /** What the payer holds: what it has taken back is not counted. */
  readonly claimsThere: number;
  readonly thereFen: number;
  readonly problem: string | null;
};

/** Takes the differences of a page, as they are found. */
export type DifferencesTaker = (found: readonly SeenDifference[]) => Promise<void>;

export type ComparedDay = { readonly businessDate: string; readonly payer: string };

/**
 * Compares the live claims of a day with what the payer holds, both in the order of their message ids, a page of each in
 * memory at a time. Everything that does not agree is handed on; nothing is changed.
 */
export async function compareDay(
  { store, ledger }: { readonly store: Store; readonly ledger: PayerLedger | null },
  day: ComparedDay,
  take: DifferencesTaker,
): Promise<Comparison> {
  const ours = ourClaims(store, day);
  const theirs = ledger === null ? null : await theirEntries(ledger, day);
  const counts = { claimsHere: 0, claimedFen: 0, claimsThere: 0, thereFen: 0 };
  const countHere = ({ claimedFen }: ClaimOfDay): void => {
    counts.claimsHere += 1;
    counts.claimedFen += claimedFen;
  };
  if (theirs === null || theirs.kind !== 'asked') {
    // Nothing was heard of the payer: of what it did not take there is no doubt all the same.
    for (let page = await ours.next(); page.length > 0; page = await ours.next()) {
      page.forEach(countHere);
      const open = page.filter(({ state }) => !takenStates.includes(state));
      await take(open.map((claim) => onlyHere(day, claim)));
    }
    const kind = theirs?.kind ?? 'own';
    return { ...counts, ledger: kind, problem: theirs?.why ?? null };
  }
  const found: SeenDifference[] = [];
  const strange: LedgerEntry[] = [];
  const flush = async (): Promise<void> => {
    found.push(...(await ofNoClaimHere(store, day, strange.splice(0))));
    await take(found.splice(0));
  };
  let own = await ours.next();
  let at = 0;
  for (;;) {
    const entry = theirs.current();
    const claim = own[at];
    if (entry === undefined && claim === undefined) break;
    if (entry !== undefined && (claim === undefined || entry.messageId < claim.messageId)) {
      if (!entry.isUndone) {
        counts.claimsThere += 1;
        counts.thereFen += entry.amountFen;
        strange.push(entry);
      }
      await theirs.advance();
    } else if (claim !== undefined) {
      countHere(claim);
      if (entry?.messageId === claim.messageId) {
        if (!entry.isUndone) {
          counts.claimsThere += 1;
          counts.thereFen += entry.amountFen;
        }
        found.push(...ofBoth(day, claim, entry));
        await theirs.advance();
      } else found.push(onlyHere(day, claim));
      at += 1;
      if (at === own.length) {
        own = await ours.next();
        at = 0;
      }
    }
    if (found.length + strange.length >= comparedAtOnce) await flush();
  }
  await flush();
  const why = theirs.brokeOff();
  return why === null
    ? { ...counts, ledger: 'asked', problem: null }
    : { ...counts, ledger: 'not-reached', problem: why };
}

/** Its payer has said that it took it. */
const takenStates: readonly ClaimState[] = ['accepted', 'paid', 'short-paid', 'denied'];
/** Nobody has said yet whether it did. */
const askedStates: readonly ClaimState[] = ['sent', 'acknowledged', 'unknown'];

function ourClaims(store: Store, { businessDate, payer }: ComparedDay) {
  let after = '';
  return {
    async next(): Promise<readonly ClaimOfDay[]> {
      const page = await store.read(({ dayCloses }) =>
        dayCloses.claims({ businessDate, payer, after, limit: comparedAtOnce }),
      );
      after = page.at(-1)?.messageId ?? after;
      return page;
    },
  };
}

/** The payer's entries one after another, each page asked for when the one before is used up. */
async function theirEntries(ledger: PayerLedger, { businessDate, payer }: ComparedDay) {
  const ask = (after: string) => ledger.entries({ payer, businessDate, after });
  const first = await ask('');
  if (first.kind !== 'page')
    return { kind: first.kind, why: first.kind === 'not-reached' ? first.why : null };
  let { entries, hasMore } = first;
  let at = 0;
  let why: string | null = null;
  return {
    kind: 'asked' as const,
    why: null,
    current: (): LedgerEntry | undefined => entries[at],
    async advance(): Promise<void> {
      at += 1;
      if (at < entries.length || !hasMore) return;
      const page = await ask(entries.at(-1)?.messageId ?? '');
      at = 0;
      if (page.kind === 'page') ({ entries, hasMore } = page);
      else {
        why = page.kind === 'not-reached' ? page.why : page.kind;
        [entries, hasMore] = [[], false];
      }
    },
    /** Why the payer was not heard to the end; null: it was. */
    brokeOff: () => why,
  };
}

function seenOf(
  { businessDate, payer }: ComparedDay,
  of: DifferenceClass,
  subject: string,
  claim: ClaimOfDay | null,
): SeenDifference {
  return {
    ...{ business_date: businessDate, payer, class: of, subject, claim_id: claim?.id ?? null },
    ...{ settlement_id: claim?.settlementId ?? null, step: null, remittance_id: null },
    ...{ position: null, ours_fen: claim?.claimedFen ?? null, theirs_fen: null },
    ...{ claim_state: claim?.state ?? null, said: null },
  };
}

const onlyHere = (day: ComparedDay, claim: ClaimOfDay): SeenDifference =>
  seenOf(day, 'only-here', claim.messageId, claim);

/** What does not agree of a claim that both sides know. */
function ofBoth(day: ComparedDay, claim: ClaimOfDay, entry: LedgerEntry): SeenDifference[] {
  const { messageId, state } = claim;
  const theirs = { theirs_fen: entry.isUndone ? 0 : entry.amountFen };
  if (entry.isUndone)
    return takenStates.includes(state)
      ? [{ ...seenOf(day, 'refund-missing', messageId, claim), ...theirs }]
      : [onlyHere(day, claim)];
  if (askedStates.includes(state))
    return [{ ...seenOf(day, 'only-there', messageId, claim), ...theirs }];
  if (!takenStates.includes(state))
    return [{ ...seenOf(day, 'contradicting-answer', messageId, claim), ...theirs }];
  const wrong = (step: string | null, ours: number | null, there: number | null) => ({
    ...seenOf(day, 'amount-differs', step === null ? messageId : `${messageId} ${step}`, claim),
    ...{ step, ours_fen: ours, theirs_fen: there },
  });
  const items = claim.items.flatMap(({ position, step, amountFen }) => {
    const there = entry.items.find(({ sequence }) => sequence === position + 1);
    return there?.amountFen === amountFen ? [] : [wrong(step, amountFen, there?.amountFen ?? null)];
  });
  // Also where the payer has items that we do not know.
  return items.length === 0 && entry.amountFen !== claim.claimedFen
    ? [wrong(null, claim.claimedFen, entry.amountFen)]
    : items;
}

/** What the payer holds under message ids that no live claim of this day has. */
async function ofNoClaimHere(
  store: Store,
  day: ComparedDay,
  entries: readonly LedgerEntry[],
): Promise<readonly SeenDifference[]> {
  const { ofMessages, ofSettlements } = await store.read(async ({ dayCloses }) => ({
    ofMessages: await dayCloses.claimsOfMessages(entries.map(({ messageId }) => messageId)),
    ofSettlements: await dayCloses.claimsOfSettlements(
      day.payer,
      entries.map(({ settlementId }) => settlementId),
    ),
  }));
  return entries.map(({ messageId, settlementId, amountFen }) => {
    const known = ofMessages.find((claim) => claim.messageId === messageId) ?? null;
    const live = ofSettlements.find((claim) => claim.settlementId === settlementId) ?? null;
    return {
      ...seenOf(day, classOf(known, live), messageId, known ?? live),
      ...{ ours_fen: known === null ? null : known.claimedFen, theirs_fen: amountFen },
    };
  });
}

/** Why a payer holds something that no live claim of the day stands for. */
function classOf(known: ClaimOfDay | null, live: ClaimOfDay | null): DifferenceClass {
  if (known?.state === 'withdrawn') return 'refund-missing';
  // It holds the claim that was replaced, or the settlement under a number that is not ours.
  if (known?.state === 'corrected' || (known === null && live !== null)) return 'duplicate';
  return 'only-there';
}
