import type { PackLine, ReadablePack } from '../contracts/policies.ts';
import type { Words } from '../domain/result.ts';
import type { PackDocument } from '../policy/pack/pack-schema.ts';
import type { PackRateRule, PackRateTerms, PackStep } from '../policy/pack/pack-steps.ts';
import { sharedCeilingsOf } from '../pack-checks/pack-uses.ts';
import { conditionWords } from './describe-condition.ts';
import { fenFromYuanText } from '../money/yuan-text.ts';
import { figureLines, groundsWords, type Deductible } from './describe-figure.ts';

/** One step of a pack as the page shows it: whom it concerns, on what it pays, how much, from which clause. */
export function readableStep(
  document: PackDocument,
  step: PackStep,
): ReadablePack['steps'][number] {
  return {
    step: step.id,
    payer: step.payer,
    name: step.name,
    rule: ruleWords(step),
    lines: [
      ...conditionLine(document, step.appliesTo, concerns),
      ...conditionLine(document, step.requires, requires),
      ...ruleLines(document, step),
      ...togetherLines(document, step),
      {
        label: { zh: '依据', en: 'source' },
        text: { zh: '', en: '' },
        ...groundsWords(document, { source: step.source }),
      },
      ...(step.assumptions ?? []).map(({ reason }) => ({
        label: { zh: '假定', en: 'assumed' },
        text: { zh: '', en: '' },
        source: null,
        assumed: reason,
      })),
    ],
  };
}

const concerns = { zh: '对象', en: 'concerns' };
const requires = { zh: '条件', en: 'requires' };

function conditionLine(
  document: PackDocument,
  condition: PackStep['appliesTo'],
  label: Words,
): PackLine[] {
  const text = conditionWords(document, condition);
  return text === null ? [] : [plain(label, text)];
}

function plain(label: Words, text: Words): PackLine {
  return { label, text, source: null, assumed: null };
}

function ruleWords(step: PackStep): Words {
  switch (step.rule) {
    case 'rate':
      return { zh: '按比例支付', en: 'pays a share' };
    case 'items':
      return { zh: '减免收费项目（在保险之前）', en: 'waives charge items (before insurance)' };
    case 'quota':
      return { zh: '按单病种定额支付', en: 'pays by quota of the disease' };
    case 'guarantee':
      return { zh: '兜底：使个人负担达到目标', en: 'guarantee: makes the result meet a target' };
    case 'approved-amount':
      return { zh: '凭申请批准的金额支付', en: 'pays what is approved on application' };
    case 'not-stated':
      return { zh: '出处没有写明规则', en: 'the source states no rule' };
  }
}

function ruleLines(document: PackDocument, step: PackStep): PackLine[] {
  switch (step.rule) {
    case 'rate':
      return rateLines(document, step);
    case 'items': {
      const list = document.itemLists?.[step.items];
      const name = list?.name ?? { zh: step.items, en: step.items };
      return [
        { label: { zh: '项目', en: 'items' }, text: name, ...groundsWords(document, list ?? {}) },
        ...figureLines(document, step.rate, rateLabel),
        ...ceilingLines(document, step),
        ...loweringLine(step.lowersFirst),
        roundingLine(step.rounding),
      ];
    }
    case 'quota': {
      const list = document.quotaLists?.[step.quotas];
      return [
        plain({ zh: '病种', en: 'diseases' }, list?.name ?? { zh: step.quotas, en: step.quotas }),
        ...(list?.factor === undefined
          ? []
          : figureLines(document, list.factor, { zh: '定额的比例', en: 'share of the quota' })),
        ...figureLines(document, step.rate, {
          zh: '基金支付定额的',
          en: 'the fund pays of the quota',
        }),
        plain(
          { zh: '个人', en: 'patient' },
          {
            zh: '支付实际费用与定额中较低者的其余部分；差额由医院承担或结余',
            en: 'the rest of the lower of cost and quota; the hospital bears or keeps the difference',
          },
        ),
        roundingLine(step.rounding),
        ...(step.ordinary === undefined
          ? []
          : [
              plain(
                { zh: '其他病种', en: 'other diseases' },
                { zh: '按比例支付', en: 'pays a share' },
              ),
              ...rateLines(document, step.ordinary),
            ]),
      ];
    }
    case 'guarantee':
      return guaranteeLines(document, step);
    case 'approved-amount':
      return [
        baseLine(step.base),
        plain({ zh: '申请表', en: 'form' }, step.form),
        ...ceilingLines(document, step),
      ];
    case 'not-stated':
      return [plain({ zh: '说明', en: 'note' }, step.reason)];
  }
}

