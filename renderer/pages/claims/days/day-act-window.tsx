import type { InputRef } from 'antd';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';

import type { Refusal, Result, Words } from '../../../../shared/domain/result.ts';
import { readReason } from '../../../../shared/domain/written-text.ts';
import type { DeskBridge } from '../../../api/bridge.ts';
import type { Call } from '../../../api/call.ts';
import { Dialog } from '../../../components/dialog.tsx';
import { Money } from '../../../components/money.tsx';
import { ReasonField } from '../../../components/reason-field.tsx';
import { RefusalWords } from '../../../components/refusal-words.tsx';
import { useEnter } from '../../../components/use-enter.ts';
import { ConsentFields } from '../../approvals/consent-fields.tsx';
import { useConsent } from '../../approvals/use-consent.ts';
import { aboutOf, type DayAct } from './day-act.ts';

type DayActWindowProps = {
  readonly bridge: DeskBridge;
  readonly call: Call;
  readonly say: (words: Words) => string;
  readonly language: 'zh' | 'en';
  readonly act: DayAct;
  /** A demo's users have no password. */
  readonly asksPassword: boolean;
  readonly onDone: () => void;
  readonly onClose: () => void;
};

/** One act on a difference, a day or a remittance, read back with its reason; what cannot be undone takes a supervisor. */
export function DayActWindow(props: DayActWindowProps) {
  const { bridge, call, say, language, act, asksPassword, onDone, onClose } = props;
  const { t } = useTranslation();
  const field = useRef<InputRef>(null);
  const [typed, setTyped] = useState('');
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const [isBusy, setBusy] = useState(false);
  const takesTwo = act.kind === 'close-day' || act.kind === 'take-back';
  const consent = useConsent(bridge, call, {
    act: act.kind === 'take-back' ? 'take-back-remittance' : 'close-day',
    about: aboutOf(act),
  });
  const request = takesTwo ? consent.request : null;
  const hasReason = act.kind !== 'close-day';
  const reason = request?.reason ?? (hasReason ? readReason(typed) : t('dayClose'));
  const hasConsent = !takesTwo || consent.approved !== null || consent.supervisor.isNamed;
  const isReady = reason !== '' && hasConsent;
  const alone = (): Promise<Result<unknown>> => {
    const decision = { differenceId: aboutOf(act), reason };
    return act.kind === 'book-line'
      ? call('reconciliation:book-line', decision)
      : call('reconciliation:explain', decision);
  };
  const work = async (): Promise<boolean> => {
    if (act.kind === 'close-day') {
      const { businessDate } = act;
      const done = await consent.give((by) =>
        call('reconciliation:close-day', { businessDate, consent: by }),
      );
      return done !== null;
    }
    if (act.kind === 'take-back') {
      const { remittanceId } = act.remittance;
      const done = await consent.give((by) =>
        call('reconciliation:take-back', { remittanceId, reason, consent: by }),
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
    });
  };
  useEnter(takesTwo && consent.approved !== null ? submit : null);
  const refused = takesTwo ? consent.refusal : refusal;
  const first = takesTwo && (!hasReason || request !== null) ? { first: field } : {};
  return (
    <Dialog
      open
      focusesOk={takesTwo && consent.approved !== null}
      afterOpenChange={(isOpen) => {
        if (isOpen) field.current?.focus();
      }}
      title={titleOf(t, act)}
      okText={t(`dayAct.${act.kind}`)}
      cancelText={t('cancel')}
      okButtonProps={{ disabled: !isReady, danger: takesTwo }}
      confirmLoading={isBusy}
      onOk={submit}
      onCancel={onClose}
    >
      <div className="person-form" data-testid="day-act-window">
        <Subject act={act} language={language} />
        <p className={takesTwo ? 'warn' : 'note'}>{t(`dayActHint.${act.kind}`)}</p>
        {hasReason && request === null ? (
          <ReasonField
            field={field}
            testId="day-act-reason"
            label={t('dayActReason')}
            example={t('dayActReasonExample')}
            typed={typed}
            onTyped={setTyped}
            onEnter={submit}
          />
        ) : null}
        {takesTwo ? (
          <ConsentFields
            consent={consent}
            name="day-act"
            approvedWords="dayActApproved"
            asksPassword={asksPassword}
            {...first}
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

type Titles =
  | 'dayActTitle.explain'
  | 'dayActTitle.book-line'
  | 'dayActTitle.close-day'
  | 'dayActTitle.take-back';

function titleOf(
  t: (key: Titles, values: { readonly day: string; readonly number: string }) => string,
  act: DayAct,
): string {
  const day = act.kind === 'close-day' ? act.businessDate : '';
  const number = act.kind === 'take-back' ? act.remittance.number : '';
  return t(`dayActTitle.${act.kind}`, { day, number });
}

function Subject({ act, language }: { readonly act: DayAct; readonly language: 'zh' | 'en' }) {
  const { t } = useTranslation();
  switch (act.kind) {
    case 'close-day':
      return null;
    case 'take-back':
      return (
        <p>
          <strong>
            {act.remittance.name[language]} · <Money fen={act.remittance.paidFen} />
          </strong>
        </p>
      );
    case 'explain':
    case 'book-line': {
      const { difference } = act;
      return (
        <p>
          <strong>
            {t(`differenceClass.${difference.class}`)} · {difference.name[language]} ·{' '}
            <bdi>{difference.settlementNumber ?? difference.reference}</bdi>
          </strong>
        </p>
      );
    }
  }
}
