import type { TraceNode } from '../../domain/settlement-result.ts';
import { inLowestTerms, percentTextFromRate } from '../../money/rate.ts';
import { formatFen } from '../../money/yuan-text.ts';
import { groundsCited } from '../compile/cite.ts';
import type { CompiledPack } from '../compile/compiled-pack.ts';
import type { FirstPay } from '../rules/run-steps.ts';
import { node, yuanInputs } from './trace-node.ts';

/** What the patient pays first of the in-scope cost because of referral or place. */
export function explainFirstPays(
  pack: CompiledPack,
  firstPays: readonly FirstPay[],
): readonly TraceNode[] {
  return firstPays.map(({ modifier, figure, ofFen, amountFen }) => {
    const percent = percentTextFromRate(figure.value);
    const { source, assumption } = groundsCited(pack, figure.grounds);
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
      source,
      inputs: yuanInputs({ inScope: ofFen, firstPay: amountFen }),
      facts: { name: modifier.name, rate: inLowestTerms(figure.value), assumption },
    });
  });
}
