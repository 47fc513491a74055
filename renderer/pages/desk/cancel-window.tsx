import { Button, Input, type InputRef } from 'antd';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';

import type { OutputOf } from '../../../shared/contracts/contracts.ts';
import type { SettlementView } from '../../../shared/contracts/settlement.ts';
import type { Words } from '../../../shared/domain/result.ts';
import type { Tender } from '../../../shared/domain/visit.ts';
import { fen } from '../../../shared/money/fen.ts';
import type { DeskBridge } from '../../api/bridge.ts';
import type { Call } from '../../api/call.ts';
import { Dialog } from '../../components/dialog.tsx';
import { Money } from '../../components/money.tsx';
import { RefusalWords } from '../../components/refusal-words.tsx';
import { useEnter } from '../../components/use-enter.ts';
import { ConsentFields } from '../approvals/consent-fields.tsx';
import { useConsent } from '../approvals/use-consent.ts';
import { tooSoonMs } from './desk-flow.ts';

type Cancelled = OutputOf<'settlement:cancel'>;

type CancelWindowProps = {
  readonly settlement: SettlementView;
  readonly say: (words: Words) => string;
  /** A supervisor proves who it is, but in a demo. */
  readonly asksPassword: boolean;
  readonly bridge: DeskBridge;
  readonly call: Call;
  readonly onCancelled: () => void;
  readonly onClose: () => void;
};

/** What is mostly the matter; anything else is typed. */
const usualReasons = ['bill', 'person', 'tender'] as const;

/** Undoes a settlement with a second person: what goes back over the counter is said before, and once more after it. */
export function CancelWindow(props: CancelWindowProps) {
  const [cancelled, setCancelled] = useState<Cancelled | null>(null);
  return cancelled === null ? (
    <AskToCancel {...props} onDone={setCancelled} />
  ) : (
    <WhatWasCancelled {...props} cancelled={cancelled} />
  );
}

function AskToCancel({
  settlement: { settlementId, number, tenders },
  say,
  asksPassword,
  bridge,
  call,
  onDone,
  onClose,
}: CancelWindowProps & { readonly onDone: (cancelled: Cancelled) => void }) {
  const { t } = useTranslation();
  const firstField = useRef<InputRef>(null);
  const [typed, setTyped] = useState('');
  const [isBusy, setBusy] = useState(false);
  const asked = { act: 'cancel-settlement', about: settlementId } as const;
  const consent = useConsent(bridge, call, asked);
  const { supervisor, request, approved, refusal } = consent;
  // What was approved was approved for the reason it was asked with.
  const reason = request?.reason ?? typed.trim();
  const cancel = (): void => {
    if (isBusy || reason === '') return;
    setBusy(true);
    const given = consent.give((by) => call('settlement:cancel', { settlementId, reason, ...by }));
    void given.then((value) => {
      setBusy(false);
      if (value !== null) onDone(value);
    });
  };
  useEnter(approved === null ? null : cancel);
  const isReady = reason !== '' && (approved !== null || supervisor.isNamed);
  return (
    <Dialog
      afterOpenChange={(isOpen) => {
        if (isOpen) firstField.current?.focus();
      }}
      open
      focusesOk={approved !== null}
      title={t('cancelSettlement')}
      okText={t('cancelYes')}
      okButtonProps={{ disabled: !isReady || isBusy, danger: true }}
      cancelText={t('back')}
      onOk={cancel}
      onCancel={onClose}
    >
      <div className="person-form" data-testid="cancel-window">
        <dl className="sums">
          <dt>{t('cancelOf')}</dt>
          <dd>{number}</dd>
          <MoneyBack tenders={tenders} />
          {request === null ? null : (
            <>
              <dt>{t('cancelReason')}</dt>
              <dd>
                <bdi>{request.reason}</bdi>
              </dd>
            </>
          )}
        </dl>
        <p>{t('cancelHint')}</p>
        {request === null ? (
          <label>
            <span>{t('cancelReason')}</span>
            <Input
              ref={firstField}
              data-testid="cancel-reason"
              maxLength={200}
              value={typed}
              onChange={(event) => {
                setTyped(event.target.value);
              }}
            />
            <span className="usual">
              {usualReasons.map((each) => (
                <Button
                  key={each}
                  size="small"
                  data-testid={`cancel-usual-${each}`}
                  onClick={() => {
                    setTyped(t(`cancelReason.${each}`));
                  }}
                >
                  {t(`cancelReason.${each}`)}
                </Button>
              ))}
            </span>
          </label>
        ) : null}
        <ConsentFields
          consent={consent}
          name="cancel"
          approvedWords="cancelApproved"
          asksPassword={asksPassword}
          {...(request === null ? {} : { first: firstField })}
          mayAsk={reason !== ''}
          onAsk={() => void consent.ask(reason)}
          onEnter={cancel}
        />
        {refusal === null ? null : <RefusalWords refusal={refusal} say={say} />}
      </div>
    </Dialog>
  );
}

