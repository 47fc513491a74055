import type { ConfiguredChannels } from '../claims/channels/channels.ts';
import type { DeskServices } from '../ipc/desk-parts.ts';
import type { SecondPlace } from '../second-place/second-place.ts';
import type { DataFolder } from './data-folder.ts';

/** What every act needs, opened over one data folder: the desk and every command build on the same. */
export type Services = DeskServices & {
  readonly folder: DataFolder;
  /** The ways to the payers, by destination. */
  readonly claimChannels: ConfiguredChannels;
  /** Where everything that is kept is kept once more. */
  readonly secondPlace: SecondPlace;
  readonly close: () => Promise<void>;
};
