import { Button } from 'antd';
import { useCallback, useState } from 'react';
import { useTranslation } from 'react-i18next';

import type { GivenUpResultRow } from '../../../shared/contracts/intake-results.ts';
import { LongList } from '../../components/long-list.tsx';
import { RefusalWords } from '../../components/refusal-words.tsx';
import { dayAndMinute } from '../../components/shanghai-time.ts';
import { useListKeys } from '../../components/use-list-keys.ts';
import { useChosenRow, useLongList, type LoadPage } from '../../components/use-long-list.ts';
import type { IntakeSectionProps } from './intake-section.ts';

const idOf = ({ resultId }: GivenUpResultRow): string => resultId;
const topics = ['visits', 'settlements', 'devices'] as const;

/** Results that the hospital's system would not take: what it said, and calling one back again. */
export function GivenUpResults(props: IntakeSectionProps) {
  const { bridge, call, role, say, onBack, isCovered } = props;
  const { t } = useTranslation();
  const load = useCallback<LoadPage<GivenUpResultRow>>(
    async (after) => {
      const page = after === undefined ? {} : { after: after.resultId };
      const answer = await call('intake:results', page);
      return answer.ok
        ? { ok: true, value: { rows: answer.value.results, hasMore: answer.value.hasMore } }
        : answer;
    },
    [call],
  );
  const list = useLongList(bridge, topics, load);
  const [retried, setRetried] = useState<string | null>(null);
  const { rows, chosen, choose, move } = useChosenRow(list, idOf);
  const mayAct = role === 'it-clerk';
  const retry = (): void => {
    if (chosen === null || !mayAct || isCovered) return;
    void call('intake:retry-result', { resultId: chosen.resultId }).then((answer) => {
      list.say(answer.ok ? null : answer.refusal);
      setRetried(answer.ok ? chosen.settlementNumber : null);
      list.read();
    });
  };
  useListKeys({
    back: () => {
      if (!isCovered) onBack();
    },
    move: (by) => {
      if (!isCovered) move(by);
    },
    first: retry,
    second: () => undefined,
  });
  return (
    <>
      {list.refusal === null ? null : <RefusalWords refusal={list.refusal} say={say} />}
      {retried === null ? null : (
        <p className="note" role="status" data-testid="result-retried">
          {t('resultsRetried', { number: retried })}
        </p>
      )}
      {list.rows === null ? (
        <p className="note">{list.refusal === null ? t('intakeReading') : ''}</p>
      ) : (
        <LongList<GivenUpResultRow>
          rows={rows}
          idOf={idOf}
          chosenId={chosen?.resultId ?? null}
          emptyText={t('resultsNone')}
          least={640}
          marksOf={(row) => ({ 'data-testid': 'given-up-result', 'data-result': row.resultId })}
          onChoose={choose}
          onEnd={list.readMore}
          columns={[
            { title: t('claimSettlement'), dataIndex: 'settlementNumber', width: 168 },
            {
              title: t('resultsKind'),
              width: 88,
              render: (_, { kind }) => t(`resultsKind.${kind}`),
            },
            { title: t('newerVisit'), dataIndex: 'visitId', ellipsis: true },
            {
              title: t('resultsSaid'),
              ellipsis: true,
              render: (_, { problem, attempts }) => t('resultsSaidTimes', { problem, attempts }),
            },
            {
              title: t('resultsLast'),
              width: 112,
              render: (_, { lastAt }) => dayAndMinute(lastAt),
            },
          ]}
        />
      )}
      {chosen === null ? null : (
        <section className="claim-detail">
          <p className="soft">{t('resultsHint')}</p>
          <div className="acts">
            {mayAct ? (
              <Button type="primary" data-testid="retry-result" onClick={retry}>
                {t('resultsRetry')} <kbd>F8</kbd>
              </Button>
            ) : (
              <p className="soft">{t('resultsWhoRetries')}</p>
            )}
          </div>
        </section>
      )}
    </>
  );
}
