import { Button } from 'antd';
import { useCallback, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import type { Role } from '../../../shared/contracts/contract.ts';
import type { Words } from '../../../shared/domain/result.ts';
import type { DeskBridge } from '../../api/bridge.ts';
import type { Call } from '../../api/call.ts';
import type { Moment } from '../../components/moment.ts';
import { PageHead } from '../../components/page-head.tsx';
import { RefusalWords } from '../../components/refusal-words.tsx';
import { useListKeys } from '../../components/use-list-keys.ts';
import { ActWindow } from './act-window.tsx';
import { actsOn, partsOf, type ListedRequest, type RequestAct } from './request-acts.ts';
import { RequestRow } from './request-row.tsx';
import { useRequests } from './use-requests.ts';

type ApprovalsPageProps = {
  readonly bridge: DeskBridge;
  readonly call: Call;
  readonly role: Role;
  readonly nav: ReactNode;
  readonly deskMoment: Moment;
  readonly onBack: () => void;
};

type Doing = { readonly act: RequestAct; readonly request: ListedRequest };

/** What takes a second person: to decide, to look at, and what oneself has asked for. By the keyboard alone, too. */
export function ApprovalsPage({ bridge, call, role, nav, deskMoment, onBack }: ApprovalsPageProps) {
  const { t, i18n } = useTranslation();
  const language = i18n.language === 'en' ? 'en' : 'zh';
  const say = useCallback((words: Words): string => words[language], [language]);
  const { requests, refusal, read } = useRequests(bridge, call);
  const [chosenId, setChosen] = useState<string | null>(null);
  const [doing, setDoing] = useState<Doing | null>(null);
  const parts = partsOf(requests ?? []);
  const hearsOwnAlone = role === 'cashier' || role === 'it-clerk';
  const mayAsk = hearsOwnAlone || role === 'supervisor';
  // In the order in which they stand on the page.
  const rows = [...(hearsOwnAlone ? [] : [...parts.waiting, ...parts.emergencies]), ...parts.own];
  const chosen = rows.find(({ requestId }) => requestId === chosenId) ?? rows[0] ?? null;
  const start = (request: ListedRequest | null, which: 'first' | 'second'): void => {
    if (request === null || doing !== null) return;
    const act = actsOn(request, role)[which];
    if (act !== null) setDoing({ act, request });
  };
  const close = (): void => {
    setDoing(null);
  };
  useListKeys({
    back: doing === null ? onBack : close,
    move: (by) => {
      if (doing !== null || chosen === null) return;
      const at = rows.indexOf(chosen) + by;
      setChosen(rows[Math.min(rows.length - 1, Math.max(0, at))]?.requestId ?? null);
    },
    first: () => {
      start(chosen, 'first');
    },
    second: () => {
      start(chosen, 'second');
    },
  });
  const part = (title: string, none: string, listed: readonly ListedRequest[]) => (
    <section>
      <h2>{title}</h2>
      {listed.length === 0 ? <p className="note">{none}</p> : null}
      <ul className="requests">
        {listed.map((request) => (
          <RequestRow
            key={request.requestId}
            request={request}
            role={role}
            isChosen={request.requestId === chosen?.requestId}
            onChoose={() => {
              setChosen(request.requestId);
            }}
            onAct={(which) => {
              setChosen(request.requestId);
              start(request, which);
            }}
          />
        ))}
      </ul>
    </section>
  );
  return (
    <div className="users" data-testid="approvals-page">
      <PageHead nav={nav} deskMoment={deskMoment} backTestId="approvals-back" onBack={onBack} />
      <main>
        {refusal === null ? null : (
          <>
            <RefusalWords refusal={refusal} say={say} />
            <Button onClick={read}>{t('readAgainList')}</Button>
          </>
        )}
        {requests === null ? (
          <p className="note">{refusal === null ? t('approvalsReading') : ''}</p>
        ) : (
          <>
            {hearsOwnAlone ? null : (
              <>
                {part(
                  t(role === 'supervisor' ? 'toApprove' : 'waitForApproval'),
                  t('toApproveNone'),
                  parts.waiting,
                )}
                {part(t('emergencies'), t('emergenciesNone'), parts.emergencies)}
              </>
            )}
            {mayAsk ? part(t('ownRequests'), t('ownRequestsNone'), parts.own) : null}
          </>
        )}
      </main>
      {doing === null ? null : (
        <ActWindow
          key={doing.request.requestId}
          call={call}
          say={say}
          act={doing.act}
          request={doing.request}
          onDone={() => {
            close();
            read();
          }}
          onRefused={read}
          onClose={close}
        />
      )}
    </div>
  );
}
