import { Button } from 'antd';
import { Fragment, type ReactNode } from 'react';
import { Trans, useTranslation } from 'react-i18next';

import type { SettlementView, VisitPreview } from '../../../shared/contracts/settlement.ts';
import { hospitalLinesOf } from '../../../shared/domain/hospital-part.ts';
import type { Refusal, Words } from '../../../shared/domain/result.ts';
import { sumFen } from '../../../shared/money/fen.ts';
import { Money } from '../../components/money.tsx';
import { RefusalWords } from '../../components/refusal-words.tsx';
import { dateDoubtOf } from './business-date-window.tsx';
import { visitToLock } from './account-lock-flow.ts';
import { canCancel, type DeskFlow } from './desk-flow.ts';

export type SideActs = {
  readonly forward: () => void;
  readonly confirm: () => void;
  readonly back: () => void;
  readonly next: () => void;
  readonly readAgain: () => void;
  readonly viewBill: () => void;
  readonly chooseTenders: () => void;
  readonly printAgain: () => void;
  readonly openStatement: () => void;
  /** Undoes the settlement, with a second person. */
  readonly cancelSettlement: () => void;
  /** Reads the card of who came for the patient. */
  readonly noteProxy: () => void;
  /** A supervisor is asked about the date of the machine. */
  readonly approveDate: () => void;
};

type SidePanelProps = {
  readonly flow: DeskFlow;
  /** Why a sheet could not be printed or opened; the settlement stands all the same. */
  readonly paperRefusal: Refusal | null;
  /** The card of a proxy is waited for. */
  readonly readsProxy: boolean;
  readonly say: (words: Words) => string;
  readonly acts: SideActs;
  /** What stands there while no patient is open. */
  readonly tray: ReactNode;
};

/** How much, and the one thing to do next: always bottom right, with its key and, where money moves, its amount. */
export function SidePanel({ flow, paperRefusal, readsProxy, say, acts, tray }: SidePanelProps) {
  const { t } = useTranslation();
  const { preview, settlement, moment } = flow;
  return (
    <aside className="side" aria-label={t('patientPays')}>
      {flow.visitId === null ? tray : null}
      {preview === null ? null : <Sums preview={preview} isSettled={settlement !== null} />}
      {preview !== null && preview.confirmRefusal !== null && moment === 'checking' ? (
        <RefusalWords refusal={preview.confirmRefusal} say={say} />
      ) : null}
      <AccountWords flow={flow} say={say} />
      {moment === 'problem' && flow.refusal !== null && preview !== null ? (
        <RefusalWords refusal={flow.refusal} say={say} />
      ) : null}
      {moment === 'confirming' && preview !== null ? (
        <Question flow={flow} preview={preview} />
      ) : null}
      {moment === 'settling' ? <p className="question">{t('settling')}</p> : null}
      {settlement === null ? null : <SettledFacts settlement={settlement} say={say} />}
      {readsProxy ? (
        <p className="question" role="status" data-testid="reads-proxy">
          {t('readsProxy')}
        </p>
      ) : null}
      {paperRefusal === null ? null : <RefusalWords refusal={paperRefusal} say={say} />}
      <Acts flow={flow} acts={acts} />
    </aside>
  );
}

/** That the account is being locked, or is not locked: said where the cashier decides. */
function AccountWords({ flow, say }: Pick<SidePanelProps, 'flow' | 'say'>) {
  const { t } = useTranslation();
  if (flow.moment !== 'checking' || visitToLock(flow) === null) return null;
  const { accountLock, accountSeen } = flow;
  if (accountLock === null) {
    return (
      <p className="question" role="status" data-testid="account-locking">
        {t('accountLocking')}
      </p>
    );
  }
  if (accountLock.refusal === null) return null;
  if (!accountSeen) return <RefusalWords refusal={accountLock.refusal} say={say} />;
  // The second look is all there is to see: on the smallest desk nothing below it would be.
  return (
    <div className="refusal" role="alert" data-testid="account-second-look">
      <p>
        <strong>{say(accountLock.refusal.message)}</strong>
      </p>
      <p>{t('accountSecondLook')}</p>
    </div>
  );
}

type SumsProps = { readonly preview: VisitPreview; readonly isSettled: boolean };

