import { useTranslation } from 'react-i18next';

import type {
  AgedBillRow,
  AgeingAsked,
  AgeingCounts,
} from '../../../shared/contracts/intake-lists.ts';

const days = [1, 3, 7, 30] as const;
const who = ['blocked', 'question', 'nobody-came'] as const;

type AgeingCountersProps = {
  readonly counts: AgeingCounts;
  readonly asked: AgeingAsked;
  readonly onAsk: (asked: AgeingAsked) => void;
};

/** How many bills wait for whom, and how long. A figure lists its bills. */
export function AgeingCounters({ counts, asked, onAsk }: AgeingCountersProps) {
  const { t } = useTranslation();
  const figure = (
    waitsFor: AgedBillRow['waitsFor'] | null,
    daysAtLeast: AgeingAsked['daysAtLeast'],
  ) => {
    const own = counts.filter((each) => waitsFor === null || each.waitsFor === waitsFor);
    const at = daysAtLeast === null ? -1 : days.indexOf(daysAtLeast);
    const bills = own.reduce(
      (sum, { all, atLeast }) => sum + (at < 0 ? all : (atLeast[at] ?? 0)),
      0,
    );
    return (
      <td key={daysAtLeast ?? 'all'}>
        <button
          type="button"
          data-testid={`ageing-${waitsFor ?? 'all'}-${String(daysAtLeast ?? 'all')}`}
          data-alarm={bills === 0 ? 'none' : alarmOf(daysAtLeast)}
          aria-pressed={asked.waitsFor === waitsFor && asked.daysAtLeast === daysAtLeast}
          onClick={() => {
            onAsk({ ...asked, waitsFor, daysAtLeast });
          }}
        >
          {bills}
        </button>
      </td>
    );
  };
  return (
    <table className="claim-matrix">
      <thead>
        <tr>
          <th>{t('ageingWho')}</th>
          <th>{t('ageingAll')}</th>
          {days.map((each) => (
            <th key={each}>{t('ageingAtLeast', { count: each })}</th>
          ))}
        </tr>
      </thead>
      <tbody>
        {[null, ...who].map((each) => (
          <tr key={each ?? 'all'}>
            <th scope="row">{t(`ageingWaitsFor.${each ?? 'all'}`)}</th>
            {([null, ...days] as const).map((at) => figure(each, at))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const alarmOf = (daysAtLeast: AgeingAsked['daysAtLeast']) =>
  daysAtLeast === 30 ? 'three-days' : daysAtLeast === 7 ? 'a-day' : 'none';
