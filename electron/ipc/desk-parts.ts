import type { DemoTray } from '../demo/demo-tray.ts';
import type { DecodeEVoucher } from '../identification/decode-e-voucher.ts';
import type { CardReading } from '../card-reading/card-reading.ts';
import type { EventTopic } from '../../shared/contracts/contract-names.ts';
import type { DeskState } from '../../shared/contracts/desk.ts';
import type { Clock } from '../base/clock.ts';
import type { Ids } from '../base/ids.ts';
import type { LockPlace } from '../database/lock-places.ts';
import type { Store } from '../database/store.ts';
import type { LoadedPacks } from '../policy-packs/load-packs.ts';
import type { PasswordHasher } from '../security/password-hasher.ts';
import type { PageSessions } from '../security/page-sessions.ts';
import type { SecondPlace } from '../second-place/second-place.ts';
import type { RefusedFilesPlace } from '../hospital-exchange/refused-files.ts';
import type { FileTrials } from '../intake/file-trials.ts';
import type { AccountLocks } from '../intake/sql/account-locks.ts';
import type { IntakeSource } from '../intake/intake-source.ts';
import type { ClaimChannels } from '../claims/channel.ts';
import type { UploadRuns } from '../claims/upload-runs.ts';
import type { ReplayRuns } from '../replay/replay-runs.ts';
import type { PackTexts } from '../settlement/pack-texts.ts';
import type { PacksHere } from '../settlement/packs-that-count.ts';
import type { ClaimDestinations } from '../settlement/claim-destinations.ts';
import type { PrintDependencies } from '../documents/print-sheet.ts';
import type { PrintQueue } from '../documents/print-queue.ts';
import type { PrinterService } from '../documents/printer-service.ts';

/** What every act needs, over one data folder. */
export type DeskServices = PacksHere & {
  readonly folder: LockPlace & { readonly kind: 'demo' | 'live' };
  readonly store: Store;
  /** The same packs with their files, and what is wrong with those that could not be taken. */
  readonly policies: LoadedPacks;
  /** Reads the folder's own packs again where a file of them was changed; answers whether it did. */
  readonly reloadPacks: () => Promise<boolean>;
  /** The hashes of the packs' texts: settling compares them with what is in force. */
  readonly packTexts: PackTexts;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly hospital: { readonly code: string; readonly name: string };
  /** The ways to the payers; which of them are books of the hospital itself. */
  readonly claimChannels: ClaimChannels & ClaimDestinations;
  /** Where everything that is kept is kept once more. */
  readonly secondPlace: Pick<SecondPlace, 'copied' | 'state'>;
};

/** What the calls of the page stand on: the services of the folder and the devices of this desk. */
export type DeskParts = {
  readonly services: DeskServices;
  /** The pages that were let in at this desk. */
  readonly pageSessions: PageSessions;
  /** Makes and checks the hashes of passwords. */
  readonly hasher: PasswordHasher;
  readonly cards: CardReading;
  /** Whose e-voucher was scanned. */
  readonly decodeEVoucher: DecodeEVoucher;
  readonly printer: PrinterService | null;
  /** The hand of a demo; null in a live folder. */
  readonly demoTray: DemoTray | null;
  readonly documents: PrintDependencies;
  readonly queue: PrintQueue;
  /** Settling again under a draft: one run at a time. */
  readonly replays: ReplayRuns;
  /** Uploading claims: one run at a time. */
  readonly uploads: UploadRuns;
  /** What is set about uploading. */
  readonly claimSettings: () => Promise<{
    readonly payersUrl: string | null;
    readonly uploadAt: string | null;
  }>;
  /** Takes in what the hospital's system has sent meanwhile; `late` where that is not done soon. */
  readonly takeInNow: () => Promise<'taken' | 'late'>;
  /** The locks of accounts at the hospital. */
  readonly accountLocks: AccountLocks;
  /** Files the watched folder refused and nobody has dealt with. */
  readonly countIntakeRefusals: () => Promise<number>;
  /** Where bills come from and results go to; every kind of source adds its own. */
  readonly intakeSources: () => readonly IntakeSource[];
  /** A result is to be called back again. */
  readonly wakeResults: () => void;
  /** Files that are read to see what taking them in would come to. */
  readonly fileTrials: FileTrials;
  /** Where refused files lie. */
  readonly refusedFiles: Pick<RefusedFilesPlace, 'exchange'>;
  /** When a second copy of the folder's key was last checked; null: never. */
  readonly keyCopyCheckedAt: () => Promise<string | null>;
  /** Something was settled: the sheets and the hospital's file wait. */
  readonly wakeAfterSettling: () => void;
  /** Tells every page what may have changed. */
  readonly tellPages: (topic: EventTopic) => void;
  /** Why the log is not on the disk; null: it is. */
  readonly unwrittenLog: () => { readonly code: string; readonly since: string } | null;
  /** What lets others at the data, as last looked at. */
  readonly cautions: () => readonly DeskState['cautions'][number][];
  readonly monotonicMs: () => number;
};
