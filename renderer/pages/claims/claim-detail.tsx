import { Button } from 'antd';
import { useTranslation } from 'react-i18next';

import type { ClaimRow } from '../../../shared/contracts/claims.ts';
import type { Role } from '../../../shared/contracts/contract.ts';
import { Money } from '../../components/money.tsx';
import { dayAndMinute } from '../../components/shanghai-time.ts';
import { actsOn, type ClaimAct } from './claim-acts.ts';

type ClaimDetailProps = {
  readonly claim: ClaimRow;
  readonly language: 'zh' | 'en';
  readonly role: Role;
  readonly onAct: (act: ClaimAct) => void;
};

/** One claim: what its payer said, word for word, what to do about it, and the keys that do it. */
export function ClaimDetail({ claim, language, role, onAct }: ClaimDetailProps) {
  const { t } = useTranslation();
  const { first, second } = actsOn(claim, role);
  const { problem, approvedFen, payerReference, lastAttemptAt, attempts } = claim;
  return (
    <section className="claim-detail" data-testid="claim-detail" data-claim={claim.claimId}>
      <div className="claim-facts">
        <strong>
          <bdi>{claim.maskedName}</bdi> · {claim.settlementNumber} · {claim.name[language]} ·{' '}
          <Money fen={claim.claimedFen} />
        </strong>
        <span className="soft">
          {t(`claimState.${claim.state}`)} · {t('claimDay', { day: claim.businessDate })}
          {lastAttemptAt === null
            ? ''
            : ` · ${t('claimTried', { count: attempts, at: dayAndMinute(lastAttemptAt) })}`}
          {approvedFen === null ? null : (
            <>
              {' · '}
              {t('claimApproved')} <Money fen={approvedFen} />
            </>
          )}
          {payerReference === null ? '' : ` · ${t('claimReference', { number: payerReference })}`}
          {` · ${t('claimMessage', { number: claim.messageId })}`}
        </span>
        {problem === null ? null : (
          <p className="claim-said" data-testid="claim-said">
            {t('payerSaid')} <bdi>{problem.words}</bdi> <code>{problem.code}</code>
          </p>
        )}
        <p className="claim-advice" data-testid="claim-advice">
          {t(`claimAdvice.${claim.advice}`)}
        </p>
      </div>
      <div className="acts">
        {first === null ? null : (
          <Button
            type="primary"
            data-testid={`claim-${first}`}
            onClick={() => {
              onAct(first);
            }}
          >
            {t(`claimAct.${first}`)} <kbd>F8</kbd>
          </Button>
        )}
        {second === null ? null : (
          <Button
            data-testid={`claim-${second}`}
            onClick={() => {
              onAct(second);
            }}
          >
            {t(`claimAct.${second}`)} <kbd>F4</kbd>
          </Button>
        )}
      </div>
    </section>
  );
}
