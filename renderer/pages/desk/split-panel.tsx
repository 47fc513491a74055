import { useTranslation } from 'react-i18next';

import type { VisitPreview } from '../../../shared/contracts/settlement.ts';
import {
  hospitalColour,
  patientColour,
  payerColour,
} from '../../../shared/domain/payer-colours.ts';
import { hospitalLinesOf } from '../../../shared/domain/hospital-part.ts';
import type { Words } from '../../../shared/domain/result.ts';
import { Money } from '../../components/money.tsx';
import { SplitBar } from '../../components/split-bar.tsx';
import { Swatch } from '../../components/swatch.tsx';
import { stepReason } from '../../components/step-reason.ts';

type SplitPanelProps = {
  readonly preview: VisitPreview;
  readonly say: (words: Words) => string;
  readonly onClause: (step: string) => void;
};

/** Who pays what, as a picture and as a table with the clause behind every amount. */
export function SplitPanel({ preview, say, onClause }: SplitPanelProps) {
  const { t } = useTranslation();
  const { result } = preview;
  const reasons = result.shares.map((share) =>
    stepReason(result, share.step, share.amountFen === 0),
  );
  return (
    <section aria-label={t('howComputed')}>
      <SplitBar
        result={result}
        say={say}
        patientName={t('patient')}
        hospitalName={t('hospital.bears')}
      />
      <table className="split" data-testid="split-table">
        <thead>
          <tr>
            <th>{t('payer')}</th>
            <th className="figure">{t('amount')}</th>
            <th>{t('howComputed')}</th>
            <th aria-label={t('clause')} />
          </tr>
        </thead>
        <tbody>
          {result.shares.map((share, index) => (
            <tr
              key={share.step}
              data-testid="split-row"
              data-step={share.step}
              className={share.amountFen === 0 ? 'zero' : ''}
            >
              <td>
                <Swatch colour={payerColour(share.payer)} />
                {say(share.name)}
              </td>
              <td className="figure">
                <Money fen={share.amountFen} unit={false} />
              </td>
              <td className="how">
                {reasons[index] === undefined
                  ? ''
                  : (reasons[index].formula ?? say(reasons[index].words))}
                {(reasons[index]?.roundedTo ?? null) === null
                  ? ''
                  : ` ${t(`rounded.${reasons[index]?.roundedTo ?? ''}`)}`}
                {reasons[index]?.assumed === true ? (
                  <span className="assumed" title={t('assumedHint')}>
                    {t('assumed')}
                  </span>
                ) : null}
              </td>
              <td className="figure">
                <button
                  type="button"
                  data-testid={`clause-of-${share.step}`}
                  onClick={() => {
                    onClause(share.step);
                  }}
                >
                  {t('clause')}
                </button>
              </td>
            </tr>
          ))}
          {hospitalLinesOf(result).map(({ kind, amountFen }) => (
            <tr key={kind} data-testid="hospital-row" data-kind={kind}>
              <td>
                <Swatch colour={hospitalColour} />
                {t(`hospital.${kind}`)}
              </td>
              <td className="figure">
                <Money fen={amountFen} unit={false} />
              </td>
              <td className="how">{t(`hospitalHow.${kind}`)}</td>
              <td />
            </tr>
          ))}
          <tr className="patient">
            <td>
              <Swatch colour={patientColour} />
              {t('patient')}
            </td>
            <td className="figure">
              <Money fen={result.patientPaysFen} unit={false} />
            </td>
            <td className="how">
              {t('within')} <Money fen={result.patientPart.withinCatalogueFen} unit={false} /> ·{' '}
              {t('outside')} <Money fen={result.patientPart.outsideCatalogueFen} unit={false} />
            </td>
            <td />
          </tr>
        </tbody>
      </table>
    </section>
  );
}
