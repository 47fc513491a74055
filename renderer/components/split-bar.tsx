import { hospitalColour, patientColour, payerColour } from '../../shared/domain/payer-colours.ts';
import { barParts } from './bar-parts.ts';
import type { VisitPreview } from '../../shared/contracts/settlement.ts';
import type { Words } from '../../shared/domain/result.ts';

type SplitBarProps = {
  readonly result: VisitPreview['result'];
  readonly say: (words: Words) => string;
  readonly patientName: string;
  readonly hospitalName: string;
};

/** The bill as one bar: a colour a payer, in the order they pay, the patient's own part last. */
export function SplitBar({ result, say, patientName, hospitalName }: SplitBarProps) {
  const parts = barParts([
    ...result.shares.map(({ step, payer, name, amountFen }) => ({
      key: step,
      colour: payerColour(payer),
      label: say(name),
      amountFen,
    })),
    {
      key: 'hospital',
      colour: hospitalColour,
      label: hospitalName,
      amountFen: result.hospitalBearsFen,
    },
    {
      key: 'patient',
      colour: patientColour,
      label: patientName,
      amountFen: result.patientPaysFen,
    },
  ]);
  const words = parts.map(({ label, percent }) => `${label} ${percent.toFixed(1)}%`).join('，');
  return (
    <svg
      className="split-bar"
      role="img"
      aria-label={words}
      viewBox="0 0 1000 28"
      preserveAspectRatio="none"
    >
      {parts.map(({ key, colour, label, percent, x, width }) => (
        <rect key={key} x={x} y={0} width={width} height={28} fill={colour}>
          <title>{`${label} ${percent.toFixed(1)}%`}</title>
        </rect>
      ))}
    </svg>
  );
}
