import { accepted, refused, type Result } from '../../shared/domain/result.ts';
import type { SettlementResult, Share } from '../../shared/domain/settlement-result.ts';
import type { Fen } from '../../shared/money/fen.ts';
import type { RecordedShare } from '../database/settlements-repository.ts';
import { claimedAt, type ClaimDestinations } from './claim-destinations.ts';
import { settlementRefusal } from './settlement-refusals.ts';

/** What a live payer is asked: our figures under the message id that was kept before asking. */
export type PayerQuestion = {
  readonly settlementId: string;
  readonly messageId: string;
  readonly visitId: string;
  readonly shares: readonly Share[];
};

/** A payer that answers at once: its own figure for each step it was asked about. Asking again is safe. */
export type LivePayer = (question: PayerQuestion) => Promise<Readonly<Record<string, Fen>>>;

export type LivePayers = ReadonlyMap<string, LivePayer>;

/**
 * Asks the payers that decide at once and answers with all shares as they will be recorded. A payer that
 * says another amount than we do is a refusal (`payer-figures-differ`): the patient's part would be wrong.
 */
export async function askLivePayers(
  payers: LivePayers,
  intent: { readonly settlementId: string; readonly messageIds: Readonly<Record<string, string>> },
  { visitId, shares }: Pick<SettlementResult, 'visitId' | 'shares'>,
  channels: ClaimDestinations | undefined,
): Promise<Result<readonly RecordedShare[], 'payer-figures-differ'>> {
  const theirs = new Map<string, Fen>();
  for (const [destination, ask] of payers) {
    const asked = shares.filter(
      (share) => share.destination === destination && share.amountFen > 0,
    );
    const messageId = intent.messageIds[claimedAt(destination, channels)];
    if (asked.length === 0 || messageId === undefined) continue;
    const { settlementId } = intent;
    const answer = await ask({ settlementId, messageId, visitId, shares: asked });
    for (const { step, amountFen } of asked) {
      const payerFen = answer[step];
      if (payerFen !== amountFen) {
        const figures = { destination, step, ourFen: amountFen, payerFen: payerFen ?? null };
        return refused(settlementRefusal('payer-figures-differ', figures));
      }
      theirs.set(step, payerFen);
    }
  }
  return accepted(shares.map((share) => recordedShare(share, theirs.get(share.step) ?? null)));
}

/** A share as it is recorded; `payerFen` is what the payer itself answered. */
export function recordedShare(
  { step, payer, destination, amountFen }: Share,
  payerFen: Fen | null,
): RecordedShare {
  const decidedBy = payerFen === null ? 'engine' : 'payer';
  return { step, payer, destination, amountFen, decidedBy, ourFen: amountFen, payerFen };
}
