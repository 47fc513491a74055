import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkPacks } from './check-packs.ts';
import { packFiles, soundPack, writeFiles } from './sound-pack.test-support.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'broken-packs-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

/** What breaks the sound pack: a text and what stands for it, the code, and a text on the line that is named. */
type Broken = readonly [code: string, before: string, after: string, at: string];

const brokenForm: readonly Broken[] = [
  ['not-yaml', 'places: [', 'places: [[', ''],
  ['not-yaml', 'decidingDay: admission', 'decidingDay admission', 'decidingDay admission'],
  [
    'duplicate-key',
    'decidingDay: admission',
    'decidingDay: admission\ndecidingDay: discharge',
    'decidingDay: discharge',
  ],
  ['alias-not-allowed', 'kinds: [inpatient]', 'kinds: *inpatient', 'kinds: *inpatient'],
  ['not-text-amount', "value: '3000.00'", 'value: 3000.50', 'value: 3000.50'],
  ['not-text-amount', "value: '3000.00'", 'value: 3000', 'value: 3000'],
  ['not-text-amount', "value: '3000.00'", "value: '3,000.00'", "value: '3,000.00'"],
  ['not-text-amount', "county: '500.00'", "county: '500.005'", "county: '500.005'"],
  ['not-text-percent', "value: '80'", "value: '80%'", "value: '80%'"],
  ['not-text-percent', "value: '80'", "value: '180'", "value: '180'"],
  ['not-text-percent', "value: '80'", "value: '100.5'", "value: '100.5'"],
  ['not-text-percent', "value: '70'", 'value: 70', 'value: 70'],
  ['unknown-field', 'decidingDay:', 'decidingday:', 'decidingday:'],
  ['unknown-field', '    ceilingPerYear:', '    cielingPerYear:', 'cielingPerYear:'],
  [
    'unknown-field',
    'hospitalLevels: [city], referral',
    'hospitalLevel: [city], referral',
    'hospitalLevel: [city]',
  ],
  ['missing-field', 'decidingDay: admission\n', '', 'id: a-county'],
  ['missing-field', '    payer: medical-assistance\n', '', '- id: assistance'],
  ['not-in-list', '    base: in-scope\n', '    base: in-scope-cost\n', 'base: in-scope-cost'],
  ['not-in-list', '{ unit: ten-yuan', '{ unit: hundred-yuan', 'unit: hundred-yuan'],
  ['not-in-list', 'any: [extremely-poor]', 'any: [extremly-poor]', 'any: [extremly-poor]'],
  ['not-in-list', 'rule: not-stated', 'rule: unknown', 'rule: unknown'],
  [
    'not-a-date',
    'inForceUntil: 2018-01-01',
    'inForceUntil: 2018-02-30',
    'inForceUntil: 2018-02-30',
  ],
  ['not-a-version', 'version: 1.0.0', 'version: v1', 'version: v1'],
  ['not-a-version', 'version: 1.0.0', 'version: 1.0', 'version: 1.0'],
  ['not-a-name', 'id: county-help', 'id: County Help', 'id: County Help'],
  ['not-a-name', 'id: county-help', 'id: constructor', 'id: constructor'],
  ['not-a-key', 'rate: criticalBands', 'rate: toString', 'rate: toString'],
  ['not-a-place', "['430626']", "['43062']", "['43062']"],
  ['not-a-disease-code', 'prefix: C18', 'prefix: colon', 'prefix: colon'],
  ['not-a-case-file', 'visit: cases/stay.json', 'visit: stay.json', 'visit: stay.json'],
  ['not-a-pointer', '/person/insuredPlace:', 'person/insuredPlace:', 'person/insuredPlace'],
];

