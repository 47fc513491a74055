import type { TraceNode } from '../../domain/settlement-result.ts';
import { roundingName } from '../../money/rounding.ts';
import { formatFen, yuanTextFromFen } from '../../money/yuan-text.ts';
import { cited, groundsCited } from '../compile/cite.ts';
import type { CompiledPack } from '../compile/compiled-pack.ts';
import { explainGuarantee, explainQuota, explainTerms } from './explain-course.ts';
import { formulaOf } from './formula-of.ts';
import { gainOf, type StepOutcome } from '../rules/step-outcome.ts';
import {
  baseKindOf,
  baseWordsOf,
  groundsOfShare,
  isAssumed,
  limitOf,
  ratedPartsOf,
  rateThatCounted,
  roundedTo,
} from './share-facts.ts';
import { paysWords, zeroWords } from './step-words.ts';
import { addsTo, node } from './trace-node.ts';

/** One step of the pack: its rule, its deductible, what it pays and why, or why it pays nothing. */
export function explainStep(
  pack: CompiledPack,
  outcome: StepOutcome,
  index: number,
  isYearInFull: boolean,
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
    facts: { name: step.name, base: { kind: baseKindOf(outcome), name: base, amountFen: baseFen } },
    inputs: {
      base: 'base' in step.rule ? step.rule.base : step.rule.kind,
      payer: step.payer,
      baseAmount: yuanTextFromFen(baseFen),
    },
  });
  const nodes = [root, ...explainCourse(pack, outcome)];
  nodes.push(explainShare(pack, outcome, index, isYearInFull));
  return nodes;
}

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

function explainShare(
  pack: CompiledPack,
  outcome: StepOutcome,
  index: number,
  isYearInFull: boolean,
): TraceNode {
  const { step, baseFen, shareFen, hospitalBearsFen, zeroReason } = outcome;
  const grounds = groundsOfShare(outcome);
  const { source, assumption } =
    grounds === null ? { source: null, assumption: null } : groundsCited(pack, grounds);
  const limit = limitOf(outcome);
  return node({
    id: `${step.id}.pays`,
    parent: step.id,
    step: step.id,
    rule: zeroReason ?? ruleName(outcome),
    rounding: 'rounding' in step.rule ? roundingName(step.rule.rounding) : null,
    assumed: isAssumed(outcome),
    text: zeroReason === null ? paysWords(outcome) : zeroWords(outcome, zeroReason),
    formula: formulaOf(outcome),
    source: source ?? cited(pack, step.source),
    facts: {
      base: { kind: baseKindOf(outcome), name: baseWordsOf(outcome), amountFen: baseFen },
      rate: rateThatCounted(outcome),
      parts: ratedPartsOf(outcome),
      limit: limit === null ? null : { ...limit, amountFen: shareFen },
      roundedTo: roundedTo(outcome),
      assumption,
    },
    inputs: shareInputs(outcome),
    adds: addsTo(
      [`/shares/${String(index)}/amount`, shareFen],
      ['/hospitalBears', hospitalBearsFen],
      ['/hospitalGains', gainOf(outcome)],
      ['/patientPays', -shareFen - hospitalBearsFen],
      ['/patientPart/withinCatalogue', -outcome.fromEligibleFen - outcome.fromFirstSelfPayFen],
      ['/patientPart/outsideCatalogue', -outcome.fromOutsideFen],
      [`/yearToDate/paid/${step.payer}`, shareFen],
      [`/yearToDate/byStep/${step.id}${isYearInFull ? '/paid' : ''}`, shareFen],
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
