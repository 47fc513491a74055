import { mkdirSync } from 'node:fs';
import { basename } from 'node:path';

import type { EventTopic } from '../../shared/contracts/contract-names.ts';
import type { Result, Words } from '../../shared/domain/result.ts';
import { shanghaiInstant } from '../base/clock.ts';
import { endDespiteHanging } from '../base/end-despite-hanging.ts';
import type { Timer } from '../base/timer.ts';
import { whyNot } from '../base/foreign-folder.ts';
import { within } from '../base/within.ts';
import { importFiles, refuseFile } from '../intake/import-files.ts';
import { IntakeHeldError } from '../intake/intake-owner.ts';
import { readerOfForeignFolder } from '../intake/intake-reader.ts';
import { intakeRefusal } from '../intake/intake-refusals.ts';
import type { IntakeSource } from '../intake/intake-source.ts';
import type { IntakeDependencies } from '../intake/keep-visit-document.ts';
import { exchangeRefusal } from './exchange-refusals.ts';
import { startResultCalls, type ResultCalls, type ResultsAddress } from './result-calls.ts';
import type { ExchangeFolder, ExchangeSetting } from './hold-exchange-folder.ts';
import { HospitalFolderError, incomingFolderErrorOf } from './hospital-folder-error.ts';
import type { RefusedFilesPlace } from './refused-files.ts';
import { startWatchedFolder, type FolderFiles, type LookedFolder } from './watch-folder.ts';
import { startHospitalFiles } from './write-hospital-files.ts';

/** Files in from the hospital's system and results back to it. */
export type HospitalExchange = {
  /**
   * Takes in what is there now; `late` where that takes longer than a patient at the window can be kept waiting, or the
   * folder cannot be read. It goes on all the same.
   */
  readonly takeInNow: () => Promise<'taken' | 'late'>;
  /** Files that were refused and are still there; as last known where the folder does not answer. */
  readonly countRefusals: () => Promise<number>;
  /** Deletes refused files that lay for longer than the term, in days; the audit has how many. */
  readonly removeOldFiles: (days: number) => Promise<void>;
  /** What is wrong with the two folders, as last looked at, until it is put right. */
  readonly cautions: () => readonly ExchangeCaution[];
  /** Both folders as sources of the intake page: how each is, and what came or went last. */
  readonly sources: () => readonly IntakeSource[];
  /** Where refused files lie. */
  readonly refusedFiles: Pick<RefusedFilesPlace, 'exchange'>;
  /** A result waits to be written. */
  readonly wake: () => void;
  readonly close: () => Promise<void>;
};

/** What lets others at what is exchanged, or keeps it from being exchanged. */
export type ExchangeCaution = {
  readonly code: string;
  readonly words: Words;
  readonly remedy: Words;
};

export type HospitalExchangeOptions = {
  readonly dependencies: IntakeDependencies;
  /** Where the hospital's system puts its bills, and where it takes results from; null where none is set. */
  readonly incoming: string | null;
  readonly outgoing: string | null;
  /** Where results are called back to, or why they cannot be; then they do not go by file. Absent or null: they go by file. */
  readonly resultsTo?: {
    readonly where: string;
    readonly address: Result<ResultsAddress>;
  } | null;
  /** The data folder, into which no exchange folder may lead. */
  readonly home?: string;
  /** Whose the folders were when they were set; absent: whose they are when first looked at. */
  readonly owners?: Readonly<Record<ExchangeSetting, number | null>>;
  /** Whether folders that are missing are made. */
  readonly makesFolders: boolean;
  readonly onFault: (problem: unknown) => void;
  readonly tell: (topic: EventTopic) => void;
  readonly timer?: Timer;
  /** A folder did not answer while closing: it must not keep the program from ending. */
  readonly onHanging?: () => void;
  readonly files?: FolderFiles;
};

/** How long a card waits for the hospital's folder before the bill that is there already is shown. */
const cardWaitMs = 300;
/** How long closing waits for what is under way in the folders. */
const closeWaitMs = 3000;

