import { Button } from 'antd';
import { useCallback, useState } from 'react';
import { useTranslation } from 'react-i18next';

import type { RefusedFileView } from '../../../shared/contracts/intake.ts';
import { LongList } from '../../components/long-list.tsx';
import { RefusalWords } from '../../components/refusal-words.tsx';
import { dayAndMinute } from '../../components/shanghai-time.ts';
import { useListKeys } from '../../components/use-list-keys.ts';
import { useChosenRow, useLongList, type LoadPage } from '../../components/use-long-list.ts';
import type { IntakeSectionProps } from './intake-section.ts';
import { ProblemTable } from './problem-table.tsx';
import { ReasonWindow } from './reason-window.tsx';

const idOf = ({ fileId }: RefusedFileView): string => fileId;
const topics = ['visits'] as const;

/** The files that were refused: what is wrong with each, where, and what to do; tried again, or deleted. */
export function RefusedFiles(props: IntakeSectionProps) {
  const { bridge, call, role, language, say, onBack, isCovered } = props;
  const { t } = useTranslation();
  const load = useCallback<LoadPage<RefusedFileView>>(
    async (after) => {
      const page = after === undefined ? {} : { after: after.fileId };
      const answer = await call('intake:refused-files', page);
      return answer.ok
        ? { ok: true, value: { rows: answer.value.files, hasMore: answer.value.hasMore } }
        : answer;
    },
    [call],
  );
  const list = useLongList(bridge, topics, load);
  const [removing, setRemoving] = useState<RefusedFileView | null>(null);
  const [retried, setRetried] = useState<string | null>(null);
  const { rows, chosen, choose, move } = useChosenRow(list, idOf);
  const mayAct = role === 'it-clerk';
  const isBusy = removing !== null || isCovered;
  const retry = (file: RefusedFileView | null): void => {
    if (file === null || !mayAct) return;
    void call('intake:retry-file', { fileId: file.fileId }).then((answer) => {
      list.say(answer.ok ? null : answer.refusal);
      setRetried(answer.ok ? file.name : null);
      list.read();
    });
  };
  useListKeys({
    back: () => {
      if (removing !== null) setRemoving(null);
      else if (!isCovered) onBack();
    },
    move: (by) => {
      if (!isBusy) move(by);
    },
    first: () => {
      if (!isBusy) retry(chosen);
    },
    second: () => {
      if (!isBusy && mayAct) setRemoving(chosen);
    },
  });
  return (
    <>
      {list.refusal === null ? null : <RefusalWords refusal={list.refusal} say={say} />}
      {retried === null ? null : (
        <p className="note" role="status" data-testid="retried">
          {t('refusedRetried', { name: retried })}
        </p>
      )}
      {list.rows === null ? (
        <p className="note">{list.refusal === null ? t('intakeReading') : ''}</p>
      ) : (
        <LongList<RefusedFileView>
          rows={rows}
          idOf={idOf}
          chosenId={chosen?.fileId ?? null}
          emptyText={t('refusedNone')}
          least={640}
          marksOf={({ fileId }) => ({ 'data-testid': 'refused-file', 'data-file': fileId })}
          onChoose={choose}
          onEnd={list.readMore}
          columns={[
            {
              title: t('refusedFile'),
              width: 240,
              ellipsis: true,
              render: (_, { name }) => <bdi>{name}</bdi>,
            },
            {
              title: t('refusedAt'),
              width: 104,
              render: (_, { refusedAt }) => (refusedAt === null ? '' : dayAndMinute(refusedAt)),
            },
            {
              title: t('refusedCount'),
              width: 80,
              align: 'right',
              render: (_, { problemCount }) => problemCount,
            },
            {
              title: t('refusedFirst'),
              ellipsis: true,
              render: (_, { problems }) => {
                const [first] = problems;
                return first === undefined ? '' : <bdi>{first.message[language]}</bdi>;
              },
            },
          ]}
        />
      )}
      {chosen === null ? null : (
        <section className="claim-detail" data-testid="refused-detail">
          <div className="claim-facts">
            <strong>
              <bdi>{chosen.name}</bdi>
            </strong>
            <span className="soft">
              {chosen.taken === 0
                ? t('refusedNothingTaken')
                : t('refusedSomeTaken', { count: chosen.taken })}
            </span>
            <ProblemTable {...chosen} language={language} />
          </div>
          {mayAct ? (
            <div className="acts">
              <Button
                type="primary"
                data-testid="retry-file"
                onClick={() => {
                  retry(chosen);
                }}
              >
                {t('refusedRetry')} <kbd>F8</kbd>
              </Button>
              <Button
                data-testid="remove-file"
                onClick={() => {
                  setRemoving(chosen);
                }}
              >
                {t('refusedRemove')} <kbd>F4</kbd>
              </Button>
            </div>
          ) : null}
        </section>
      )}
      {removing === null ? null : (
        <ReasonWindow
          title={t('refusedRemoveTitle')}
          okText={t('refusedRemove')}
          isDanger
          example={t('refusedRemoveExample')}
          say={say}
          act={(reason) => call('intake:remove-file', { fileId: removing.fileId, reason })}
          onDone={() => {
            setRemoving(null);
            list.say(null);
            list.read();
          }}
          onClose={() => {
            setRemoving(null);
          }}
        >
          <p>
            <strong>
              <bdi>{removing.name}</bdi>
            </strong>
          </p>
          <p className="warn">{t('refusedRemoveHint')}</p>
        </ReasonWindow>
      )}
    </>
  );
}