const rateLabel = { zh: '比例', en: 'rate' };

function rateLines(document: PackDocument, rule: PackRateRule): PackLine[] {
  return [
    baseLine(rule.base),
    ...termsLines(document, rule),
    ...(rule.variants ?? []).flatMap((variant) => {
      const condition = conditionWords(document, variant.when);
      return [
        plain(
          { zh: `分组：${variant.name.zh}`, en: `group: ${variant.name.en}` },
          condition ?? { zh: '任何情形', en: 'always' },
        ),
        ...termsLines(document, variant, rule),
      ];
    }),
    ...(rule.variants === undefined || rule.variants.length < 2
      ? []
      : [
          plain(
            { zh: '同属几组', en: 'in several groups' },
            rule.take === 'best'
              ? { zh: '取支付最多的一组', en: 'the one that pays most' }
              : { zh: '取排在前面的一组', en: 'the first of them' },
          ),
        ]),
    ...loweringLine(rule.lowersFirst),
    roundingLine(rule.rounding),
  ];
}

/** Which part of the patient's a step on the whole bill lowers first. */
function loweringLine(order: string | undefined): PackLine[] {
  if (order === undefined) return [];
  const words =
    order === 'within-catalogue'
      ? { zh: '先减个人自付，再减自费', en: 'the part within the catalogue, then the part outside' }
      : {
          zh: '先减自费，再减个人自付',
          en: 'the part outside the catalogue, then the part within',
        };
  return [plain({ zh: '抵减次序', en: 'lowers first' }, words)];
}

/** What is borne before the bands of some terms begin: one amount, one that differs, or none. */
function deductibleOf(
  { parameters }: PackDocument,
  terms: PackRateTerms,
  own: PackRateTerms,
): Deductible {
  const stated = terms.deductible ?? own.deductible;
  if (stated === undefined || stated === 'none') return null;
  const parameter = parameters[stated.parameter];
  if (parameter?.unit !== 'yuan' || parameter.value === undefined) return 'differs';
  return parameter.except === undefined ? fenFromYuanText(parameter.value) : 'differs';
}

function termsLines(
  document: PackDocument,
  terms: PackRateTerms,
  own: PackRateTerms = terms,
): PackLine[] {
  const { deductible, rate } = terms;
  const none = { zh: '无', en: 'none' };
  return [
    ...(deductible === undefined
      ? []
      : deductible === 'none'
        ? [plain({ zh: '起付标准', en: 'deductible' }, none)]
        : figureLines(document, deductible.parameter, {
            zh: deductible.per === 'year' ? '起付标准（全年一次）' : '起付标准（每次）',
            en: deductible.per === 'year' ? 'deductible, of the year' : 'deductible, of the stay',
          })),
    ...(typeof deductible === 'object' && deductible.referralChain !== undefined
      ? [
          plain(
            { zh: '连续转诊', en: 'referred on' },
            {
              zh: '只补起付标准的差额，向下转不再收',
              en: 'only the difference, none on the way down',
            },
          ),
        ]
      : []),
    ...(rate === undefined
      ? []
      : figureLines(document, rate, rateLabel, deductibleOf(document, terms, own))),
    ...ceilingLines(document, terms),
  ];
}

function ceilingLines(
  document: PackDocument,
  {
    ceilingPerVisit,
    ceilingPerYear,
  }: {
    readonly ceilingPerVisit?: string | undefined;
    readonly ceilingPerYear?: string | undefined;
  },
): PackLine[] {
  const lines = (key: string | undefined, label: Words) =>
    key === undefined
      ? []
      : key === 'none'
        ? [plain(label, { zh: '不限', en: 'none' })]
        : figureLines(document, key, label);
  return [
    ...lines(ceilingPerVisit, { zh: '封顶线（每次）', en: 'ceiling, of the stay' }),
    ...lines(ceilingPerYear, { zh: '封顶线（全年）', en: 'ceiling, of the year' }),
  ];
}

