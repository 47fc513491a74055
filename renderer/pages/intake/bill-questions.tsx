import { Button } from 'antd';
import { useCallback, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';

import type { BillQuestionRow, BillQuestionView } from '../../../shared/contracts/intake.ts';
import { LongList } from '../../components/long-list.tsx';
import { RefusalWords } from '../../components/refusal-words.tsx';
import { dayAndMinute } from '../../components/shanghai-time.ts';
import { useListKeys } from '../../components/use-list-keys.ts';
import { useChosenRow, useLongList, type LoadPage } from '../../components/use-long-list.ts';
import { ComparedSides } from './bill-comparison.tsx';
import type { IntakeSectionProps } from './intake-section.ts';
import { ReasonWindow } from './reason-window.tsx';

const idOf = ({ questionId }: BillQuestionRow): string => questionId;
const topics = ['visits', 'settlements'] as const;

type Answering = { readonly view: BillQuestionView; readonly isNewer: boolean };

/** Bills that came beside another one of their visit while nothing tells which is newer: both side by side, and a person says it. */
export function BillQuestions(props: IntakeSectionProps) {
  const { bridge, call, role, language, say, onBack, isCovered } = props;
  const { t } = useTranslation();
  const load = useCallback<LoadPage<BillQuestionRow>>(
    async (after) => {
      const page = after === undefined ? {} : { after: after.questionId };
      const answer = await call('intake:bill-questions', page);
      return answer.ok
        ? { ok: true, value: { rows: answer.value.questions, hasMore: answer.value.hasMore } }
        : answer;
    },
    [call],
  );
  const list = useLongList(bridge, topics, load);
  const { say: sayRefusal } = list;
  const [shown, setShown] = useState<BillQuestionView | null>(null);
  const [answering, setAnswering] = useState<Answering | null>(null);
  const { rows, chosen, choose, move } = useChosenRow(list, idOf);
  const questionId = chosen?.questionId ?? null;
  // Asked again with each reading of the list: another bill may be in force by now.
  useEffect(() => {
    if (questionId === null) return undefined;
    let isAsked = true;
    void call('intake:bill-question', { questionId }).then((answer) => {
      if (!isAsked) return;
      if (answer.ok) setShown(answer.value);
      else sayRefusal(answer.refusal);
    });
    return () => {
      isAsked = false;
    };
  }, [questionId, list.rows, call, sayRefusal]);
  const mayAnswer = role === 'it-clerk' || role === 'supervisor';
  const view = shown?.questionId === questionId ? shown : null;
  const ask = (isNewer: boolean): void => {
    if (mayAnswer && answering === null && !isCovered && view !== null)
      setAnswering({ view, isNewer });
  };
  const close = (): void => {
    setAnswering(null);
  };
  const answer = async (
    { view: { questionId: of, billVersion }, isNewer }: Answering,
    reason: string,
  ) => {
    const done = await call('intake:answer-bill', { questionId: of, isNewer, billVersion, reason });
    if (done.ok) sayRefusal(done.value.refusal);
    return done;
  };
  useListKeys({
    back: () => {
      if (answering !== null) close();
      else if (!isCovered) onBack();
    },
    move: (by) => {
      if (answering === null && !isCovered) move(by);
    },
    first: () => {
      ask(true);
    },
    second: () => {
      ask(false);
    },
  });
  return (
    <>
      {list.refusal === null ? null : <RefusalWords refusal={list.refusal} say={say} />}
      {list.rows === null ? (
        <p className="note">{list.refusal === null ? t('intakeReading') : ''}</p>
      ) : (
        <LongList<BillQuestionRow>
          rows={rows}
          idOf={idOf}
          chosenId={questionId}
          emptyText={t('newerNone')}
          least={640}
          marksOf={(row) => ({ 'data-testid': 'bill-question', 'data-question': row.questionId })}
          onChoose={choose}
          onEnd={list.readMore}
          columns={[
            { title: t('newerVisit'), dataIndex: 'visitId', width: 160, ellipsis: true },
            {
              title: t('claimPatient'),
              width: 88,
              render: (_, { maskedName }) => <bdi>{maskedName}</bdi>,
            },
            {
              title: t('newerKnown'),
              ellipsis: true,
              render: (_, { known }) => (
                <bdi>{`${dayAndMinute(known.receivedAt)} ${known.source}`}</bdi>
              ),
            },
            {
              title: t('newerCome'),
              ellipsis: true,
              render: (_, { come }) => (
                <bdi>{`${dayAndMinute(come.receivedAt)} ${come.source}`}</bdi>
              ),
            },
          ]}
        />
      )}
      {view === null ? null : (
        <section className="claim-detail" data-testid="bill-question-detail">
          <QuestionSides view={view} language={language} />
          <div className="acts">
            {mayAnswer ? (
              <>
                <Button
                  type="primary"
                  data-testid="bill-newer"
                  onClick={() => {
                    ask(true);
                  }}
                >
                  {t('newerTake')} <kbd>F8</kbd>
                </Button>
                <Button
                  data-testid="bill-older"
                  onClick={() => {
                    ask(false);
                  }}
                >
                  {t('newerKeep')} <kbd>F4</kbd>
                </Button>
              </>
            ) : (
              <p className="soft">{t('newerWhoAnswers')}</p>
            )}
          </div>
        </section>
      )}
      {answering === null ? null : (
        <ReasonWindow
          title={t(answering.isNewer ? 'newerTake' : 'newerKeep')}
          okText={t(answering.isNewer ? 'newerTake' : 'newerKeep')}
          isDanger={false}
          example={t('newerReasonExample')}
          say={say}
          act={(reason) => answer(answering, reason)}
          onDone={() => {
            close();
            list.read();
          }}
          onClose={close}
        >
          <p>
            <strong>
              <bdi>{answering.view.maskedName}</bdi> · {answering.view.visitId}
            </strong>
          </p>
          <p className="warn">{t(answering.isNewer ? 'newerTakeHint' : 'newerKeepHint')}</p>
        </ReasonWindow>
      )}
    </>
  );
}

function QuestionSides({
  view,
  language,
}: {
  readonly view: BillQuestionView;
  readonly language: 'zh' | 'en';
}) {
  const { t } = useTranslation();
  const madeWords = ({
    sentVersion,
    madeAt,
    madeBy,
  }: BillQuestionView['known']['origin']): string =>
    [
      ...(sentVersion === null ? [] : [t('newerVersion', { version: sentVersion })]),
      madeAt === null || madeBy === null
        ? t('newerMadeUnknown')
        : t(`newerMade.${madeBy}`, { at: dayAndMinute(madeAt) }),
    ].join(language === 'zh' ? '，' : ', ');
  return (
    <ComparedSides
      title={
        <>
          <bdi>{view.maskedName}</bdi> · {view.visitId}
        </>
      }
      was={t('newerWas', { at: dayAndMinute(view.known.receivedAt) })}
      now={t('newerNow', { at: dayAndMinute(view.come.receivedAt) })}
      sums={[{ name: t('changedTotal'), sums: view.totalFen }]}
      words={[
        { name: t('changedSource'), was: view.known.source, now: view.come.source },
        {
          name: t('newerMadeWhen'),
          was: madeWords(view.known.origin),
          now: madeWords(view.come.origin),
        },
      ]}
      difference={view}
      language={language}
    />
  );
}
