import { Button } from 'antd';
import { useCallback, useState } from 'react';
import { useTranslation } from 'react-i18next';

import type { PersonQuestionRow } from '../../../shared/contracts/intake.ts';
import { LongList } from '../../components/long-list.tsx';
import { RefusalWords } from '../../components/refusal-words.tsx';
import { dayAndMinute } from '../../components/shanghai-time.ts';
import { useListKeys } from '../../components/use-list-keys.ts';
import { useChosenRow, useLongList, type LoadPage } from '../../components/use-long-list.ts';
import { useWindowKeys } from '../../components/use-window-keys.ts';
import type { IntakeSectionProps } from './intake-section.ts';
import { LinkWindow } from './link-window.tsx';
import { ReasonWindow } from './reason-window.tsx';
import { TwoSides } from './two-sides.tsx';

const idOf = ({ questionId }: PersonQuestionRow): string => questionId;
const topics = ['visits'] as const;

type Answering = { readonly question: PersonQuestionRow; readonly isSame: boolean };

/** Whether a bill or a list speaks of the person known under its number; and numbers that are one person's, or are not. */
export function PersonQuestions(props: IntakeSectionProps) {
  const { bridge, call, role, language, say, onBack, isCovered } = props;
  const { t } = useTranslation();
  const load = useCallback<LoadPage<PersonQuestionRow>>(
    async (after) => {
      const page = after === undefined ? {} : { after: after.questionId };
      const answer = await call('intake:person-questions', page);
      return answer.ok
        ? { ok: true, value: { rows: answer.value.questions, hasMore: answer.value.hasMore } }
        : answer;
    },
    [call],
  );
  const list = useLongList(bridge, topics, load);
  const [answering, setAnswering] = useState<Answering | null>(null);
  const [isLinking, setLinking] = useState(false);
  const [told, setTold] = useState<string | null>(null);
  const { rows, chosen, choose, move } = useChosenRow(list, idOf);
  const mayDecide = role === 'supervisor';
  const isOpen = answering !== null || isLinking;
  const isBusy = isOpen || isCovered;
  const close = (): void => {
    setAnswering(null);
    setLinking(false);
  };
  const ask = (isSame: boolean): void => {
    if (mayDecide && !isBusy && chosen !== null) setAnswering({ question: chosen, isSame });
  };
  const answer = async ({ question: { questionId }, isSame }: Answering, reason: string) => {
    const done = await call('intake:answer-person', { questionId, isSame, reason });
    if (!done.ok) return done;
    const { taken, refused } = done.value;
    setTold(
      taken.length === 0
        ? t('peopleRecorded')
        : t('peopleTaken', { visits: taken.join(language === 'zh' ? '、' : ', ') }),
    );
    list.say(refused[0]?.refusal ?? null);
    return done;
  };
  useListKeys({
    back: () => {
      if (isOpen) close();
      else if (!isCovered) onBack();
    },
    move: (by) => {
      if (!isBusy) move(by);
    },
    first: () => {
      ask(true);
    },
    second: () => {
      ask(false);
    },
  });
  useWindowKeys((event) => {
    const { key, ctrlKey, altKey, metaKey, repeat } = event;
    if (key !== 'F9' || ctrlKey || altKey || metaKey || repeat || !mayDecide || isBusy) return;
    event.preventDefault();
    setLinking(true);
  });
  return (
    <>
      {list.refusal === null ? null : <RefusalWords refusal={list.refusal} say={say} />}
      {told === null ? null : (
        <p className="note" role="status" data-testid="people-told">
          {told}
        </p>
      )}
      {list.rows === null ? (
        <p className="note">{list.refusal === null ? t('intakeReading') : ''}</p>
      ) : (
        <LongList<PersonQuestionRow>
          rows={rows}
          idOf={idOf}
          chosenId={chosen?.questionId ?? null}
          emptyText={t('peopleNone')}
          least={640}
          marksOf={({ questionId }) => ({
            'data-testid': 'person-question',
            'data-question': questionId,
          })}
          onChoose={choose}
          onEnd={list.readMore}
          columns={[
            { title: t('peopleNumber'), dataIndex: 'maskedNumber', width: 184 },
            {
              title: t('peopleDiffers'),
              width: 160,
              render: (_, { differs }) =>
                differs
                  .map((each) => t(`peopleDiffer.${each}`))
                  .join(language === 'zh' ? '、' : ', '),
            },
            {
              title: t('peopleCameBy'),
              ellipsis: true,
              render: (_, { cameBy, visitId, source }) => (
                <bdi>{t(`peopleCame.${cameBy}`, { what: visitId ?? source })}</bdi>
              ),
            },
            {
              title: t('peopleAsked'),
              width: 112,
              render: (_, { askedAt }) => dayAndMinute(askedAt),
            },
          ]}
        />
      )}
      <section className="claim-detail" data-testid="person-detail">
        {chosen === null ? <div /> : <TwoSides question={chosen} />}
        <div className="acts">
          {mayDecide && chosen !== null ? (
            <>
              <Button
                type="primary"
                data-testid="person-same"
                onClick={() => {
                  ask(true);
                }}
              >
                {t('peopleSame')} <kbd>F8</kbd>
              </Button>
              <Button
                data-testid="person-other"
                onClick={() => {
                  ask(false);
                }}
              >
                {t('peopleOther')} <kbd>F4</kbd>
              </Button>
            </>
          ) : null}
          {mayDecide ? (
            <Button
              data-testid="link-numbers"
              onClick={() => {
                setLinking(true);
              }}
            >
              {t('peopleLink')} <kbd>F9</kbd>
            </Button>
          ) : (
            <p className="soft">{t('peopleWhoDecides')}</p>
          )}
        </div>
      </section>
      {answering === null ? null : (
        <ReasonWindow
          title={t(answering.isSame ? 'peopleSame' : 'peopleOther')}
          okText={t(answering.isSame ? 'peopleSame' : 'peopleOther')}
          isDanger={false}
          example={t('peopleReasonExample')}
          say={say}
          act={(reason) => answer(answering, reason)}
          onDone={() => {
            close();
            list.read();
          }}
          onClose={close}
        >
          <TwoSides question={answering.question} />
          <p className="warn">
            {t(
              answering.isSame
                ? answering.question.differs.includes('number')
                  ? 'peopleSameNumberHint'
                  : 'peopleSameHint'
                : 'peopleOtherHint',
            )}
          </p>
        </ReasonWindow>
      )}
      {isLinking ? (
        <LinkWindow
          call={call}
          language={language}
          say={say}
          onDone={() => {
            close();
            setTold(t('peopleRecorded'));
            list.read();
          }}
          onClose={close}
        />
      ) : null}
    </>
  );
}