/** Asks again only when the last question was answered: a folder that hangs holds one thread, not one for each. */
function oneAtATime<Value>(ask: () => Promise<Value>, atFirst: Value) {
  let last = atFirst;
  let asking: Promise<Value> | null = null;
  return (): { readonly last: Value; readonly asked: Promise<Value> } => {
    asking ??= ask()
      .then((value) => {
        last = value;
        return value;
      })
      .finally(() => {
        asking = null;
      });
    return { last, asked: asking };
  };
}

/** What is said of a folder; of other problems than its own the log tells. */
function cautionOf(
  folder: string | null,
  { problem, isForEverybody }: LookedFolder,
): ExchangeCaution | null {
  if (problem instanceof HospitalFolderError) {
    const { code, words, remedy } = problem;
    return { code, words, remedy };
  }
  if (problem instanceof IntakeHeldError) {
    const { code, message: words, remedy } = problem.refusal;
    return { code, words, remedy };
  }
  return folder !== null && isForEverybody ? exchangeOpen(folder) : null;
}

export const exchangeOpen = (folder: string): ExchangeCaution => ({
  code: 'exchange-open',
  words: {
    zh: `所有人都能往交换文件夹 ${folder} 里写`,
    en: `everybody may write into the exchange folder ${folder}`,
  },
  remedy: {
    zh: '请信息科只留给医院系统的那个用户或组（chmod o-w）。',
    en: 'Have the IT clerk leave it to the user or group of the hospital system alone (chmod o-w).',
  },
});

function sourceOf(
  kind: 'folder' | 'results',
  where: string | null,
  found: Pick<IntakeSource, 'problem' | 'askedAt' | 'last'>,
): IntakeSource {
  const state = where === null ? 'not-set' : found.problem === null ? 'working' : 'trouble';
  return { id: kind, kind, where, state, ...found };
}

function callsOf({
  dependencies: { store, clock },
  resultsTo = null,
  onFault,
  tell,
}: HospitalExchangeOptions): ResultCalls | null {
  if (resultsTo?.address.ok !== true) return null;
  const onChange = (): void => {
    tell('devices');
  };
  return startResultCalls({ store, clock, address: resultsTo.address.value, onFault, onChange });
}

/** Results that are called back, as the intake page lists it. */
function sourceOfCalls(
  { where, address }: NonNullable<HospitalExchangeOptions['resultsTo']>,
  calls: ResultCalls | null,
): IntakeSource {
  const why = calls?.problem() ?? null;
  const refusal = address.ok
    ? why === null
      ? null
      : exchangeRefusal('results-not-taken', { url: where, why })
    : address.refusal;
  const last = calls?.last() ?? null;
  return sourceOf('results', where, {
    problem:
      refusal === null
        ? null
        : { code: refusal.code, words: refusal.message, remedy: refusal.remedy },
    askedAt: null,
    last: last === null ? null : { at: last.at, what: last.number, taken: 1, refused: 0 },
  });
}