function Sums({ preview, isSettled }: SumsProps) {
  const { t } = useTranslation();
  const { result } = preview;
  const { due, patientPart } = result;
  return (
    <>
      <dl className="sums">
        <dt>{t('total')}</dt>
        <dd data-testid="total">
          <Money fen={result.totalFen} />
        </dd>
        <dt className="minor">{t('eligible')}</dt>
        <dd className="minor">
          <Money fen={result.eligibleFen} />
        </dd>
        <dt>{t('paidByOthers')}</dt>
        <dd data-testid="paid-by-others">
          <Money fen={sumFen(result.shares.map(({ amountFen }) => amountFen))} />
        </dd>
        {hospitalLinesOf(result).map(({ kind, amountFen }) => (
          <Fragment key={kind}>
            <dt className="minor">{t(`hospital.${kind}`)}</dt>
            <dd className="minor" data-testid={`hospital-${kind}`}>
              <Money fen={amountFen} />
            </dd>
          </Fragment>
        ))}
      </dl>
      <div className="patient-pays">
        <div className="label">{t('patientPays')}</div>
        <div className="figure" data-testid="patient-pays">
          <Money fen={result.patientPaysFen} />
        </div>
      </div>
      <dl className="sums">
        <dt className="minor">{t('within')}</dt>
        <dd className="minor">
          <Money fen={patientPart.withinCatalogueFen} />
        </dd>
        <dt className="minor">{t('outside')}</dt>
        <dd className="minor">
          <Money fen={patientPart.outsideCatalogueFen} />
        </dd>
        <dt>{t('deposit')}</dt>
        <dd>
          <Money fen={due.depositFen} />
        </dd>
        {due.toRefundFen > 0 ? (
          <>
            <dt>
              <strong>{t(isSettled ? 'refunded' : 'toRefund')}</strong>
            </dt>
            <dd data-testid="to-refund">
              <strong>
                <Money fen={due.toRefundFen} />
              </strong>
            </dd>
          </>
        ) : (
          <>
            <dt>
              <strong>{t(isSettled ? 'collected' : 'toCollect')}</strong>
            </dt>
            <dd data-testid="to-collect">
              <strong>
                <Money fen={due.toCollectFen} />
              </strong>
            </dd>
          </>
        )}
      </dl>
    </>
  );
}

/** The amount read back before anything is settled. */
function Question({ flow, preview }: { readonly flow: DeskFlow; readonly preview: VisitPreview }) {
  const { t } = useTranslation();
  const { toCollectFen, toRefundFen } = preview.result.due;
  const words =
    toRefundFen > 0
      ? 'confirmRefund'
      : toCollectFen === 0
        ? 'confirmNothing'
        : flow.tenders.length > 0
          ? 'confirmTenders'
          : 'confirmCash';
  const amountFen = toRefundFen > 0 ? toRefundFen : toCollectFen;
  const tenders = flow.tenders.map((tender, index) => (
    <Fragment key={tender.kind}>
      {index === 0 ? '' : '、'}
      {t(`tender.${tender.kind}`)} <Money fen={tender.amountFen} unit={false} />
    </Fragment>
  ));
  return (
    <div
      className="question"
      role="alertdialog"
      aria-live="assertive"
      aria-labelledby="amount-question"
    >
      <strong id="amount-question">
        <Trans
          i18nKey={words}
          components={{
            amount: <Money fen={amountFen} unit={false} />,
            tenders: <span>{tenders}</span>,
          }}
        />
      </strong>
      <div className="note-small">{t('confirmHint')}</div>
    </div>
  );
}

type SettledFactsProps = Pick<SidePanelProps, 'say'> & { readonly settlement: SettlementView };

function SettledFacts({ settlement, say }: SettledFactsProps) {
  const { t } = useTranslation();
  return (
    <div className="settled-facts">
      <p data-testid="settlement-number">
        <strong>{t('settlementNumber', { number: settlement.number })}</strong>
        <br />
        {t('settledAt', {
          at: settlement.settledAt.slice(0, 16).replace('T', ' '),
          by: settlement.settledBy,
        })}
      </p>
      <ul className="papers" data-testid="print-jobs">
        {settlement.printJobs.map((job) => (
          <li key={job.printJobId} data-testid="print-job" data-state={job.state}>
            <span>
              {t(`document.${job.document}`)}
              {job.copyNumber > 0 ? ` · ${t('copy', { count: job.copyNumber })}` : ''}
            </span>
            <span>{t(`print.${job.state}`)}</span>
            {job.problem === null ? null : <span className="why">{say(job.problem.message)}</span>}
          </li>
        ))}
      </ul>
    </div>
  );
}

