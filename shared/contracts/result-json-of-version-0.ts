import { z } from 'zod';

import type { Words } from '../domain/result.ts';
import type { ShareBase } from '../domain/settlement-result.ts';
import { payerNames } from '../domain/value-names.ts';
import {
  exactTextFromRate,
  multiplyRates,
  rateFromPercentText,
  wholeRate,
  type Rate,
} from '../money/rate.ts';
import { fenFromYuanText, formatFen } from '../money/yuan-text.ts';

// A result of version 0 said what a step is called, what it was applied to, what cut it and what is
// assumed in sentences only. They are read here, once, and nowhere else; the words below are those of
// that version and are never changed.

const words = z.strictObject({ zh: z.string(), en: z.string() });

const share = z.looseObject({ step: z.string(), payer: z.string(), amount: z.string() });

const traceNode = z.looseObject({
  id: z.string(),
  step: z.string().nullable(),
  rule: z.string(),
  rounding: z.string().nullable(),
  assumed: z.boolean(),
  text: words,
  formula: z.string().optional(),
  source: z
    .looseObject({
      document: z.string(),
      documentEn: z.string().optional(),
      article: z.string(),
      articleEn: z.string().optional(),
    })
    .nullable(),
  inputs: z.record(z.string(), z.unknown()),
});
type OldNode = z.infer<typeof traceNode>;

const resultOfVersion0 = z.looseObject({ shares: z.array(share), trace: z.array(traceNode) });

/**
 * A Result JSON of version 0 with the fields of version 1: the name of every share, what it rests on and
 * what cut it, on the share and on the two nodes of its step that say so. Everything else stays as it is.
 * What the sentences do not say stays absent: the rate of a step that paid nothing, the names of modifiers.
 * A field that is there already is kept. Throws where `json` is no Result JSON of that version.
 */
export function resultJsonFromVersion0(json: unknown): unknown {
  const result = resultOfVersion0.parse(json);
  const facts = new Map(result.shares.map((each) => [each.step, factsOf(each, result.trace)]));
  return {
    ...result,
    shares: result.shares.map((each) => ({ ...facts.get(each.step)?.ofShare, ...each })),
    trace: result.trace.map((node) => ({ ...factsOfNode(node, facts), ...node })),
  };
}

type Facts = ReturnType<typeof factsOf>;

function factsOfNode(node: OldNode, facts: ReadonlyMap<string, Facts>): object {
  const assumption = assumptionOf(node);
  const ofStep = node.step === null ? undefined : facts.get(node.step);
  return {
    ...(node.id === node.step && node.rule === 'step' ? ofStep?.ofRoot : {}),
    ...(node.id === `${node.step ?? ''}.pays` ? ofStep?.ofPays : {}),
    ...(assumption === null ? {} : { assumption }),
  };
}

function factsOf(
  { step, payer, amount }: z.infer<typeof share>,
  trace: readonly OldNode[],
): { readonly ofShare: object; readonly ofRoot: object; readonly ofPays: object } {
  const root = trace.find(({ id, rule }) => id === step && rule === 'step');
  const pays = trace.find(({ id }) => id === `${step}.pays`);
  const applied = root === undefined ? null : appliedOf(root);
  const assumption = pays === undefined ? null : assumptionOf(pays);
  const name = applied?.name ?? payerNames[payer] ?? { zh: payer, en: payer };
  const base = applied === null ? {} : { base: applied.base };
  const rates = pays === undefined || amount === '0.00' ? {} : ratesOf(pays);
  const limit = pays === undefined ? null : limitOf(pays, name, amount);
  const coarse = pays === undefined || amount === '0.00' ? {} : coarseUnitOf(pays);
  return {
    ofShare: {
      name,
      ...(applied === null ? {} : { base: applied.base.kind }),
      ...('rate' in rates ? rates : {}),
      ...(limit === null ? {} : { limit }),
      assumed: pays?.assumed ?? false,
      ...(assumption === null ? {} : { assumption }),
    },
    ofRoot: { name, ...base },
    ofPays: {
      ...base,
      ...rates,
      ...(limit === null ? {} : { limit: { ...limit, amount } }),
      ...coarse,
    },
  };
}

type Base = { readonly kind: ShareBase; readonly name: Words; readonly amount: string };

/** `基本医疗保险：以政策范围内费用 13,450.00 为基数`: the name of the step and its base. */
function appliedOf({
  text,
  inputs,
}: OldNode): { readonly name: Words; readonly base: Base } | null {
  const amount = amountOf(inputs['baseAmount']);
  if (amount === null) return null;
  const figure = formatFen(fenFromYuanText(amount));
  const zh = splitAtLast(withoutEnd(text.zh, ` ${figure} 为基数`), '：以');
  const en = splitAtLast(withoutEnd(text.en, `, ${figure}`), ': applied to the ');
  if (zh === null || en === null) return null;
  const known = knownBases.find(([, base]) => base.zh === zh[1] && base.en === en[1]);
  return {
    name: { zh: zh[0], en: en[0] },
    base: { kind: known?.[0] ?? 'items', name: { zh: zh[1], en: en[1] }, amount },
  };
}

