import type { Words } from '../../domain/result.ts';
import type { TraceNode } from '../../domain/settlement-result.ts';
import { roundingName } from '../../money/rounding.ts';
import { formatFen, yuanTextFromFen } from '../../money/yuan-text.ts';
import { cited, groundsCited } from '../compile/cite.ts';
import type { CompiledPack, Grounds } from '../compile/compiled-pack.ts';
import { explainGuarantee, explainQuota, explainTerms } from './explain-course.ts';
import { formulaOf } from './formula-of.ts';
import type { StepOutcome } from '../rules/step-outcome.ts';
import { paysWords, zeroWords } from './step-words.ts';
import { addsTo, node } from './trace-node.ts';

/** One step of the pack: its rule, its deductible, what it pays and why, or why it pays nothing. */
export function explainStep(
  pack: CompiledPack,
  outcome: StepOutcome,
  index: number,
): readonly TraceNode[] {
  const { step, baseFen } = outcome;
  const base = baseWordsOf(outcome);
  const amount = formatFen(baseFen);
  const root = node({
    id: step.id,
    step: step.id,
    rule: 'step',
    assumed: step.assumed,
    text: {
      zh: `${step.name.zh}：以${base.zh} ${amount} 为基数`,
      en: `${step.name.en}: applied to the ${base.en}, ${amount}`,
    },
    source: cited(pack, step.source),
    inputs: {
      base: 'base' in step.rule ? step.rule.base : step.rule.kind,
      payer: step.payer,
      baseAmount: yuanTextFromFen(baseFen),
    },
  });
  const nodes = [root, ...explainCourse(pack, outcome)];
  nodes.push(explainShare(pack, outcome, index));
  return nodes;
}

function baseWordsOf({ step: { rule }, course }: StepOutcome): Words {
  switch (rule.kind) {
    case 'rate':
    case 'guarantee':
    case 'approved-amount':
      return baseWords[rule.base];
    case 'items':
      return { zh: `${rule.name.zh}费用`, en: `cost of ${rule.name.en}` };
    case 'quota':
      if (course?.kind === 'quota') {
        return { zh: '实际费用与定额中的较低者', en: 'lower of cost and quota' };
      }
      return baseWords[rule.ordinary?.base ?? 'total'];
    case 'not-stated':
      return baseWords['residual-total'];
  }
}

const baseWords = {
  'in-scope': { zh: '政策范围内费用', en: 'in-scope cost' },
  'in-scope-residual': { zh: '政策范围内剩余费用', en: 'in-scope cost left' },
  'residual-total': { zh: '剩余总费用', en: 'total cost left' },
  total: { zh: '总费用', en: 'total cost' },
  'year-in-scope-self-pay': { zh: '全年范围内个人负担', en: 'in-scope self-pay of the year' },
  'year-self-pay': { zh: '全年个人负担', en: 'self-pay of the year' },
} as const;

function explainCourse(pack: CompiledPack, outcome: StepOutcome): readonly TraceNode[] {
  switch (outcome.course?.kind) {
    case 'rate':
      return explainTerms(pack, outcome.step, outcome.course);
    case 'quota':
      return explainQuota(pack, outcome.step, outcome.course);
    case 'guarantee':
      return explainGuarantee(pack, outcome, outcome.course);
    case 'items':
    case 'approved-amount':
    case undefined:
      return [];
  }
}

function explainShare(pack: CompiledPack, outcome: StepOutcome, index: number): TraceNode {
  const { step, shareFen, hospitalBearsFen, zeroReason } = outcome;
  const grounds = groundsOfShare(outcome);
  return node({
    id: `${step.id}.pays`,
    parent: step.id,
    step: step.id,
    rule: zeroReason ?? ruleName(outcome),
    rounding: 'rounding' in step.rule ? roundingName(step.rule.rounding) : null,
    assumed: step.assumed || isAssumed(outcome),
    text: zeroReason === null ? paysWords(outcome) : zeroWords(outcome, zeroReason),
    formula: formulaOf(outcome),
    source: (grounds === null ? null : groundsCited(pack, grounds)) ?? cited(pack, step.source),
    inputs: shareInputs(outcome),
    adds: addsTo(
      [`/shares/${String(index)}/amount`, shareFen],
      ['/hospitalBears', hospitalBearsFen],
      ['/patientPays', -shareFen - hospitalBearsFen],
      ['/patientPart/withinCatalogue', -outcome.fromEligibleFen - outcome.fromFirstSelfPayFen],
      ['/patientPart/outsideCatalogue', -outcome.fromOutsideFen],
      [`/yearToDate/paid/${step.payer}`, shareFen],
      [`/yearToDate/byStep/${step.id}`, shareFen],
    ),
  });
}

function shareInputs({ baseFen, beforeLimitFen, ceiling }: StepOutcome): TraceNode['inputs'] {
  const base = yuanTextFromFen(baseFen);
  const beforeLimit = yuanTextFromFen(beforeLimitFen);
  if (ceiling === null) return { base, beforeLimit };
  const ceilingLeft = yuanTextFromFen(ceiling.leftFen);
  return { base, beforeLimit, ceilingLeft, paidThisYear: yuanTextFromFen(ceiling.usedFen) };
}

function ruleName({ course }: StepOutcome): string {
  switch (course?.kind) {
    case 'rate':
      if (course.rate !== null) return 'rate-of-base';
      return course.bands?.value[0]?.label === 'band' ? 'bands-of-base' : 'rate-by-class';
    case 'items':
      return 'items-waived';
    case 'quota':
      return 'share-of-quota';
    case 'guarantee':
      return 'target-guaranteed';
    case 'approved-amount':
      return 'approved-on-application';
    case undefined:
      return 'step';
  }
}

/** The figure an amount rests on first of all. */
function groundsOfShare({ course }: StepOutcome): Grounds | null {
  switch (course?.kind) {
    case 'rate':
      return (course.rate ?? course.bands)?.grounds ?? null;
    case 'items':
    case 'quota':
      return course.rate.grounds;
    case 'guarantee':
      return course.needs[0]?.figure?.grounds ?? null;
    case 'approved-amount':
    case undefined:
      return null;
  }
}

/** Whether a figure the amount rests on is assumed. */
function isAssumed({ course, ceiling }: StepOutcome): boolean {
  if (ceiling?.grounds.assumed === true) return true;
  switch (course?.kind) {
    case 'rate':
      return [course.rate, course.bands, course.deductible, ...course.modifiers].some(
        (figure) => figure?.grounds.assumed === true,
      );
    case 'items':
      return course.rate.grounds.assumed;
    case 'quota':
      return course.rate.grounds.assumed || course.factor?.grounds.assumed === true;
    case 'guarantee':
      return course.needs.some(({ figure }) => figure?.grounds.assumed === true);
    case 'approved-amount':
    case undefined:
      return false;
  }
}
