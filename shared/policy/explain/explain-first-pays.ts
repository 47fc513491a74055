import type { TraceNode } from '../../domain/settlement-result.ts';
import { inLowestTerms, percentTextFromRate } from '../../money/rate.ts';
import { formatFen, yuanTextFromFen } from '../../money/yuan-text.ts';
import type { FirstPay } from '../rules/run-steps.ts';
import { node } from './trace-node.ts';

/** What the patient pays first of the in-scope cost because of referral or place. */
export function explainFirstPays(firstPays: readonly FirstPay[]): readonly TraceNode[] {
  return firstPays.map(({ modifier, figure, ofFen, amountFen }) => {
    const percent = percentTextFromRate(figure.value);
    const { cited, assumption } = figure.grounds;
    return node({
      id: `first-pay.${modifier.id}`,
      rule: 'first-pay',
      rounding: 'fen/half-up',
      assumed: modifier.grounds.assumed || figure.grounds.assumed,
      text: {
        zh: `${modifier.name.zh}：范围内费用先由个人负担 ${percent}，${formatFen(amountFen)}`,
        en: `${modifier.name.en}: the patient first pays ${percent} of the in-scope cost, ${formatFen(amountFen)}`,
      },
      formula: `${formatFen(ofFen)} × ${percent}`,
      source: cited,
      inputs: { inScope: yuanTextFromFen(ofFen), firstPay: yuanTextFromFen(amountFen) },
      facts: { name: modifier.name, rate: inLowestTerms(figure.value), assumption },
    });
  });
}
