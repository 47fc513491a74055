import { z } from 'zod';

import type { ClaimChannel } from '../../channel.ts';
import { profileFields } from '../../payer-profile.ts';
import { yuanTextFromFen } from '../../../../shared/money/yuan-text.ts';

export const ownLedgerProfile = z.strictObject({
  ...profileFields,
  protocol: z.literal('own-ledger'),
});

/**
 * The hospital's own ledger: what the hospital waives is a claim on itself. Nothing leaves the house, so it is
 * accepted at once, under a reference made of the claim's id: again and again the same entry.
 */
export const ownLedgerChannel: ClaimChannel = {
  claimsAtOnce: 1,
  isOwnBook: true,
  address: null,
  nameTogether: null,
  returns: null,
  undoing: null,
  write({ claim }) {
    const entry = {
      claim_id: claim.id,
      setl_id: claim.settlementId,
      payer: claim.destination,
      clm_sumamt: yuanTextFromFen(claim.claimedFen),
    };
    return { kind: 'written', body: JSON.stringify(entry) };
  },
  send: (claims) =>
    Promise.resolve(
      new Map(
        claims.map(({ claim: { id, claimedFen } }) => [
          id,
          { kind: 'accepted', reference: `own-${id}`, approvedFen: claimedFen },
        ]),
      ),
    ),
};