const brokenReferences: readonly Broken[] = [
  [
    'no-grounds',
    "    value: '70'\n    source: { document: a-notice, article: '4' }\n",
    "    value: '70'\n",
    'poorRate:',
  ],
  ['no-grounds', '    reason: { zh: 没有给出, en: not given }\n', '', '  half:'],
  [
    'unknown-source',
    "document: a-notice, article: '1'",
    "document: a-notise, article: '1'",
    'a-notise',
  ],
  [
    'duplicate-source',
    '    publisher: 某县\n',
    '    publisher: 某县\n  - id: a-notice\n    title: { zh: 二, en: two }\n    publisher: 某县\n',
    '  - id: a-notice\n    title: { zh: 二',
  ],
  ['unknown-parameter', 'rate: criticalBands', 'rate: criticalBand', 'rate: criticalBand'],
  ['unknown-parameter', 'rate: basicRate', 'rate: basicDeductible', 'rate: basicDeductible'],
  [
    'unknown-parameter',
    '{ parameter: basicDeductible,',
    '{ parameter: half,',
    '{ parameter: half,',
  ],
  ['unknown-disease-list', 'diseases: serious', 'diseases: grave', 'diseases: grave'],
  ['unknown-hospital-list', 'hospitals: designated', 'hospitals: ours', 'hospitals: ours'],
  ['unknown-step', 'steps: [basic]', 'steps: [basics]', 'steps: [basics]'],
  ['unknown-payer', 'payer: hospital-reduction', 'payer: the-hospital', 'payer: the-hospital'],
  [
    'duplicate-step',
    '- id: reduction',
    '- id: assistance',
    '  - id: assistance\n    name: { zh: 医院减免',
  ],
  ['value-or-by-level', "    value: '3000.00'\n", '', 'criticalDeductible:'],
  [
    'level-without-value',
    "county: '500.00', city: '1000.00'",
    "county: '500.00'",
    "county: '500.00'",
  ],
  ['bands-not-rising', "above: '10000.00'", "above: '0.00'", "above: '0.00', percent: '60'"],
  [
    'bands-not-from-zero',
    "above: '0.00', percent: '50'",
    "above: '5.00', percent: '50'",
    "above: '5.00'",
  ],
  ['dates-reversed', 'inForceUntil: 2018-01-01', 'inForceUntil: 2016-01-01', 'inForceUntil:'],
  ['lowers-first-missing', '    lowersFirst: within-catalogue\n', '', '- id: reduction'],
  ['take-missing', '    take: best\n', '', '- id: assistance'],
  ['rate-missing', '    rate: basicRate\n', '', '- id: basic\n'],
  [
    'yearly-deductible-on-total',
    '    lowersFirst: within',
    '    deductible: { parameter: criticalDeductible, per: year }\n    lowersFirst: within',
    'per: year }\n    lowersFirst',
  ],
  [
    'one-act-of-modifier',
    'steps: [basic] }\n',
    'steps: [basic] }\n    disable: { steps: [reduction] }\n',
    '- id: unreferred',
  ],
  [
    'condition-never-holds',
    'referral: [none, late] }',
    'referral: [none, late], age: { from: 60, below: 60 } }',
    'referral: [none, late], age',
  ],
];

