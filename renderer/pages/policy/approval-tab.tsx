import { Button, Checkbox, Input } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';

import type { Role } from '../../../shared/contracts/contract.ts';
import type { PackAssumptionView } from '../../../shared/contracts/pack-approvals.ts';
import type { ReadablePack } from '../../../shared/contracts/policies.ts';
import type { Refusal, Words } from '../../../shared/domain/result.ts';
import type { Call } from '../../api/call.ts';
import { RefusalWords } from '../../components/refusal-words.tsx';
import { saveFile } from '../../components/save-file.ts';
import { useWindowKeys } from '../../components/use-window-keys.ts';
import { ApprovalFacts } from './approval-facts.tsx';

type ApprovalTabProps = {
  readonly call: Call;
  readonly pack: ReadablePack;
  readonly role: Role | null;
  readonly say: (words: Words) => string;
  /** Something was done: everything is asked for again. */
  readonly onDone: () => void;
};

/** The reasons by assumption; an assumption that is not in it is not accepted. */
type Reasons = Readonly<Record<string, string>>;

/**
 * Whether a pack counts, and who said so. The policy officer accepts assumptions and prepares it, a supervisor who is another
 * person approves it, either stops it; everybody may print the sheet they sign.
 */
export function ApprovalTab({ call, pack, role, say, onDone }: ApprovalTabProps) {
  const { t } = useTranslation();
  const { row, assumptions } = pack;
  const { approval } = row;
  const [reasons, setReasons] = useState<Reasons>(() => reasonsOf(assumptions, approval));
  const [stopping, setStopping] = useState<string | null>(null);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const [isBusy, setBusy] = useState(false);
  const named = { pack: row.pack, version: row.version };
  const isOfficer = role === 'policy-officer';
  const waiting = approval.waiting;
  const mayApprove = role === 'supervisor' && waiting !== null && !waiting.isOwn;
  const mayStop =
    (isOfficer || role === 'supervisor') &&
    (approval.approved !== null || waiting !== null || approval.settledBefore) &&
    approval.state !== 'withdrawn';
  const unexplained = Object.values(reasons).some((reason) => reason.trim() === '');
  const act = async (asked: ReturnType<typeof anyOf>): Promise<void> => {
    if (isBusy) return;
    setBusy(true);
    const answer = await asked();
    setBusy(false);
    setRefusal(answer.ok ? null : answer.refusal);
    if (answer.ok) onDone();
  };
  const prepare = (): void => {
    const { fingerprint } = approval;
    const accepted = Object.entries(reasons).map(([assumption, reason]) => ({
      ...{ assumption, reason },
    }));
    void act(anyOf(() => call('policies:prepare', { ...named, fingerprint, accepted })));
  };
  const approve = (): void => {
    if (waiting === null) return;
    const { preparedId } = waiting;
    void act(anyOf(() => call('policies:approve', { ...named, preparedId })));
  };
  const stop = (): void => {
    const reason = stopping ?? '';
    void act(anyOf(() => call('policies:withdraw', { ...named, reason })));
  };
  const print = (): void => {
    void call('policies:sheet', named).then((answer) => {
      setRefusal(answer.ok ? null : answer.refusal);
      if (answer.ok) saveFile(answer.value.fileName, answer.value.pdfBase64);
    });
  };
  const confirm = isOfficer && !unexplained ? prepare : mayApprove ? approve : null;
  useApprovalKeys({ confirm, print });
  const top = useRef<HTMLElement>(null);
  // What was done stands in the first line.
  useEffect(() => {
    top.current?.closest('.pack')?.scrollTo({ top: 0 });
  }, []);
  return (
    <section className="approval" data-testid="approval" ref={top}>
      <ApprovalFacts approval={approval} />
      {refusal === null ? null : <RefusalWords refusal={refusal} say={say} />}
      <h3>{t('approvalAssumptions', { count: assumptions.length })}</h3>
      <p className="soft">
        {t(assumptions.length === 0 ? 'approvalNoAssumptions' : 'approvalAssumptionsHelp')}
      </p>
      <ul className="assumptions">
        {assumptions.map((assumption) => (
          <AssumptionRow
            key={assumption.name}
            assumption={assumption}
            isWaiting={waiting !== null}
            reason={reasons[assumption.name] ?? null}
            say={say}
            onReason={
              isOfficer
                ? (reason) => {
                    setReasons(withReason(reasons, assumption.name, reason));
                  }
                : null
            }
          />
        ))}
      </ul>
      <div className="acts">
        {isOfficer ? (
          <Button
            type="primary"
            data-testid="pack-prepare"
            disabled={isBusy || unexplained}
            onClick={prepare}
          >
            <kbd>F8</kbd> {t('approvalPrepare')}
          </Button>
        ) : null}
        {role === 'supervisor' ? (
          <Button
            type="primary"
            data-testid="pack-approve"
            disabled={isBusy || !mayApprove}
            onClick={approve}
          >
            <kbd>F8</kbd> {t('approvalApprove')}
          </Button>
        ) : null}
        <Button data-testid="pack-sheet" onClick={print}>
          <kbd>F9</kbd> {t('approvalSheet')}
        </Button>
        {mayStop && stopping === null ? (
          <Button
            danger
            data-testid="pack-stop"
            onClick={() => {
              setStopping('');
            }}
          >
            {t('approvalStop')}
          </Button>
        ) : null}
      </div>
      {unexplained ? <p className="note">{t('approvalReasonMissing')}</p> : null}
      {role === 'supervisor' && waiting?.isOwn === true ? (
        <p className="note">{t('approvalOwn')}</p>
      ) : null}
      {stopping === null ? null : (
        <form
          className="stopping"
          onSubmit={(event) => {
            event.preventDefault();
            stop();
          }}
        >
          <Input
            autoFocus
            size="small"
            maxLength={500}
            aria-label={t('approvalStopReason')}
            placeholder={t('approvalStopReason')}
            data-testid="pack-stop-reason"
            value={stopping}
            onChange={({ target }) => {
              setStopping(target.value);
            }}
          />
          <Button
            danger
            size="small"
            htmlType="submit"
            data-testid="pack-stop-now"
            disabled={isBusy || stopping.trim() === ''}
          >
            {t('approvalStopNow')}
          </Button>
          <Button
            size="small"
            onClick={() => {
              setStopping(null);
            }}
          >
            {t('approvalStopNot')}
          </Button>
          <p className="soft">{t('approvalStopHelp')}</p>
        </form>
      )}
    </section>
  );
}

