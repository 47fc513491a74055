import type { Clock } from '../base/clock.ts';
import type { Ids } from '../base/ids.ts';
import type { Store } from '../database/store.ts';
import type { ClaimDestinations } from './claim-destinations.ts';
import type { LivePayers } from './ask-live-payers.ts';
import type { PackTexts } from './pack-texts.ts';
import type { PacksHere } from './packs-that-count.ts';

/** What the acts of settling need. */
export type SettlementDependencies = PacksHere & {
  readonly store: Store;
  /** Of packs read from files; one that is not named here is not compared with what is in force. */
  readonly packTexts?: PackTexts;
  readonly clock: Clock;
  readonly ids: Ids;
  /** Payers that decide while the patient waits, by destination. Absent: all take claims at night. */
  readonly livePayers?: LivePayers;
  /** To whom claims go. Absent: each destination gets its own. */
  readonly claimChannels?: ClaimDestinations;
};

/** What cancelling needs. */
export type CancelDependencies = Pick<
  SettlementDependencies,
  'store' | 'packs' | 'packTexts' | 'clock' | 'ids'
> & {
  /** Which destinations are books of the hospital itself: what these took is taken back with the settlement. */
  readonly claimChannels: OwnBooks & ClaimDestinations;
};

/** Where claims go, as far as taking them back is concerned. */
export type OwnBooks = { of(destination: string): { readonly isOwnBook: boolean } };

/** One settlement per discharge; an interim settlement of a long stay would be a part of its own. */
export const wholeVisit = 1;
