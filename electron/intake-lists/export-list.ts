import type { IntakeList } from '../../shared/contracts/intake-lists.ts';
import { accepted, refused, type Result } from '../../shared/domain/result.ts';
import { shanghaiInstant, type Clock } from '../base/clock.ts';
import { assertRoom } from '../database/reading-only.ts';
import type { Store } from '../database/store.ts';
import { listRefusedFiles, type RefusedFilesPlace } from '../hospital-exchange/refused-files.ts';
import { openPersonQuestions } from '../identification/person-questions.ts';
import { listChangedBills } from '../settlement/changed-bills.ts';
import { listAgeing, type AgeingQuestion } from './ageing.ts';
import type { ListFormat } from './list-file.ts';
import { listRefusal } from './list-refusals.ts';
import { sheetNames, sheetOf, type Language, type RefusedLine, type RowOf } from './list-sheet.ts';
import { agedBillRow, changedBillRow, personQuestionRow, refusedFileRow } from './masked-rows.ts';
import { writeListFile } from './write-list-file.ts';

/** A sheet of Excel takes a million rows; nobody reads through so many, and the page holds the file in memory. */
export const listRowsMax = 200_000;
/** Read at once, so that the desk comes in between. */
const pageRows = 500;

export type ExportDependencies = {
  readonly store: Store;
  readonly clock: Clock;
  readonly exchange: RefusedFilesPlace['exchange'];
  /** Absent: as many as a file takes. */
  readonly rowsMax?: number;
};

export type ExportOrder = {
  readonly list: IntakeList;
  readonly format: ListFormat;
  readonly language: Language;
  /** Of the bills that wait: which; else all. */
  readonly ageing?: AgeingQuestion;
  readonly by: string;
};

export type ExportedList = {
  readonly fileName: string;
  readonly bytes: Uint8Array;
  readonly rows: number;
};

type ExportCode = 'list-too-long' | 'intake-folder-missing' | 'intake-folder-away';

/**
 * A whole list of the page of intake as a file, masked as it is shown there. Who took which list, with how many rows, is kept
 * in the audit first: what is not kept is not given.
 */
export async function exportList(
  dependencies: ExportDependencies,
  order: ExportOrder,
): Promise<Result<ExportedList, ExportCode>> {
  const { store, clock } = dependencies;
  const { list, format, language, by } = order;
  const sheet = await sheetOfList(dependencies, order);
  if (!sheet.ok) return sheet;
  const rows = sheet.value.rows.length;
  const bytes = await writeListFile({ sheet: sheet.value, format });
  const at = shanghaiInstant(clock.now());
  assertRoom(store);
  await store.transact(({ audit }) =>
    audit.append({
      ...{ at, who: by, act: 'export-list', about: list },
      detail: { format, rows, ...(order.ageing === undefined ? {} : { ageing: order.ageing }) },
    }),
  );
  const fileName = `${sheetNames[list][language]} ${at.slice(0, 10)} ${at.slice(11, 16).replace(':', '')}.${format}`;
  return accepted({ fileName, bytes, rows });
}

async function sheetOfList(
  dependencies: ExportDependencies,
  { list, language, ageing = everyWait }: ExportOrder,
) {
  const read = await rowsOfList(dependencies, { list, ageing });
  if (!read.ok) return read;
  return accepted(sheetOf(read.value.list, read.value.rows as never, language));
}

const everyWait: AgeingQuestion = { from: 'discharge', waitsFor: null, daysAtLeast: null };

type ReadList = {
  [List in IntakeList]: { readonly list: List; readonly rows: readonly RowOf[List][] };
}[IntakeList];

async function rowsOfList(
  { store, clock, exchange, rowsMax = listRowsMax }: ExportDependencies,
  { list, ageing }: { readonly list: IntakeList; readonly ageing: AgeingQuestion },
): Promise<Result<ReadList, ExportCode>> {
  const limit = pageRows;
  switch (list) {
    case 'refused-files': {
      const place = { store, clock, exchange };
      // By the whole name, which the masked row no longer has.
      let last: { readonly afterName: string } | null = null;
      const rows = await toItsEnd<RefusedLine, ExportCode>(rowsMax, async () => {
        const page = await listRefusedFiles(place, { ...last, limit });
        if (!page.ok) return page;
        const name = page.value.at(-1)?.name;
        if (name !== undefined) last = { afterName: name };
        return accepted(page.value.flatMap(linesOf));
      });
      return rows.ok ? accepted({ list, rows: rows.value }) : rows;
    }
    case 'changed-bills': {
      const rows = await toItsEnd<RowOf['changed-bills'], never>(rowsMax, async (last) => {
        const after = last === undefined ? {} : { after: last.billId };
        return accepted(
          (await listChangedBills({ store }, { ...after, limit })).map(changedBillRow),
        );
      });
      return rows.ok ? accepted({ list, rows: rows.value }) : rows;
    }
    case 'people': {
      const rows = await toItsEnd<RowOf['people'], never>(rowsMax, async (last) => {
        const after = last === undefined ? {} : { after: last.questionId };
        const page = await openPersonQuestions({ store }, { ...after, limit });
        return accepted(page.map(personQuestionRow));
      });
      return rows.ok ? accepted({ list, rows: rows.value }) : rows;
    }
    case 'ageing': {
      const rows = await toItsEnd<RowOf['ageing'], never>(rowsMax, async (last) => {
        const page = await listAgeing({ store, clock }, ageing, { after: last ?? null, limit });
        return accepted(page.map(agedBillRow));
      });
      return rows.ok ? accepted({ list, rows: rows.value }) : rows;
    }
  }
}

/** Page after page until one is empty: rows may go meanwhile, and a short page is no sign of the last one. */
async function toItsEnd<Row, Code extends string>(
  rowsMax: number,
  pageAfter: (last: Row | undefined) => Promise<Result<readonly Row[], Code>>,
): Promise<Result<readonly Row[], Code | 'list-too-long'>> {
  const rows: Row[] = [];
  for (;;) {
    const page = await pageAfter(rows.at(-1));
    if (!page.ok) return page;
    if (page.value.length === 0) return accepted(rows);
    for (const row of page.value) rows.push(row);
    if (rows.length > rowsMax) return refused(listRefusal('list-too-long', { most: rowsMax }));
  }
}

/** A line for each problem of a file. */
function linesOf(refusedFile: Parameters<typeof refusedFileRow>[0]): readonly RefusedLine[] {
  const { problems, ...file } = refusedFileRow(refusedFile);
  if (problems.length === 0) return [{ file, problem: null }];
  return problems.map((problem) => ({ file, problem }));
}
