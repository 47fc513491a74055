import type { Words } from '../domain/result.ts';
import type { Age } from '../domain/stay.ts';
import { hospitalLevelNames, personCategoryNames } from '../domain/value-names.ts';
import type { PackCondition, PlainCondition } from '../policy/pack/pack-conditions.ts';
import type { PackDocument } from '../policy/pack/pack-schema.ts';

/** A condition of a pack in a sentence; null where it asks for nothing. */
export function conditionWords(
  document: PackDocument,
  condition: PackCondition | undefined,
): Words | null {
  if (condition === undefined) return null;
  const { anyOf, ...plain } = condition;
  const parts = plainWords(document, plain);
  if (anyOf !== undefined) {
    const alternatives = anyOf.map((alternative) =>
      together(plainWords(document, alternative), '且', ' and '),
    );
    parts.push({
      zh: `以下之一：${alternatives.map(({ zh }) => `（${zh}）`).join('')}`,
      en: `one of: ${alternatives.map(({ en }) => `(${en})`).join(' ')}`,
    });
  }
  return parts.length === 0 ? null : together(parts, '；', '; ');
}

function together(parts: readonly Words[], zh: string, en: string): Words {
  return {
    zh: parts.map((part) => part.zh).join(zh),
    en: parts.map((part) => part.en).join(en),
  };
}

function plainWords(document: PackDocument, condition: PlainCondition): Words[] {
  return [
    ...personWords(condition),
    ...visitWords(condition),
    ...hospitalWords(document, condition),
    ...listWords(document, condition),
    ...deniedWords(document, condition),
  ];
}

function deniedWords(document: PackDocument, { not }: PlainCondition): Words[] {
  if (not === undefined) return [];
  const { zh, en } = together(plainWords(document, not), '且', ' and ');
  return [{ zh: `除外：${zh}`, en: `but not: ${en}` }];
}

function personWords(condition: PlainCondition): Words[] {
  const { categories, insurance, employment, age, contractedDoctor, disabilityLevels } = condition;
  const words: Words[] = [];
  if (categories !== undefined) {
    const names = 'any' in categories ? categories.any : categories.none;
    const said = together(
      names.map((name) => personCategoryNames[name]),
      '、',
      ', ',
    );
    words.push('any' in categories ? said : { zh: `不是${said.zh}`, en: `none of: ${said.en}` });
  }
  if (insurance !== undefined) words.push(named(insurance, insuranceNames));
  if (employment !== undefined) words.push(named(employment, employmentNames));
  if (age !== undefined) words.push(ageRangeWords(age));
  if (contractedDoctor !== undefined) {
    words.push(
      contractedDoctor
        ? { zh: '已签约家庭医生', en: 'with a family doctor' }
        : { zh: '没有签约家庭医生', en: 'without a family doctor' },
    );
  }
  if (disabilityLevels !== undefined) {
    const levels = disabilityLevels.join('、');
    words.push({ zh: `残疾 ${levels} 级`, en: `disability of level ${levels}` });
  }
  return words;
}

function visitWords(condition: PlainCondition): Words[] {
  const { visitKinds, admissionOfYear, discharged, referral, outOfArea, hospitalArea } = condition;
  const words: Words[] = [];
  if (visitKinds !== undefined) words.push(named(visitKinds, visitKindNames));
  if (admissionOfYear !== undefined) {
    const { from = 1, until } = admissionOfYear;
    words.push({
      zh:
        until === undefined
          ? `本年第 ${String(from)} 次住院起`
          : `本年第 ${String(from)}—${String(until)} 次住院`,
      en:
        until === undefined
          ? `from admission ${String(from)} of the year`
          : `admissions ${String(from)} to ${String(until)} of the year`,
    });
  }
  if (discharged !== undefined) {
    const { from, before } = discharged;
    words.push({
      zh: `${from ?? '…'} 起、${before ?? '…'} 前出院`,
      en: `discharged from ${from ?? '…'}, before ${before ?? '…'}`,
    });
  }
  if (referral !== undefined) words.push(named(referral, referralNames));
  if (condition.emergency !== undefined) {
    words.push(
      condition.emergency
        ? { zh: '急诊', en: 'emergency' }
        : { zh: '不是急诊', en: 'no emergency' },
    );
  }
  if (hospitalArea !== undefined) words.push(named(hospitalArea, hospitalAreaNames));
  if (condition.hospitalPlaces !== undefined) {
    const places = condition.hospitalPlaces.join('、');
    words.push({ zh: `${places} 的医院`, en: `hospitals in ${places}` });
  }
  if (outOfArea !== undefined) words.push(named(outOfArea, outOfAreaNames));
  return words;
}

