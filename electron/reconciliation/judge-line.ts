import type { BookedLine, PaidFigures, PayableClaim } from '../database/remittances-repository.ts';
import type { DifferenceClass } from '../database/remittance-tables.ts';
import type { ClaimState } from '../database/schema.ts';
import { fen, sumFen, type Fen } from '../../shared/money/fen.ts';
import type { StatedLine } from './read-remittance.ts';

/** What becomes of a line: it is booked to its claim, or it is a difference that somebody looks at. */
export type Judged =
  | { readonly kind: 'booked'; readonly claim: PayableClaim }
  | {
      readonly kind: 'difference';
      readonly class: DifferenceClass;
      readonly claim: PayableClaim | null;
      /** What was open for this line: the amount of the claim or of its item; null where there is none. */
      readonly oursFen: Fen | null;
    };

/** A claim in one of these was taken by its payer and waits for money, or for the rest of it. */
const payableStates: readonly ClaimState[] = ['accepted', 'short-paid'];
/** And in these all of it was spoken of. */
const spokenStates: readonly ClaimState[] = ['paid', 'denied'];

/**
 * Judges a line by the claims it names. Pure. A line is booked only where everything fits: the claim is this payer's and was
 * accepted by it, the item is open, the amount claimed is ours and no more than that is paid. Whatever else a payer says is kept
 * as a difference and changes no claim.
 */
export function judgeLine(
  line: StatedLine,
  named: readonly PayableClaim[],
  payer: string,
  booked: readonly BookedLine[],
): Judged {
  const [claim, another] = named;
  const differs = (of: DifferenceClass, oursFen: Fen | null): Judged => ({
    ...{ kind: 'difference', class: of, oursFen },
    claim: another === undefined ? (claim ?? null) : null,
  });
  if (claim === undefined || another !== undefined || claim.destination !== payer)
    return differs('paid-unknown-claim', null);
  const openFen = amountOf(claim, line.step);
  if (openFen === null) return differs('paid-unknown-claim', null);
  if (line.paidFen < 0 || line.approvedFen < 0 || line.claimedFen < 0)
    return differs('paid-back', paidOf(booked));
  if (![...payableStates, ...spokenStates].includes(claim.state))
    return differs('paid-unclaimed', openFen);
  if (isSpokenOf(line.step, booked) || spokenStates.includes(claim.state))
    return differs('paid-twice', paidOf(booked));
  if (line.claimedFen !== openFen) return differs('claimed-differs', openFen);
  if (line.paidFen > openFen || line.approvedFen > openFen)
    return differs('paid-too-much', openFen);
  return { kind: 'booked', claim };
}

/** Whether a line that was put aside may be booked by a person: as above, or as what was still owed of a claim (补拨). */
export function isBookable(
  line: StatedLine,
  named: readonly PayableClaim[],
  payer: string,
): boolean {
  const [claim] = named;
  if (claim === undefined) return false;
  const judged = judgeLine(line, named, payer, claim.booked);
  if (judged.kind === 'booked') return true;
  if (judged.class !== 'paid-twice' || line.paidFen <= 0) return false;
  const ofItem = claim.booked.filter(({ step }) => step === line.step);
  const openFen = amountOf(claim, line.step);
  return (
    ofItem.length > 0 &&
    openFen !== null &&
    paidOf(ofItem) + line.paidFen <= openFen &&
    paidOf(claim.booked) + line.paidFen <= claim.claimedFen
  );
}

/** What is claimed for an item, or for all of them; null: there is no such item. */
function amountOf(claim: PayableClaim, step: string | null): Fen | null {
  if (step === null) return claim.claimedFen;
  return claim.items.find((item) => item.step === step)?.amountFen ?? null;
}

const paidOf = (booked: readonly BookedLine[]): Fen => sumFen(booked.map(({ paidFen }) => paidFen));

/** A line on all of a claim speaks of every item, and every line of a part speaks of all. */
const isSpokenOf = (step: string | null, booked: readonly BookedLine[]): boolean =>
  booked.some((line) => step === null || line.step === null || line.step === step);

/**
 * What a claim comes to by the lines that are booked to it. Pure. It is denied only when every item was spoken of and nothing
 * was paid; while items wait it is short-paid as soon as money came, and accepted before.
 */
export function figuresOf(
  claim: Pick<PayableClaim, 'claimedFen' | 'items'>,
  booked: readonly BookedLine[],
  approvedAtAcceptance: Fen,
): PaidFigures {
  if (booked.length === 0)
    return {
      state: 'accepted',
      approvedFen: approvedAtAcceptance,
      adjustedFen: null,
      paidFen: null,
    };
  const paidFen = paidOf(booked);
  const isWhole =
    booked.some(({ step }) => step === null) ||
    claim.items.every(({ step }) => booked.some((line) => line.step === step));
  return {
    state: stateOf(paidFen, claim.claimedFen, isWhole),
    approvedFen: fen(booked.reduce((sum, line) => sum + line.approvedFen, 0)),
    adjustedFen: fen(booked.reduce((sum, line) => sum + line.adjustedFen, 0)),
    paidFen,
  };
}

function stateOf(paidFen: Fen, claimedFen: Fen, isWhole: boolean): ClaimState {
  if (paidFen === claimedFen) return 'paid';
  if (paidFen > 0) return 'short-paid';
  return isWhole ? 'denied' : 'accepted';
}
