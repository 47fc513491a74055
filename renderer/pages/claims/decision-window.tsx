import type { InputRef } from 'antd';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';

import type { ClaimRow } from '../../../shared/contracts/claims.ts';
import { readReason } from '../../../shared/domain/written-text.ts';
import type { Refusal, Result, Words } from '../../../shared/domain/result.ts';
import type { DeskBridge } from '../../api/bridge.ts';
import type { Call } from '../../api/call.ts';
import { Dialog } from '../../components/dialog.tsx';
import { Money } from '../../components/money.tsx';
import { ReasonField } from '../../components/reason-field.tsx';
import { RefusalWords } from '../../components/refusal-words.tsx';
import { useEnter } from '../../components/use-enter.ts';
import { ConsentFields } from '../approvals/consent-fields.tsx';
import { useConsent } from '../approvals/use-consent.ts';
import { takesTwoPeople, type ClaimAct } from './claim-acts.ts';

type DecisionWindowProps = {
  readonly bridge: DeskBridge;
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

/** One decision on one claim, read back with its reason; what may be paid twice takes a supervisor, beside or from another page. */
export function DecisionWindow({
  bridge,
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
  const [typed, setTyped] = useState('');
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const [isBusy, setBusy] = useState(false);
  const { claimId } = claim;
  const takesTwo = takesTwoPeople(act);
  const consent = useConsent(bridge, call, {
    act: act === 'undo' ? 'claim-undo' : 'claim-not-booked',
    about: claimId,
  });
  const request = takesTwo ? consent.request : null;
  // What was approved was approved for the reason it was asked with.
  const reason = request?.reason ?? readReason(typed);
  const hasConsent = !takesTwo || consent.approved !== null || consent.supervisor.isNamed;
  const isReady = reason !== '' && hasConsent;
  const decision = { claimId, reason };
  const alone = (): Promise<Result<unknown>> =>
    act === 'anew' ? call('claims:anew', decision) : call('claims:ask-again', decision);
  const work = async (): Promise<boolean> => {
    if (takesTwo) {
      const done = await consent.give<unknown>((by) =>
        act === 'undo'
          ? call('claims:undo', { ...decision, consent: by })
          : call('claims:not-booked', { ...decision, consent: by }),
      );
      return done !== null;
    }
    const answer = await alone();
    setRefusal(answer.ok ? null : answer.refusal);
    return answer.ok;
  };
  const submit = (): void => {
    if (!isReady || isBusy) return;
    setBusy(true);
    void work().then((isDone) => {
      setBusy(false);
      if (isDone) onDone();
      else onRefused();
    });
  };
  useEnter(takesTwo && consent.approved !== null ? submit : null);
  const refused = takesTwo ? consent.refusal : refusal;
  return (
    <Dialog
      open
      focusesOk={takesTwo && consent.approved !== null}
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
        {request === null ? (
          <ReasonField
            field={field}
            testId="claim-reason"
            label={t('claimReason')}
            example={t('claimReasonExample')}
            typed={typed}
            onTyped={setTyped}
            onEnter={submit}
          />
        ) : (
          <p>
            {t('claimReason')}：<bdi>{request.reason}</bdi>
          </p>
        )}
        {takesTwo ? (
          <ConsentFields
            consent={consent}
            name="claim"
            approvedWords="claimConsentApproved"
            asksPassword={asksPassword}
            {...(request === null ? {} : { first: field })}
            mayAsk={reason !== ''}
            onAsk={() => void consent.ask(reason)}
            onEnter={submit}
          />
        ) : null}
        {refused === null ? null : <RefusalWords refusal={refused} say={say} />}
      </div>
    </Dialog>
  );
}
