import { Segmented } from 'antd';
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';

import type { AgedBillRow } from '../../../shared/contracts/intake-lists.ts';
import type { EventTopic } from '../../../shared/contracts/contract-names.ts';
import { LongList } from '../../components/long-list.tsx';
import { Money } from '../../components/money.tsx';
import { RefusalWords } from '../../components/refusal-words.tsx';
import { dayAndMinute } from '../../components/shanghai-time.ts';
import { useAnswer } from '../../components/use-answer.ts';
import { useListKeys } from '../../components/use-list-keys.ts';
import { useChosenRow, useLongList, type LoadPage } from '../../components/use-long-list.ts';
import { AgeingCounters } from './ageing-counters.tsx';
import type { IntakeSectionProps } from './intake-section.ts';

const idOf = ({ visitId, waitsFor }: AgedBillRow): string => `${visitId} ${waitsFor}`;
const topics: readonly EventTopic[] = ['visits', 'settlements'];

/** Bills that came and are not settled: how long each waits, and who has to act. */
export function AgeingList(props: IntakeSectionProps) {
  const { bridge, call, language, say, onBack, isCovered, ageing, onAgeing } = props;
  const { t } = useTranslation();
  const { from } = ageing;
  const load = useCallback<LoadPage<AgedBillRow>>(
    async (last) => {
      const after =
        last === undefined ? {} : { after: { since: last.since, visitId: last.visitId } };
      const answer = await call('intake:ageing', { ...ageing, ...after });
      return answer.ok
        ? { ok: true, value: { rows: answer.value.bills, hasMore: answer.value.hasMore } }
        : answer;
    },
    [ageing, call],
  );
  const list = useLongList(bridge, topics, load);
  const ask = useCallback(() => call('intake:ageing-counts', { from }), [call, from]);
  const counters = useAnswer(bridge, topics, ask);
  const { rows, chosen, choose, move } = useChosenRow(list, idOf);
  const countFrom = (other: typeof from): void => {
    onAgeing({ ...ageing, from: other });
  };
  useListKeys({
    back: () => {
      if (!isCovered) onBack();
    },
    move: (by) => {
      if (!isCovered) move(by);
    },
    first: () => undefined,
    second: () => {
      if (!isCovered) countFrom(from === 'discharge' ? 'arrival' : 'discharge');
    },
  });
  const refusal = list.refusal ?? counters.refusal;
  return (
    <>
      {refusal === null ? null : <RefusalWords refusal={refusal} say={say} />}
      <div className="ageing-head">
        {counters.value === null ? null : (
          <AgeingCounters counts={counters.value.counts} asked={ageing} onAsk={onAgeing} />
        )}
        <div>
          <span className="soft">{t('ageingFrom')}</span>
          <Segmented<typeof from>
            value={from}
            onChange={countFrom}
            options={(['discharge', 'arrival'] as const).map((each) => ({
              value: each,
              label: <span data-testid={`ageing-from-${each}`}>{t(`ageingFrom.${each}`)}</span>,
            }))}
          />
          <kbd>F4</kbd>
        </div>
      </div>
      {list.rows === null ? (
        <p className="note">{refusal === null ? t('intakeReading') : ''}</p>
      ) : (
        <LongList<AgedBillRow>
          rows={rows}
          idOf={idOf}
          chosenId={chosen === null ? null : idOf(chosen)}
          emptyText={t('ageingNone')}
          least={720}
          marksOf={({ visitId, waitsFor }) => ({
            'data-testid': 'aged-bill',
            'data-visit': visitId,
            'data-waits-for': waitsFor,
          })}
          onChoose={choose}
          onEnd={list.readMore}
          columns={[
            {
              title: t(from === 'discharge' ? 'ageingSinceDischarge' : 'ageingSinceArrival'),
              width: 96,
              align: 'right',
              render: (_, { daysSinceDischarge, daysSinceArrival }) => {
                const days = from === 'discharge' ? daysSinceDischarge : daysSinceArrival;
                return days === null ? '—' : t('ageingDays', { count: days });
              },
            },
            {
              title: t('claimPatient'),
              width: 96,
              render: (_, { maskedName }) => <bdi>{maskedName}</bdi>,
            },
            {
              title: t('ageingWhere'),
              width: 144,
              ellipsis: true,
              render: (_, { department, bed }) => (
                <bdi>
                  {department ?? ''} {bed === null ? '' : t('ageingBed', { bed })}
                </bdi>
              ),
            },
            {
              title: t('ageingAdmissionNumber'),
              width: 128,
              ellipsis: true,
              render: (_, { admissionNumber, visitId }) => <bdi>{admissionNumber ?? visitId}</bdi>,
            },
            {
              title: t('ageingWho'),
              ellipsis: true,
              render: (_, { waitsFor, hindrances: [first] }) => (
                <bdi>
                  {waitsFor === 'blocked' && first !== undefined
                    ? first[language]
                    : t(`ageingWaitsFor.${waitsFor}`)}
                </bdi>
              ),
            },
          ]}
        />
      )}
      {chosen === null ? null : (
        <section className="claim-detail" data-testid="aged-detail">
          <AgedBill bill={chosen} language={language} />
        </section>
      )}
    </>
  );
}

/** One of them: what it waits for, whom to call, and since when. */
function AgedBill({
  bill,
  language,
}: {
  readonly bill: AgedBillRow;
  readonly language: 'zh' | 'en';
}) {
  const { t } = useTranslation();
  const { waitsFor, hindrances, totalFen, dischargedOn, firstReceivedAt } = bill;
  return (
    <div className="claim-facts">
      <strong>
        <bdi>{bill.maskedName}</bdi> · {t(`ageingWaitsFor.${waitsFor}`)}
      </strong>
      {hindrances.length === 0 ? (
        <p>{t(`ageingAdvice.${waitsFor}`)}</p>
      ) : (
        <ul data-testid="hindrances">
          {hindrances.map((each) => (
            <li key={each.en}>
              <bdi>{each[language]}</bdi>
            </li>
          ))}
        </ul>
      )}
      <p className="soft">
        {[
          t('ageingVisit', { visit: bill.visitId }),
          ...(dischargedOn === null ? [] : [t('ageingDischarged', { day: dischargedOn })]),
          t('ageingArrived', { at: dayAndMinute(firstReceivedAt), source: bill.source }),
        ].join(' · ')}
        {totalFen === null ? null : (
          <>
            {' · '}
            {t('ageingTotal')} <Money fen={totalFen} />
          </>
        )}
      </p>
    </div>
  );
}
