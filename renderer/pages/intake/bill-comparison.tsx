import { useTranslation } from 'react-i18next';

import type { ChangedBillView, ComparedLine } from '../../../shared/contracts/intake.ts';
import { Money } from '../../components/money.tsx';
import { dayAndMinute } from '../../components/shanghai-time.ts';

type BillComparisonProps = {
  readonly view: ChangedBillView;
  readonly language: 'zh' | 'en';
};

/** Two bills of one visit side by side: what it comes to, then the lines that came, went or changed. */
export function BillComparison({ view, language }: BillComparisonProps) {
  const { t } = useTranslation();
  const { bill, totalFen, patientPaysFen, lines, counts, facts } = view;
  const listed = counts.added + counts.removed + counts.changed;
  return (
    <div className="claim-facts">
      <strong>
        <bdi>{bill.maskedName}</bdi> · {bill.settlementNumber} · {bill.visitId}
      </strong>
      <div className="problem-table">
        <table className="compared">
          <thead>
            <tr>
              <th />
              <th>{t('changedWas', { at: dayAndMinute(bill.settledAt) })}</th>
              <th>{t('changedNow', { at: dayAndMinute(bill.receivedAt) })}</th>
              <th>{t('changedWhat')}</th>
            </tr>
          </thead>
          <tbody>
            <Sums name={t('changedTotal')} sums={totalFen} />
            <Sums
              name={t('changedPatientPays')}
              sums={patientPaysFen}
              unknown={t('changedUnknownPays')}
            />
            {facts.map(({ name, was, now, isHidden }) => (
              <tr key={name.en} data-testid="changed-fact">
                <th scope="row">{name[language]}</th>
                <td>
                  <bdi>{isHidden ? '***' : (was ?? t('changedNothing'))}</bdi>
                </td>
                <td>
                  <bdi>{isHidden ? '***' : (now ?? t('changedNothing'))}</bdi>
                </td>
                <td>{isHidden ? t('changedHidden') : ''}</td>
              </tr>
            ))}
            {lines.map(({ kind, was, now, differs }) => (
              <tr
                key={`${kind} ${String(was?.line)} ${String(now?.line)}`}
                className={kind}
                data-testid="changed-line"
                data-kind={kind}
              >
                <th scope="row">{t(`changedLine.${kind}`)}</th>
                <Side line={was} />
                <Side line={now} />
                <td>
                  {differs.map((name) => name[language]).join(language === 'zh' ? '、' : ', ')}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
        <p className="soft" data-testid="changed-counts">
          {t('changedCounts', counts)}
          {listed > lines.length ? ` ${t('changedMoreLines', { shown: lines.length })}` : ''}
          {listed === 0 && facts.length === 0 ? ` ${t('changedNothingElse')}` : ''}
        </p>
      </div>
    </div>
  );
}

function Sums({
  name,
  sums: { was, now },
  unknown = '',
}: {
  readonly name: string;
  readonly sums: ChangedBillView['totalFen'];
  readonly unknown?: string;
}) {
  return (
    <tr data-testid="changed-sum">
      <th scope="row">{name}</th>
      <td>
        <Money fen={was} />
      </td>
      <td>{now === null ? unknown : <Money fen={now} />}</td>
      <td />
    </tr>
  );
}

function Side({ line }: { readonly line: ComparedLine | null }) {
  const { t } = useTranslation();
  if (line === null) return <td className="soft">{t('changedNoLine')}</td>;
  return (
    <td>
      {String(line.line)}. <bdi>{line.name}</bdi> {line.quantity} × {line.unitPrice} ={' '}
      <Money fen={line.amountFen} />
      <span className="soft">
        {' '}
        {line.code} · {line.on}
      </span>
    </td>
  );
}
