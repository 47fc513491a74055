import type { Words } from '../domain/result.ts';
import type { TraceNode } from '../domain/settlement-result.ts';
import { percentTextFromRate } from '../money/rate.ts';
import { roundingName } from '../money/rounding.ts';
import { formatFen } from '../money/yuan-text.ts';
import type { CompiledPack, CompiledStep, Grounds } from './compiled-pack.ts';
import type { StepBase } from './pack-schema.ts';
import type { StepOutcome, ZeroReason } from './run-steps.ts';
import { adds, node, takes, yuanInputs } from './trace-node.ts';

/** One step of the pack: its rule, its deductible, what it pays and why, or why it pays nothing. */
export function explainStep(
  pack: CompiledPack,
  outcome: StepOutcome,
  index: number,
): readonly TraceNode[] {
  const { step } = outcome;
  const nodes = [
    node({
      id: step.id,
      step: step.id,
      rule: 'step',
      assumed: step.assumed,
      text: {
        zh: `${step.name.zh}：以${baseWords[step.base].zh} ${formatFen(outcome.baseFen)} 为基数`,
        en: `${step.name.en}: applied to the ${baseWords[step.base].en}, ${formatFen(outcome.baseFen)}`,
      },
      source: cited(pack, step.source),
      inputs: {
        base: step.base,
        payer: step.payer,
        ...yuanInputs({ baseAmount: outcome.baseFen }),
      },
    }),
  ];
  if (step.deductible !== null && outcome.deductibleBorneFen !== 0) {
    nodes.push(explainDeductible(pack, outcome, step.deductible));
  }
  nodes.push(explainShare(pack, outcome, index));
  return nodes;
}

const baseWords: Record<StepBase, Words> = {
  'in-scope': { zh: '政策范围内费用', en: 'in-scope cost' },
  'in-scope-residual': { zh: '政策范围内剩余费用', en: 'in-scope cost left' },
  'residual-total': { zh: '剩余总费用', en: 'total cost left' },
  total: { zh: '总费用', en: 'total cost' },
};

function explainDeductible(
  pack: CompiledPack,
  outcome: StepOutcome,
  deductible: NonNullable<CompiledStep['deductible']>,
): TraceNode {
  const { step, deductibleFen, deductibleBorneFen } = outcome;
  const { name, grounds } = deductible.figure;
  const perVisit = deductible.per === 'visit';
  return node({
    id: `${step.id}.deductible`,
    parent: step.id,
    step: step.id,
    rule: perVisit ? 'deductible-per-visit' : 'deductible-per-year',
    assumed: grounds.assumed,
    text: {
      zh: `${name.zh} ${formatFen(deductibleFen)}${perVisit ? '' : '（本年尚余）'}，本次先由个人承担 ${formatFen(deductibleBorneFen)}`,
      en: `${name.en} ${formatFen(deductibleFen)}${perVisit ? '' : ' (left of this year)'}, the patient bears ${formatFen(deductibleBorneFen)} first`,
    },
    source: groundsCited(pack, grounds),
    inputs: yuanInputs({ deductible: deductibleFen, borne: deductibleBorneFen }),
    adds: perVisit ? adds('/deductible', deductibleBorneFen) : [],
  });
}

function explainShare(pack: CompiledPack, outcome: StepOutcome, index: number): TraceNode {
  const { step, shareFen } = outcome;
  const grounds = step.rate.kind === 'rate' ? step.rate.figure.grounds : step.rate.grounds;
  const formula = formulaOf(outcome);
  return node({
    id: `${step.id}.pays`,
    parent: step.id,
    step: step.id,
    rule: outcome.zeroReason ?? (step.rate.kind === 'rate' ? 'rate-of-base' : 'bands-of-base'),
    rounding: roundingName(step.rounding),
    assumed: step.assumed,
    text: outcome.zeroReason === null ? paysWords(outcome) : zeroWords(outcome, outcome.zeroReason),
    ...(formula === null ? {} : { formula }),
    source: groundsCited(pack, grounds) ?? cited(pack, step.source),
    inputs: {
      ...yuanInputs({
        base: outcome.baseFen,
        deductible: outcome.deductibleBorneFen,
        aboveDeductible: outcome.aboveDeductibleFen,
        beforeLimit: outcome.beforeLimitFen,
      }),
      rate: step.rate.kind === 'rate' ? percentTextFromRate(outcome.rate) : null,
      ...(outcome.ceilingLeftFen === null
        ? {}
        : yuanInputs({ ceilingLeft: outcome.ceilingLeftFen })),
    },
    adds: [
      ...adds(`/shares/${String(index)}/amount`, shareFen),
      ...takes('/patientPays', shareFen),
      ...takes(
        '/patientPart/withinCatalogue',
        outcome.fromEligibleFen + outcome.fromFirstSelfPayFen,
      ),
      ...takes('/patientPart/outsideCatalogue', outcome.fromOutsideFen),
      ...adds(`/yearToDate/paid/${step.payer}`, shareFen),
      ...adds(`/yearToDate/byStep/${step.id}`, shareFen),
    ],
  });
}

