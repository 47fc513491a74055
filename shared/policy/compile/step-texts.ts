import type { Words } from '../../domain/result.ts';
import type { ShareBase } from '../../domain/settlement-result.ts';
import type { BaseTexts, CompiledRule, StepTexts } from './compiled-pack.ts';

/** Makes the sentences of a step ready. */
export function stepTexts(id: string, { zh, en }: Words, rule: CompiledRule): StepTexts {
  const bases = basesOf(rule).map(([kind, name]): [ShareBase, BaseTexts] => {
    const begins = { zh: `${zh}：以${name.zh} `, en: `${en}: applied to the ${name.en}, ` };
    return [kind, { name, begins }];
  });
  return {
    bases: Object.fromEntries(bases),
    pays: { zh: `${zh}支付 `, en: `${en} pays ` },
    ids: { pays: `${id}.pays`, deductible: `${id}.deductible` },
  };
}

/** Every base a step may be applied to, and what it is called. */
function basesOf(rule: CompiledRule): readonly (readonly [ShareBase, Words])[] {
  switch (rule.kind) {
    case 'rate':
    case 'guarantee':
    case 'approved-amount':
      return [[rule.base, baseWords[rule.base]]];
    case 'items':
      return [['items', { zh: `${rule.name.zh}费用`, en: `cost of ${rule.name.en}` }]];
    case 'quota': {
      const ordinary = rule.ordinary?.base ?? 'total';
      return [
        ['quota', baseWords.quota],
        [ordinary, baseWords[ordinary]],
      ];
    }
    case 'not-stated':
      return [['residual-total', baseWords['residual-total']]];
  }
}

const baseWords: Readonly<Record<Exclude<ShareBase, 'items'>, Words>> = {
  'in-scope': { zh: '政策范围内费用', en: 'in-scope cost' },
  'in-scope-residual': { zh: '政策范围内剩余费用', en: 'in-scope cost left' },
  'residual-total': { zh: '剩余总费用', en: 'total cost left' },
  total: { zh: '总费用', en: 'total cost' },
  'year-in-scope-self-pay': { zh: '全年范围内个人负担', en: 'in-scope self-pay of the year' },
  'year-self-pay': { zh: '全年个人负担', en: 'self-pay of the year' },
  quota: { zh: '实际费用与定额中的较低者', en: 'lower of cost and quota' },
};
