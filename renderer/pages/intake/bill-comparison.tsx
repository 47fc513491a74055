import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import type { ChangedBillView, ComparedLine } from '../../../shared/contracts/intake.ts';
import { Money } from '../../components/money.tsx';
import { dayAndMinute } from '../../components/shanghai-time.ts';

type BillComparisonProps = {
  readonly view: ChangedBillView;
  readonly language: 'zh' | 'en';
};

/** What was settled beside the bill that came after it. */
export function BillComparison({ view, language }: BillComparisonProps) {
  const { t } = useTranslation();
  const { bill, totalFen, patientPaysFen } = view;
  return (
    <ComparedSides
      title={
        <>
          <bdi>{bill.maskedName}</bdi> · {bill.settlementNumber} · {bill.visitId}
        </>
      }
      was={t('changedWas', { at: dayAndMinute(bill.settledAt) })}
      now={t('changedNow', { at: dayAndMinute(bill.receivedAt) })}
      sums={[
        { name: t('changedTotal'), sums: totalFen },
        { name: t('changedPatientPays'), sums: patientPaysFen, unknown: t('changedUnknownPays') },
      ]}
      words={[]}
      difference={view}
      language={language}
    />
  );
}

type ComparedSidesProps = {
  readonly title: ReactNode;
  /** What each side is. */
  readonly was: string;
  readonly now: string;
  readonly sums: readonly {
    readonly name: string;
    readonly sums: ChangedBillView['totalFen'];
    readonly unknown?: string;
  }[];
  /** What is said of each side besides. */
  readonly words: readonly { readonly name: string; readonly was: string; readonly now: string }[];
  readonly difference: Pick<ChangedBillView, 'lines' | 'counts' | 'facts'>;
  readonly language: 'zh' | 'en';
};

/** Two bills of one visit side by side: what each comes to, then the lines that came, went or changed. */
export function ComparedSides(props: ComparedSidesProps) {
  const { title, was, now, sums, words, difference, language } = props;
  const { t } = useTranslation();
  const { lines, counts, facts } = difference;
  const listed = counts.added + counts.removed + counts.changed;
  return (
    <div className="claim-facts">
      <strong>{title}</strong>
      <div className="problem-table">
        <table className="compared">
          <thead>
            <tr>
              <th />
              <th>{was}</th>
              <th>{now}</th>
              <th>{t('changedWhat')}</th>
            </tr>
          </thead>
          <tbody>
            {words.map(({ name, was: one, now: other }) => (
              <tr key={name} data-testid="compared-words">
                <th scope="row">{name}</th>
                <td>
                  <bdi>{one}</bdi>
                </td>
                <td>
                  <bdi>{other}</bdi>
                </td>
                <td />
              </tr>
            ))}
            {sums.map((each) => (
              <Sums key={each.name} {...each} />
            ))}
            {facts.map(({ name, was: one, now: other, isHidden }) => (
              <tr key={name.en} data-testid="changed-fact">
                <th scope="row">{name[language]}</th>
                <td>
                  <bdi>{isHidden ? '***' : (one ?? t('changedNothing'))}</bdi>
                </td>
                <td>
                  <bdi>{isHidden ? '***' : (other ?? t('changedNothing'))}</bdi>
                </td>
                <td>{isHidden ? t('changedHidden') : ''}</td>
              </tr>
            ))}
            {lines.map(({ kind, was: one, now: other, differs }) => (
              <tr
                key={`${kind} ${String(one?.line)} ${String(other?.line)}`}
                className={kind}
                data-testid="changed-line"
                data-kind={kind}
              >
                <th scope="row">{t(`changedLine.${kind}`)}</th>
                <Side line={one} />
                <Side line={other} />
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
