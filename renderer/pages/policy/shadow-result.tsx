import { Button } from 'antd';
import { useTranslation } from 'react-i18next';

import type { ReplayStateView, ShadowView } from '../../../shared/contracts/replay.ts';
import type { Words } from '../../../shared/domain/result.ts';
import { payerColour } from '../../../shared/domain/payer-colours.ts';
import { Swatch } from '../../components/swatch.tsx';
import { Difference, Sum } from './replay-amounts.tsx';

type Say = (words: Words) => string;

type ShadowResultProps = {
  readonly state: Extract<ReplayStateView, { readonly kind: 'compared' }>;
  readonly say: Say;
  readonly onSave: () => void;
};

/** Ours against what a payer says it owes: per step, and every visit on which they differ with the line it comes from. */
export function ShadowResult({
  state: { order, results, report },
  say,
  onSave,
}: ShadowResultProps) {
  const { t } = useTranslation();
  const { visits, persons, agreeing } = report;
  const pack = `${order.pack}@${order.packVersion}`;
  return (
    <section className="replay-result" data-testid="shadow-result">
      <header>
        <h3>{t('replayOf', { ...order, pack })}</h3>
        <Button data-testid="replay-export" onClick={onSave}>
          {t('replayExport')}
        </Button>
      </header>
      <p className="note">{t('shadowFile', { file: results })}</p>
      {visits === 0 ? (
        <p className="note">{t('shadowNothing')}</p>
      ) : (
        <>
          <p>
            {t('shadowCounts', { persons, visits })}
            {' · '}
            <strong className={agreeing === visits ? 'ready' : ''} data-testid="shadow-agreeing">
              {t('shadowAgreeing', { agreeing, differing: visits - agreeing })}
            </strong>
          </p>
          <StepsTable report={report} say={say} />
          <Differences report={report} say={say} />
        </>
      )}
      <Notes report={report} />
    </section>
  );
}

function StepsTable({ report, say }: { readonly report: ShadowView; readonly say: Say }) {
  const { t } = useTranslation();
  return (
    <table className="split" data-testid="shadow-steps">
      <thead>
        <tr>
          <th>{t('payer')}</th>
          <th>{t('shadowStep')}</th>
          {(['visits', 'differing', 'ours', 'theirs', 'difference'] as const).map((each) => (
            <th key={each} className="figure">
              {t(`shadow.${each}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {report.steps.map((step) => (
          <tr
            key={`${step.payer} ${step.step ?? ''}`}
            className={step.differing === 0 ? 'zero' : ''}
          >
            <td>
              <Swatch colour={payerColour(step.payer)} /> {say(step.payerName)}
            </td>
            <td>{say(step.stepName)}</td>
            <td className="figure">{step.visits}</td>
            <td className="figure">{step.differing}</td>
            <td className="figure">
              <Sum fen={step.oursFen} />
            </td>
            <td className="figure">
              <Sum fen={step.theirsFen} />
            </td>
            <td className="figure">
              <Difference fen={step.differenceFen} tone="more" />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Differences({ report, say }: { readonly report: ShadowView; readonly say: Say }) {
  const { t } = useTranslation();
  const { differences, counts } = report;
  if (differences.length === 0) return null;
  return (
    <>
      <h4>{t('shadowDifferences')}</h4>
      <div className="scrolls">
        <table className="split" data-testid="shadow-differences">
          <thead>
            <tr>
              <th>{t('shadowVisit')}</th>
              <th>{t('shadowStep')}</th>
              <th className="figure">{t('shadow.ours')}</th>
              <th className="figure">{t('shadow.theirs')}</th>
              <th className="figure">{t('shadow.difference')}</th>
              <th>{t('shadowLine')}</th>
            </tr>
          </thead>
          <tbody>
            {differences.map((each) => (
              <tr key={`${each.visitId} ${each.payerName.en} ${each.stepName.en}`}>
                <td>
                  {each.visitId}
                  <div className="soft">
                    {each.row === null ? t('shadowNoRow') : t('shadowRow', { row: each.row })}
                  </div>
                </td>
                <td>
                  {say(each.stepName)}
                  <div className="soft">{say(each.payerName)}</div>
                </td>
                <td className="figure">
                  <Sum fen={each.oursFen} />
                </td>
                <td className="figure">
                  <Sum fen={each.theirsFen} />
                </td>
                <td className="figure">
                  <Difference fen={each.differenceFen} tone="more" />
                </td>
                <td className="how">
                  {each.line === null ? '' : say(each.line)}
                  {each.source === null ? null : <div className="soft">{say(each.source)}</div>}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {counts.differences === differences.length ? null : (
        <p className="note">
          {t('shadowMore', { shown: differences.length, all: counts.differences })}
        </p>
      )}
    </>
  );
}

/** What the file and the books do not have in common. */
function Notes({
  report: { unknown, onlyHere, counts, skipped },
}: {
  readonly report: ShadowView;
}) {
  const { t } = useTranslation();
  if (counts.unknown === 0 && counts.onlyHere === 0 && skipped.length === 0) return null;
  const some = (all: readonly string[], count: number): string =>
    `${all.join('、')}${count > all.length ? ' …' : ''}`;
  return (
    <ul className="notes" data-testid="shadow-notes">
      {counts.unknown === 0 ? null : (
        <li>
          {t('shadowUnknown', { count: counts.unknown })}
          {some(
            unknown.map(({ visitId, row }) => `${visitId} (${t('shadowRow', { row })})`),
            counts.unknown,
          )}
        </li>
      )}
      {counts.onlyHere === 0 ? null : (
        <li>
          {t('shadowOnlyHere', { count: counts.onlyHere })}
          {some(onlyHere, counts.onlyHere)}
        </li>
      )}
      {skipped.map(({ code, visits }) => (
        <li key={code}>
          {t('replaySkipped')}：{t(`replaySkip.${code}`)} {visits}
        </li>
      ))}
    </ul>
  );
}
