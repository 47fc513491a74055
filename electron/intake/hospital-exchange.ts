import { mkdirSync } from 'node:fs';

import type { EventTopic } from '../../shared/contracts/contract-names.ts';
import { importFiles } from './import-files.ts';
import { startWatchedFolder } from './watch-folder.ts';
import { startHospitalFiles } from './write-hospital-files.ts';
import type { Services } from '../app/services.ts';
import type { Settings } from '../app/settings.ts';

/** Files in from the hospital's system and results back to it. */
export type HospitalExchange = {
  /** Takes in what lies there now; resolves when it is kept. */
  readonly takeInNow: () => Promise<void>;
  /** Files that were refused and still lie there. */
  readonly countRefusals: () => Promise<number>;
  /** A result waits to be written. */
  readonly wake: () => void;
  readonly close: () => Promise<void>;
};

export type HospitalExchangeOptions = {
  readonly services: Services;
  readonly settings: Settings;
  readonly onFault: (problem: unknown) => void;
  readonly tell: (topic: EventTopic) => void;
};

/** Starts both ways of the exchange, each where its folder is set. */
export function startHospitalExchange(options: HospitalExchangeOptions): HospitalExchange {
  const { services, settings, onFault, tell } = options;
  const incoming = settings['hospital-in'];
  const outgoing = settings['hospital-out'];
  // The demo's folders are inside the data folder and may not be there yet; a set one is the clerk's.
  if (services.folder.kind === 'demo') {
    for (const folder of [incoming, outgoing]) {
      if (folder !== null) mkdirSync(folder, { recursive: true });
    }
  }
  const { store, clock } = services;
  const watched =
    incoming === null
      ? null
      : startWatchedFolder({
          folder: incoming,
          importFiles: (files) => importFiles(services, files),
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
