import { Input, type InputRef } from 'antd';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';

import type { Refusal, Result, Words } from '../../../shared/domain/result.ts';
import type { Call } from '../../api/call.ts';
import { Dialog } from '../../components/dialog.tsx';
import { Money } from '../../components/money.tsx';
import { RefusalWords } from '../../components/refusal-words.tsx';
import type { ListedRequest, RequestAct } from './request-acts.ts';
import { About } from './request-row.tsx';

type ActWindowProps = {
  readonly call: Call;
  readonly say: (words: Words) => string;
  readonly act: RequestAct;
  readonly request: ListedRequest;
  readonly onDone: () => void;
  /** What is listed may be another by now. */
  readonly onRefused: () => void;
  readonly onClose: () => void;
};

/** One act on one request, read back before it is done; what is refused is said here, and the reason that was typed stays. */
export function ActWindow({ call, say, act, request, onDone, onRefused, onClose }: ActWindowProps) {
  const { t } = useTranslation();
  const field = useRef<InputRef>(null);
  const [reason, setReason] = useState('');
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const [isBusy, setBusy] = useState(false);
  const { requestId, settlement, askedBy } = request;
  const takesReason = act === 'approve' || act === 'refuse';
  const isReady = act !== 'refuse' || reason.trim() !== '';
  const work = (): Promise<Result<unknown>> => {
    switch (act) {
      case 'approve':
      case 'refuse':
        return call('second-person:decide', { requestId, isApproved: act === 'approve', reason });
      case 'review':
        return call('second-person:review', { requestId });
      case 'take-back':
        return call('second-person:take-back', { requestId });
    }
  };
  const submit = (): void => {
    if (!isReady || isBusy) return;
    setBusy(true);
    void work().then((answer) => {
      setBusy(false);
      if (answer.ok) onDone();
      else {
        setRefusal(answer.refusal);
        onRefused();
      }
    });
  };
  return (
    <Dialog
      open
      afterOpenChange={(isOpen) => {
        if (isOpen && act === 'refuse') field.current?.focus();
      }}
      title={t(`requestActTitle.${act}`)}
      okText={t(`requestAct.${act}`)}
      cancelText={t('cancel')}
      okButtonProps={{ autoFocus: act !== 'refuse', disabled: !isReady, danger: act === 'refuse' }}
      confirmLoading={isBusy}
      onOk={submit}
      onCancel={onClose}
    >
      <div className="person-form" data-testid="act-window">
        <dl className="sums request-facts">
          <dt>{t('requestWhat')}</dt>
          <dd>{t(`actOfTwo.${request.act}`)}</dd>
          <dt>{t(request.act === 'approve-business-date' ? 'businessDate' : 'requestFor')}</dt>
          <dd>
            <About request={request} />
          </dd>
          {settlement === null ? null : (
            <>
              <dt>{t('requestAmount')}</dt>
              <dd>
                <strong>
                  <Money fen={settlement.amountFen} />
                </strong>
              </dd>
            </>
          )}
          <dt>{t('askedBy')}</dt>
          <dd>
            <bdi>{askedBy.name}</bdi>
          </dd>
          <dt>{t('reason')}</dt>
          <dd>
            <bdi>{request.emergencyReason ?? request.reason}</bdi>
          </dd>
        </dl>
        <p className="note">{t(`requestActHint.${act}`)}</p>
        {takesReason ? (
          <label>
            <span>{t(act === 'refuse' ? 'refuseReason' : 'approveReason')}</span>
            <Input
              ref={field}
              data-testid="decision-reason"
              maxLength={200}
              value={reason}
              onChange={(event) => {
                setReason(event.target.value);
              }}
              onPressEnter={submit}
            />
          </label>
        ) : null}
        {refusal === null ? null : <RefusalWords refusal={refusal} say={say} />}
      </div>
    </Dialog>
  );
}
