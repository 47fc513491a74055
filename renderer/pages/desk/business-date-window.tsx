import { Input, type InputRef } from 'antd';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';

import type { Words } from '../../../shared/domain/result.ts';
import type { DeskBridge } from '../../api/bridge.ts';
import type { Call } from '../../api/call.ts';
import { Dialog } from '../../components/dialog.tsx';
import { RefusalWords } from '../../components/refusal-words.tsx';
import { useEnter } from '../../components/use-enter.ts';
import { ConsentFields } from '../approvals/consent-fields.tsx';
import { useConsent } from '../approvals/use-consent.ts';
import type { DeskFlow } from './desk-flow.ts';

export type DateDoubt = { readonly businessDate: string; readonly last: string };

/** The business date that a supervisor is asked about; null where nothing is doubtful. */
export function dateDoubtOf({ refusal, preview }: DeskFlow): DateDoubt | null {
  const doubt = [refusal, preview?.confirmRefusal ?? null].find(
    (each) => each?.code === 'business-date-doubtful',
  );
  const [detail] = doubt?.details ?? [];
  return isDateDoubt(detail) ? detail : null;
}

function isDateDoubt(detail: unknown): detail is DateDoubt {
  return (
    typeof detail === 'object' && detail !== null && 'businessDate' in detail && 'last' in detail
  );
}

type BusinessDateWindowProps = {
  readonly doubt: DateDoubt;
  readonly say: (words: Words) => string;
  /** A supervisor proves who it is, but in a demo. */
  readonly asksPassword: boolean;
  readonly bridge: DeskBridge;
  readonly call: Call;
  readonly onApproved: () => void;
  readonly onClose: () => void;
};

/** A supervisor says that the date of the machine is right: beside, or from another window, where it was asked for. */
export function BusinessDateWindow({
  doubt: { businessDate, last },
  say,
  asksPassword,
  bridge,
  call,
  onApproved,
  onClose,
}: BusinessDateWindowProps) {
  const { t } = useTranslation();
  const firstField = useRef<InputRef>(null);
  const [reason, setReason] = useState('');
  const [isAsking, setAsking] = useState(false);
  const asked = { act: 'approve-business-date', about: businessDate } as const;
  const consent = useConsent(bridge, call, asked);
  const { approved, refusal } = consent;
  const approve = (): void => {
    const given = consent.give((by) =>
      call('settlement:approve-business-date', { businessDate, ...by }),
    );
    void given.then((value) => {
      if (value === null) return;
      onApproved();
      onClose();
    });
  };
  useEnter(approved === null ? null : approve);
  const ask = (): void => {
    if (reason.trim() === '') return;
    void consent.ask(reason).then((waits) => {
      if (waits) setAsking(false);
    });
  };
  return (
    <Dialog
      afterOpenChange={(isOpen) => {
        if (isOpen) firstField.current?.focus();
      }}
      open
      focusesOk={approved !== null}
      title={t('approveDate')}
      okText={isAsking ? t('askYes') : t('approveDateYes', { date: businessDate })}
      okButtonProps={{ disabled: isAsking && reason.trim() === '' }}
      cancelText={t('cancel')}
      onOk={isAsking ? ask : approve}
      onCancel={onClose}
    >
      <div className="person-form">
        <dl className="sums" data-testid="business-dates">
          <dt>{t('dateNow')}</dt>
          <dd>
            <strong>{businessDate}</strong>
          </dd>
          <dt>{t('dateLast')}</dt>
          <dd>{last}</dd>
        </dl>
        <p>{t('approveDateHint')}</p>
        {isAsking && approved === null ? (
          <label>
            <span>{t('askReason')}</span>
            <Input
              autoFocus
              data-testid="ask-reason"
              maxLength={200}
              value={reason}
              onChange={(event) => {
                setReason(event.target.value);
              }}
              onPressEnter={ask}
            />
            <span className="note-small">{t('askInsteadHint')}</span>
          </label>
        ) : (
          <ConsentFields
            consent={consent}
            name="date"
            approvedWords="askApproved"
            asksPassword={asksPassword}
            first={firstField}
            mayAsk
            onAsk={() => {
              setAsking(true);
            }}
            onEnter={approve}
          />
        )}
        {refusal === null ? null : <RefusalWords refusal={refusal} say={say} />}
      </div>
    </Dialog>
  );
}