/** What a step has in common with others: a ceiling, or that only the better of them counts. */
function togetherLines(document: PackDocument, { id }: PackStep): PackLine[] {
  const nameOf = (step: string): Words =>
    document.steps.find((each) => each.id === step)?.name ?? { zh: step, en: step };
  const named = (steps: readonly string[]): Words => ({
    zh: steps.map((step) => nameOf(step).zh).join('、'),
    en: steps.map((step) => nameOf(step).en).join(', '),
  });
  const ceilings = sharedCeilingsOf(document, id).flatMap((ceiling): PackLine[] => {
    const others = named(ceiling.steps.filter((step) => step !== id));
    const ofYear = ceiling.per === 'year';
    return [
      ...figureLines(document, ceiling.parameter, {
        zh: `${ceiling.name.zh}（${ofYear ? '全年' : '每次'}）`,
        en: `${ceiling.name.en}, of the ${ofYear ? 'year' : 'stay'}`,
      }),
      {
        label: { zh: '合用', en: 'shared' },
        text: { zh: `与${others.zh}合并计算`, en: `counted together with ${others.en}` },
        ...groundsWords(document, ceiling),
      },
    ];
  });
  const choices = (document.either ?? []).flatMap((choice): PackLine[] => {
    const own = choice.ways.find(({ steps }) => steps.includes(id));
    if (own === undefined) return [];
    const others = choice.ways.filter((way) => way !== own);
    const [zh, en] = [
      others.map(({ name, steps }) => `“${name.zh}”（${named(steps).zh}）`).join('、'),
      others.map(({ name, steps }) => `"${name.en}" (${named(steps).en})`).join(', '),
    ];
    const ofPerson = choice.per === 'person';
    return [
      {
        label: choice.name,
        text: {
          zh: `按“${own.name.zh}”；与${zh}相比，取${ofPerson ? '整笔结算个人负担较少' : '本支付环节余下较少'}的一种`,
          en: `by "${own.name.en}"; of this and ${en} the one counts ${ofPerson ? 'after which the patient pays less in all' : 'that leaves less at this step'}`,
        },
        ...groundsWords(document, choice),
      },
    ];
  });
  return [...ceilings, ...choices];
}

function guaranteeLines(
  document: PackDocument,
  step: Extract<PackStep, { rule: 'guarantee' }>,
): PackLine[] {
  const targets = step.targets.flatMap((target): PackLine[] => {
    if ('reach' in target) {
      return figureLines(document, target.reach, {
        zh: target.of === 'total' ? '报销达到总费用的' : '报销达到范围内费用的',
        en:
          target.of === 'total'
            ? 'paid of the total, at least'
            : 'paid of the in-scope cost, at least',
      });
    }
    if ('yearSelfPayAtMost' in target) {
      return figureLines(document, target.yearSelfPayAtMost, {
        zh: '全年个人负担不超过',
        en: 'self-pay of the year, at most',
      });
    }
    if ('visitSelfPayAtMost' in target) {
      return figureLines(document, target.visitSelfPayAtMost, {
        zh: '本次个人负担不超过',
        en: 'self-pay of the visit, at most',
      });
    }
    return [plain({ zh: '目标', en: 'target' }, { zh: '个人不再负担', en: 'nothing is left' })];
  });
  const several =
    step.targets.length < 2
      ? []
      : [
          plain(
            { zh: '几个目标', en: 'several targets' },
            step.combine === 'either-sufficient'
              ? { zh: '达到其中一个即可', en: 'meeting one is enough' }
              : { zh: '取对患者最有利的', en: 'the best for the patient' },
          ),
        ];
  return [
    baseLine(step.base),
    ...targets,
    ...several,
    ...ceilingLines(document, step),
    ...loweringLine(step.lowersFirst),
    ...(step.rounding === undefined ? [] : [roundingLine(step.rounding)]),
  ];
}

function baseLine(base: PackRateRule['base']): PackLine {
  return plain({ zh: '计算基数', en: 'base' }, baseNames[base]);
}

const baseNames: Readonly<Record<PackRateRule['base'], Words>> = {
  'in-scope': { zh: '政策范围内费用', en: 'in-scope cost' },
  'in-scope-residual': { zh: '政策范围内剩余费用', en: 'in-scope cost left' },
  'residual-total': { zh: '剩余总费用', en: 'total cost left' },
  total: { zh: '总费用', en: 'total cost' },
  'year-in-scope-self-pay': { zh: '全年范围内个人负担', en: 'in-scope self-pay of the year' },
  'year-self-pay': { zh: '全年个人负担', en: 'self-pay of the year' },
};

function roundingLine({ unit, mode }: PackRateRule['rounding']): PackLine {
  const units = { fen: '分', jiao: '角', yuan: '元', 'ten-yuan': '十元' } as const;
  const modes = {
    'half-up': '四舍五入',
    'half-even': '四舍六入五成双',
    up: '进位',
    down: '舍去',
  } as const;
  return plain(
    { zh: '取整', en: 'rounding' },
    { zh: `到${units[unit]}，${modes[mode]}`, en: `to the ${unit}, ${mode}` },
  );
}
