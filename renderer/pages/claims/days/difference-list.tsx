import { Button } from 'antd';
import { useTranslation } from 'react-i18next';

import type { Role } from '../../../../shared/contracts/contract.ts';
import type { DifferenceRow } from '../../../../shared/contracts/reconciliation.ts';
import { LongList } from '../../../components/long-list.tsx';
import { Money } from '../../../components/money.tsx';
import { dayAndMinute } from '../../../components/shanghai-time.ts';
import type { DayAct } from './day-act.ts';

type DifferenceListProps = {
  readonly differences: readonly DifferenceRow[];
  readonly language: 'zh' | 'en';
  readonly chosen: DifferenceRow | null;
  readonly onChoose: (difference: DifferenceRow) => void;
  readonly onEnd: () => void;
};

/** The differences of a day, both sides of each. */
export function DifferenceList(props: DifferenceListProps) {
  const { differences, language, chosen, onChoose, onEnd } = props;
  const { t } = useTranslation();
  return (
    <LongList<DifferenceRow>
      rows={differences}
      idOf={({ differenceId }) => differenceId}
      chosenId={chosen?.differenceId ?? null}
      emptyText={t('differencesNone')}
      least={720}
      marksOf={({ differenceId, class: of, state }) => ({
        'data-testid': 'difference-row',
        'data-difference': differenceId,
        'data-class': of,
        'data-state': state,
      })}
      onChoose={onChoose}
      onEnd={onEnd}
      columns={[
        {
          title: t('differenceClass'),
          width: 152,
          render: (_, row) => t(`differenceClass.${row.class}`),
        },
        {
          title: t('claimPayer'),
          width: 120,
          ellipsis: true,
          render: (_, row) => row.name[language],
        },
        {
          title: t('differenceReference'),
          ellipsis: true,
          render: (_, { maskedName, settlementNumber, reference }) => (
            <bdi>{maskedName === null ? reference : `${maskedName} ${settlementNumber ?? ''}`}</bdi>
          ),
        },
        {
          title: t('differenceOurs'),
          width: 108,
          align: 'right',
          render: (_, { oursFen }) => <Side fen={oursFen} />,
        },
        {
          title: t('differenceTheirs'),
          width: 108,
          align: 'right',
          render: (_, { theirsFen }) => <Side fen={theirsFen} />,
        },
        { title: t('differenceAge'), width: 104, render: (_, row) => dayAndMinute(row.openedAt) },
      ]}
    />
  );
}

function Side({ fen }: { readonly fen: DifferenceRow['oursFen'] }) {
  return fen === null ? <span className="soft">—</span> : <Money fen={fen} unit={false} />;
}

type DifferenceDetailProps = {
  readonly difference: DifferenceRow;
  readonly language: 'zh' | 'en';
  readonly role: Role;
  readonly onAct: (act: DayAct) => void;
};

/** What F8 and F4 do with a difference; null: nothing. */
export function actsOnDifference(
  difference: Pick<DifferenceRow, 'state' | 'isRemittanceLine'> & DifferenceRow,
  role: Role,
): { readonly first: DayAct | null; readonly second: DayAct | null } {
  const mayAct = role === 'it-clerk' || role === 'supervisor';
  if (!mayAct || difference.state !== 'open') return { first: null, second: null };
  return {
    first: { kind: 'explain', difference },
    second: difference.isRemittanceLine ? { kind: 'book-line', difference } : null,
  };
}

/** One difference: what both sides say, what to do about it, and the keys that do it. */
export function DifferenceDetail({ difference, language, role, onAct }: DifferenceDetailProps) {
  const { t } = useTranslation();
  const { first, second } = actsOnDifference(difference, role);
  const { class: of, state, said, claimState, step, reference } = difference;
  return (
    <section className="claim-detail" data-testid="difference-detail">
      <div className="claim-facts">
        <strong>
          {t(`differenceClass.${of}`)} · {difference.name[language]}
          {step === null ? '' : ` · ${step}`}
        </strong>
        <span className="soft">
          <bdi>{reference}</bdi>
          {claimState === null ? '' : ` · ${t(`claimState.${claimState}`)}`}
        </span>
        {said === null ? null : (
          <p className="claim-said">
            {t('differenceSaid')} <bdi>{said}</bdi>
          </p>
        )}
        {state === 'open' ? (
          <p className="claim-advice" data-testid="difference-advice">
            {t(`differenceAdvice.${of}`)}
          </p>
        ) : (
          <p className="claim-advice" data-testid="difference-reason">
            {t(`differenceState.${state}`)} ·{' '}
            <bdi>
              {t('differenceClosed', {
                who: difference.closedBy ?? '',
                at: difference.closedAt === null ? '' : dayAndMinute(difference.closedAt),
                reason: difference.reason ?? '',
              })}
            </bdi>
          </p>
        )}
      </div>
      <div className="acts">
        {first === null ? null : (
          <Button
            type="primary"
            data-testid="difference-explain"
            onClick={() => {
              onAct(first);
            }}
          >
            {t('dayAct.explain')} <kbd>F8</kbd>
          </Button>
        )}
        {second === null ? null : (
          <Button
            data-testid="difference-book-line"
            onClick={() => {
              onAct(second);
            }}
          >
            {t('dayAct.book-line')} <kbd>F4</kbd>
          </Button>
        )}
      </div>
    </section>
  );
}
