import { resolve } from 'node:path';

import {
  openPrinterWithPaper,
  type SimulatedPaper,
} from '../../drivers/receipt-printer/open-printer.ts';
import { nightlyUploader } from '../../shared/contracts/claims.ts';
import { accepted, refused, type Refusal, type Result } from '../../shared/domain/result.ts';
import { parseCodeSettings } from '../../drivers/card-reader/codes/parse-code-settings.ts';
import { plainHttpAllowed } from '../base/plain-http.ts';
import { shanghaiInstant } from '../base/clock.ts';
import { within } from '../base/within.ts';
import { eVoucherDecoder } from '../identification/decode-e-voucher.ts';
import { CardReading } from '../card-reading/card-reading.ts';
import { takeLock, type HeldLock } from '../database/named-lock.ts';
import { documentFiles } from '../documents/document-files.ts';
import { startDocumentMaker } from '../documents/document-maker.ts';
import { demoTray, type DemoTray } from '../demo/demo-tray.ts';
import { startAccountLocks } from '../intake/sql/account-locks.ts';
import { startHospitalPulls } from '../intake/sql/hospital-pulls.ts';
import { pullVisits } from '../intake/sql/pull-visits.ts';
import { startPrinterService, type PrinterService } from '../documents/printer-service.ts';
import { startPrintQueue } from '../documents/print-queue.ts';
import type { PrintDependencies } from '../documents/print-sheet.ts';
import { allCalls } from '../ipc/desk-calls.ts';
import { callRefusal } from '../ipc/call-refusals.ts';
import { callerOfPage } from '../ipc/caller-of-page.ts';
import { makeCallDoor } from '../ipc/handle-call.ts';
import { usualPasswordHasher } from '../security/password-hasher.ts';
import { PageSessions, type PageSession } from '../security/page-sessions.ts';
import { firstUserId } from '../security/users.ts';
import type { Application } from './application.ts';
import type { DataFolder } from './data-folder.ts';
import { cautionsOf, watchCautions, type Caution } from './folder-rights.ts';
import { eventSource } from './event-source.ts';
import { folderLog, type FolderLog } from './folder-log.ts';
import { UploadRuns } from '../claims/upload-runs.ts';
import { startHospitalExchange } from '../hospital-exchange/hospital-exchange.ts';
import { FileTrials } from '../intake/file-trials.ts';
import { filesByHand } from '../intake/intake-source.ts';
import { rememberLastTaken } from '../intake/last-taken.ts';
import { startJobs } from '../jobs/start-jobs.ts';
import { ReplayRuns } from '../replay/replay-runs.ts';
import { problemInWords } from './problem-in-words.ts';
import { openPushAddress, resultsTo } from './hospital-lines.ts';
import { keyCopyCheckedAt } from './key-copy.ts';
import { openServices, type OpenCode, type OpenServicesOptions } from './open-services.ts';
import { scheduledJobs } from './scheduled-jobs.ts';
import type { Services } from './services.ts';
import { exchangeOwners, readSettings, refusedDaysOf, type Settings } from './settings.ts';
import { systemPrograms } from './windows-rights.ts';
import { watchDataVersion } from './watch-data-version.ts';

/**
 * Builds the desk of a folder with its real or simulated devices and starts what runs by itself: the reader,
 * the print queue, the exchange with the hospital's system. Refuses what opening the folder refuses, and
 * `busy` where another desk holds it.
 */
export async function startApplication(
  options: OpenServicesOptions,
): Promise<Result<Application, OpenCode | 'busy'>> {
  const log: { fault: (problem: unknown) => void } = { fault: () => undefined };
  const opened = await openServices({
    ...options,
    isDesk: true,
    onFault: (problem) => {
      log.fault(problem);
    },
  });
  if (!opened.ok) return opened;
  const services = opened.value;
  const lock = await takeLock(services.folder, 'desk', '打开结算窗口 (the desk)');
  if (!lock.ok) {
    await services.close();
    return refused(lock.refusal);
  }
  try {
    return accepted(await startDesk(services, lock.value, log, options));
  } catch (problem) {
    lock.value.release();
    await services.close();
    throw problem;
  }
}

