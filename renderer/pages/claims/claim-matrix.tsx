import { useTranslation } from 'react-i18next';

import { claimGroups, type ClaimGroup } from '../../../shared/contracts/claims.ts';
import type { Fen } from '../../../shared/money/fen.ts';
import { Money } from '../../components/money.tsx';
import { dayAndMinute } from '../../components/shanghai-time.ts';
import type { ClaimsOverview, Listed } from './use-claims.ts';

type GroupCount = ClaimsOverview['all'][ClaimGroup];

type ClaimMatrixProps = {
  readonly overview: ClaimsOverview;
  readonly language: 'zh' | 'en';
  readonly listed: Listed;
  readonly onList: (listed: Listed) => void;
};

/** How many claims wait in which state: in all, and payer by payer. A figure lists its claims. */
export function ClaimMatrix({ overview, language, listed, onList }: ClaimMatrixProps) {
  const { t } = useTranslation();
  const cell = (group: ClaimGroup, destination: string | null, count: GroupCount) => {
    const isListed = listed.group === group && listed.destination === destination;
    return (
      <td key={group}>
        <button
          type="button"
          data-testid={`claims-${group}-${destination ?? 'all'}`}
          data-alarm={count.alarm}
          aria-pressed={isListed}
          title={
            count.oldestAt === null
              ? undefined
              : t('oldestSince', { at: dayAndMinute(count.oldestAt) })
          }
          onClick={() => {
            onList({ group, destination });
          }}
        >
          {count.claims}
        </button>
      </td>
    );
  };
  return (
    <>
      <div className="claim-figures">
        {claimGroups.map((group) => {
          const count = overview.all[group];
          const isListed = listed.group === group && listed.destination === null;
          return (
            <button
              key={group}
              type="button"
              data-testid={`figure-${group}`}
              data-alarm={count.alarm}
              data-empty={count.claims === 0}
              aria-pressed={isListed}
              onClick={() => {
                onList({ group, destination: null });
              }}
            >
              <span>{t(`claimGroup.${group}`)}</span>
              <strong>{t('claimCount', { count: count.claims })}</strong>
              <Money fen={count.claimedFen as Fen} />
              <Age count={count} />
            </button>
          );
        })}
      </div>
      {overview.payers.length === 0 ? null : (
        <table className="claim-matrix">
          <thead>
            <tr>
              <th>{t('claimPayer')}</th>
              {claimGroups.map((group) => (
                <th key={group}>{t(`claimGroupShort.${group}`)}</th>
              ))}
            </tr>
          </thead>
          <tbody>
            {overview.payers.map(({ destination, name, groups }) => (
              <tr key={destination}>
                <th scope="row">{name[language]}</th>
                {claimGroups.map((group) => cell(group, destination, groups[group]))}
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </>
  );
}

/** Since when the oldest waits, and how bad that is. */
function Age({ count: { oldestAt, alarm } }: { readonly count: GroupCount }) {
  const { t } = useTranslation();
  if (oldestAt === null) return <span className="soft">{t('nothingWaits')}</span>;
  return (
    <span className="age">
      {t('oldestSince', { at: dayAndMinute(oldestAt) })}
      {alarm === 'none' ? null : <strong>{t(`ageAlarm.${alarm}`)}</strong>}
    </span>
  );
}