function WhatWasCancelled({
  settlement: { number },
  say,
  cancelled: { already, tendersBack, claimsWithdrawn, hasNewerBill, later, warnings },
  onCancelled,
  onClose,
}: CancelWindowProps & { readonly cancelled: Cancelled }) {
  const { t } = useTranslation();
  const [shownAtMs] = useState(() => performance.now());
  const goOn = (): void => {
    // A second press of the key that cancelled was not meant for what is to be handed over now.
    if (performance.now() - shownAtMs < tooSoonMs) return;
    onClose();
    onCancelled();
  };
  useEnter(goOn);
  return (
    <Dialog
      open
      title={t('cancelled')}
      okText={t('cancelGoOn')}
      closable={false}
      cancelButtonProps={{ style: { display: 'none' } }}
      onOk={goOn}
      onCancel={goOn}
    >
      <div className="person-form" data-testid="cancel-done">
        <dl className="sums">
          <dt>{t('cancelOf')}</dt>
          <dd>{number}</dd>
          {already ? null : <MoneyBack tenders={tendersBack} />}
        </dl>
        <p>
          <strong>{t(already ? 'cancelAlready' : 'cancelDone')}</strong>
        </p>
        <p>{t('cancelClaims', { count: claimsWithdrawn })}</p>
        {hasNewerBill ? <p>{t('cancelNewerBill')}</p> : null}
        {later.length === 0 ? null : (
          <>
            <p>{t('cancelLater')}</p>
            <ul>
              {later.map((each) => (
                <li key={each.number}>
                  {t('cancelLaterOne', { number: each.number })}{' '}
                  <Money fen={each.wasPatientPaysFen} /> →{' '}
                  {each.wouldBePatientPaysFen === null ? (
                    each.because === null ? (
                      t('cancelLaterUnknown')
                    ) : (
                      say(each.because)
                    )
                  ) : (
                    <Money fen={each.wouldBePatientPaysFen} />
                  )}
                </li>
              ))}
            </ul>
          </>
        )}
        {warnings.map((warning) => (
          <p key={warning.code} className="note">
            {say(warning.text)}
          </p>
        ))}
      </div>
    </Dialog>
  );
}

/** What goes back over the counter, by way of paying: what the patient paid is given back, what was refunded is taken back. */
function MoneyBack({ tenders }: { readonly tenders: readonly Tender[] }) {
  const { t } = useTranslation();
  if (tenders.length === 0) {
    return (
      <>
        <dt>{t('cancelGiveBack')}</dt>
        <dd>{t('cancelNothing')}</dd>
      </>
    );
  }
  return tenders.map(({ kind, amountFen }) => (
    <MoneyBackRow key={kind} kind={kind} amountFen={amountFen} />
  ));
}

function MoneyBackRow({ kind, amountFen }: Tender) {
  const { t } = useTranslation();
  const [words, size] =
    amountFen < 0
      ? (['cancelTakeBack', fen(0 - amountFen)] as const)
      : (['cancelGiveBack', amountFen] as const);
  return (
    <>
      <dt>
        {t(words)} · {t(`tender.${kind}`)}
      </dt>
      <dd>
        <strong>
          <Money fen={size} />
        </strong>
      </dd>
    </>
  );
}
