import type { CallAnswer } from '../../shared/contracts/contract.ts';
import type { DeskEvent } from '../../shared/contracts/contract-names.ts';
import type { PageSession, PageSessions } from '../security/page-sessions.ts';
import type { DataFolder } from './data-folder.ts';

/** Every service of one folder, built and running, behind the contracts. Electron and the host hold one each. */
export type Application = {
  readonly folder: DataFolder;
  /** The pages that were let in; each call comes from one of them. */
  readonly pageSessions: PageSessions;
  /** Makes a call of a page by its contract's name; checks who sits there, name, role, input and output. */
  call(name: string, input: unknown, page: PageSession): Promise<CallAnswer<unknown>>;
  /** The same from the window of the program itself, which has a session of its own and needs no secret. */
  callFromWindow(name: string, input: unknown): Promise<CallAnswer<unknown>>;
  /** Tells what may have changed; returns how to stop listening. */
  subscribe(listener: (event: DeskEvent) => void): () => void;
  /** Stops devices, queues and watchers, then closes the database. */
  close(): Promise<void>;
};
