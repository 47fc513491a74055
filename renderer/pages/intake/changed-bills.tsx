import { Button } from 'antd';
import { useCallback, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';

import type { ChangedBillRow, ChangedBillView } from '../../../shared/contracts/intake.ts';
import type { SettlementView } from '../../../shared/contracts/settlement.ts';
import { LongList } from '../../components/long-list.tsx';
import { RefusalWords } from '../../components/refusal-words.tsx';
import { dayAndMinute } from '../../components/shanghai-time.ts';
import { useListKeys } from '../../components/use-list-keys.ts';
import { useChosenRow, useLongList, type LoadPage } from '../../components/use-long-list.ts';
import { CancelWindow } from '../desk/cancel-window.tsx';
import { BillComparison } from './bill-comparison.tsx';
import type { IntakeSectionProps } from './intake-section.ts';
import { ReasonWindow } from './reason-window.tsx';

const idOf = ({ billId }: ChangedBillRow): string => billId;
const topics = ['visits', 'settlements'] as const;

/** Bills that came after settlement: each beside what was settled; the settlement is kept, or cancelled and made anew. */
export function ChangedBills(props: IntakeSectionProps) {
  const { bridge, call, role, asksPassword, language, say, onBack, isCovered } = props;
  const { t } = useTranslation();
  const load = useCallback<LoadPage<ChangedBillRow>>(
    async (after) => {
      const page = after === undefined ? {} : { after: after.billId };
      const answer = await call('intake:changed-bills', page);
      return answer.ok
        ? { ok: true, value: { rows: answer.value.bills, hasMore: answer.value.hasMore } }
        : answer;
    },
    [call],
  );
  const list = useLongList(bridge, topics, load);
  const { say: sayRefusal } = list;
  const [shown, setShown] = useState<ChangedBillView | null>(null);
  const [keeping, setKeeping] = useState<ChangedBillRow | null>(null);
  const [cancelling, setCancelling] = useState<SettlementView | null>(null);
  const { rows, chosen, choose, move } = useChosenRow(list, idOf);
  const billId = chosen?.billId ?? null;
  useEffect(() => {
    if (billId === null) return undefined;
    let isAsked = true;
    void call('intake:changed-bill', { billId }).then((answer) => {
      if (!isAsked) return;
      if (answer.ok) setShown(answer.value);
      else sayRefusal(answer.refusal);
    });
    return () => {
      isAsked = false;
    };
  }, [billId, call, sayRefusal]);
  const mayKeep = role === 'it-clerk' || role === 'supervisor';
  const mayCancel = role === 'supervisor';
  const isOpen = keeping !== null || cancelling !== null;
  const isBusy = isOpen || isCovered;
  const takeOver = (): void => {
    if (!mayCancel || chosen === null || isBusy) return;
    void call('settlement:show', { settlementId: chosen.settlementId }).then((answer) => {
      if (answer.ok) setCancelling(answer.value);
      else sayRefusal(answer.refusal);
    });
  };
  const keep = (): void => {
    if (mayKeep && !isBusy) setKeeping(chosen);
  };
  const close = (): void => {
    setKeeping(null);
    setCancelling(null);
  };
  const done = (): void => {
    close();
    list.say(null);
    list.read();
  };
  useListKeys({
    back: () => {
      if (isOpen) close();
      else if (!isCovered) onBack();
    },
    move: (by) => {
      if (!isBusy) move(by);
    },
    first: takeOver,
    second: keep,
  });
  return (
    <>
      {list.refusal === null ? null : <RefusalWords refusal={list.refusal} say={say} />}
      {list.rows === null ? (
        <p className="note">{list.refusal === null ? t('intakeReading') : ''}</p>
      ) : (
        <LongList<ChangedBillRow>
          rows={rows}
          idOf={idOf}
          chosenId={billId}
          emptyText={t('changedNone')}
          least={640}
          marksOf={(row) => ({ 'data-testid': 'changed-bill', 'data-bill': row.billId })}
          onChoose={choose}
          onEnd={list.readMore}
          columns={[
            { title: t('claimSettlement'), dataIndex: 'settlementNumber', width: 168 },
            {
              title: t('claimPatient'),
              width: 88,
              render: (_, { maskedName }) => <bdi>{maskedName}</bdi>,
            },
            {
              title: t('changedSettledAt'),
              width: 112,
              render: (_, { settledAt }) => dayAndMinute(settledAt),
            },
            {
              title: t('changedReceivedAt'),
              width: 112,
              render: (_, { receivedAt }) => dayAndMinute(receivedAt),
            },
            {
              title: t('changedSource'),
              ellipsis: true,
              render: (_, { source }) => <bdi>{source}</bdi>,
            },
          ]}
        />
      )}
      {chosen === null || shown?.bill.billId !== chosen.billId ? null : (
        <section className="claim-detail" data-testid="changed-detail">
          <BillComparison view={shown} language={language} />
          <div className="acts">
            {mayCancel ? (
              <Button type="primary" data-testid="take-over" onClick={takeOver}>
                {t('changedTakeOver')} <kbd>F8</kbd>
              </Button>
            ) : null}
            {mayKeep ? (
              <Button data-testid="keep-settlement" onClick={keep}>
                {t('changedKeep')} <kbd>F4</kbd>
              </Button>
            ) : null}
            {mayCancel ? null : <p className="soft">{t('changedWhoTakesOver')}</p>}
          </div>
        </section>
      )}
      {keeping === null ? null : (
        <ReasonWindow
          title={t('changedKeepTitle')}
          okText={t('changedKeep')}
          isDanger={false}
          example={t('changedKeepExample')}
          say={say}
          act={(reason) => call('intake:keep-settlement', { billId: keeping.billId, reason })}
          onDone={done}
          onClose={close}
        >
          <p>
            <strong>
              <bdi>{keeping.maskedName}</bdi> · {keeping.settlementNumber}
            </strong>
          </p>
          <p className="warn">{t('changedKeepHint')}</p>
        </ReasonWindow>
      )}
      {cancelling === null ? null : (
        <CancelWindow
          settlement={cancelling}
          say={say}
          asksPassword={asksPassword}
          bridge={bridge}
          call={call}
          onCancelled={done}
          onClose={close}
        />
      )}
    </>
  );
}
