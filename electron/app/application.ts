import type { CallAnswer } from '../../shared/contracts/contract.ts';
import type { DeskEvent } from '../../shared/contracts/contract-names.ts';
import type { Caller } from '../ipc/handle-call.ts';
import type { DataFolder } from './data-folder.ts';

/** Every service of one folder, built and running, behind the contracts. Electron and the host hold one each. */
export type Application = {
  readonly folder: DataFolder;
  /** Who sits at this desk. */
  readonly operator: Caller;
  /** Makes a call by its contract's name; checks name, role, input and output. */
  call(name: string, input: unknown, caller: Caller): Promise<CallAnswer<unknown>>;
  /** Tells what may have changed; returns how to stop listening. */
  subscribe(listener: (event: DeskEvent) => void): () => void;
  /** Stops devices, queues and watchers, then closes the database. */
  close(): Promise<void>;
};
