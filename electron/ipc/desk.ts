import type { Contract } from '../../shared/contracts/contract.ts';
import { contracts } from '../../shared/contracts/contracts.ts';
import type { DeskState } from '../../shared/contracts/desk.ts';
import { accepted } from '../../shared/domain/result.ts';
import { lastBackup } from '../backups/make-backup.ts';
import { shanghaiInstant } from '../base/clock.ts';
import type { ReadingOnly } from '../database/reading-only.ts';
import { printJobViews } from '../documents/print-job-view.ts';
import { printerDeviceState } from '../documents/printer-words.ts';
import { placeWords } from '../second-place/second-place-refusals.ts';
import type { DeskParts } from './desk-parts.ts';
import type { Caller, CallHandlers } from './handle-call.ts';

/** Uncertain sheets shown at once; one at a time is asked about. */
const unknownPrintsMax = 20;

export function deskCalls(parts: DeskParts) {
  return {
    'desk:state': async (_input, caller) => accepted(await deskState(parts, caller)),
  } satisfies Pick<CallHandlers, 'desk:state'>;
}

/** Whoever sees no patient is not told whose sheets are uncertain either. */
const seesPatients = ({ role }: Caller): boolean => {
  const { roles }: Contract = contracts['settlement:show'];
  return roles.includes(role);
};

async function deskState(parts: DeskParts, caller: Caller): Promise<DeskState> {
  const { folder, store, clock, hospital } = parts.services;
  const { cards, printer, queue } = parts;
  const kept = await store.read(async (repositories) => {
    const unknown = seesPatients(caller)
      ? [
          ...queue.uncertain(),
          ...(await repositories.printJobs.inState('unknown', unknownPrintsMax)),
        ]
      : [];
    return {
      outbox: await repositories.claims.outboxSummary(),
      setAsideBills: await repositories.visits.countOpenSetAsideBills(),
      unknownPrints: await printJobViews(repositories, unknown),
    };
  });
  const { waiting, oldestCreatedAt, rejected, unknown } = kept.outbox;
  return {
    folder: { kind: folder.kind, name: folder.home.split(/[\\/]/).at(-1) ?? folder.home },
    readingOnly: readingOnlyView(store.readingOnly() ?? store.noRoom()),
    lastBackupAt: lastBackup(folder.home)?.madeAt ?? null,
    keyCopyCheckedAt: await parts.keyCopyCheckedAt(),
    logUnwrittenSince: parts.unwrittenLog()?.since ?? null,
    cautions: [...parts.cautions()],
    businessDate: clock.businessDate(),
    businessDateIsFixed: folder.kind === 'demo',
    hospital,
    operator: { id: caller.userId, name: caller.name, role: caller.role },
    reader: cards.deviceState(),
    printer: printer === null ? printerDeviceState(null, false) : printer.deviceState(),
    outbox: { waiting, oldestAt: oldestCreatedAt, rejected, unknown },
    secondPlace: await secondPlaceView(parts.services.secondPlace),
    attention: {
      unknownPrints: [...kept.unknownPrints],
      setAsideBills: kept.setAsideBills,
      intakeRefusals: await parts.countIntakeRefusals(),
    },
  };
}

/** As the page shows it. */
export function readingOnlyView(reason: ReadingOnly | null): DeskState['readingOnly'] {
  if (reason === null) return null;
  const { code, message: words, remedy } = reason;
  return { code, words, remedy };
}

async function secondPlaceView(
  secondPlace: DeskParts['services']['secondPlace'],
): Promise<DeskState['secondPlace']> {
  const { place, problem, waiting, oldestAt, baseAt, sameDisk } = await secondPlace.state();
  if (place === null) return null;
  const words = problem === null ? null : placeWords[problem];
  return {
    waiting,
    oldestAt: instantOf(oldestAt),
    problem:
      problem === null || words === null
        ? null
        : { code: problem, words: words.what, remedy: words.remedy },
    sameDisk,
    baseAt: instantOf(baseAt),
  };
}

const instantOf = (at: string | null): string | null =>
  at === null ? null : shanghaiInstant(new Date(at));