function hospitalWords(document: PackDocument, condition: PlainCondition): Words[] {
  const { hospitalLevels, hospitalGrades, hospitalTypes, hospitals } = condition;
  const words: Words[] = [];
  if (hospitalLevels !== undefined) {
    const names = hospitalLevels.map((level) => hospitalLevelNames[level]);
    const said = together(names, '、', ', ');
    words.push({ zh: `${said.zh}医院`, en: `hospitals: ${said.en}` });
  }
  if (hospitalGrades !== undefined) {
    const grades = hospitalGrades.map((grade) => gradeNames[grade - 1]).join('、');
    words.push({ zh: `${grades}医院`, en: `hospitals of grade ${hospitalGrades.join(', ')}` });
  }
  if (hospitalTypes !== undefined) words.push(named(hospitalTypes, hospitalTypeNames));
  if (hospitals !== undefined) {
    const name = document.hospitalLists?.[hospitals]?.name;
    words.push({
      zh: `定点：${name?.zh ?? hospitals}`,
      en: `designated: ${name?.en ?? hospitals}`,
    });
  }
  return words;
}

function listWords(document: PackDocument, condition: PlainCondition): Words[] {
  const { diseases, procedures, chronicDiseases } = condition;
  const listed = (
    key: string | undefined,
    lists: PackDocument['diseaseLists'] | PackDocument['procedureLists'],
    zh: string,
    en: string,
  ): Words[] => {
    if (key === undefined) return [];
    const name = lists?.[key]?.name ?? { zh: key, en: key };
    return [{ zh: `${zh}“${name.zh}”`, en: `${en} ${name.en}` }];
  };
  return [
    ...listed(diseases, document.diseaseLists, '诊断属于', 'diagnosis on the list:'),
    ...listed(procedures, document.procedureLists, '手术属于', 'procedure on the list:'),
    ...listed(chronicDiseases, document.diseaseLists, '有效慢特病证', 'a valid certificate of:'),
  ];
}

/** An age in words, as "未满" takes it. */
export function ageWords(age: Age): Words {
  if (typeof age === 'number') return { zh: `${String(age)} 周岁`, en: `${String(age)} years` };
  if ('months' in age) {
    return { zh: `${String(age.months)} 个月`, en: `${String(age.months)} months` };
  }
  return { zh: `${String(age.days)} 天`, en: `${String(age.days)} days` };
}

/** A range of ages in words; the upper end is exclusive. */
function ageRangeWords({ from, below }: NonNullable<PlainCondition['age']>): Words {
  const least = ageWords(from ?? 0);
  if (below === undefined) return { zh: `满 ${least.zh}`, en: `${least.en} or older` };
  const most = ageWords(below);
  if (from === undefined) return { zh: `未满 ${most.zh}`, en: `under ${most.en}` };
  return { zh: `满 ${least.zh} 未满 ${most.zh}`, en: `${least.en} and under ${most.en}` };
}

function named<Value extends string>(
  values: readonly Value[],
  names: Readonly<Record<Value, Words>>,
): Words {
  return together(
    values.map((value) => names[value]),
    '、',
    ', ',
  );
}

const gradeNames = ['一级', '二级', '三级'] as const;

export const insuranceNames = {
  resident: { zh: '城乡居民医保', en: "residents' insurance" },
  employee: { zh: '职工医保', en: "employees' insurance" },
  none: { zh: '未参保', en: 'not insured' },
} as const;
const employmentNames = {
  working: { zh: '在职', en: 'working' },
  retired: { zh: '退休', en: 'retired' },
  'civil-servant': { zh: '公务员', en: 'civil servant' },
} as const;
export const visitKindNames = {
  inpatient: { zh: '住院', en: 'inpatient' },
  outpatient: { zh: '门诊', en: 'outpatient' },
} as const;
const referralNames = {
  valid: { zh: '入院前已转诊', en: 'referred before admission' },
  late: {
    zh: '转诊证明无效（入院后补开等）',
    en: 'a referral that does not count, as one issued after admission',
  },
  none: { zh: '没有转诊', en: 'not referred' },
  emergency: { zh: '急诊', en: 'emergency' },
} as const;
const outOfAreaNames = {
  local: { zh: '本地就医', en: 'local care' },
  none: { zh: '异地就医未备案', en: 'out of area, not filed' },
  referral: { zh: '异地转诊备案', en: 'out of area, filed as referral' },
  'long-term': { zh: '异地长期备案', en: 'out of area, filed as long-term' },
} as const;
const hospitalAreaNames = {
  own: { zh: '参保地医院', en: 'hospital of the own area' },
  other: { zh: '参保地以外的医院', en: 'hospital outside the own area' },
} as const;
const hospitalTypeNames = {
  general: { zh: '综合医院', en: 'general hospital' },
  tcm: { zh: '中医医院', en: 'hospital of Chinese medicine' },
  specialist: { zh: '专科医院', en: 'specialist hospital' },
} as const;
