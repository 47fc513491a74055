import type { Share, TraceNode } from '../../domain/settlement-result.ts';
import { roundingName } from '../../money/rounding.ts';
import { formatFen, yuanTextFromFen, yuanTextOf } from '../../money/yuan-text.ts';
import { explainChoice } from './explain-choice.ts';
import { explainGuarantee, explainQuota, explainTerms } from './explain-course.ts';
import { formulaOf } from './formula-of.ts';
import type { ChoiceMade } from '../rules/best-ways.ts';
import { gainOf, type StepOutcome } from '../rules/step-outcome.ts';
import { baseKindOf, groundsOfShare, ratedPartsOf, roundedTo } from './share-facts.ts';
import { paysWords, zeroWords } from './step-words.ts';
import { add, node, type Added } from './trace-node.ts';

/** One step of the pack: its rule, its deductible, what it pays and why, or why it pays nothing. */
export function explainStep(
  nodes: TraceNode[],
  outcome: StepOutcome,
  share: Share,
  index: number,
  { isYearInFull, choices }: StepContext,
): void {
  const { step, baseFen } = outcome;
  const kind = share.base ?? baseKindOf(outcome);
  const texts = step.texts.bases[kind];
  if (texts === undefined) throw new Error(`the step ${step.id} is never applied to ${kind}`);
  const amount = formatFen(baseFen);
  const base = { kind, name: texts.name, amountFen: baseFen };
  nodes.push(
    node({
      id: step.id,
      step: step.id,
      rule: 'step',
      assumed: step.assumed,
      text: { zh: `${texts.begins.zh + amount} 为基数`, en: texts.begins.en + amount },
      source: step.cited,
      facts: { name: step.name, base },
      inputs: {
        base: 'base' in step.rule ? step.rule.base : step.rule.kind,
        payer: step.payer,
        baseAmount: yuanTextOf(baseFen, amount),
      },
    }),
  );
  for (const made of choices) if (made.step === step) nodes.push(explainChoice(made));
  explainCourse(nodes, outcome);
  nodes.push(explainShare(outcome, share, base, index, isYearInFull));
}

/** What of the whole decision the explanation of a step depends on. */
type StepContext = {
  /** Whether the year has the step's figures in full. */
  readonly isYearInFull: boolean;
  readonly choices: readonly ChoiceMade[];
};

function explainCourse(nodes: TraceNode[], outcome: StepOutcome): void {
  switch (outcome.course?.kind) {
    case 'rate':
      explainTerms(nodes, outcome.step, outcome.course);
      return;
    case 'quota':
      nodes.push(...explainQuota(outcome.step, outcome.course));
      return;
    case 'guarantee':
      nodes.push(...explainGuarantee(outcome, outcome.course));
      return;
    case 'items':
    case 'approved-amount':
    case undefined:
  }
}

function explainShare(
  outcome: StepOutcome,
  share: Share,
  base: NonNullable<TraceNode['base']>,
  index: number,
  isYearInFull: boolean,
): TraceNode {
  const { step, shareFen, hospitalBearsFen, zeroReason } = outcome;
  const { pointers } = step;
  const grounds = groundsOfShare(outcome);
  const added: Added[] = [];
  add(added, amountOfShare(index), shareFen);
  add(added, '/hospitalBears', hospitalBearsFen);
  add(added, '/hospitalGains', gainOf(outcome));
  add(added, '/patientPays', -shareFen - hospitalBearsFen);
  add(
    added,
    '/patientPart/withinCatalogue',
    -outcome.fromEligibleFen - outcome.fromFirstSelfPayFen,
  );
  add(added, '/patientPart/outsideCatalogue', -outcome.fromOutsideFen);
  add(added, pointers.paidByPayer, shareFen);
  add(added, isYearInFull ? pointers.year.paid : pointers.year.whole, shareFen);
  return node({
    id: step.texts.ids.pays,
    parent: step.id,
    step: step.id,
    rule: zeroReason ?? ruleName(outcome),
    rounding: 'rounding' in step.rule ? roundingName(step.rule.rounding) : null,
    assumed: share.assumed,
    text:
      zeroReason === null
        ? paysWords(outcome, share.limit ?? null)
        : zeroWords(outcome, zeroReason),
    formula: formulaOf(outcome),
    source: grounds?.cited ?? step.cited,
    facts: {
      base,
      rate: share.rate ?? null,
      parts: ratedPartsOf(outcome),
      limit: share.limit === undefined ? null : { ...share.limit, amountFen: shareFen },
      roundedTo: roundedTo(outcome),
      assumption: grounds?.assumption ?? null,
    },
    inputs: shareInputs(outcome),
    adds: added,
  });
}

const amountPointers = Array.from({ length: 32 }, (_none, index) => amountPointer(index));

function amountOfShare(index: number): string {
  return amountPointers[index] ?? amountPointer(index);
}

function amountPointer(index: number): string {
  return `/shares/${String(index)}/amount`;
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
