import { Button } from 'antd';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';

import type { Role } from '../../../shared/contracts/contract.ts';
import { Money } from '../../components/money.tsx';
import { pageMark } from '../../components/page-mark.ts';
import { dayAndMinute } from '../../components/shanghai-time.ts';
import { actsOn, type ListedRequest } from './request-acts.ts';

type RequestRowProps = {
  readonly request: ListedRequest;
  readonly role: Role;
  readonly isChosen: boolean;
  readonly onChoose: () => void;
  readonly onAct: (which: 'first' | 'second') => void;
};

/** One request: what, for whom, how much, why, who asked and where from, and what may be done with it. */
export function RequestRow({ request, role, isChosen, onChoose, onAct }: RequestRowProps) {
  const { t } = useTranslation();
  const row = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (isChosen) row.current?.scrollIntoView({ block: 'nearest' });
  }, [isChosen]);
  const { first, second } = actsOn(request, role);
  const { settlement } = request;
  return (
    <li
      ref={row}
      data-testid="request-row"
      data-request={request.requestId}
      data-state={request.state}
      aria-current={isChosen ? 'true' : undefined}
      onClick={onChoose}
    >
      <div className="what">
        <strong>{t(`actOfTwo.${request.act}`)}</strong>
        <About request={request} />
        {settlement === null ? null : (
          <span className="amount">
            <Money fen={settlement.amountFen} />
          </span>
        )}
      </div>
      <div className="acts">
        {first === null ? null : (
          <Button
            type={isChosen ? 'primary' : 'default'}
            data-testid={`request-${first}`}
            onClick={(event) => {
              event.stopPropagation();
              onAct('first');
            }}
          >
            {t(`requestAct.${first}`)} {isChosen ? <kbd>F8</kbd> : null}
          </Button>
        )}
        {second === null ? null : (
          <Button
            data-testid={`request-${second}`}
            onClick={(event) => {
              event.stopPropagation();
              onAct('second');
            }}
          >
            {t(`requestAct.${second}`)} {isChosen ? <kbd>F4</kbd> : null}
          </Button>
        )}
      </div>
      <Why request={request} />
    </li>
  );
}

/** For whom, or for which day. */
export function About({
  request: { act, about, settlement },
}: {
  readonly request: ListedRequest;
}) {
  const { t } = useTranslation();
  if (act === 'approve-business-date') return <span>{about}</span>;
  if (settlement === null) return <span className="soft">{t('requestPatientHidden')}</span>;
  return (
    <>
      <bdi>{settlement.maskedName}</bdi>{' '}
      <span className="soft">{t('settlementNumber', { number: settlement.number })}</span>
    </>
  );
}

/** Why, who asked when and where from, and what became of it. */
function Why({ request }: { readonly request: ListedRequest }) {
  const { t } = useTranslation();
  const { reason, emergencyReason, askedBy, askedAt, askedAtPage, state } = request;
  const from =
    askedAtPage === null ? t('fromCommand') : t('fromPage', { mark: pageMark(askedAtPage) });
  return (
    <div className="why">
      <p>
        {t(emergencyReason === null ? 'requestReason' : 'emergencyReason')}
        <bdi>{emergencyReason ?? reason}</bdi>
        {emergencyReason === null || reason === '' ? null : (
          <>
            {' · '}
            <bdi>{reason}</bdi>
          </>
        )}
      </p>
      <p className="soft">
        <bdi>{askedBy.name}</bdi> · {dayAndMinute(askedAt)} · {from}
        {state === 'pending'
          ? ` · ${t('validUntil', { at: dayAndMinute(request.expiresAt) })}`
          : ''}
      </p>
      {request.isOwn || state !== 'pending' ? <Became request={request} /> : null}
    </div>
  );
}

function Became({ request }: { readonly request: ListedRequest }) {
  const { t } = useTranslation();
  const { state, decidedBy, decidedAt, decisionReason, emergencyReason, isReviewed } = request;
  if (emergencyReason !== null)
    return (
      <p className={isReviewed ? 'soft' : 'warn'}>
        {t(isReviewed ? 'emergencyReviewed' : 'emergencyUnseen')}
      </p>
    );
  return (
    <p className={state === 'approved' ? 'good' : state === 'refused' ? 'stop' : 'soft'}>
      <strong>{t(`requestState.${state}`)}</strong>
      {decidedBy === null || decidedAt === null ? null : (
        <>
          {' · '}
          <bdi>{decidedBy.name}</bdi> · {dayAndMinute(decidedAt)}
        </>
      )}
      {decisionReason === null ? null : (
        <>
          {' · '}
          <bdi>{decisionReason}</bdi>
        </>
      )}
    </p>
  );
}
