import { keepSettlement, listChangedBills, showChangedBill } from '../settlement/changed-bills.ts';
import type { ChangedBillView, ComparedLine } from '../../shared/contracts/intake.ts';
import { accepted } from '../../shared/domain/result.ts';
import { yuanTextFromFen } from '../../shared/money/yuan-text.ts';
import { changedBillRow } from '../intake-lists/masked-rows.ts';
import { changedBillView } from '../ipc/changed-bill-view.ts';
import { textOption, type Command } from './command.ts';
import { commandOfActs } from './command-of-acts.ts';

/** Bills that came after settlement: each beside what was settled; the settlement is kept with a reason, or cancelled. */
export const changedBillsCommand: Command = commandOfActs({
  name: 'changed-bills',
  usage: '[list | show BILL-ID | keep BILL-ID --reason TEXT] [--as USER]',
  options: { reason: { type: 'string' } },
  roles: ['it-clerk', 'supervisor'],
  list: async (services) =>
    (await listChangedBills(services, { limit: billsListedMax })).map(changedBillRow),
  acts: {
    show: async ({ services, about }) => {
      const shown = await showChangedBill(services, about);
      return shown.ok ? accepted(shownJson(changedBillView(shown.value))) : shown;
    },
    keep: ({ call, services, about, by }) =>
      keepSettlement(services, {
        ...{ billId: about, by: by().userId },
        reason: textOption(call, 'reason') ?? '',
      }),
  },
});

/** Amounts leave as yuan text, as everywhere on the command line. */
function shownJson({ patientPaysFen, ...compared }: ChangedBillView): object {
  return { ...comparedJson(compared), patientPays: yuanOfBoth(patientPaysFen) };
}

const yuanOfBoth = ({ was, now }: ChangedBillView['totalFen']) => ({
  was: yuanTextFromFen(was),
  now: now === null ? null : yuanTextFromFen(now),
});

/** Two bills beside each other. */
export function comparedJson({
  totalFen,
  lines,
  ...rest
}: Pick<ChangedBillView, 'totalFen' | 'lines'>): object {
  const lineJson = (line: ComparedLine | null) => {
    if (line === null) return null;
    const { amountFen, ...said } = line;
    return { ...said, amount: yuanTextFromFen(amountFen) };
  };
  return {
    ...{ ...rest, total: yuanOfBoth(totalFen) },
    lines: lines.map(({ was, now, ...line }) => ({
      ...line,
      ...{ was: lineJson(was), now: lineJson(now) },
    })),
  };
}

/** As many as anybody reads on a command line. */
const billsListedMax = 1000;
