import type { Words } from '../../domain/result.ts';
import type { ShareLimit } from '../../domain/settlement-result.ts';
import { formatFen } from '../../money/yuan-text.ts';
import type { StepOutcome, ZeroReason } from '../rules/step-outcome.ts';
import { roundedTo } from './share-facts.ts';

/** What a step pays, in a sentence. */
export function paysWords(outcome: StepOutcome, limit: ShareLimit | null): Words {
  const { step, shareFen, boundFen, course } = outcome;
  const amount = formatFen(shareFen);
  const coarse = roundedTo(outcome);
  const unit = coarse === null ? null : unitWords[coarse];
  const { pays } = step.texts;
  const zh = unit === null ? pays.zh + amount : `${pays.zh}${amount}，${unit.zh}`;
  const en = unit === null ? pays.en + amount : `${pays.en}${amount}, ${unit.en}`;
  if (course?.kind === 'approved-amount') {
    return {
      zh: `${zh}（批准文号 ${course.number}，${course.approvedOn}）`,
      en: `${en} (approval ${course.number} of ${course.approvedOn})`,
    };
  }
  if (limit === null) return { zh, en };
  if (limit.kind === 'ceiling') {
    return { zh: `${zh}，受${limit.name.zh}限制`, en: `${en}, limited by: ${limit.name.en}` };
  }
  const bound = formatFen(boundFen);
  return { zh: `${zh}，不超过剩余的 ${bound}`, en: `${en}, no more than the ${bound} left` };
}

const unitWords = {
  jiao: { zh: '取整到角', en: 'rounded to the jiao' },
  yuan: { zh: '取整到元', en: 'rounded to the yuan' },
  'ten-yuan': { zh: '取整到十元', en: 'rounded to ten yuan' },
} as const;

/** Why a step pays nothing, in a sentence. */
export function zeroWords(
  { step, course, ceiling, zeroWords: own }: StepOutcome,
  reason: ZeroReason,
): Words {
  if (own !== null) return own;
  switch (reason) {
    case 'below-deductible': {
      const left = course?.kind === 'rate' ? course.deductible?.leftFen : undefined;
      const amount = left === undefined ? '' : ` ${formatFen(left)}`;
      return {
        zh: `未达起付标准${amount}`,
        en: `Below the deductible${amount === '' ? '' : ` of${amount}`}`,
      };
    }
    case 'ceiling-used-up':
      return ceiling === null
        ? { zh: '已达封顶线，没有余额', en: 'The ceiling is used up' }
        : {
            zh: `${ceiling.name.zh}已用完，没有余额`,
            en: `Nothing is left of: ${ceiling.name.en}`,
          };
    case 'no-approval': {
      const form = step.rule.kind === 'approved-amount' ? step.rule.form : null;
      return {
        zh: `须凭“${form?.zh ?? '申请表'}”申请批准，本次没有批准`,
        en: `Needs an approved application (${form?.en ?? 'form'}); there is none for this visit`,
      };
    }
    default:
      return plainWords[reason];
  }
}

const plainWords: Readonly<
  Record<Exclude<ZeroReason, 'below-deductible' | 'ceiling-used-up' | 'no-approval'>, Words>
> = {
  'hospital-level-not-covered': { zh: '不适用于本级医院', en: 'Not for a hospital of this level' },
  'hospital-not-designated': { zh: '不是定点医院', en: 'Not a designated hospital' },
  'disease-not-listed': { zh: '诊断不在病种名单内', en: 'The diagnosis is not on the list' },
  'procedure-not-listed': { zh: '手术不在名单内', en: 'No procedure is on the list' },
  'category-not-covered': { zh: '救助对象类别不适用', en: 'Not for the categories of this person' },
  'certificate-missing': { zh: '没有有效的慢特病证', en: 'No valid certificate' },
  'referral-missing': { zh: '没有有效的转诊或备案', en: 'No valid referral' },
  'requirement-not-met': { zh: '不符合规定情形', en: 'The rule does not cover this case' },
  'disabled-by-modifier': { zh: '本支付环节不适用', en: 'The step is switched off' },
  'nothing-in-scope': { zh: '没有政策范围内费用', en: 'Nothing of the bill is in scope' },
  'quota-settled-before': {
    zh: '本次住院的前一部分已按定额结清，定额之外由医院承担',
    en: 'The quota was settled with an earlier part of the stay; what is beyond it the hospital bears',
  },
  'nothing-left': { zh: '前面各支付环节付清后没有余额', en: 'The earlier steps left nothing' },
  'no-such-items': { zh: '账单中没有这类费用项目', en: 'The bill has no such items' },
  'rate-is-zero': { zh: '支付比例为 0', en: 'The rate is 0' },
  'rounded-to-nothing': { zh: '取整后为 0', en: 'Rounded to nothing' },
  'paid-this-year': { zh: '应付部分本年已经支付', en: 'What is due was paid earlier this year' },
  'paid-in-earlier-parts': {
    zh: '应付部分已在本次住院前几次结算中支付',
    en: 'What is due was paid with earlier parts of the stay',
  },
  'target-met': { zh: '已达到目标，不需要兜底', en: 'The target is met already' },
  'approval-refused': { zh: '申请未获批准', en: 'The application was refused' },
  'other-way-counts': {
    zh: '另一种办法对个人更有利，本支付环节不计',
    en: 'Another way is better for the patient; this one does not count',
  },
  'rule-not-stated': {
    zh: '出处没有写明规则，按 0 计',
    en: 'The source states no rule; taken as 0',
  },
};
