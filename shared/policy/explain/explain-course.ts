import type { Words } from '../../domain/result.ts';
import type { TraceNode } from '../../domain/settlement-result.ts';
import { fen } from '../../money/fen.ts';
import { inLowestTerms, percentTextFromRate } from '../../money/rate.ts';
import { formatFen, yuanTextFromFen } from '../../money/yuan-text.ts';
import type { CompiledStep, Grounds } from '../compile/compiled-pack.ts';
import type {
  DeductibleUse,
  GuaranteeCourse,
  QuotaCourse,
  RateCourse,
  StepOutcome,
} from '../rules/step-outcome.ts';
import { adds, node } from './trace-node.ts';

/** The terms a rate step went by: the group the person is in, referral, the deductible. */
export function explainTerms(nodes: TraceNode[], step: CompiledStep, course: RateCourse): void {
  if (course.variant !== null) {
    const { cited, assumption } = groundsOrNone(course.rate?.grounds);
    nodes.push(
      node({
        id: `${step.id}.variant`,
        parent: step.id,
        step: step.id,
        rule: 'variant',
        text: {
          zh: `按“${course.variant.zh}”的标准`,
          en: `By the terms for: ${course.variant.en}`,
        },
        source: cited,
        facts: { name: course.variant, assumption },
      }),
    );
  }
  for (const { modifier, value } of course.modifiers) {
    const percent = percentTextFromRate(value);
    const { cited, assumption } = modifier.grounds;
    nodes.push(
      node({
        id: `${step.id}.${modifier.id}`,
        parent: step.id,
        step: step.id,
        rule: 'rate-multiplied',
        assumed: modifier.grounds.assumed,
        text: {
          zh: `${modifier.name.zh}：支付比例乘以 ${percent}`,
          en: `${modifier.name.en}: the rate is multiplied by ${percent}`,
        },
        source: cited,
        facts: { name: modifier.name, rate: inLowestTerms(value), assumption },
      }),
    );
  }
  const { deductible } = course;
  if (deductible !== null && (deductible.borneNowFen !== 0 || deductible.borneBeforeFen !== 0)) {
    nodes.push(explainDeductible(step, deductible));
  }
}

function explainDeductible(
  step: CompiledStep,
  { per, name, value, leftFen, borneNowFen, borneBeforeFen, grounds }: DeductibleUse,
): TraceNode {
  const whole = formatFen(value);
  const { cited, assumption } = grounds;
  const before = beforeWords(per, borneBeforeFen === 0 ? null : formatFen(leftFen));
  return node({
    id: step.texts.ids.deductible,
    parent: step.id,
    step: step.id,
    rule: per === 'visit' ? 'deductible-per-visit' : 'deductible-per-year',
    assumed: grounds.assumed,
    text: {
      zh: `${name.zh} ${whole}${before.zh}，本次先由个人承担 ${formatFen(borneNowFen)}`,
      en: `${name.en} ${whole}${before.en}, the patient bears ${formatFen(borneNowFen)} first`,
    },
    source: cited,
    facts: { name, assumption },
    inputs: {
      deductible: yuanTextFromFen(value),
      borneBefore: yuanTextFromFen(borneBeforeFen),
      left: yuanTextFromFen(leftFen),
      borne: yuanTextFromFen(borneNowFen),
    },
    adds: per === 'visit' ? adds('/deductible', borneNowFen) : [],
  });
}

function beforeWords(per: 'visit' | 'year', left: string | null): Words {
  if (left === null) return { zh: '', en: '' };
  return per === 'year'
    ? { zh: `（本年尚余 ${left}）`, en: ` (${left} left of this year)` }
    : { zh: `（此前已承担，尚余 ${left}）`, en: ` (${left} left after what was borne before)` };
}

