import { packAssumptions } from '../pack-checks/pack-assumptions.ts';
import { isReplaced } from '../policy/choose-pack.ts';
import type { PackLine, PackRow, ReadablePack } from '../contracts/policies.ts';
import type { Words } from '../domain/result.ts';
import { chargeCategoryNames, hospitalLevelNames } from '../domain/value-names.ts';
import { fenFromYuanText, formatFen } from '../money/yuan-text.ts';
import type { CompiledPack } from '../policy/compile/compiled-pack.ts';
import { scopeOf } from '../policy/pack/pack-conditions-of.ts';
import type { PackDocument } from '../policy/pack/pack-schema.ts';
import { ageWords, conditionWords, insuranceNames, visitKindNames } from './describe-condition.ts';
import { figureLines, groundsWords } from './describe-figure.ts';
import { readableStep } from './describe-step.ts';

/** A pack in one row: where, what, when. */
export function packRow(
  pack: CompiledPack,
  all: readonly CompiledPack[],
  businessDate: string,
): Omit<PackRow, 'approval'> {
  const { document } = pack;
  const { id, version, locality, scheme, inForceFrom, inForceUntil } = document;
  return {
    pack: id,
    version,
    locality,
    scheme,
    inForceFrom,
    inForceUntil,
    state: isReplaced(pack, all) ? 'replaced' : stateOn(businessDate, document),
    steps: document.steps.length,
    cases: document.cases.length,
    assumed: packAssumptions(document).length,
  };
}

function stateOn(
  businessDate: string,
  { inForceFrom, inForceUntil }: PackDocument,
): PackRow['state'] {
  if (businessDate < inForceFrom) return 'coming';
  return inForceUntil !== null && inForceUntil <= businessDate ? 'ended' : 'in-force';
}

/** A pack as a page to read, without its cases. */
export function readablePack(
  document: PackDocument,
): Omit<ReadablePack, 'row' | 'cases' | 'assumptions'> {
  return {
    scope: scopeLines(document),
    steps: document.steps.map((step) => readableStep(document, step)),
    modifiers: modifierLines(document),
    lists: listLines(document),
    sources: document.sources.map(({ title, publisher, date, address, note }) => ({
      title,
      publisher,
      date: date ?? null,
      address: address ?? null,
      note: note ?? null,
    })),
  };
}

function scopeLines(document: PackDocument): PackLine[] {
  const { places, insurance, kinds } = document.appliesTo;
  const { inForceFrom, inForceUntil, decidingDay } = document;
  const insured = insurance.map((each) => insuranceNames[each]);
  const visits = kinds.map((kind) => visitKindNames[kind]);
  const persons = conditionWords(document, scopeOf(document));
  const admission = { zh: '入院日', en: 'the day of admission' };
  const discharge = { zh: '出院日', en: 'the day of discharge' };
  const day = decidingDay === 'admission' ? admission : discharge;
  const year = document.year === 'admission' ? admission : discharge;
  return [
    {
      label: { zh: '有效期', en: 'in force' },
      text: {
        zh:
          inForceUntil === null ? `${inForceFrom} 起` : `${inForceFrom} 起，${inForceUntil} 前出院`,
        en:
          inForceUntil === null
            ? `from ${inForceFrom}`
            : `discharged from ${inForceFrom}, before ${inForceUntil}`,
      },
      ...groundsWords(document, document.inForce ?? {}),
    },
    line({ zh: '参保地', en: 'insured in' }, placesWords(document, places)),
    line(
      { zh: '险种', en: 'insurance' },
      { zh: insured.map(({ zh }) => zh).join('、'), en: insured.map(({ en }) => en).join(', ') },
    ),
    line(
      { zh: '就诊类型', en: 'visits' },
      { zh: visits.map(({ zh }) => zh).join('、'), en: visits.map(({ en }) => en).join(', ') },
    ),
    ...(persons === null ? [] : [line({ zh: '对象', en: 'persons' }, persons)]),
    line({ zh: '身份和年龄以', en: 'categories and age on' }, { zh: `${day.zh}为准`, en: day.en }),
    line(
      { zh: '年度累计以', en: 'the year is that of' },
      { zh: `${year.zh}所在年度为准`, en: year.en },
    ),
    ...referralLines(document),
  ];
}

/** The place the pack is of by its name; places within it by their codes, a shorter code for all that begin with it. */
function placesWords({ locality }: PackDocument, places: readonly string[]): Words {
  const codes = places.map((place) => ({
    zh: place.length === 6 ? place : `${place} 开头的各地`,
    en: place.length === 6 ? place : `all that begin with ${place}`,
  }));
  return {
    zh: `${locality.zh}（区划 ${codes.map(({ zh }) => zh).join('、')}）`,
    en: `${locality.en} (division ${codes.map(({ en }) => en).join(', ')})`,
  };
}

/** By how much a rate is multiplied, where it is one figure for all: 95%. */
function shareOf({ parameters }: PackDocument, key: string): string {
  const parameter = parameters[key];
  const isOne = parameter?.unit === 'percent' && parameter.value !== undefined;
  return isOne ? `${parameter.value}%` : '…%';
}

/** A line that needs no grounds of its own. */
function line(label: Words, text: Words): PackLine {
  return { label, text, source: null, assumed: null };
}