const brokenRules: readonly Broken[] = [
  ['unused-parameter', '    ceilingPerYear: criticalCeiling\n', '', '  criticalCeiling:'],
  ['unused-list', ', hospitals: designated }', ' }', '  designated:'],
  [
    'unused-source',
    'payers:\n',
    '  - id: old-notice\n    title: { zh: 旧, en: old }\n    publisher: 某县\npayers:\n',
    '- id: old-notice',
  ],
  ['unused-payer', 'payer: county-fund', 'payer: charity', '- id: county-fund'],
  [
    'step-never-applies',
    '    rule: not-stated\n',
    '    rule: not-stated\n    appliesTo: { insurance: [employee] }\n',
    'appliesTo: { insurance',
  ],
  [
    'requirement-never-met',
    '    rule: not-stated\n',
    '    rule: not-stated\n    requires: { discharged: { from: 2018-05-01 } }\n',
    'requires: { discharged',
  ],
  [
    'condition-never-fits',
    '- when: { hospitalLevels: [city] }',
    '- when: { hospitalLevels: [province] }',
    'hospitalLevels: [province]',
  ],
  [
    'condition-never-fits',
    'when: { categories: { any: [subsistence-allowance] } }',
    'when: { categories: { any: [orphan] }, visitKinds: [outpatient] }',
    'any: [orphan]',
  ],
  [
    'condition-unreachable',
    "        value: '60'\n",
    "        value: '60'\n      - when: { hospitalLevels: [city], age: { from: 70 } }\n        value: '65'\n",
    'age: { from: 70 }',
  ],
  [
    'condition-unreachable',
    '      - name: { zh: 特困人员, en: the extremely poor }\n        when: { categories: { any: [extremely-poor] } }\n        rate: poorRate\n',
    '      - name: { zh: 两类, en: both }\n        when: { categories: { any: [extremely-poor, subsistence-allowance] } }\n        rate: poorRate\n',
    'when: { categories: { any: [subsistence-allowance] } }',
  ],
  [
    'value-unreachable',
    '- when: { hospitalLevels: [city] }',
    '- when: { hospitalLevels: [county, city] }',
    '  basicRate:',
  ],
  [
    'own-rate-unreachable',
    '    take: best\n',
    '    take: best\n    rate: half\n',
    'rate: half\n    rounding',
  ],
  [
    'take-without-choice',
    '      - name: { zh: 低保对象, en: those on allowance }\n        when: { categories: { any: [subsistence-allowance] } }\n        rate: half\n',
    '',
    'take: best',
  ],
  [
    'modifier-never-meets-step',
    'hospitalLevels: [city], referral',
    'hospitalLevels: [province], referral',
    'multiplyRate:',
  ],
  [
    'modifier-without-effect',
    'steps: [basic] }',
    'steps: [basic, county-help] }',
    'steps: [basic, county-help]',
  ],
  [
    'value-never-used',
    "city: '1000.00' }",
    "city: '1000.00', province: '2000.00' }",
    "province: '2000.00'",
  ],
  ['band-beyond-ceiling', "value: '8000.00'", "value: '4000.00'", "above: '10000.00'"],
  [
    'code-covered',
    '- { prefix: C91.0,',
    '- { prefix: C18.9, name: 结肠 }\n      - { prefix: C91.0,',
    'prefix: C18.9',
  ],
  [
    'code-covered',
    '- { code: H2, name: 市医院 }',
    '- { code: H1, name: 市医院 }',
    'code: H1, name: 市医院',
  ],
  ['code-covered', "places: ['430626']", "places: ['430626', '4306']", "places: ['430626'"],
  [
    'lowers-first-without-effect',
    '    ceilingPerYear: criticalCeiling\n',
    '    ceilingPerYear: criticalCeiling\n    lowersFirst: within-catalogue\n',
    'lowersFirst: within-catalogue\n    rounding: { unit: fen',
  ],
  [
    'category-hurts',
    '{ diseases: serious, hospitals: designated }',
    '{ diseases: serious, hospitals: designated, categories: { none: [extremely-poor] } }',
    'any: [subsistence-allowance, extremely-poor]',
  ],
  ['step-never-pays', '      - { prefix: C18, name: 结肠癌 }\n', '', '- id: reduction'],
  [
    'accepts-nothing',
    'cases:\n',
    'accepts:\n  - { check: step-never-pays, about: basic, reason: { zh: 无, en: none } }\ncases:\n',
    'check: step-never-pays',
  ],
  [
    'unknown-check',
    'cases:\n',
    'accepts:\n  - { check: no-cases, about: basic, reason: { zh: 无, en: none } }\ncases:\n',
    'check: no-cases',
  ],
  ['folder-differs', 'version: 1.0.0', 'version: 1.0.1', 'version: 1.0.1'],
  ['folder-differs', 'id: a-county', 'id: b-county', 'id: b-county'],
  ['percent-as-fraction', "value: '80'", "value: '0.8'", "value: '0.8'"],
  [
    'percent-as-fraction',
    "above: '0.00', percent: '50'",
    "above: '0.00', percent: '0.5'",
    "percent: '0.5'",
  ],
  [
    'band-without-effect',
    "above: '10000.00', percent: '60'",
    "above: '10000.00', percent: '50'",
    "above: '10000.00'",
  ],
  [
    'ceiling-never-reached',
    '    ceilingPerYear: criticalCeiling',
    '    ceilingPerVisit: criticalCeiling\n    ceilingPerYear: criticalCeiling',
    'ceilingPerVisit',
  ],
  [
    'chain-without-effect',
    '{ parameter: criticalDeductible, per: year }',
    '{ parameter: criticalDeductible, per: year, referralChain: difference }',
    'referralChain',
  ],
  [
    'value-never-used',
    "    value: '80'\n",
    "    byHospitalLevel: { county: '80', city: '70' }\n",
    "city: '70'",
  ],
];