function Acts({ flow, acts }: { readonly flow: DeskFlow; readonly acts: SideActs }) {
  const { t } = useTranslation();
  const { moment, preview } = flow;
  const hasBill = preview !== null;
  const isOpen = ['checking', 'paying', 'confirming'].includes(moment);
  const isSettled = ['printing', 'done', 'settled'].includes(moment);
  return (
    <div className="acts">
      {hasBill ? <Button onClick={acts.viewBill}>F6 {t('viewBill')}</Button> : null}
      {moment === 'paying' ? <Button onClick={acts.chooseTenders}>F7 {t('tenders')}</Button> : null}
      {moment === 'checking' || moment === 'paying' ? (
        <Button onClick={acts.noteProxy}>F11 {t('proxy')}</Button>
      ) : null}
      {(moment === 'checking' || moment === 'problem') && dateDoubtOf(flow) !== null ? (
        <Button onClick={acts.approveDate} data-testid="approve-date">
          {t('approveDate')}
        </Button>
      ) : null}
      {isSettled ? <Button onClick={acts.printAgain}>F9 {t('printAgain')}</Button> : null}
      {isSettled ? <Button onClick={acts.openStatement}>{t('openStatement')}</Button> : null}
      {canCancel(flow) ? (
        <Button onClick={acts.cancelSettlement} data-testid="cancel-settlement">
          F4 {t('cancelSettlement')}
        </Button>
      ) : null}
      {isOpen || moment === 'problem' || moment === 'choosing' || moment === 'asking' ? (
        <Button onClick={acts.back}>Esc {t(moment === 'asking' ? 'notThisPerson' : 'back')}</Button>
      ) : null}
      <PrimaryAct flow={flow} acts={acts} />
    </div>
  );
}

/** The one filled button. */
function PrimaryAct({ flow, acts }: { readonly flow: DeskFlow; readonly acts: SideActs }) {
  const { t } = useTranslation();
  const primary = primaryAct(flow);
  if (primary === null) return null;
  const { forward, confirm, next, readAgain } = acts;
  const run = { forward, confirm, next, readAgain }[primary.act];
  return (
    <Button
      type="primary"
      className="primary"
      data-testid="primary-action"
      disabled={primary.disabled}
      onClick={run}
    >
      <kbd>{primary.key}</kbd> {t(primary.label)}{' '}
      {primary.amountFen === null ? null : <Money fen={primary.amountFen} unit={false} />}
    </Button>
  );
}

/** What Enter means once the visit can be settled: without a lock it is looked at twice. */
function labelOfChecking(flow: DeskFlow) {
  if (visitToLock(flow) === null || flow.accountLock === null) return 'key.checking';
  if (flow.accountLock.refusal === null) return 'key.checking';
  return flow.accountSeen ? 'key.settleUnlocked' : 'key.lookAgain';
}

function primaryAct(flow: DeskFlow) {
  const { moment, preview, visitId, question } = flow;
  const due = preview?.result.due;
  const amountFen =
    due === undefined ? null : due.toRefundFen > 0 ? due.toRefundFen : due.toCollectFen;
  const payLabel =
    due === undefined || due.toRefundFen > 0
      ? 'key.payingRefund'
      : due.toCollectFen === 0
        ? 'key.payingNothing'
        : 'key.paying';
  const plain = { disabled: false, amountFen: null };
  switch (moment) {
    case 'checking':
      return {
        ...plain,
        act: 'forward' as const,
        key: 'Enter',
        label: preview?.confirmRefusal === null ? labelOfChecking(flow) : 'key.problem',
        disabled: visitToLock(flow) !== null && flow.accountLock === null,
      };
    case 'paying':
      return { ...plain, act: 'confirm' as const, key: 'F8', label: payLabel, amountFen };
    case 'confirming':
    case 'settling':
      return {
        act: 'forward' as const,
        key: 'Enter',
        label: 'key.confirming',
        amountFen,
        disabled: moment === 'settling',
      };
    case 'printing':
    case 'done':
    case 'settled':
      return { ...plain, act: 'next' as const, key: 'F10', label: 'key.done' };
    case 'problem':
      return visitId === null
        ? { ...plain, act: 'readAgain' as const, key: 'F2', label: 'key.readAgain' }
        : { ...plain, act: 'forward' as const, key: 'Enter', label: 'key.problem' };
    case 'choosing':
      return { ...plain, act: 'forward' as const, key: 'Enter', label: 'key.choosing' };
    case 'asking':
      return {
        ...plain,
        act: 'forward' as const,
        key: 'Enter',
        label: question?.code === 'newborn-on-card' ? 'key.askingNewborn' : 'key.asking',
      };
    case 'waiting':
      return { ...plain, act: 'readAgain' as const, key: 'F2', label: 'key.waiting' };
    case 'loading':
      return null;
  }
}
