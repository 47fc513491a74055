import { Button } from 'antd';
import { useTranslation } from 'react-i18next';

import type { OpenDay } from '../../../../shared/contracts/reconciliation.ts';
import { formatFen } from '../../../../shared/money/yuan-text.ts';
import type { Fen } from '../../../../shared/money/fen.ts';
import { Money } from '../../../components/money.tsx';
import { dayAndMinute } from '../../../components/shanghai-time.ts';

type DaySidesProps = {
  readonly day: OpenDay;
  readonly language: 'zh' | 'en';
  readonly mayAct: boolean;
  readonly isBusy: boolean;
  readonly onReconcile: () => void;
  readonly onClose: () => void;
};

/** A day payer by payer: our ledger, the payer's, the cash; comparing it again and closing it. */
export function DaySides({ day, language, mayAct, isBusy, onReconcile, onClose }: DaySidesProps) {
  const { t } = useTranslation();
  const { cash, hindrance } = day;
  const yuan = (amount: number): string => formatFen(amount as Fen);
  return (
    <section className="day-sides" data-testid="day-sides" data-hindrance={hindrance}>
      <div className="upload-head">
        <h2>
          {t('daysHead', { day: day.businessDate })}{' '}
          <span className="soft">
            {t(`dayHindrance.${hindrance}`)} · {t('daysKeys')}
          </span>
        </h2>
        {mayAct ? (
          <span className="day-acts">
            <Button data-testid="day-reconcile" loading={isBusy} onClick={onReconcile}>
              {t(isBusy ? 'dayReconciling' : 'dayReconcile')} <kbd>F9</kbd>
            </Button>
            <Button
              type={hindrance === 'none' ? 'primary' : 'default'}
              data-testid="day-close"
              disabled={hindrance !== 'none'}
              onClick={onClose}
            >
              {t('dayClose')} <kbd>F7</kbd>
            </Button>
          </span>
        ) : null}
      </div>
      <table className="claim-matrix">
        <thead>
          <tr>
            <th>{t('claimPayer')}</th>
            <th>{t('sideHere')}</th>
            <th>{t('sideThere')}</th>
            <th>{t('sideDifferences')}</th>
            <th>{t('sideCompared')}</th>
          </tr>
        </thead>
        <tbody>
          {day.payers.map(({ payer, name, here, there, ledger, problem, comparedAt, open }) => (
            <tr key={payer} data-testid={`day-payer-${payer}`}>
              <th scope="row">{name[language]}</th>
              <td>
                {t('sideCount', { count: here.claims })}{' '}
                <Money fen={here.fen as Fen} unit={false} />
              </td>
              <td>
                {there === null ? (
                  <span className={ledger === 'not-reached' ? 'stop' : 'soft'}>
                    {t(`ledger.${ledger}`, { why: problem ?? '' })}
                  </span>
                ) : (
                  <>
                    {t('sideCount', { count: there.claims })}{' '}
                    <Money fen={there.fen as Fen} unit={false} />
                  </>
                )}
              </td>
              <td className={open > 0 ? 'stop' : ''}>{open}</td>
              <td>{comparedAt === null ? '—' : dayAndMinute(comparedAt)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="soft" data-testid="day-cash">
        {t('dayCash', {
          expected: yuan(cash.expectedFen),
          taken: yuan(cash.takenFen),
          returned: yuan(cash.returnedFen),
        })}
      </p>
    </section>
  );
}
