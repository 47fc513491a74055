import { Input, type InputRef } from 'antd';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';

import type { Refusal, Words } from '../../../shared/domain/result.ts';
import type { Call } from '../../api/call.ts';
import { Dialog } from '../../components/dialog.tsx';
import { usePin } from '../../components/use-pin.ts';
import { RefusalWords } from '../../components/refusal-words.tsx';
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
  readonly call: Call;
  readonly onApproved: () => void;
  readonly onClose: () => void;
};

/** A supervisor says that the date of the machine is right. */
export function BusinessDateWindow({
  doubt,
  say,
  asksPassword,
  call,
  onApproved,
  onClose,
}: BusinessDateWindowProps) {
  const { t } = useTranslation();
  const firstField = useRef<InputRef>(null);
  const [supervisor, setSupervisor] = useState('');
  const [password, setPassword] = useState('');
  const certificate = usePin();
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const accept = (): void => {
    if (supervisor.trim() === '') return;
    setPassword('');
    const { businessDate } = doubt;
    const proof = { ...(password === '' ? {} : { password }), ...certificate.given };
    const approvedBy = supervisor.trim();
    void call('settlement:approve-business-date', { businessDate, approvedBy, ...proof }).then(
      (answer) => {
        if (!answer.ok) {
          certificate.heard(answer.refusal);
          setRefusal(answer.refusal);
          return;
        }
        onApproved();
        onClose();
      },
    );
  };
  return (
    <Dialog
      afterOpenChange={(isOpen) => {
        if (isOpen) firstField.current?.focus();
      }}
      open
      title={t('approveDate')}
      okText={t('approveDateYes', { date: doubt.businessDate })}
      cancelText={t('cancel')}
      onOk={accept}
      onCancel={onClose}
    >
      <dl className="sums" data-testid="business-dates">
        <dt>{t('dateNow')}</dt>
        <dd>
          <strong>{doubt.businessDate}</strong>
        </dd>
        <dt>{t('dateLast')}</dt>
        <dd>{doubt.last}</dd>
      </dl>
      <p>{t('approveDateHint')}</p>
      <label>
        {t('supervisorId')}
        <Input
          ref={firstField}
          data-testid="supervisor"
          maxLength={60}
          value={supervisor}
          onChange={(event) => {
            setSupervisor(event.target.value);
          }}
          onPressEnter={accept}
        />
      </label>
      {asksPassword ? (
        <label>
          {t('supervisorPassword')}
          <Input.Password
            data-testid="supervisor-password"
            autoComplete="off"
            maxLength={1000}
            visibilityToggle={false}
            value={password}
            onChange={(event) => {
              setPassword(event.target.value);
            }}
            onPressEnter={accept}
          />
        </label>
      ) : null}
      {certificate.isAsked ? (
        <label>
          {t('certificatePin')}
          <Input.Password
            data-testid="supervisor-pin"
            autoComplete="off"
            maxLength={300}
            visibilityToggle={false}
            value={certificate.pin}
            onChange={(event) => {
              certificate.setPin(event.target.value);
            }}
            onPressEnter={accept}
          />
        </label>
      ) : null}
      {refusal === null ? null : <RefusalWords refusal={refusal} say={say} />}
    </Dialog>
  );
}
