import { accepted } from '../../shared/domain/result.ts';
import { countAgeing, listAgeing, type AgeingCount } from '../intake-lists/ageing.ts';
import { exportList } from '../intake-lists/export-list.ts';
import { agedBillRow } from '../intake-lists/masked-rows.ts';
import type { DeskParts } from './desk-parts.ts';
import type { CallHandlers } from './handle-call.ts';

/** Bills that wait listed at once: of each that is blocked the bill is read. */
const agedBillsPageMax = 50;

type ListsOfIntake = 'intake:ageing' | 'intake:ageing-counts' | 'intake:export-list';

/** What waits how long and for whom, and every list of intake as a file. */
export function intakeListCalls({
  services,
  refusedFiles: { exchange },
}: Pick<DeskParts, 'services' | 'refusedFiles'>) {
  return {
    'intake:ageing': async ({ after = null, ...asked }) => {
      const bills = await listAgeing(services, asked, { after, limit: agedBillsPageMax + 1 });
      return accepted({
        bills: bills.slice(0, agedBillsPageMax).map(agedBillRow),
        hasMore: bills.length > agedBillsPageMax,
      });
    },
    'intake:ageing-counts': async ({ from }) =>
      accepted({ counts: (await countAgeing(services, from)).map(countView) }),
    'intake:export-list': async ({ ageing, ...order }, { userId: by }) => {
      const exported = await exportList(
        { ...services, exchange },
        { ...order, ...(ageing === undefined ? {} : { ageing }), by },
      );
      if (!exported.ok) return exported;
      const { fileName, bytes, rows } = exported.value;
      return accepted({ fileName, fileBase64: Buffer.from(bytes).toString('base64'), rows });
    },
  } satisfies Pick<CallHandlers, ListsOfIntake>;
}

function countView({
  waitsFor,
  all,
  atLeast: [day = 0, three = 0, week = 0, month = 0],
}: AgeingCount) {
  return { waitsFor, all, atLeast: [day, three, week, month] as [number, number, number, number] };
}
