import type { Store } from '../../electron/database/store.ts';

/** What the payers themselves wrote down (`GET /ledger`). */
export type PayersLedger = {
  readonly accepted: readonly {
    readonly payer: string;
    readonly messageId: string;
    readonly settlementId: string;
    readonly amountFen: number;
  }[];
  readonly duplicates: readonly { readonly kind: string }[];
};

/** Where a reduction by the hospital goes: into its own books, to no payer. */
const ownLedger = 'hospital-reduction';

/**
 * What our claims and the payers' own ledger disagree on: each claim of a settlement that stands was accepted
 * exactly once, under its message id and for its amount; nothing of a cancelled one was; nothing came twice.
 */
export async function problemsInLedger(
  store: Store,
  visitIds: readonly string[],
  ledger: PayersLedger,
): Promise<readonly string[]> {
  const problems = ledger.duplicates.map(({ kind }) => `ledger: the payers note a ${kind}`);
  await store.read(async ({ settlements, claims }) => {
    for (const visitId of visitIds) {
      for (const { settlementId, number, state } of await settlements.ofVisit(visitId)) {
        const booked = ledger.accepted.filter((entry) => entry.settlementId === settlementId);
        const ours = (await claims.ofSettlement(settlementId)).filter(
          ({ destination }) => destination !== ownLedger,
        );
        const due = state === 'settled' ? ours : [];
        const agrees = due.every(({ destination, messageId, claimedFen, state: claimState }) => {
          const theirs = booked.filter(({ payer }) => payer === destination);
          const [entry] = theirs;
          return (
            theirs.length === 1 &&
            entry?.messageId === messageId &&
            entry.amountFen === claimedFen &&
            claimState === 'accepted'
          );
        });
        if (!agrees || booked.length !== due.length) {
          const theirs = booked.map(({ payer, messageId }) => `${payer} ${messageId}`).join(', ');
          const asked = due.map(
            (claim) => `${claim.destination} ${claim.messageId} ${claim.state}`,
          );
          problems.push(
            `ledger: of ${number} we ask ${asked.join(', ')}; the payers hold ${theirs}`,
          );
        }
      }
    }
  });
  return problems;
}
