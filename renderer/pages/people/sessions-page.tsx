import { Button } from 'antd';
import { useCallback, useEffect, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import type { OutputOf } from '../../../shared/contracts/contracts.ts';
import type { Refusal, Words } from '../../../shared/domain/result.ts';
import type { DeskBridge } from '../../api/bridge.ts';
import type { Call } from '../../api/call.ts';
import { Dialog } from '../../components/dialog.tsx';
import type { Moment } from '../../components/moment.ts';
import { PageHead } from '../../components/page-head.tsx';
import { pageMark } from '../../components/page-mark.ts';
import { RefusalWords } from '../../components/refusal-words.tsx';
import { dayAndMinute } from '../../components/shanghai-time.ts';
import { useListKeys } from '../../components/use-list-keys.ts';

type ListedPage = OutputOf<'sessions:list'>['sessions'][number];

/** Of those that have ended the latest are of interest; the audit has every one. */
const endedMax = 20;

type SessionsPageProps = {
  readonly bridge: DeskBridge;
  readonly call: Call;
  /** Everybody's pages; else the own ones. */
  readonly isForAll: boolean;
  readonly nav: ReactNode;
  readonly deskMoment: Moment;
  readonly onBack: () => void;
};

/** The pages that are open at this desk: who sits where since when, and ending one. */
export function SessionsPage({
  bridge,
  call,
  isForAll,
  nav,
  deskMoment,
  onBack,
}: SessionsPageProps) {
  const { t, i18n } = useTranslation();
  const language = i18n.language === 'en' ? 'en' : 'zh';
  const say = useCallback((words: Words): string => words[language], [language]);
  const { listed, refusal, read } = usePages(bridge, call);
  const [chosenId, setChosen] = useState<string | null>(null);
  const [ending, setEnding] = useState<ListedPage | null>(null);
  const open = (listed ?? []).filter(({ end }) => end === null);
  const ended = (listed ?? []).filter(({ end }) => end !== null).slice(0, endedMax);
  // The page one looks at is the last that a stray key should end.
  const usual = open.find(({ isOwn }) => !isOwn) ?? open[0] ?? null;
  const chosen = open.find(({ sessionId }) => sessionId === chosenId) ?? usual;
  const close = (): void => {
    setEnding(null);
  };
  useListKeys({
    back: ending === null ? onBack : close,
    move: (by) => {
      if (ending !== null || chosen === null) return;
      const at = open.indexOf(chosen) + by;
      setChosen(open[Math.min(open.length - 1, Math.max(0, at))]?.sessionId ?? null);
    },
    first: () => undefined,
    second: () => {
      if (ending === null) setEnding(chosen);
    },
  });
  const row = (page: ListedPage) => (
    <PageRow
      key={page.sessionId}
      page={page}
      isChosen={page.sessionId === chosen?.sessionId}
      onChoose={() => {
        setChosen(page.sessionId);
      }}
      onEnd={() => {
        setEnding(page);
      }}
    />
  );
  return (
    <div className="users" data-testid="sessions-page">
      <PageHead nav={nav} deskMoment={deskMoment} backTestId="sessions-back" onBack={onBack} />
      <main>
        <h2>{t(isForAll ? 'allPages' : 'ownPages')}</h2>
        <p className="hint">{t(isForAll ? 'allPagesHint' : 'ownPagesHint')}</p>
        {refusal === null ? null : <RefusalWords refusal={refusal} say={say} />}
        {listed === null ? (
          <p className="note">{refusal === null ? t('pagesReading') : ''}</p>
        ) : (
          <table className="pages-list">
            <thead>
              <tr>
                <th>{t('pageWho')}</th>
                <th>{t('pageWhere')}</th>
                <th>{t('pageOpened')}</th>
                <th>{t('pageUsed')}</th>
                <th>{t('state')}</th>
                <th />
              </tr>
            </thead>
            <tbody>
              {open.map(row)}
              {ended.map(row)}
            </tbody>
          </table>
        )}
      </main>
      {ending === null ? null : (
        <EndWindow
          key={ending.sessionId}
          call={call}
          page={ending}
          say={say}
          onDone={() => {
            close();
            read();
          }}
          onClose={close}
        />
      )}
    </div>
  );
}

function usePages(bridge: DeskBridge, call: Call) {
  const [listed, setListed] = useState<readonly ListedPage[] | null>(null);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const read = useCallback((): void => {
    void call('sessions:list', {}).then((answer) => {
      setRefusal(answer.ok ? null : answer.refusal);
      if (answer.ok) setListed(answer.value.sessions);
    });
  }, [call]);
  useEffect(() => {
    read();
    return bridge.subscribe(({ topic }) => {
      if (topic === 'sessions') read();
    });
  }, [bridge, read]);
  return { listed, refusal, read };
}

type PageRowProps = {
  readonly page: ListedPage;
  readonly isChosen: boolean;
  readonly onChoose: () => void;
  readonly onEnd: () => void;
};

function PageRow({ page, isChosen, onChoose, onEnd }: PageRowProps) {
  const { t } = useTranslation();
  const { sessionId, user, openedAt, lastUsedAt, end, isOwn } = page;
  return (
    <tr
      className={end === null ? '' : 'ended'}
      data-testid="session-row"
      data-session={sessionId}
      data-state={end?.reason ?? 'open'}
      aria-current={isChosen ? 'true' : undefined}
      onClick={onChoose}
    >
      <td>
        {user === null ? <span className="soft">{t('pageNobody')}</span> : <bdi>{user.name}</bdi>}
      </td>
      <td>
        {t(`pageKind.${page.page}`)} {pageMark(sessionId)}
        {isOwn ? <strong className="this-page">{t('thisPage')}</strong> : null}
      </td>
      <td>{dayAndMinute(openedAt)}</td>
      <td>{dayAndMinute(lastUsedAt)}</td>
      <td>
        {end === null ? (
          <span className="good">{t('pageOpen')}</span>
        ) : (
          t('pageEnded', { why: t(`pageEndShort.${end.reason}`), at: dayAndMinute(end.at) })
        )}
      </td>
      <td>
        {end === null ? (
          <div className="acts">
            <Button
              size="small"
              data-testid="end-session"
              onClick={(event) => {
                event.stopPropagation();
                onEnd();
              }}
            >
              {t('endPage')} {isChosen ? <kbd>F4</kbd> : null}
            </Button>
          </div>
        ) : null}
      </td>
    </tr>
  );
}

type EndWindowProps = {
  readonly call: Call;
  readonly page: ListedPage;
  readonly say: (words: Words) => string;
  readonly onDone: () => void;
  readonly onClose: () => void;
};

/** Ending a page is asked about once: whoever sits there is cut off in the middle of what is done. */
function EndWindow({ call, page, say, onDone, onClose }: EndWindowProps) {
  const { t } = useTranslation();
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const [isBusy, setBusy] = useState(false);
  const { sessionId, user, isOwn } = page;
  const submit = (): void => {
    setBusy(true);
    void call('sessions:end', { sessionId }).then((answer) => {
      setBusy(false);
      if (answer.ok) onDone();
      else setRefusal(answer.refusal);
    });
  };
  return (
    <Dialog
      open
      title={t('endPageTitle')}
      okText={t('endPage')}
      cancelText={t('cancel')}
      okButtonProps={{ danger: true, autoFocus: true }}
      confirmLoading={isBusy}
      onOk={submit}
      onCancel={onClose}
    >
      <div className="person-form" data-testid="end-window">
        <p>
          <strong>
            {t(`pageKind.${page.page}`)} {pageMark(sessionId)} ·{' '}
            <bdi>{user?.name ?? t('pageNobody')}</bdi>
          </strong>
        </p>
        <p>{t(isOwn ? 'endThisPageAsk' : 'endPageAsk')}</p>
        {refusal === null ? null : <RefusalWords refusal={refusal} say={say} />}
      </div>
    </Dialog>
  );
}