/** The quota of a disease: what it is, what the stay cost, what the hospital bears or keeps. */
export function explainQuota(step: CompiledStep, course: QuotaCourse): readonly TraceNode[] {
  const { name, listedFen, factor, quotaFen, actualFen, selfFen, hospitalBearsFen } = course;
  const quota = formatFen(quotaFen);
  const { cited, assumption } = groundsOrNone(factor?.grounds);
  const lower =
    factor === null ? '' : ` = ${formatFen(listedFen)} × ${percentTextFromRate(factor.value)}`;
  const bears = formatFen(hospitalBearsFen);
  const surplus = hospitalBearsFen < 0;
  return [
    node({
      id: `${step.id}.quota`,
      parent: step.id,
      step: step.id,
      rule: 'disease-quota',
      assumed: factor?.grounds.assumed ?? false,
      text: {
        zh: `单病种“${name}”定额 ${quota}，实际费用 ${formatFen(actualFen)}`,
        en: `Quota of "${name}" ${quota}, the stay cost ${formatFen(actualFen)}`,
      },
      ...(lower === '' ? {} : { formula: `${quota}${lower}` }),
      source: cited,
      facts: { assumption },
      inputs: { quota: yuanTextFromFen(quotaFen), actual: yuanTextFromFen(actualFen) },
    }),
    node({
      id: `${step.id}.hospital`,
      parent: step.id,
      step: step.id,
      rule: surplus ? 'hospital-keeps-surplus' : 'hospital-bears-rest',
      text: surplus
        ? {
            zh: `定额高出实际支付，医院结余 ${formatFen(fen(0 - hospitalBearsFen))}`,
            en: `The quota is above the cost: the hospital keeps ${formatFen(fen(0 - hospitalBearsFen))}`,
          }
        : { zh: `超出定额的 ${bears} 由医院承担`, en: `The hospital bears the ${bears} beyond` },
      formula: `${formatFen(actualFen)} − ${formatFen(selfFen)} − ${formatFen(course.quotaFen)} × ${percentTextFromRate(course.rate.value)}`,
      inputs: {
        patient: yuanTextFromFen(selfFen),
        hospital: yuanTextFromFen(hospitalBearsFen),
      },
    }),
  ];
}

/** Each target of a guarantee, and what is missing to it. */
export function explainGuarantee(
  { step }: StepOutcome,
  { needs, yearBeforeFen }: GuaranteeCourse,
): readonly TraceNode[] {
  return needs.map(({ target, figure, needFen }, index) => {
    const need = formatFen(needFen);
    const words = targetWords(target, figure);
    const { cited, assumption } = groundsOrNone(figure?.grounds);
    return node({
      id: `${step.id}.target-${String(index + 1)}`,
      parent: step.id,
      step: step.id,
      rule: `target-${target.kind}`,
      assumed: figure?.grounds.assumed ?? false,
      text:
        needFen === 0
          ? { zh: `${words.zh}：已达到`, en: `${words.en}: met` }
          : { zh: `${words.zh}：尚差 ${need}`, en: `${words.en}: ${need} missing` },
      source: cited,
      facts: { assumption },
      inputs: { need: yuanTextFromFen(needFen), yearBefore: yuanTextFromFen(yearBeforeFen) },
    });
  });
}

function groundsOrNone(grounds: Grounds | undefined): Pick<Grounds, 'cited' | 'assumption'> {
  return grounds ?? noGrounds;
}

const noGrounds: Pick<Grounds, 'cited' | 'assumption'> = { cited: null, assumption: null };

function targetWords(
  target: GuaranteeCourse['needs'][number]['target'],
  figure: GuaranteeCourse['needs'][number]['figure'],
): Words {
  const value =
    figure === null
      ? ''
      : typeof figure.value === 'number'
        ? formatFen(figure.value)
        : percentTextFromRate(figure.value);
  switch (target.kind) {
    case 'reach':
      return reachWords(target.of, value);
    case 'year-self-pay':
      return {
        zh: `全年个人负担不超过 ${value}`,
        en: `Self-pay of the year at most ${value}`,
      };
    case 'visit-self-pay':
      return { zh: `本次个人负担不超过 ${value}`, en: `Self-pay of this visit at most ${value}` };
    case 'nothing-left':
      return { zh: '个人不再负担', en: 'Nothing left for the patient' };
  }
}

function reachWords(of: 'total' | 'in-scope' | 'in-scope-after-first-pay', value: string): Words {
  switch (of) {
    case 'total':
      return { zh: `报销达到总费用的 ${value}`, en: `${value} of the total paid` };
    case 'in-scope':
      return { zh: `报销达到政策范围内费用的 ${value}`, en: `${value} of the in-scope cost paid` };
    case 'in-scope-after-first-pay':
      return {
        zh: `报销达到扣除转外先付后政策范围内费用的 ${value}`,
        en: `${value} of the in-scope cost paid, less what is paid first of it`,
      };
  }
}
