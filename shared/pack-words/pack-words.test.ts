import { describe, expect, it } from 'vitest';
import {
  documentOf,
  packOf,
  percentParameter,
  stepOf,
  togetherPack,
  yuanParameter,
} from '../policy/packs.test-support.ts';
import { source, words } from '../policy/decide.test-support.ts';
import type { PackDocument } from '../policy/pack/pack-schema.ts';
import type { PreparedCase } from '../pack-checks/prepared-case.ts';
import { plainInput } from '../policy/visits.test-support.ts';
import { casesUnderBoth, differencesInWords } from './compare-versions.ts';
import { readablePack } from './describe-pack.ts';
import { visitLines } from './describe-visit.ts';

const bands = {
  unit: 'percent-bands' as const,
  name: words('bands'),
  value: [
    { above: '0.00', percent: '60' },
    { above: '20000.00', percent: '65' },
  ],
  source,
};

function textsOf(parts: Partial<PackDocument>, step: string): string[] {
  const { steps } = readablePack(documentOf(parts));
  return (steps.find((each) => each.step === step)?.lines ?? []).map(
    ({ label, text }) => `${label.zh}：${text.zh}`,
  );
}

describe('a pack in words', () => {
  it('says bands as the law says them, and as they are counted', () => {
    const step = stepOf({
      id: 'critical',
      base: 'in-scope-residual',
      rate: 'bands',
      deductible: { parameter: 'start', per: 'year' },
    });
    const parameters = { bands, start: yuanParameter('10000.00') };
    expect(textsOf({ parameters, steps: [step] }, 'critical')).toContain(
      '比例：10,000–30,000 元（起付线以上 0–20,000 元） 60%；30,000 元以上（起付线以上 20,000 元以上） 65%',
    );
  });

  it('says bands without a deductible plainly, and with one that differs above it', () => {
    const step = stepOf({ id: 'basic', rate: 'bands' });
    expect(textsOf({ parameters: { bands }, steps: [step] }, 'basic')).toContain(
      '比例：0–20,000 元 60%；20,000 元以上 65%',
    );
    const start = {
      unit: 'yuan' as const,
      name: words('s'),
      byHospitalLevel: { county: '1.00' },
      source,
    };
    const other = stepOf({
      id: 'basic',
      rate: 'bands',
      requires: { hospitalLevels: ['county'] },
      deductible: { parameter: 'start', per: 'visit' },
    });
    expect(textsOf({ parameters: { bands, start }, steps: [other] }, 'basic').join()).toContain(
      '起付线以上 0–20,000 元 60%',
    );
  });

  it('says which part is lowered first, the shared ceiling and what only the better counts of', () => {
    const { steps } = readablePack(togetherPack.document);
    const of = (id: string) =>
      (steps.find(({ step }) => step === id)?.lines ?? []).map(({ text }) => text.zh).join('；');
    expect(of('help')).toContain('先减个人自付，再减自费');
    expect(of('basic')).toContain('与relief-low、relief-high合并计算');
    expect(of('relief-low')).toContain(
      '按“low”；与“high”（relief-high）相比，取本支付环节余下较少的一种',
    );
    expect(of('cap')).toContain('整笔结算个人负担较少');
  });

  it('says by how much a rate is multiplied, and the place by its name', () => {
    const { modifiers, scope } = readablePack(
      documentOf({
        parameters: { less: percentParameter('95') },
        modifiers: [
          {
            id: 'late',
            name: words('未转诊'),
            when: { referral: ['late'] },
            multiplyRate: { parameter: 'less', steps: ['basic'] },
            source,
          },
        ],
      }),
    );
    expect(modifiers[0]?.text.zh).toContain('basic的比例 × 95%');
    expect(scope.find(({ label }) => label.zh === '参保地')?.text.zh).toBe(
      'a county（区划 430626）',
    );
  });
});

describe('two versions', () => {
  const before = packOf({ steps: [stepOf({ id: 'basic' }), stepOf({ id: 'gone' })] });
  const after = packOf({
    version: '1.1.0',
    parameters: { half: percentParameter('60') },
    steps: [stepOf({ id: 'basic' })],
  });

  it('are told apart section by section', () => {
    const sections = differencesInWords(
      readablePack(before.document),
      readablePack(after.document),
    );
    expect(sections.map(({ name }) => name.zh)).toEqual(['支付环节的次序', 'basic', 'gone']);
    const [, basic, gone] = sections;
    expect(basic?.rows).toEqual([
      {
        label: { zh: '比例', en: 'rate' },
        before: { zh: '50% · a notice 1', en: '50% · a notice 1' },
        after: { zh: '60% · a notice 1', en: '60% · a notice 1' },
      },
    ]);
    expect(gone?.rows.every((row) => row.after === null)).toBe(true);
    expect(
      differencesInWords(readablePack(before.document), readablePack(before.document)),
    ).toEqual([]);
  });

  it('give each old case under both, what is the same left out', () => {
    const input = plainInput(1000);
    const packCase = {
      case: '一个案例',
      visit: 'cases/a.json',
      expect: { notCovered: true as const },
    };
    const prepared: PreparedCase = { index: 0, packCase, input, data: {}, warnings: [] };
    const [compared] = casesUnderBoth(before, after, [prepared]);
    expect(
      compared?.amounts.map(({ amount, before: was, after: is }) => [amount, was, is]),
    ).toEqual([
      ['basic', '500.00', '600.00'],
      ['gone', '500.00', null],
      ['patientPays', '0.00', '400.00'],
    ]);
    expect(casesUnderBoth(before, before, [prepared])).toEqual([
      { sentence: '一个案例', amounts: [] },
    ]);
  });
});

describe('the visit of a case', () => {
  it('is there field by field under its Chinese name, the number masked, what the case sets marked', () => {
    const data = {
      visit: {
        id: 'ZY1',
        hospital: { level: 'county' },
        diagnoses: [{ code: 'J18' }],
        totals: { total: '1.00' },
      },
      person: { idNumber: '430626195001010016', categories: ['orphan', 'disabled'] },
      yearToDate: { byStep: { basic: '1.00' } },
    };
    const lines = visitLines(data, { '/visit/hospital/level': 'county' });
    expect(lines.map(({ name, text, isSet }) => [name, text, isSet])).toEqual([
      ['就诊号', 'ZY1', false],
      ['医院级别', 'county', true],
      ['诊断编码 1', 'J18', false],
      ['总费用', '1.00', false],
      ['身份证号', '430626********0016', false],
      ['人员类别', 'orphan、disabled', false],
      ['累计各步支付 basic', '1.00', false],
    ]);
  });
});
