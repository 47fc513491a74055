import { Input, type InputRef } from 'antd';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';

import type { ClaimRow } from '../../../shared/contracts/claims.ts';
import type { Refusal, Result, Words } from '../../../shared/domain/result.ts';
import type { Call } from '../../api/call.ts';
import { Dialog } from '../../components/dialog.tsx';
import { Money } from '../../components/money.tsx';
import { RefusalWords } from '../../components/refusal-words.tsx';
import { SupervisorFields, useSupervisor } from '../../components/supervisor-fields.tsx';
import type { ClaimAct } from './claim-acts.ts';

type DecisionWindowProps = {
  readonly call: Call;
  readonly say: (words: Words) => string;
  readonly language: 'zh' | 'en';
  readonly act: ClaimAct;
  readonly claim: ClaimRow;
  /** A demo's users have no password. */
  readonly asksPassword: boolean;
  readonly onDone: () => void;
  /** The claim may be another by now. */
  readonly onRefused: () => void;
  readonly onClose: () => void;
};

/** One decision on one claim, read back with its reason; what may be paid twice takes a supervisor beside. */
export function DecisionWindow({
  call,
  say,
  language,
  act,
  claim,
  asksPassword,
  onDone,
  onRefused,
  onClose,
}: DecisionWindowProps) {
  const { t } = useTranslation();
  const field = useRef<InputRef>(null);
  const [reason, setReason] = useState('');
  const supervisor = useSupervisor();
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const [isBusy, setBusy] = useState(false);
  const { claimId } = claim;
  const takesTwo = act === 'not-booked';
  const isReady = reason.trim() !== '' && (!takesTwo || supervisor.isNamed);
  const work = (): Promise<Result<unknown>> => {
    const decision = { claimId, reason: reason.trim() };
    if (act === 'anew') return call('claims:anew', decision);
    if (act === 'ask-again') return call('claims:ask-again', decision);
    return call('claims:not-booked', { ...decision, consent: supervisor.take() });
  };
  const submit = (): void => {
    if (!isReady || isBusy) return;
    setBusy(true);
    void work().then((answer) => {
      setBusy(false);
      if (answer.ok) {
        onDone();
        return;
      }
      setRefusal(answer.refusal);
      supervisor.heard(answer.refusal);
      onRefused();
    });
  };
  return (
    <Dialog
      open
      afterOpenChange={(isOpen) => {
        if (isOpen) field.current?.focus();
      }}
      title={t(`claimActTitle.${act}`)}
      okText={t(`claimAct.${act}`)}
      cancelText={t('cancel')}
      okButtonProps={{ disabled: !isReady, danger: takesTwo }}
      confirmLoading={isBusy}
      onOk={submit}
      onCancel={onClose}
    >
      <div className="person-form" data-testid="decision-window">
        <p>
          <strong>
            <bdi>{claim.maskedName}</bdi> · {claim.settlementNumber} · {claim.name[language]} ·{' '}
            <Money fen={claim.claimedFen} />
          </strong>
        </p>
        <p className={takesTwo ? 'warn' : 'note'}>{t(`claimActHint.${act}`)}</p>
        <label>
          <span>{t('claimReason')}</span>
          <Input
            ref={field}
            data-testid="claim-reason"
            maxLength={200}
            placeholder={t('claimReasonExample')}
            value={reason}
            onChange={(event) => {
              setReason(event.target.value);
            }}
            onPressEnter={submit}
          />
        </label>
        {takesTwo ? (
          <SupervisorFields supervisor={supervisor} asksPassword={asksPassword} onEnter={submit} />
        ) : null}
        {refusal === null ? null : <RefusalWords refusal={refusal} say={say} />}
      </div>
    </Dialog>
  );
}
