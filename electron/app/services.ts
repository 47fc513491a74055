import type { CompiledPack } from '../../shared/policy/compile/compiled-pack.ts';
import type { LoadedPacks } from '../policy-packs/load-packs.ts';
import type { Store } from '../database/store.ts';
import type { Clock } from '../base/clock.ts';
import type { DataFolder } from './data-folder.ts';
import type { Ids } from '../base/ids.ts';

/** What every act needs, over one data folder: the desk and every command build on the same. */
export type Services = {
  readonly folder: DataFolder;
  readonly store: Store;
  readonly packs: readonly CompiledPack[];
  /** The same packs with their files, and what is wrong with those that could not be taken. */
  readonly policies: LoadedPacks;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly hospital: { readonly code: string; readonly name: string };
  readonly close: () => Promise<void>;
};
