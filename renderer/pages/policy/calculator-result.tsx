import { useTranslation } from 'react-i18next';

import type { Calculation } from '../../../shared/contracts/policies.ts';
import {
  hospitalColour,
  patientColour,
  payerColour,
} from '../../../shared/domain/payer-colours.ts';
import { hospitalLinesOf, type HospitalLine } from '../../../shared/domain/hospital-part.ts';
import type { Words } from '../../../shared/domain/result.ts';
import { fen, type Fen } from '../../../shared/money/fen.ts';
import { formatFen } from '../../../shared/money/yuan-text.ts';
import { Money } from '../../components/money.tsx';
import { SplitBar } from '../../components/split-bar.tsx';
import { Swatch } from '../../components/swatch.tsx';
import { nodesOfStep, stepReason } from '../../components/step-reason.ts';
import type { Calculated } from './use-calculation.ts';

type ResultProps = {
  readonly calculated: Calculated;
  /** It is of what the form said before: grey until the next one is there. */
  readonly isStale: boolean;
  readonly say: (words: Words) => string;
};

type Row = {
  readonly key: string;
  readonly name: string;
  readonly colour: string;
  readonly start: Fen | null;
  readonly now: Fen | null;
  readonly how: string;
};

/** The split now beside the one of the case, what moved, and the reckoning behind every amount. */
export function CalculatorResult({ calculated, isStale, say }: ResultProps) {
  const { t } = useTranslation();
  const { now, start } = calculated;
  if (now.result === null) {
    return (
      <div
        className={isStale ? 'refusal stale' : 'refusal'}
        role="alert"
        data-testid="calc-not-covered"
      >
        <p>
          <strong>{t('caseNotCovered')}</strong>
          {now.notCovered === null ? '' : `：${say(now.notCovered)}`}
        </p>
      </div>
    );
  }
  const rows = rowsOf(calculated, t, say);
  return (
    <div
      className={isStale ? 'calculator-result stale' : 'calculator-result'}
      aria-busy={isStale}
      data-testid="calc-result"
    >
      <SplitBar
        result={now.result}
        say={say}
        patientName={t('patient')}
        hospitalName={t('hospital.bears')}
      />
      <table className="split">
        <thead>
          <tr>
            <th>{t('payer')}</th>
            <th className="figure">{t('calcBefore')}</th>
            <th className="figure">{t('calcNow')}</th>
            <th className="figure">{t('calcChange')}</th>
            <th>{t('howComputed')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ key, name, colour, start: before, now: after, how }) => (
            <tr
              key={key}
              data-testid={`calc-row-${key}`}
              className={key === 'patient' ? 'patient' : after === 0 ? 'zero' : ''}
            >
              <td>
                <Swatch colour={colour} />
                {name}
              </td>
              <td className="figure">{before === null ? '—' : formatFen(before)}</td>
              <td className="figure">
                {after === null ? '—' : <Money fen={after} unit={false} />}
              </td>
              <td className="figure">
                <Change before={before} after={after} />
              </td>
              <td className="how">{how}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {start.result === null && start.notCovered !== null ? (
        <p className="soft">{say(start.notCovered)}</p>
      ) : null}
      {now.result.warnings.map(({ code, text }) => (
        <p className="warning" key={code}>
          ⚠ {say(text)}
        </p>
      ))}
      <Trace result={now.result} say={say} />
    </div>
  );
}

function Change({ before, after }: { readonly before: Fen | null; readonly after: Fen | null }) {
  const { t } = useTranslation();
  const difference = fen((after ?? 0) - (before ?? 0));
  if (difference === 0) return <span className="soft">{t('calcUnchanged')}</span>;
  return (
    <strong className={difference > 0 ? 'more' : 'less'}>
      {difference > 0 ? '+' : ''}
      {formatFen(difference)}
    </strong>
  );
}

function rowsOf(
  { start, now, steps }: Calculated,
  t: (key: string) => string,
  say: ResultProps['say'],
): readonly Row[] {
  const shareOf = ({ result }: Calculation, step: string) =>
    result?.shares.find((share) => share.step === step);
  const ofSteps = steps.flatMap((step): Row[] => {
    const [before, after] = [shareOf(start, step), shareOf(now, step)];
    const share = after ?? before;
    if (share === undefined) return [];
    const reason =
      now.result === null || after === undefined
        ? undefined
        : stepReason(now.result, step, after.amountFen === 0);
    return [
      {
        key: step,
        name: say(share.name),
        colour: payerColour(share.payer),
        start: before?.amountFen ?? null,
        now: after?.amountFen ?? null,
        how:
          reason === undefined
            ? ''
            : [
                reason.formula ?? say(reason.words),
                reason.roundedTo === null ? '' : t(`rounded.${reason.roundedTo}`),
              ].join(' '),
      },
    ];
  });
  return [
    ...ofSteps,
    // Only where a quota makes the hospital bear or keep something; then the sums need it.
    ...(['bears', 'keeps', 'holds'] as const).flatMap((kind) => {
      const [before, after] = [hospitalLine(start, kind), hospitalLine(now, kind)];
      if ((before ?? 0) === 0 && (after ?? 0) === 0) return [];
      return [
        {
          key: `hospital-${kind}`,
          name: t(`hospital.${kind}`),
          colour: hospitalColour,
          start: before,
          now: after,
          how: t(`hospitalHow.${kind}`),
        },
      ];
    }),
    {
      key: 'patient',
      name: t('patient'),
      colour: patientColour,
      start: start.result?.patientPaysFen ?? null,
      now: now.result?.patientPaysFen ?? null,
      how: '',
    },
  ];
}

/** One line of the hospital's, 0 where a result has none; null without a result. */
function hospitalLine({ result }: Calculation, kind: HospitalLine['kind']): Fen | null {
  if (result === null) return null;
  return hospitalLinesOf(result).find((line) => line.kind === kind)?.amountFen ?? fen(0);
}

/** Every node of the explanation, step by step, as it moves with the form. */
function Trace({
  result,
  say,
}: {
  readonly result: NonNullable<Calculation['result']>;
  readonly say: ResultProps['say'];
}) {
  const { t } = useTranslation();
  const opening = result.trace.find(({ id }) => id === 'year');
  return (
    <details className="trace" open>
      <summary>{t('calcTrace')}</summary>
      {opening === undefined ? null : <p className="note">{say(opening.text)}</p>}
      <ol>
        {result.shares.map(({ step, name }) => (
          <li key={step}>
            <strong>{say(name)}</strong>
            <ul>
              {nodesOfStep(result, step)
                .slice(1)
                .map((node) => (
                  <li key={node.id}>
                    {say(node.text)}
                    {node.formula === undefined ? null : (
                      <span className="money soft"> {node.formula}</span>
                    )}
                    {node.assumed ? <span className="assumed">{t('assumed')}</span> : null}
                  </li>
                ))}
            </ul>
          </li>
        ))}
      </ol>
    </details>
  );
}