const brokenCases: readonly Broken[] = [
  [
    'case-without-share',
    "        critical-illness: '0.00'\n        assistance: '1250.00'\n",
    "        assistance: '1250.00'\n",
    'shares:\n',
  ],
  ['case-failed', "patientPays: '1370.00'", "patientPays: '1371.00'", "patientPays: '1371.00'"],
  [
    'case-failed',
    "        assistance: '1250.00'\n",
    "        assistance: '1251.00'\n",
    "assistance: '1251.00'",
  ],
  [
    'case-failed',
    "        critical-illness: '0.00'\n        assistance: '1250.00'\n",
    "        assistance: '1250.00'\n        critical-illness: '0.00'\n",
    "shares:\n        basic: '8000.00'\n        assistance: '1250",
  ],
  [
    'case-failed',
    'critical-illness: below-deductible',
    'critical-illness: nothing-left',
    'critical-illness: nothing-left',
  ],
  ['case-failed', "      total: '12000.00'\n", "      total: '12000.01'\n", "total: '12000.01'"],
  [
    'case-failed',
    "      patientPays: '6680.00'\n",
    "      patientPays: '6680.00'\n      warnings: [year-to-date-unknown]\n",
    'warnings: [year',
  ],
  [
    'case-failed',
    "      patientPays: '6680.00'\n",
    "      patientPays: '6680.00'\n      ratios: { actual: '0.9000' }\n",
    'ratios: { actual',
  ],
  [
    'case-failed',
    "      patientPays: '6680.00'\n",
    "      patientPays: '6680.00'\n      yearToDate: { selfPay: '6680.01' }\n",
    'yearToDate: { selfPay',
  ],
  ['case-failed', "value: '80'\n", "value: '81'\n", "        basic: '8000.00'"],
  [
    'case-covered',
    "with: { /person/insuredPlace: '430602' }",
    'with: { /person/name: 李四 }',
    'notCovered: true',
  ],
  [
    'case-not-covered',
    '/visit/diagnoses/0/code: J18.900',
    '/person/insurance: employee',
    "expect:\n      shares:\n        basic: '63600",
  ],
  [
    'case-visit-refused',
    'visit: cases/stay.json',
    'visit: cases/none.json',
    'visit: cases/none.json',
  ],
  [
    'case-visit-refused',
    '/person/categories: [extremely-poor]',
    '/person/categories: [poor]',
    '/person/categories: [poor]',
  ],
  ['case-visit-refused', "total: '82000.00'", "total: '82000.01'", '/visit/totals'],
  [
    'pointer-without-parent',
    '/person/insuredPlace:',
    '/persons/insuredPlace:',
    '/persons/insuredPlace',
  ],
  [
    'pointer-outside-list',
    '/visit/diagnoses/0/code:',
    '/visit/diagnoses/2/code:',
    '/visit/diagnoses/2/code',
  ],
  [
    'pointer-removes-nothing',
    '/visit/diagnoses/0/code: J18.900',
    '/visit/procedures: null',
    '/visit/procedures',
  ],
  [
    'pointer-changes-nothing',
    "/person/insuredPlace: '430602'",
    "/person/insuredPlace: '430626'",
    '/person/insuredPlace',
  ],
  [
    'duplicate-case',
    '特困人员（An extremely poor person）',
    '低保对象结肠癌（On allowance, cancer of the colon）',
    'case: 低保对象结肠癌（On allowance, cancer of the colon）\n    visit: cases/stay.json\n    with',
  ],
  [
    'arithmetic-wrong',
    '2500.00 * 0.50 = 1250.00',
    '2500.00 * 0.60 = 1250.00',
    'assistance: 2500.00 * 0.60',
  ],
  ['arithmetic-wrong', '2500.00 <= 3000.00', '2500.00 <= 2000.00', '2500.00 <= 2000.00'],
  [
    'because-other-amount',
    '2500.00 * 0.70 = 1750.00',
    '2500.00 * 0.60 = 1500.00',
    '2500.00 * 0.60 = 1500.00',
  ],
  [
    'because-missing',
    '      patientPays: 2250.00 - 1130.00 = 1120.00\n',
    '',
    'because:\n      basic: (10500.00 - 500.00) * 0.80 = 8000.00\n      assistance: 2500.00 * 0.70',
  ],
  [
    'because-without-amount',
    '      patientPays: 2250.00',
    '      deductible: 500.00 = 500.00\n      patientPays: 2250.00',
    'deductible: 500.00 =',
  ],
  [
    'because-not-needed',
    '    expect: { notCovered: true }\n',
    '    expect: { notCovered: true }\n    because: { patientPays: 1 = 1 }\n',
    'because: { patientPays',
  ],
  ['percent-sign', '2500.00 * 0.50 = 1250.00', '2500.00 * 50% = 1250.00', '50%'],
  ['nothing-stated', '2500.00 * 0.50 = 1250.00', '2500.00 * 0.50', 'assistance: 2500.00 * 0.50\n'],
  [
    'arithmetic-not-readable',
    'assistance: 2500.00 * 0.50 = 1250.00',
    "assistance: '2,500.00 * 0.50 = 1250.00'",
    '2,500.00',
  ],
  ['sign-not-known', '2500.00 * 0.50 = 1250.00', '2500.00 的一半 = 1250.00', '的一半'],
  ['function-not-known', '2500.00 * 0.50 = 1250.00', 'half(2500.00) = 1250.00', 'half(2500.00)'],
  ['rounding-not-known', 'round(2750.00 * 0.50, ten-yuan)', 'round(2750.00 * 0.50, ten)', ', ten)'],
  ['divided-by-zero', '2500.00 * 0.50 = 1250.00', '2500.00 / 0 = 1250.00', '2500.00 / 0'],
];

const broken = [...brokenForm, ...brokenReferences, ...brokenRules, ...brokenCases];

function lineOf(text: string, whole: string): number {
  const index = whole.indexOf(text);
  if (index === -1) throw new Error(`not in the pack: ${text}`);
  return whole.slice(0, index).split('\n').length;
}

describe('a broken pack', () => {
  it.each(broken)('is told %s where %j became %j', async (code, before, after, at) => {
    const text = soundPack.replace(before, after);
    expect(text).not.toBe(soundPack);
    await writeFiles(folder, packFiles(text));
    const check = await checkPacks(folder);
    expect(check.ok).toBe(false);
    const problems = check.packs.flatMap((pack) => pack.problems);
    const found = problems.filter((problem) => problem.code === code);
    const line = at === '' ? found[0]?.line : lineOf(at, text);
    expect(found.map((problem) => problem.line)).toContain(line);
    for (const { message, remedy, file } of problems) {
      expect(file.startsWith(folder)).toBe(true);
      for (const words of [message, remedy]) {
        expect(words.zh).toMatch(/\p{Script=Han}/u);
        expect(words.en).toMatch(/[a-z]{2}/);
      }
    }
  });
});
