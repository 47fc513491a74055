import { useTranslation } from 'react-i18next';

import type { PackApprovalView } from '../../../shared/contracts/pack-approvals.ts';

/** How a pack stands, by whom and since when, and of which files. */
export function ApprovalFacts({ approval }: { readonly approval: PackApprovalView }) {
  const { t } = useTranslation();
  const { state, isRequired, settledBefore, waiting, prepared, approved, withdrawn } = approval;
  const line = (label: string, done: { by: { name: string }; at: string } | null) =>
    done === null ? null : (
      <div>
        <dt>{t(label)}</dt>
        <dd>
          {done.by.name} {done.at.slice(0, 16).replace('T', ' ')}
        </dd>
      </div>
    );
  return (
    <>
      <p className="facts" role="status" data-testid="approval-state" data-state={state}>
        <strong className={state === 'approved' ? 'ready' : 'blocked'}>
          {t(`approvalState.${state}`)}
        </strong>{' '}
        {t(isRequired ? `approvalMeans.${state}` : 'approvalNotRequired')}
      </p>
      <dl className="pack-lines">
        {settledBefore ? (
          <div>
            <dt>{t('approvalApproved')}</dt>
            <dd>{t('approvalSettledBefore')}</dd>
          </div>
        ) : null}
        {line('approvalPrepared', prepared)}
        {line('approvalApproved', approved)}
        {line('approvalWaiting', waiting)}
        {line('approvalWithdrawn', withdrawn)}
        {withdrawn === null ? null : (
          <div>
            <dt>{t('approvalBecause')}</dt>
            <dd>{withdrawn.reason}</dd>
          </div>
        )}
        <div>
          <dt>{t('approvalFingerprint')}</dt>
          <dd>
            <code data-testid="fingerprint">
              {(approval.fingerprint.match(/.{1,8}/g) ?? []).join(' ')}
            </code>
            <span className="source">{t('approvalFingerprintHelp')}</span>
          </dd>
        </div>
      </dl>
    </>
  );
}