/** Starts both ways of the exchange, each where its folder is set. */
export function startHospitalExchange(options: HospitalExchangeOptions): HospitalExchange {
  const { dependencies, incoming, outgoing, onFault, tell, timer } = options;
  const { onHanging = endDespiteHanging, files } = options;
  if (options.makesFolders) {
    for (const folder of [incoming, outgoing]) {
      if (folder !== null) mkdirSync(folder, { recursive: true });
    }
  }
  const { store, clock } = dependencies;
  const home = options.home === undefined ? {} : { home: options.home };
  let lookedIn: LookedFolder = { problem: null, isForEverybody: false };
  // A folder that is away is looked at every second: the log is told once, and again when it was back.
  let faultTold: string | null = null;
  const onFaultOfFolder = (problem: unknown): void => {
    const said = whyNot(problem);
    if (said === faultTold && said !== 'unknown') return;
    faultTold = said;
    onFault(problem);
  };
  let askedAt: string | null = null;
  let lastFile: IntakeSource['last'] = null;
  const now = (): string => shanghaiInstant(clock.now());
  const onLooked = (found: LookedFolder): void => {
    askedAt = now();
    if (found.problem === null) faultTold = null;
    const before = cautionOf(incoming, lookedIn)?.words.en;
    lookedIn =
      found.problem === null || incoming === null
        ? found
        : { ...found, problem: incomingFolderErrorOf(incoming, found.problem) ?? found.problem };
    if (cautionOf(incoming, found)?.words.en !== before) tell('devices');
  };
  const watched =
    incoming === null
      ? null
      : startWatchedFolder({
          folder: incoming,
          ...{ ...home, onLooked, ownedBy: options.owners?.['hospital-in'] ?? null },
          ...(files === undefined ? {} : { files }),
          importFile: async (file, heldAt) => {
            const reader = readerOfForeignFolder(heldAt);
            const report = await importFiles({ ...dependencies, reader }, [file]);
            const { accepted: taken, refused } = report;
            const counts = { taken: taken.length, refused: refused.length };
            lastFile = { at: now(), what: basename(file), ...counts };
            return report;
          },
          refuseRestless: (file) => refuseFile(dependencies, file, intakeRefusal('file-restless')),
          today: () => clock.now(),
          onTaken: () => {
            tell('visits');
          },
          onRefused: () => {
            tell('visits');
          },
          onFault: onFaultOfFolder,
        });
  const refusedIn: ExchangeFolder | null =
    incoming === null
      ? null
      : {
          ...{ ...home, setting: 'hospital-in', folder: incoming },
          ownedBy: options.owners?.['hospital-in'] ?? null,
        };
  const { resultsTo = null } = options;
  const calls = callsOf(options);
  const results =
    outgoing === null || resultsTo !== null
      ? null
      : startHospitalFiles({
          ...{ store, clock, folder: outgoing, onFault, ...home },
          ownedBy: options.owners?.['hospital-out'] ?? null,
          onChange: () => {
            tell('devices');
          },
        });
  const lookedOut = (): LookedFolder => {
    const of = results?.state() ?? null;
    return of?.state === 'ready'
      ? { problem: null, isForEverybody: of.isForEverybody }
      : { problem: of?.problem ?? null, isForEverybody: false };
  };
  const countRefusals = oneAtATime(() => watched?.countRefusals() ?? Promise.resolve(0), 0);
  let removing: Promise<void> = Promise.resolve();
  const removeOld = async (days: number): Promise<void> => {
    if (watched === null) return;
    const removed = await watched.removeOld(days);
    if (removed.refused + removed.taken === 0) return;
    await store.transact(({ audit }) =>
      audit.append({
        at: shanghaiInstant(clock.now()),
        who: 'program',
        act: 'remove-old-files',
        about: 'hospital-in',
        detail: { ...removed, days },
      }),
    );
    tell('visits');
  };
  return {
    takeInNow: async () => {
      if (watched === null) return 'taken';
      // A folder that cannot be read must not keep a patient from being shown; it is said and looked at again.
      const taking = watched.takeInNow().then(
        () => 'taken' as const,
        (problem: unknown) => {
          onFaultOfFolder(problem);
          return 'late' as const;
        },
      );
      return (await within(cardWaitMs, taking, timer)) ?? 'late';
    },
    countRefusals: async () => {
      const { last, asked } = countRefusals();
      return (await within(cardWaitMs, asked, timer)) ?? last;
    },
    removeOldFiles(days) {
      removing = removeOld(days);
      return removing;
    },
    cautions: () =>
      [cautionOf(incoming, lookedIn), cautionOf(outgoing, lookedOut())].filter(
        (each) => each !== null,
      ),
    sources: () => {
      const looked = cautionOf(incoming, lookedIn);
      return [
        sourceOf('folder', incoming, { problem: looked, askedAt, last: lastFile }),
        resultsTo === null
          ? sourceOf('results', outgoing, {
              problem: cautionOf(outgoing, lookedOut()),
              ...{ askedAt: null, last: null },
            })
          : sourceOfCalls(resultsTo, calls),
      ];
    },
    refusedFiles: { exchange: refusedIn },
    wake: () => {
      results?.wake();
      calls?.wake();
    },
    async close() {
      const closing = Promise.all([
        watched?.close(),
        results?.close(),
        calls?.close(),
        removing.catch(() => undefined),
      ]);
      if ((await within(closeWaitMs, closing, timer)) === null) onHanging();
    },
  };
}
