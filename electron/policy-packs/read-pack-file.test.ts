import { describe, expect, it } from 'vitest';
import { readPackText } from './read-pack-file.ts';

/** A complete small pack; the tests break one thing in it each. */
const sound = `id: a-county
version: 1.0.0
locality: { zh: 某县, en: a county }
scheme: { zh: 某办法, en: a scheme }
inForceFrom: 2017-01-01
inForceUntil: 2018-01-01
decidingDay: discharge
appliesTo:
  places: ['430626']
  insurance: [resident]
  kinds: [inpatient]
sources:
  - id: a-notice
    title: { zh: 某通知, en: a notice }
    publisher: 某县
payers: []
parameters:
  deductible:
    name: { zh: 起付标准, en: deductible }
    unit: yuan
    value: '750.00'
    source: { document: a-notice, article: '1' }
  share:
    name: { zh: 比例, en: rate }
    unit: percent
    value: '86'
    source: { document: a-notice, article: '2' }
  bands:
    name: { zh: 分段, en: bands }
    unit: percent-bands
    bands:
      - { above: '0.00', percent: '50' }
      - { above: '1000.00', percent: '60' }
    assumed: true
    reason: { zh: 没有给出, en: not given }
diseaseLists:
  serious:
    name: { zh: 大病, en: serious diseases }
    diagnoses: principal
    codes:
      - { prefix: C18, name: 结肠癌 }
    source: { document: a-notice, article: '3' }
steps:
  - id: basic
    name: { zh: 基本医疗保险, en: basic insurance }
    payer: basic-medical-insurance
    base: in-scope
    deductible: { parameter: deductible, per: visit }
    rate: share
    rounding: { unit: fen, mode: half-up }
    source: { document: a-notice, article: '2' }
  - id: reduction
    name: { zh: 医院减免, en: hospital reduction }
    payer: hospital-reduction
    base: residual-total
    rate: bands
    diseases: serious
    lowersFirst: within-catalogue
    rounding: { unit: ten-yuan, mode: half-up }
    source: { document: a-notice, article: '3' }
cases: []
`;

function lineOf(text: string, from = sound): number {
  const index = from.indexOf(text);
  if (index === -1) throw new Error(`not in the pack: ${text}`);
  return from.slice(0, index).split('\n').length;
}

describe('reading a pack file', () => {
  it('takes a sound one', () => {
    expect(readPackText('pack.yaml', sound)).toMatchObject({ ok: true });
  });

  it.each<[string, string, string, string]>([
    [
      'duplicate-key',
      '    unit: yuan\n',
      '    unit: yuan\n    unit: yuan\n',
      '    unit: yuan\n    value',
    ],
    ['not-yaml', 'id: a-county', 'id: [a-county', ''],
    ['not-text-amount', "value: '750.00'", 'value: 750.50', 'value: 750.50'],
    ['not-text-amount', "value: '750.00'", 'value: 750', 'value: 750'],
    ['not-text-amount', "value: '750.00'", "value: '750.005'", "value: '750.005'"],
    ['not-text-percent', "value: '86'", "value: '186'", "value: '186'"],
    ['not-text-percent', "value: '86'", "value: '86%'", "value: '86%'"],
    ['unknown-field', 'decidingDay:', 'decidingday:', 'decidingday:'],
    ['missing-field', 'decidingDay: discharge\n', '', ''],
    ['not-in-list', 'base: in-scope\n', 'base: everything\n', 'base: everything'],
    ['not-in-list', '{ unit: ten-yuan', '{ unit: hundred-yuan', '{ unit: hundred-yuan'],
    ['not-a-date', '2018-01-01', '2018-02-30', '2018-02-30'],
    ['not-a-version', 'version: 1.0.0', 'version: v1', 'version: v1'],
    ['not-a-name', 'id: a-county', 'id: A County', 'id: A County'],
    ['not-a-place', "['430626']", "['4306']", "['4306']"],
    ['not-a-disease-code', 'prefix: C18', 'prefix: colon', 'prefix: colon'],
    ['dates-reversed', 'inForceUntil: 2018-01-01', 'inForceUntil: 2017-01-01', 'inForceUntil'],
    [
      'unknown-source',
      "{ document: a-notice, article: '1' }",
      "{ document: b, article: '1' }",
      '{ document: b,',
    ],
    [
      'no-grounds',
      "    source: { document: a-notice, article: '1' }\n",
      '',
      '    name: { zh: 起付标准',
    ],
    ['no-grounds', '    reason: { zh: 没有给出, en: not given }\n', '', '    name: { zh: 分段'],
    ['value-or-by-level', "    value: '750.00'\n", '', '    name: { zh: 起付标准'],
    [
      'level-without-value',
      "value: '750.00'",
      "byHospitalLevel: { county: '750.00' }",
      "{ county: '750.00' }",
    ],
    ['bands-not-rising', "above: '1000.00'", "above: '0.00'", "{ above: '0.00', percent: '60' }"],
    ['bands-not-rising', "{ above: '0.00', percent", "{ above: '5.00', percent", "{ above: '5.00'"],
    ['unknown-parameter', 'rate: share', 'rate: shares', 'rate: shares'],
    ['unknown-parameter', 'rate: share', 'rate: deductible', 'rate: deductible'],
    ['unknown-parameter', '{ parameter: deductible,', '{ parameter: share,', '{ parameter: share,'],
    ['unknown-disease-list', 'diseases: serious', 'diseases: grave', 'diseases: grave'],
    ['unknown-payer', 'payer: hospital-reduction', 'payer: the-hospital', 'payer: the-hospital'],
    ['lowers-first-missing', '    lowersFirst: within-catalogue\n', '', '  - id: reduction'],
    ['duplicate-step', '- id: reduction', '- id: basic', '- id: basic\n    name: { zh: 医院减免'],
    [
      'yearly-deductible-on-total',
      '    lowersFirst: within-catalogue\n',
      '    lowersFirst: within-catalogue\n    deductible: { parameter: deductible, per: year }\n',
      'per: year',
    ],
    ['alias-not-allowed', 'kinds: [inpatient]', 'kinds: &k [inpatient]\n  categories: *k', '*k'],
  ])('says %s with its line when %j becomes %j', (code, before, after, at) => {
    const broken = sound.replace(before, after);
    expect(broken).not.toBe(sound);
    const reading = readPackText('pack.yaml', broken);
    if (reading.ok) throw new Error('the broken pack was taken');
    const [problem] = reading.problems;
    expect(problem?.code).toBe(code);
    if (at !== '') expect(problem?.line).toBe(lineOf(at, broken));
    expect(problem?.file).toBe('pack.yaml');
    expect(problem?.message.zh).toBeTruthy();
    expect(problem?.remedy.zh).toBeTruthy();
    expect(problem?.remedy.en).toBeTruthy();
  });

  it('lists everything that is wrong at once', () => {
    const broken = sound.replace("'750.00'", '750').replace('base: in-scope', 'base: all');
    const reading = readPackText('pack.yaml', broken);
    if (reading.ok) throw new Error('the broken pack was taken');
    expect(reading.problems.map(({ code }) => code).toSorted()).toEqual([
      'not-in-list',
      'not-text-amount',
    ]);
  });

  it.each(['', '[]', 'a', '- 1', 'a: *b', '\u0000'])('refuses what is no pack: %j', (text) => {
    expect(readPackText('pack.yaml', text).ok).toBe(false);
  });
});
