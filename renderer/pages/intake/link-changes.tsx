import { useTranslation } from 'react-i18next';

import type { LinkReportView } from '../../../shared/contracts/intake.ts';
import { Money } from '../../components/money.tsx';

type LinkChangesProps = {
  readonly report: LinkReportView;
  readonly language: 'zh' | 'en';
};

type Figures = LinkReportView['years'][number]['of'][number]['was'];

/** What linking, joining or unlinking would change: visits that go along, years, and settlements that would be others. */
export function LinkChanges({ report, language }: LinkChangesProps) {
  const { t } = useTranslation();
  const { known, other, visits, years, settledOtherwise, yearsToStateAgain } = report;
  const names = [t('linkKnown'), t('linkOther')];
  const side = (of: typeof other): string =>
    of === null ? t('linkNobody') : `${of.maskedName} ${of.maskedNumber} ${of.birthDate}`;
  const listed = (texts: readonly string[]): string => texts.join(language === 'zh' ? '、' : ', ');
  return (
    <section className="link-changes" data-testid="link-changes">
      <h3>{t('linkChanges')}</h3>
      <p>
        {t('linkKnown')}：<bdi>{side(known)}</bdi>
        <br />
        {t('linkOther')}：<bdi>{side(other)}</bdi>
      </p>
      <p>{visits.length === 0 ? t('linkNoVisits') : t('linkVisits', { visits: listed(visits) })}</p>
      {years.length === 0 ? null : (
        <table className="compared">
          <thead>
            <tr>
              <th />
              <th>{t('peopleKnown')}</th>
              <th>{t('linkAfter')}</th>
            </tr>
          </thead>
          <tbody>
            {years.flatMap(({ year, of }) =>
              of.map(({ was, now }, at) => (
                <tr key={`${String(year)} ${String(at)}`} data-testid="link-year-row">
                  <th scope="row">
                    {t('linkYear', { year })} · {names[at] ?? ''}
                  </th>
                  <YearCell of={was} />
                  <YearCell of={now} />
                </tr>
              )),
            )}
          </tbody>
        </table>
      )}
      {settledOtherwise.length === 0 ? <p>{t('linkNothingOtherwise')}</p> : null}
      <ul>
        {settledOtherwise.map(({ number, wasFen, nowFen, because }) => (
          <li key={number} className="warn" data-testid="link-settled">
            {t('linkSettled', { number })} <Money fen={wasFen} />
            {' → '}
            {nowFen === null ? t('linkSettledUnknown') : <Money fen={nowFen} />}
            {because === null ? '' : ` ${because[language]}`}
          </li>
        ))}
      </ul>
      {yearsToStateAgain.length === 0 ? null : (
        <p className="warn">
          {t('linkStateAgain', { years: listed(yearsToStateAgain.map(String)) })}
        </p>
      )}
    </section>
  );
}

function YearCell({ of }: { readonly of: Figures }) {
  const { t } = useTranslation();
  if (of === null) return <td className="soft">{t('linkNoYear')}</td>;
  return (
    <td>
      {t('linkAdmissions', { count: of.admissions })} · {t('linkEligible')}{' '}
      <Money fen={of.eligibleFen} /> · {t('linkDeductible')} <Money fen={of.deductiblePaidFen} /> ·{' '}
      {t('linkSelfPay')} <Money fen={of.selfPayFen} />
    </td>
  );
}
