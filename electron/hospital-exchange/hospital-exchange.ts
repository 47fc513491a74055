import { mkdirSync } from 'node:fs';

import type { EventTopic } from '../../shared/contracts/contract-names.ts';
import { importFiles } from '../intake/import-files.ts';
import type { IntakeDependencies } from '../intake/keep-visit-document.ts';
import { startWatchedFolder } from './watch-folder.ts';
import { startHospitalFiles } from './write-hospital-files.ts';

/** Files in from the hospital's system and results back to it. */
export type HospitalExchange = {
  /** Takes in what is there now; resolves when it is kept. */
  readonly takeInNow: () => Promise<void>;
  /** Files that were refused and are still there. */
  readonly countRefusals: () => Promise<number>;
  /** A result waits to be written. */
  readonly wake: () => void;
  readonly close: () => Promise<void>;
};

export type HospitalExchangeOptions = {
  readonly dependencies: IntakeDependencies;
  /** Where the hospital's system puts its bills, and where it takes results from; null where none is set. */
  readonly incoming: string | null;
  readonly outgoing: string | null;
  /** Whether folders that are missing are made. */
  readonly makesFolders: boolean;
  readonly onFault: (problem: unknown) => void;
  readonly tell: (topic: EventTopic) => void;
};

/** Starts both ways of the exchange, each where its folder is set. */
export function startHospitalExchange(options: HospitalExchangeOptions): HospitalExchange {
  const { dependencies, incoming, outgoing, onFault, tell } = options;
  if (options.makesFolders) {
    for (const folder of [incoming, outgoing]) {
      if (folder !== null) mkdirSync(folder, { recursive: true });
    }
  }
  const { store, clock } = dependencies;
  const watched =
    incoming === null
      ? null
      : startWatchedFolder({
          folder: incoming,
          importFiles: (files) => importFiles(dependencies, files),
          onTaken: () => {
            tell('visits');
          },
          onRefused: () => {
            tell('visits');
          },
          onFault,
        });
  const results =
    outgoing === null ? null : startHospitalFiles({ store, clock, folder: outgoing, onFault });
  return {
    // A folder that cannot be read must not keep a patient from being shown; it is said and looked at again.
    takeInNow: async () => {
      await watched?.takeInNow().catch(onFault);
    },
    countRefusals: async () => (await watched?.countRefusals()) ?? 0,
    wake: () => {
      results?.wake();
    },
    async close() {
      await watched?.close();
      await results?.close();
    },
  };
}