/** What a referral and a filing must be to count; nothing where the pack asks for nothing beside its day. */
function referralLines({ referralCertificate, filingDay }: PackDocument): PackLine[] {
  const { validDays, from, to, direction, earlierVisit } = referralCertificate ?? {};
  const levels = (names: readonly (keyof typeof hospitalLevelNames)[] | undefined) => ({
    zh: (names ?? []).map((name) => hospitalLevelNames[name].zh).join('、'),
    en: (names ?? []).map((name) => hospitalLevelNames[name].en).join(', '),
  });
  const asked: Words[] = [
    ...(validDays === undefined
      ? []
      : [
          {
            zh: `开具后 ${String(validDays)} 天内入院`,
            en: `admitted within ${String(validDays)} days`,
          },
        ]),
    ...(from === undefined
      ? []
      : [{ zh: `由${levels(from).zh}医院开具`, en: `issued by hospitals: ${levels(from).en}` }]),
    ...(to === undefined
      ? []
      : [{ zh: `转到${levels(to).zh}医院`, en: `to hospitals: ${levels(to).en}` }]),
    ...(direction === undefined
      ? []
      : direction === 'up'
        ? [{ zh: '向上级转', en: 'to a higher level' }]
        : [{ zh: '向下级转', en: 'to a lower level' }]),
    ...(earlierVisit === undefined
      ? []
      : [{ zh: '写明此前的一次就诊', en: 'naming an earlier visit' }]),
  ];
  const lines: PackLine[] = [];
  if (asked.length > 0) {
    const zh = asked.map((each) => each.zh).join('；');
    const en = asked.map((each) => each.en).join('; ');
    lines.push(line({ zh: '转诊证明须', en: 'a referral counts' }, { zh, en }));
  }
  if (filingDay !== undefined) {
    const day =
      filingDay === 'admission'
        ? { zh: '入院日', en: 'the day of admission' }
        : { zh: '出院日', en: 'the day of discharge' };
    lines.push(
      line(
        { zh: '异地备案须不晚于', en: 'care away from home filed by' },
        { zh: day.zh, en: day.en },
      ),
    );
  }
  return lines;
}

function modifierLines(document: PackDocument): PackLine[] {
  return (document.modifiers ?? []).flatMap((modifier) => {
    const { name, when, multiplyRate, firstPay, disable } = modifier;
    const condition = conditionWords(document, when) ?? { zh: '任何情形', en: 'always' };
    const nameOf = (id: string): Words =>
      document.steps.find((step) => step.id === id)?.name ?? { zh: id, en: id };
    const steps = (multiplyRate?.steps ?? disable?.steps ?? []).map(nameOf);
    const named = {
      zh: steps.map(({ zh }) => zh).join('、'),
      en: steps.map(({ en }) => en).join(', '),
    };
    const what: Words =
      disable !== undefined
        ? { zh: `${named.zh}不支付`, en: `no payment by ${named.en}` }
        : multiplyRate !== undefined
          ? {
              zh: `${named.zh}的比例 × ${shareOf(document, multiplyRate.parameter)}`,
              en: `the rate of ${named.en} × ${shareOf(document, multiplyRate.parameter)}`,
            }
          : {
              zh: '范围内费用先由个人负担一部分',
              en: 'the patient first pays a part of the in-scope cost',
            };
    const key = multiplyRate?.parameter ?? firstPay?.parameter;
    return [
      {
        label: name,
        text: { zh: `${condition.zh}：${what.zh}`, en: `${condition.en}: ${what.en}` },
        ...groundsWords(document, modifier),
      },
      ...(key === undefined ? [] : figureLines(document, key, { zh: '数值', en: 'value' })),
    ];
  });
}

function listLines(document: PackDocument): PackLine[] {
  const coded = (entries: readonly { readonly code: string; readonly name: string }[]): Words => {
    const text = entries.map(({ code, name }) => `${code} ${name}`).join('；');
    return { zh: text, en: text };
  };
  const line = (
    list: { readonly name: Words } & Parameters<typeof groundsWords>[1],
    text: Words,
  ) => ({
    label: list.name,
    text,
    ...groundsWords(document, list),
  });
  return [
    ...Object.values(document.diseaseLists ?? {}).map((list) =>
      line(
        list,
        coded(
          list.codes.map(({ prefix, name, youngerThan }) => ({
            code: prefix,
            name: youngerThan === undefined ? name : `${name}（未满 ${ageWords(youngerThan).zh}）`,
          })),
        ),
      ),
    ),
    ...Object.values(document.procedureLists ?? {}).map((list) =>
      line(list, coded(list.codes.map(({ prefix, name }) => ({ code: prefix, name })))),
    ),
    ...Object.values(document.hospitalLists ?? {}).map((list) => line(list, coded(list.codes))),
    ...Object.values(document.itemLists ?? {}).map((list) => {
      const kinds = (list.categories ?? []).map((category) => chargeCategoryNames[category]);
      const codes = coded((list.codes ?? []).map(({ prefix, name }) => ({ code: prefix, name })));
      return line(list, {
        zh: [...kinds.map(({ zh }) => zh), codes.zh].filter((text) => text !== '').join('；'),
        en: [...kinds.map(({ en }) => en), codes.en].filter((text) => text !== '').join('; '),
      });
    }),
    ...Object.values(document.quotaLists ?? {}).map((list) =>
      line(
        list,
        coded(
          list.entries.map(({ diagnosis, procedure, name, quota }) => ({
            code: [diagnosis, procedure].filter((code) => code !== undefined).join(' + '),
            name: `${name} ${formatFen(fenFromYuanText(quota))}`,
          })),
        ),
      ),
    ),
  ];
}
