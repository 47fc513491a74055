import { useTranslation } from 'react-i18next';

import type { ClaimRow } from '../../../shared/contracts/claims.ts';
import { LongList } from '../../components/long-list.tsx';
import { Money } from '../../components/money.tsx';
import { dayAndMinute } from '../../components/shanghai-time.ts';

type ClaimListProps = {
  readonly claims: readonly ClaimRow[];
  readonly language: 'zh' | 'en';
  readonly chosen: ClaimRow | null;
  readonly onChoose: (claim: ClaimRow) => void;
  /** The last rows are in sight. */
  readonly onEnd: () => void;
};

/** The claims of a group. */
export function ClaimList({ claims, language, chosen, onChoose, onEnd }: ClaimListProps) {
  const { t } = useTranslation();
  return (
    <LongList<ClaimRow>
      rows={claims}
      idOf={({ claimId }) => claimId}
      chosenId={chosen?.claimId ?? null}
      emptyText={t('claimsNone')}
      least={760}
      marksOf={({ claimId, state }) => ({
        'data-testid': 'claim-row',
        'data-claim': claimId,
        'data-state': state,
      })}
      onChoose={onChoose}
      onEnd={onEnd}
      columns={[
        { title: t('claimSettlement'), dataIndex: 'settlementNumber', width: 168 },
        {
          title: t('claimPatient'),
          width: 88,
          render: (_, { maskedName }) => <bdi>{maskedName}</bdi>,
        },
        {
          title: t('claimPayer'),
          width: 128,
          ellipsis: true,
          render: (_, { name }) => name[language],
        },
        {
          title: t('amount'),
          width: 112,
          align: 'right',
          render: (_, { claimedFen }) => <Money fen={claimedFen} unit={false} />,
        },
        {
          title: t('claimMade'),
          width: 104,
          render: (_, { createdAt }) => dayAndMinute(createdAt),
        },
        {
          title: t('claimProblem'),
          ellipsis: true,
          render: (_, { problem, attempts }) =>
            problem === null ? (
              <span className="soft">{attempts === 0 ? t('claimNotTried') : ''}</span>
            ) : (
              <bdi>{problem.words === '' ? problem.code : problem.words}</bdi>
            ),
        },
      ]}
    />
  );
}
