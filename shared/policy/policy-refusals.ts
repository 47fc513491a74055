import { declareRefusals, type RefusalWords } from '../domain/declare-refusals.ts';
import type { Words } from '../domain/result.ts';

/** Why it cannot be decided who pays a visit. */
export const policyRefusal = declareRefusals({
  'several-packs': ({ names }: { readonly names: readonly string[] }) => ({
    message: {
      zh: `有 ${String(names.length)} 个待遇政策同时适用（${names.join('、')}），不能确定用哪一个。`,
      en: `${String(names.length)} policy packs apply (${names.join(', ')}); which one cannot be told.`,
    },
    money: 'not-settled',
    remedy: {
      zh: '请政策管理员调整其中之一的适用范围或日期',
      en: 'Ask the policy officer to correct the scope or the dates of one of them',
    },
    details: names,
  }),
  /** `remedy` where a pack is for the visit and does not count. */
  'no-pack': ({ message, packs, remedy }: NoPack) => ({
    message,
    money: 'not-settled',
    remedy: remedy ?? {
      zh: '请核对参保地、险种、救助对象类别和出院日期；确实不适用的，按全自费结算，或录入支付方给出的金额',
      en: 'Check the insured place, insurance, categories and discharge date; where none applies, settle as all self-pay or enter the figures the payer gives',
    },
    details: packs,
  }),
  'rate-too-fine': ({ step }: { readonly step: Words }) => ({
    message: {
      zh: `支付环节“${step.zh}”的比例乘以转诊、就医地的系数后小数过多，程序不能精确计算。`,
      en: `The rate of the step "${step.en}", multiplied by those for referral and place, has more decimals than can be calculated exactly.`,
    },
    money: 'not-settled',
    remedy: {
      zh: '请政策管理员减少比例或系数的小数位',
      en: 'Ask the policy officer to state the rate or its factors with fewer decimals',
    },
  }),
  'classes-unknown': ({ step }: { readonly step: Words }) => ({
    message: {
      zh: `支付环节“${step.zh}”按甲类、乙类分别给比例，而账单只有合计，不知道各类是多少。`,
      en: `The step "${step.en}" pays by catalogue class, and the bill gives only totals, so the classes are not known.`,
    },
    money: 'not-settled',
    place: '/visit/totals',
    remedy: {
      zh: '请导入费用明细（charges）',
      en: 'Give the charge lines instead of totals',
    },
  }),
  'received-amount-negative': ({ from, payer, amount }: ReceivedAmount) =>
    figuresReceived(
      `${from}给出的金额有负数：${amount} 元`,
      `an amount is negative: ${amount} yuan`,
      { payer, amount },
    ),
  'received-share-above-bill': ({ from, payer, over }: ReceivedShare) =>
    figuresReceived(
      `${from}给出的“${payer}”比总费用多 ${over} 元`,
      `the amount of "${payer}" is ${over} yuan above the bill`,
      { payer, over },
    ),
  'received-figures-differ': ({ from, more, amount, difference }: ReceivedSum) =>
    figuresReceived(
      `${from}给出的各方支付加个人负担，比总费用${more ? '多' : '少'} ${amount} 元`,
      `what the payers and the patient pay is ${amount} yuan ${more ? 'more' : 'less'} than the bill`,
      { difference },
    ),
});

type NoPack = {
  readonly message: Words;
  readonly packs: readonly { readonly pack: string; readonly because: Words | null }[];
  readonly remedy?: Words;
};
/** Amounts are yuan text; `from` is who gave them. */
type ReceivedAmount = { readonly from: string; readonly payer: string; readonly amount: string };
type ReceivedShare = { readonly from: string; readonly payer: string; readonly over: string };
type ReceivedSum = {
  readonly from: string;
  readonly more: boolean;
  readonly amount: string;
  readonly difference: string;
};

function figuresReceived(zh: string, en: string, detail: object): RefusalWords {
  return {
    message: {
      zh: `${zh}。`,
      en: `By the figures received ${en}.`,
    },
    money: 'not-settled',
    place: '/visit/payerFigures',
    remedy: {
      zh: '请向支付方核实后重新录入；不要自行改动金额凑平。',
      en: 'Ask the payer and enter its figures again; never change an amount to make them meet.',
    },
    details: [detail],
  };
}