async function startDesk(
  services: Services,
  lock: HeldLock,
  faults: { fault: (problem: unknown) => void },
  options: OpenServicesOptions,
): Promise<Application> {
  const { folder, store, clock, ids, secondPlace } = services;
  const settings = await readSettings(store, folder);
  const readingOnly = store.readingOnly();
  const log = folderLog(folder.home);
  const events = eventSource();
  const onFault = (problem: unknown): void => {
    log.fault(problem);
  };
  faults.fault = onFault;
  const codes = parseCodeSettings(settings['scan-codes'] ?? '');
  const cards = new CardReading({
    readerUrl: settings['reader-url'],
    ...(codes.ok ? { codes: codes.value } : {}),
    clock,
    log: (entry) => {
      log.note('card', entry);
    },
  });
  const { printer, paper } = openPrinter(settings, log);
  const maker = startDocumentMaker();
  const files = documentFiles(folder.home, folder.key);
  const demo = folder.kind === 'demo';
  const documents: PrintDependencies = {
    store,
    clock,
    maker,
    files,
    demo,
    onFault,
  };
  const cautions = await lookForCautions(folder, settings, options);
  const queue = await startPrintQueue({ ...documents, ids, printer });
  const lines = { services, settings, isReadingOnly: readingOnly !== null };
  const exchange = startHospitalExchange({
    dependencies: services,
    home: folder.home,
    owners: await exchangeOwners(store),
    // What cannot be taken in or marked as written stays where it is.
    incoming: readingOnly === null ? settings['hospital-in'] : null,
    outgoing: readingOnly === null ? settings['hospital-out'] : null,
    resultsTo: await resultsTo(lines),
    // The demo's folders are inside the data folder and may not be there yet; a set one is the clerk's.
    makesFolders: demo,
    onFault,
    tell: events.tell,
  });
  const pulls = startHospitalPulls({
    // What cannot be taken in is not asked for.
    where: readingOnly === null ? settings['hospital-sql'] : null,
    pull: (wanted) => pullVisits(services, settings, wanted),
    now: () => shanghaiInstant(clock.now()),
    onTaken: () => {
      events.tell('visits');
    },
    onLooked: () => {
      events.tell('devices');
    },
    onFault,
  });
  const accountLocks = startAccountLocks({
    ...{ store, clock, ids, onFault, by: 'desk', fetchBill: pulls.takeVisit },
    settings: readingOnly === null ? settings : { ...settings, 'hospital-sql': null },
  });
  // The desk does not wait for a hospital that does not answer.
  if (readingOnly === null) accountLocks.freeLeftOver().catch(onFault);
  const removeOldFiles = async (): Promise<void> =>
    exchange.removeOldFiles(refusedDaysOf(await readSettings(store, folder)));
  const inWords = (problem: unknown): Refusal => {
    const known = problemInWords(problem);
    if (known !== null) return known;
    const number = ids.next().slice(-6);
    log.fault(problem, { number });
    return callRefusal('program-fault', { number });
  };
  const push = await openPushAddress(lines, { tell: events.tell, onFault, inWords });
  const claimSettings = async () => {
    const now = await readSettings(store, folder);
    return { payersUrl: now['payers-url'], uploadAt: settings['upload-at'] };
  };
  const uploads = new UploadRuns({
    dependencies: { ...{ store, clock, ids, folder }, channels: services.claimChannels },
    payersUrl: async () => (await claimSettings()).payersUrl,
    changed: () => {
      events.tell('claims');
    },
    inWords,
    monotonicMs: () => performance.now(),
  });
  const jobs = startJobs({
    ...{ store, clock },
    jobs: scheduledJobs({
      ...{ services, tell: events.tell, removeOldFiles },
      uploadAt: settings['upload-at'],
      upload: (signal) => uploadByClock(uploads, signal),
    }),
    onFault: (problem, job) => {
      log.fault(problem, { job });
    },
  });
  const stopWatching = watchDataVersion(store, () => {
    // A command may have approved a pack that was not there when the desk opened.
    services.reloadPacks().catch(onFault);
    for (const topic of topicsOfOthers) events.tell(topic);
    secondPlace.wake();
    // A command may have settled, or had a result tried again.
    exchange.wake();
  });
  secondPlace.onChange(() => {
    events.tell('devices');
  });
  secondPlace.wake();
  cards.on((change) => {
    events.tell(change === 'card' ? 'card' : 'devices');
  });
  printer?.onChange(() => {
    events.tell('devices');
  });
  queue.onChange(() => {
    events.tell('print-jobs');
  });
  const replays = new ReplayRuns({
    store,
    here: () => services,
    changed: () => {
      events.tell('replay');
    },
    inWords,
  });
  const pageSessions = new PageSessions({
    ...{ store, clock, ids, onFault },
    monotonicMs: () => performance.now(),
    firstUserId: firstUserId(folder.kind),
  });
  pageSessions.onChange(() => {
    events.tell('sessions');
  });
  const lastTaken = await rememberLastTaken({
    ...{ store, onFault, subscribe: events.subscribe },
    sources: () => [...exchange.sources(), pulls.source(), push.source(), filesByHand],
  });
  pageSessions.onLeft((sessionId) => {
    accountLocks.free(null, sessionId).catch(onFault);
  });
  const door = makeCallDoor(
    allCalls({
      services,
      pageSessions,
      hasher: usualPasswordHasher(),
      cards,
      decodeEVoucher: eVoucherDecoder({
        url: settings['e-voucher-url'],
        hospitalCode: services.hospital.code,
        mayBePlain: settings['plain-http'] === plainHttpAllowed,
      }),
      printer,
      demoTray: demo ? trayOf({ store, cards, printer, paper, claimSettings, onFault }) : null,
      documents,
      queue,
      replays,
      uploads,
      claimSettings,
      takeInNow: async () => {
        const came = await Promise.all([exchange.takeInNow(), pulls.takeInNow()]);
        return came.includes('late') ? 'late' : 'taken';
      },
      accountLocks,
      countIntakeRefusals: exchange.countRefusals,
      intakeSources: lastTaken.sources,
      refusedFiles: exchange.refusedFiles,
      wakeResults: exchange.wake,
      fileTrials: new FileTrials(services, folder.home),
      keyCopyCheckedAt: () => keyCopyCheckedAt(services.store),
      wakeAfterSettling: () => {
        queue.wake();
        exchange.wake();
        for (const topic of ['visits', 'settlements', 'claims'] as const) events.tell(topic);
      },
      tellPages: events.tell,
      unwrittenLog: () => log.unwritten(),
      // The folders are looked at with each file; the look around comes less often and may know them already.
      cautions: () => {
        const all = [...exchange.cautions(), ...cautions()];
        return all.filter((each, at) => at === all.findIndex((one) => isSameCaution(one, each)));
      },
      monotonicMs: () => performance.now(),
    }),
    problemInWords,
    ({ number, call: name, problem }) => {
      log.fault(problem, { number, call: name });
    },
    () => ids.next().slice(-6),
    () => secondPlace.copied(),
  );
  const call = (name: string, input: unknown, page: PageSession) =>
    door(name, input, callerOfPage(services, pageSessions, page));
  // What has lain there for its term while no desk was open.
  if (readingOnly === null) removeOldFiles().catch(onFault);
  // The desk does not wait for a device that is slow to answer, nor for the fonts of the first statement.
  cards.start().catch(onFault);
  maker.prepare().catch(onFault);
  return {
    folder,
    pageSessions,
    call,
    callFromWindow: callsOfWindow(pageSessions, call),
    subscribe: events.subscribe,
    async close() {
      stopWatching();
      await jobs.close();
      await uploads.close();
      await replays.close();
      await cards.stop();
      await push.close();
      await Promise.all([exchange.close(), pulls.close(), accountLocks.close()]);
      await lastTaken.close();
      await queue.close();
      await printer?.close();
      await maker.close();
      await pageSessions.close();
      await services.close();
      log.close();
      lock.release();
    },
  };
}

