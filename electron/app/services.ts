import type { ClaimChannels } from '../claims/channel.ts';
import type { DeskServices } from '../ipc/desk-parts.ts';
import type { DataFolder } from './data-folder.ts';

/** What every act needs, opened over one data folder: the desk and every command build on the same. */
export type Services = DeskServices & {
  readonly folder: DataFolder;
  /** The ways to the payers, by destination. */
  readonly claimChannels: ClaimChannels;
  readonly close: () => Promise<void>;
};