type Answered = { readonly ok: true } | { readonly ok: false; readonly refusal: Refusal };

const anyOf = (asked: () => Promise<Answered>): (() => Promise<Answered>) => asked;

/** What waits for a second person is what is worked on; else what was approved. */
function reasonsOf(
  assumptions: readonly PackAssumptionView[],
  { waiting }: ReadablePack['row']['approval'],
): Reasons {
  return Object.fromEntries(
    assumptions.flatMap((each) => {
      const reason = waiting === null ? each.accepted : each.waiting;
      return reason === null ? [] : [[each.name, reason]];
    }),
  );
}

function withReason(reasons: Reasons, name: string, reason: string | null): Reasons {
  const others = Object.fromEntries(Object.entries(reasons).filter(([each]) => each !== name));
  return reason === null ? others : { ...others, [name]: reason };
}

function AssumptionRow({
  assumption,
  isWaiting,
  reason,
  say,
  onReason,
}: {
  readonly assumption: PackAssumptionView;
  readonly isWaiting: boolean;
  /** Null: it is not accepted. */
  readonly reason: string | null;
  readonly say: (words: Words) => string;
  /** Null: who looks may not. */
  readonly onReason: ((reason: string | null) => void) | null;
}) {
  const { t } = useTranslation();
  const { name, label, reason: because, steps, accepted, waiting } = assumption;
  const standing = isWaiting ? waiting : accepted;
  return (
    <li data-testid={`assumption-${name}`}>
      <div>
        {onReason === null ? (
          <strong>{say(label)}</strong>
        ) : (
          <Checkbox
            checked={reason !== null}
            aria-label={t('approvalAccept', { label: say(label) })}
            onChange={({ target }) => {
              onReason(target.checked ? (standing ?? '') : null);
            }}
          >
            <strong>{say(label)}</strong>
          </Checkbox>
        )}
        <span className={standing === null ? 'blocked' : 'ready'}>
          {standing === null ? t('assumptionOpen') : t('assumptionAccepted')}
        </span>
      </div>
      <p>{say(because)}</p>
      <p className="soft">
        <code>{name}</code>
        {steps.length === 0
          ? ''
          : ` · ${t('assumptionSteps', { steps: steps.map((step) => say(step)).join('、') })}`}
      </p>
      {onReason === null ? (
        standing === null || standing === '' ? null : (
          <p>{t('assumptionBecause', { reason: standing })}</p>
        )
      ) : reason === null ? null : (
        <Input
          size="small"
          maxLength={500}
          data-testid={`reason-${name}`}
          aria-label={t('approvalReason', { label: say(label) })}
          placeholder={t('approvalReasonExample')}
          status={reason.trim() === '' ? 'error' : ''}
          value={reason}
          onChange={({ target }) => {
            onReason(target.value);
          }}
        />
      )}
    </li>
  );
}

/** F8 does what the filled button does, F9 prints, as on the desk. */
function useApprovalKeys(keys: {
  readonly confirm: (() => void) | null;
  readonly print: () => void;
}): void {
  useWindowKeys((event) => {
    if (event.repeat || event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key !== 'F8' && event.key !== 'F9') return;
    event.preventDefault();
    if (event.key === 'F9') keys.print();
    else keys.confirm?.();
  });
}