/** Sends what waits; where no payers are set there is nothing to do, and what hinders it makes it be tried again. */
async function uploadByClock(uploads: UploadRuns, signal: AbortSignal): Promise<void> {
  const stop = (): void => {
    uploads.stop();
  };
  signal.addEventListener('abort', stop);
  try {
    const begun = await uploads.start({ who: nightlyUploader });
    if (!begun.ok) {
      if (begun.refusal.code === 'payers-url-missing') return;
      throw new Error(begun.refusal.message.en);
    }
    await begun.value.ended;
    const came = uploads.state();
    if (came.kind === 'broke-off') throw new Error(came.refusal.message.en);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/** What another program on the data may have changed. */
const topicsOfOthers = ['visits', 'settlements', 'claims', 'print-jobs', 'second-person'] as const;

/** Says at once what lets others at the data, and goes on looking. */
async function lookForCautions(
  folder: DataFolder,
  settings: Settings,
  { environment, onProgress }: OpenServicesOptions,
): Promise<() => readonly Caution[]> {
  const named = environment['SETTLEMENT_KEY_FILE'] ?? '';
  const keyFile = folder.kind === 'live' && named !== '' ? resolve(named) : null;
  const windows = process.platform === 'win32' ? { windows: systemPrograms(environment) } : {};
  const look = () => cautionsOf({ home: folder.home, keyFile, settings, ...windows });
  const found = await within(
    cautionsWaitMs,
    look().catch(() => []),
  );
  for (const { words, remedy } of found ?? []) {
    onProgress?.({ zh: `注意：${words.zh}。${remedy.zh}`, en: `Mind: ${words.en}. ${remedy.en}` });
  }
  return watchCautions(look, () => performance.now());
}

const isSameCaution = (one: Caution, other: Caution): boolean =>
  one.code === other.code && one.words.en === other.words.en;

/** A share that hangs does not keep the desk from opening. */
const cautionsWaitMs = 1000;

type SetPrinter = {
  readonly printer: PrinterService | null;
  /** Of the demo's own printer alone. */
  readonly paper: SimulatedPaper | null;
};

function openPrinter(settings: Settings, log: FolderLog): SetPrinter {
  const url = settings['printer-url'];
  if (url === null) return { printer: null, paper: null };
  const opened = openPrinterWithPaper(url);
  if (opened.ok) {
    const { printer, paper } = opened.value;
    return { printer: startPrinterService(printer), paper };
  }
  log.note('printer', { refusal: opened.refusal.code });
  return { printer: null, paper: null };
}

/** The hand of a demo, over its own devices. */
function trayOf({
  store,
  cards,
  printer,
  paper,
  claimSettings,
  onFault,
}: {
  readonly store: Services['store'];
  readonly cards: CardReading;
  readonly printer: PrinterService | null;
  readonly paper: SimulatedPaper | null;
  readonly onFault: (problem: unknown) => void;
  readonly claimSettings: () => Promise<{ readonly payersUrl: string | null }>;
}): DemoTray {
  return demoTray({
    store,
    reader: cards.simulated,
    paper,
    lookAtPrinter: () => {
      printer?.look().catch(onFault);
    },
    takeScan: (text) => {
      cards.takeScan(text);
    },
    payersUrl: async () => (await claimSettings()).payersUrl,
  });
}

/**
 * The calls of the program's own window. Whoever ends its session sends away who sits there, not the window: it gets
 * another session with its next call.
 */
function callsOfWindow(
  pageSessions: PageSessions,
  call: Application['call'],
): Application['callFromWindow'] {
  let opened: Promise<PageSession> | null = null;
  const openWindow = async (): Promise<PageSession> => (await pageSessions.open('window')).session;
  return async (name, input) => {
    const before = await (opened ??= openWindow());
    const found = await pageSessions.findById(before.id);
    if (found.ok) return call(name, input, found.session);
    const other = await opened;
    if (other.id === before.id) opened = openWindow();
    return call(name, input, await opened);
  };
}
