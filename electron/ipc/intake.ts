import type { TrialView } from '../../shared/contracts/intake.ts';
import { accepted, type Result } from '../../shared/domain/result.ts';
import {
  listRefusedFiles,
  removeRefusedFile,
  retryRefusedFile,
} from '../hospital-exchange/refused-files.ts';
import type { TrialReport } from '../intake/import-files.ts';
import type { RefusedEntry } from '../intake/intake-problem.ts';
import { countAgeing } from '../intake-lists/ageing.ts';
import {
  changedBillRow,
  maskedWords,
  problemRow,
  refusedFileRow,
} from '../intake-lists/masked-rows.ts';
import { maskNumbersIn } from '../security/mask.ts';
import { keepSettlement, listChangedBills, showChangedBill } from '../settlement/changed-bills.ts';
import { changedBillView } from './changed-bill-view.ts';
import type { DeskParts } from './desk-parts.ts';
import type { CallHandlers } from './handle-call.ts';
import { intakeResultCalls } from './intake-results.ts';
import { intakeBillCalls } from './intake-bills.ts';
import { intakeListCalls } from './intake-lists.ts';
import { intakePeopleCalls } from './intake-people.ts';

/** Refused files listed at once. */
const refusedFilesPageMax = 50;
/** Changed bills listed at once. */
const changedBillsPageMax = 100;

/** What comes in as the IT clerk works on it: the sources, and what was refused. */
export function intakeCalls(
  parts: Pick<
    DeskParts,
    | 'services'
    | 'fileTrials'
    | 'intakeSources'
    | 'refusedFiles'
    | 'countIntakeRefusals'
    | 'wakeResults'
    | 'tellPages'
  >,
) {
  const { services, tellPages } = parts;
  const place = { ...services, ...parts.refusedFiles };
  /** Every page that shows what comes in asks again. */
  const told = async <Answer extends Result<unknown>>(acts: Promise<Answer>): Promise<Answer> => {
    const answer = await acts;
    if (answer.ok) tellPages('visits');
    return answer;
  };
  return {
    ...intakePeopleCalls(parts),
    ...intakeBillCalls(parts),
    ...intakeResultCalls(parts),
    ...intakeListCalls(parts),
    'intake:overview': async () =>
      accepted({
        sources: parts.intakeSources().map(({ last, ...source }) => ({
          ...structuredClone(source),
          last: last === null ? null : { ...last, what: maskNumbersIn(last.what) },
        })),
        lastReceivedAt: await services.store.read(({ visits }) => visits.lastReceivedAt()),
        waiting: {
          refusedFiles: await parts.countIntakeRefusals(),
          changedBills: await services.store.read(({ visits }) => visits.countOpenSetAsideBills()),
          billQuestions: await services.store.read(({ billQuestions }) =>
            billQuestions.countOpen(),
          ),
          results: await services.store.read(({ resultCalls }) => resultCalls.countGivenUp()),
          personQuestions: await services.store.read(({ personQuestions }) =>
            personQuestions.countOpen(),
          ),
          unsettled: (await countAgeing(services, 'discharge')).reduce(
            (sum, { all }) => sum + all,
            0,
          ),
        },
      }),
    'intake:refused-files': async (page) => {
      const listed = await listRefusedFiles(place, { ...page, limit: refusedFilesPageMax + 1 });
      if (!listed.ok) return listed;
      const files = listed.value.slice(0, refusedFilesPageMax).map(refusedFileRow);
      return accepted({ files, hasMore: listed.value.length > refusedFilesPageMax });
    },
    'intake:retry-file': async ({ fileId }, { userId }) => {
      const tried = await told(retryRefusedFile(place, { file: fileId, by: userId }));
      return tried.ok ? accepted({}) : tried;
    },
    'intake:remove-file': async ({ fileId, reason }, { userId }) => {
      const removed = await told(removeRefusedFile(place, { file: fileId, reason, by: userId }));
      return removed.ok ? accepted({}) : removed;
    },
    'intake:begin-trial': ({ name, changedAt }, { sessionId }) => {
      parts.fileTrials.begin(sessionId, name, changedAt);
      return Promise.resolve(accepted({}));
    },
    'intake:add-to-trial': ({ part }, { sessionId }) => {
      const added = parts.fileTrials.add(sessionId, Buffer.from(part, 'base64'));
      return Promise.resolve(added.ok ? accepted({ bytes: added.value }) : added);
    },
    'intake:run-trial': async (_input, { sessionId }) => {
      const tried = await parts.fileTrials.run(sessionId);
      return tried.ok ? accepted(trialView(tried.value)) : tried;
    },
    'intake:changed-bills': async (page) => {
      const bills = await listChangedBills(services, { ...page, limit: changedBillsPageMax + 1 });
      return accepted({
        bills: bills.slice(0, changedBillsPageMax).map(changedBillRow),
        hasMore: bills.length > changedBillsPageMax,
      });
    },
    'intake:changed-bill': async ({ billId }) => {
      const shown = await showChangedBill(services, billId);
      return shown.ok ? accepted(changedBillView(shown.value)) : shown;
    },
    'intake:keep-settlement': async ({ billId, reason }, { userId }) => {
      const kept = await told(keepSettlement(services, { billId, reason, by: userId }));
      return kept.ok ? accepted({}) : kept;
    },
  } satisfies Pick<CallHandlers, Extract<keyof CallHandlers, `intake:${string}`>>;
}

/** So much of a trial is shown; whoever has mended these tries again. */
const trialLinesMax = 200;

function trialView({ accepted: taken, refused: problems, outcomes }: TrialReport): TrialView {
  const notes = taken.flatMap(({ visitId, warnings, blockers = [] }) =>
    [
      ...warnings.map(({ text }) => text),
      ...blockers.map(({ text }) => ({ zh: text, en: text })),
    ].map((text) => ({ visitId, text: maskedWords(text) })),
  );
  return {
    outcomes: { ...outcomes },
    problems: problems.slice(0, trialLinesMax).map(withoutFile),
    problemCount: problems.length,
    ...{ notes: notes.slice(0, trialLinesMax), noteCount: notes.length },
  };
}

function withoutFile({ row, column, place, code, message, remedy }: RefusedEntry) {
  return problemRow({
    ...(row === undefined ? {} : { row }),
    ...(column === undefined ? {} : { column }),
    ...(place === undefined ? {} : { place }),
    ...{ code, message, remedy },
  });
}
