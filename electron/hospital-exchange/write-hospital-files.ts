import { join } from 'node:path';

import type { Clock } from '../base/clock.ts';
import { fileHash } from '../base/file-hash.ts';
import { isSafeName, NotPlainFileError, writeNewWhole } from '../base/foreign-folder.ts';
import { syncFolder } from '../base/sync-folder.ts';
import { shanghaiInstant } from '../base/clock.ts';
import { crashPoint } from '../base/crash-points.ts';
import { removeLeftovers } from '../base/leftovers.ts';
import type { HospitalFile } from '../database/hospital-files-repository.ts';
import type { Store } from '../database/store.ts';
import { contentOf, fileNameOf } from './hospital-file-content.ts';
import { holdExchangeFolder, type ExchangeFolder } from './hold-exchange-folder.ts';
import { HospitalFolderError, hospitalFolderErrorOf } from './hospital-folder-error.ts';

type Destination = {
  readonly store: Store;
  readonly clock: Clock;
  /** Where the hospital's system takes its results from; it must be there already. */
  readonly folder: string;
  /** The data folder, into which it may not lead. */
  readonly home?: string;
  /** Whose the folder was when it was set; absent: whose it is at the first write. */
  readonly ownedBy?: number | null;
  /** How a file is written; a test's disk may be full. */
  readonly write?: typeof writeNewWhole;
};

/** How the results for the hospital's system stand; the words are for the desk's state bar. */
export type HospitalFilesState =
  | { readonly state: 'ready'; readonly isForEverybody: boolean }
  | { readonly state: 'failing'; readonly problem: HospitalFolderError | null };

export type HospitalFiles = {
  /** A result was queued: look now, also when the last attempt failed. */
  readonly wake: () => void;
  /** Resolves when everything queued before is written or the attempt has failed. */
  readonly settled: () => Promise<void>;
  readonly state: () => HospitalFilesState;
  readonly close: () => Promise<void>;
};

export type HospitalFilesOptions = Destination & {
  /** How often to look for results queued by another program, and how long to wait at most after failures. */
  readonly everyMs?: number;
  /** Told once when writing begins to fail, not at every attempt. */
  readonly onFault?: (problem: unknown) => void;
  readonly onChange?: () => void;
};

const usualEveryMs = 30_000;
const firstPauseMs = 500;
const batchSize = 50;

/**
 * Gives the result of every settlement and cancellation to the hospital's system as a file, at least once:
 * the file is whole and on the disk before its row says so. While the folder is missing or full everything
 * stays queued and is tried again, after longer and longer pauses.
 */
export function startHospitalFiles(options: HospitalFilesOptions): HospitalFiles {
  const { everyMs = usualEveryMs, onFault, onChange } = options;
  let state: HospitalFilesState = { state: 'ready', isForEverybody: false };
  const exchange = exchangeFolderOf(options);
  let closed = false;
  let wanted = false;
  let swept = false;
  let failures = 0;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | null = null;

  function become(next: HospitalFilesState, problem?: unknown): void {
    const changed = shownOf(state) !== shownOf(next);
    state = next;
    if (!changed) return;
    if (next.state === 'failing') onFault?.(problem);
    onChange?.();
  }

  async function attempt(): Promise<void> {
    try {
      const isForEverybody = await lookAt(exchange, { sweeps: !swept });
      swept = true;
      await writeWaiting(options, exchange, () => closed);
      failures = 0;
      become({ state: 'ready', isForEverybody });
    } catch (problem) {
      failures += 1;
      const known = problem instanceof HospitalFolderError ? problem : null;
      become({ state: 'failing', problem: known }, problem);
    }
  }

  async function run(): Promise<void> {
    while (wanted && !closed) {
      wanted = false;
      await attempt();
    }
  }

  function look(): void {
    wanted = true;
    if (closed || running !== null) return;
    clearTimeout(timer);
    running = run().finally(() => {
      running = null;
      if (closed) return;
      // Woken between the last look and here.
      if (wanted) {
        look();
        return;
      }
      const pause = failures === 0 ? everyMs : firstPauseMs * 2 ** Math.min(failures - 1, 16);
      timer = setTimeout(look, Math.min(everyMs, pause));
    });
  }

  look();
  return {
    wake: look,
    settled: async () => {
      await running;
    },
    state: () => state,
    close: async () => {
      closed = true;
      clearTimeout(timer);
      await running;
    },
  };
}

/**
 * Writes what is queued once and answers how many files that were; for commands, which end afterwards.
 * Throws a `HospitalFolderError` where the folder cannot take them; they stay queued then.
 */
export async function writeHospitalFilesNow(destination: Destination): Promise<number> {
  return await writeWaiting(destination, exchangeFolderOf(destination), () => false);
}

function exchangeFolderOf({ folder, home, ownedBy = null }: Destination): ExchangeFolder {
  return { setting: 'hospital-out', folder, ownedBy, ...(home === undefined ? {} : { home }) };
}

/** Whether it is still the folder that was set, also while nothing waits to be written; and who may write there. */
async function lookAt(
  exchange: ExchangeFolder,
  { sweeps }: { readonly sweeps: boolean },
): Promise<boolean> {
  try {
    const held = await holdExchangeFolder(exchange);
    try {
      if (sweeps) await removeLeftovers(held.path, isHospitalFile);
    } finally {
      await held.close();
    }
    return held.isForEverybody;
  } catch (problem) {
    throw hospitalFolderErrorOf(exchange.folder, problem);
  }
}

async function writeWaiting(
  destination: Destination,
  exchange: ExchangeFolder,
  stop: () => boolean,
): Promise<number> {
  const { store, clock, write = writeNewWhole } = destination;
  let written = 0;
  for (;;) {
    const files = await store.read(({ hospitalFiles }) => hospitalFiles.waiting(batchSize));
    for (const file of files) {
      // A result can wait; on a full disk it takes nothing of what is kept for steps that are under way.
      if (stop() || store.noRoom() !== null) return written;
      const hash = await writeWhole(exchange, file, write);
      const at = shanghaiInstant(clock.now());
      await store.transact(({ hospitalFiles }) => hospitalFiles.markWritten(file.id, at, hash));
      written += 1;
    }
    if (files.length < batchSize) return written;
  }
}

/** The hospital's system reads it by its group; nobody else does. */
const hospitalFileMode = 0o640;

/** Written beside under a name the hospital's system passes over, then renamed: never half a file. Answers its hash. */
async function writeWhole(
  exchange: ExchangeFolder,
  hospitalFile: HospitalFile,
  write: typeof writeNewWhole,
): Promise<string> {
  const name = fileNameOf(hospitalFile);
  const content = contentOf(hospitalFile.payload);
  crashPoint('hospital-file:before-write');
  try {
    if (!isSafeName(name)) throw new NotPlainFileError('link', name);
    const held = await holdExchangeFolder(exchange);
    try {
      await write(join(held.path, name), content, {
        mode: hospitalFileMode,
      });
      await syncFolder(held.path);
    } finally {
      await held.close();
    }
  } catch (problem) {
    throw hospitalFolderErrorOf(exchange.folder, problem);
  }
  crashPoint('hospital-file:after-write');
  return fileHash(content);
}

/** A file of ours among those of the hospital's system. */
const isHospitalFile = (name: string): boolean => /\.(?:settled|cancelled)\.json$/.test(name);

/** What the state bar shows of it: told again where it is another thing. */
function shownOf(state: HospitalFilesState): string {
  if (state.state === 'ready') return state.isForEverybody ? 'open' : 'ready';
  return state.problem?.message ?? 'unexpected';
}