/** The reckoning in figures, e.g. `(13,450.00 − 750.00) × 86%`; null where nothing was reckoned. */
function formulaOf(outcome: StepOutcome): string | null {
  const { step, bandShares, zeroReason } = outcome;
  switch (zeroReason) {
    case 'hospital-level-not-covered':
    case 'disease-not-listed':
    case 'nothing-in-scope':
    case 'nothing-left':
      return null;
    case 'below-deductible':
      return `${formatFen(outcome.baseFen)} ≤ ${formatFen(outcome.deductibleFen)}`;
    default:
  }
  const base =
    outcome.deductibleBorneFen === 0
      ? formatFen(outcome.baseFen)
      : `(${formatFen(outcome.baseFen)} − ${formatFen(outcome.deductibleBorneFen)})`;
  if (step.rate.kind === 'rate') return `${base} × ${percentTextFromRate(outcome.rate)}`;
  return bandShares
    .map(({ band, partFen }) => `${formatFen(partFen)} × ${percentTextFromRate(band.rate)}`)
    .join(' + ');
}

function paysWords(outcome: StepOutcome): Words {
  const { step, shareFen, beforeLimitFen, boundFen, ceilingLeftFen } = outcome;
  const amount = formatFen(shareFen);
  const unit = unitWords[step.rounding.unit];
  const zh = `${step.name.zh}支付 ${amount}${unit === null ? '' : `，${unit.zh}`}`;
  const en = `${step.name.en} pays ${amount}${unit === null ? '' : `, ${unit.en}`}`;
  if (shareFen === beforeLimitFen) return { zh, en };
  if (shareFen === ceilingLeftFen) {
    return { zh: `${zh}，受封顶线限制`, en: `${en}, limited by the ceiling` };
  }
  const bound = formatFen(boundFen);
  return {
    zh: `${zh}，不超过剩余的 ${bound}`,
    en: `${en}, no more than the ${bound} left`,
  };
}

const unitWords = {
  fen: null,
  jiao: { zh: '取整到角', en: 'rounded to the jiao' },
  yuan: { zh: '取整到元', en: 'rounded to the yuan' },
  'ten-yuan': { zh: '取整到十元', en: 'rounded to ten yuan' },
} as const;

function zeroWords(outcome: StepOutcome, reason: ZeroReason): Words {
  switch (reason) {
    case 'hospital-level-not-covered':
      return { zh: '不适用于本级医院', en: 'Not for a hospital of this level' };
    case 'disease-not-listed': {
      const list = outcome.step.diseases?.name;
      return {
        zh: `诊断不在“${list?.zh ?? '病种表'}”名单内`,
        en: `The diagnosis is not on the list: ${list?.en ?? 'diseases'}`,
      };
    }
    case 'nothing-in-scope':
      return { zh: '没有政策范围内费用', en: 'Nothing of the bill is in scope' };
    case 'nothing-left':
      return { zh: '前面各环节付清后没有余额', en: 'The earlier steps left nothing' };
    case 'below-deductible': {
      const deductible = formatFen(outcome.deductibleFen);
      return { zh: `未达起付标准 ${deductible}`, en: `Below the deductible of ${deductible}` };
    }
    case 'rate-is-zero':
      return outcome.step.whenZero ?? { zh: '支付比例为 0', en: 'The rate is 0' };
    case 'ceiling-used-up':
      return { zh: '已达封顶线，没有余额', en: 'The ceiling is used up' };
    case 'rounded-to-nothing':
      return { zh: '取整后为 0', en: 'Rounded to nothing' };
  }
}

function groundsCited(pack: CompiledPack, grounds: Grounds): TraceNode['source'] {
  if (grounds.source !== null) return cited(pack, grounds.source);
  if (grounds.reason === null) return null;
  return { document: '假定 assumed', article: `${grounds.reason.zh} ${grounds.reason.en}` };
}

function cited(
  pack: CompiledPack,
  source: { readonly document: string; readonly article: string },
): TraceNode['source'] {
  const title = pack.sourceTitles[source.document];
  return {
    document: title === undefined ? source.document : `${title.zh} ${title.en}`,
    article: source.article,
  };
}