const knownBases: readonly (readonly [ShareBase, Words])[] = [
  ['in-scope', { zh: '政策范围内费用', en: 'in-scope cost' }],
  ['in-scope-residual', { zh: '政策范围内剩余费用', en: 'in-scope cost left' }],
  ['residual-total', { zh: '剩余总费用', en: 'total cost left' }],
  ['total', { zh: '总费用', en: 'total cost' }],
  ['year-in-scope-self-pay', { zh: '全年范围内个人负担', en: 'in-scope self-pay of the year' }],
  ['year-self-pay', { zh: '全年个人负担', en: 'self-pay of the year' }],
  ['quota', { zh: '实际费用与定额中的较低者', en: 'lower of cost and quota' }],
];

/** `(13,450.00 − 750.00) × 86%` counted 86 %; `3,000.00 × 50% + 500.00 × 62.5%` counted two rates. */
function ratesOf({ rule, formula = '' }: OldNode): object {
  switch (rule) {
    case 'rate-of-base':
    case 'items-waived':
    case 'share-of-quota': {
      const factors = [...formula.matchAll(/ × ([\d.]+)%/g)].map(([, percent = '']) => percent);
      if (factors.length === 0 || formula.includes('≈')) return {};
      const rate = factors
        .map((percent) => rateFromPercentText(percent))
        .reduce<Rate>((product, factor) => multiplyRates(product, factor), wholeRate);
      return { rate: exactTextFromRate(rate) };
    }
    case 'bands-of-base':
    case 'rate-by-class': {
      const found = [...formula.matchAll(/([\d,]+\.\d\d) × ([\d.]+)%/g)];
      if (found.length === 0 || formula.includes('≈')) return {};
      const parts = found.map(([, part = '', percent = ''], index) => ({
        of: rule === 'bands-of-base' ? 'band' : index === 0 ? 'class-a' : 'class-b',
        amount: part.replaceAll(',', ''),
        rate: exactTextFromRate(rateFromPercentText(percent)),
      }));
      return { parts };
    }
    default:
      return {};
  }
}

type Limit = { readonly kind: 'ceiling'; readonly name: Words } | { readonly kind: 'left' };

/** `医疗救助支付 5,000.00，取整到角，受年度封顶线限制`, `年度封顶线已用完，没有余额`. */
function limitOf({ rule, text, inputs }: OldNode, name: Words, amount: string): Limit | null {
  if (rule === 'ceiling-used-up') {
    const zh = withoutEnd(text.zh, '已用完，没有余额');
    const en = withoutStart(text.en, 'Nothing is left of: ');
    return zh === null || en === null ? null : { kind: 'ceiling', name: { zh, en } };
  }
  const beforeLimit = amountOf(inputs['beforeLimit']);
  if (amount === '0.00' || beforeLimit === null || beforeLimit === amount) return null;
  if (amountOf(inputs['ceilingLeft']) !== amount) return { kind: 'left' };
  const figure = formatFen(fenFromYuanText(amount));
  const zhSaid = withoutStart(text.zh, `${name.zh}支付 ${figure}`);
  const enSaid = withoutStart(text.en, `${name.en} pays ${figure}`);
  const zh = /^(?:，取整到(?:角|元|十元))?，受(.*)限制$/su.exec(zhSaid ?? '')?.[1];
  const en = /^(?:, rounded to (?:the jiao|the yuan|ten yuan))?, limited by: (.*)$/su.exec(
    enSaid ?? '',
  )?.[1];
  return zh === undefined || en === undefined ? null : { kind: 'ceiling', name: { zh, en } };
}

/** A quota's rounding is of the patient's part; its share is exact. */
function coarseUnitOf({ rule, rounding }: OldNode): object {
  const unit = coarseUnits.find((each) => rounding?.startsWith(`${each}/`) === true);
  return unit === undefined || rule === 'share-of-quota' ? {} : { roundedTo: unit };
}

const coarseUnits = ['jiao', 'yuan', 'ten-yuan'] as const;

/** An assumption was cited as a document of this title, the reason as its article. */
function assumptionOf({ source }: OldNode): Words | null {
  if (source?.document !== '假定' || source.documentEn !== 'assumed') return null;
  return source.articleEn === undefined ? null : { zh: source.article, en: source.articleEn };
}

const amountOf = (value: unknown): string | null => (typeof value === 'string' ? value : null);

function splitAtLast(text: string | null, mark: string): readonly [string, string] | null {
  const at = text?.lastIndexOf(mark) ?? -1;
  return text === null || at < 1 ? null : [text.slice(0, at), text.slice(at + mark.length)];
}

function withoutEnd(text: string, end: string): string | null {
  return text.endsWith(end) ? text.slice(0, -end.length) : null;
}

function withoutStart(text: string, start: string): string | null {
  return text.startsWith(start) ? text.slice(start.length) : null;
}
