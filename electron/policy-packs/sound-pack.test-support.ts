import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** A complete small pack of a county that does not exist; tests break one thing in it each. */
export const soundPack = `id: a-county
version: 1.0.0
locality: { zh: 某县, en: a county }
scheme: { zh: 某办法, en: a scheme }
inForceFrom: 2017-01-01
inForceUntil: 2018-01-01
inForce: { source: { document: a-notice, article: '9' } }
decidingDay: admission
appliesTo:
  places: ['430626']
  insurance: [resident]
  kinds: [inpatient]
sources:
  - id: a-notice
    title: { zh: 某通知, en: a notice }
    publisher: 某县
payers:
  - id: county-fund
    name: { zh: 县基金, en: the county's fund }
    fund: { zh: 县基金, en: the county's fund }
parameters:
  basicDeductible:
    name: { zh: 起付标准, en: deductible }
    unit: yuan
    byHospitalLevel: { county: '500.00', city: '1000.00' }
    source: { document: a-notice, article: '1' }
  basicRate:
    name: { zh: 支付比例, en: rate }
    unit: percent
    value: '80'
    except:
      - when: { hospitalLevels: [city] }
        value: '60'
    source: { document: a-notice, article: '2' }
  criticalDeductible:
    name: { zh: 大病起付标准, en: deductible of critical illness }
    unit: yuan
    value: '3000.00'
    source: { document: a-notice, article: '3' }
  criticalBands:
    name: { zh: 大病分段, en: bands of critical illness }
    unit: percent-bands
    value:
      - { above: '0.00', percent: '50' }
      - { above: '10000.00', percent: '60' }
    source: { document: a-notice, article: '3' }
  criticalCeiling:
    name: { zh: 大病封顶线, en: ceiling of critical illness }
    unit: yuan
    value: '8000.00'
    source: { document: a-notice, article: '3' }
  half:
    name: { zh: 一半, en: half }
    unit: percent
    value: '50'
    assumed: true
    reason: { zh: 没有给出, en: not given }
  poorRate:
    name: { zh: 特困比例, en: rate of the extremely poor }
    unit: percent
    value: '70'
    source: { document: a-notice, article: '4' }
  unreferredFactor:
    name: { zh: 未转诊, en: without referral }
    unit: percent
    value: '90'
    source: { document: a-notice, article: '5' }
diseaseLists:
  serious:
    name: { zh: 大病, en: serious diseases }
    diagnoses: principal
    codes:
      - { prefix: C18, name: 结肠癌 }
      - { prefix: C91.0, name: 儿童白血病, youngerThan: 18 }
    source: { document: a-notice, article: '6' }
hospitalLists:
  designated:
    name: { zh: 定点医院, en: designated hospitals }
    codes:
      - { code: H1, name: 县医院 }
      - { code: H2, name: 市医院 }
    source: { document: a-notice, article: '6' }
modifiers:
  - id: unreferred
    name: { zh: 未转诊, en: without referral }
    when: { hospitalLevels: [city], referral: [none, late] }
    multiplyRate: { parameter: unreferredFactor, steps: [basic] }
    source: { document: a-notice, article: '5' }
steps:
  - id: basic
    name: { zh: 基本医疗保险, en: basic insurance }
    payer: basic-medical-insurance
    rule: rate
    requires: { hospitalLevels: [county, city] }
    base: in-scope
    deductible: { parameter: basicDeductible, per: visit }
    rate: basicRate
    rounding: { unit: fen, mode: half-up }
    source: { document: a-notice, article: '2' }
  - id: critical-illness
    name: { zh: 大病保险, en: critical illness }
    payer: critical-illness-insurance
    rule: rate
    base: in-scope-residual
    deductible: { parameter: criticalDeductible, per: year }
    rate: criticalBands
    ceilingPerYear: criticalCeiling
    rounding: { unit: fen, mode: half-up }
    source: { document: a-notice, article: '3' }
  - id: assistance
    name: { zh: 医疗救助, en: assistance }
    payer: medical-assistance
    rule: rate
    requires: { categories: { any: [subsistence-allowance, extremely-poor] } }
    base: in-scope-residual
    variants:
      - name: { zh: 特困人员, en: the extremely poor }
        when: { categories: { any: [extremely-poor] } }
        rate: poorRate
      - name: { zh: 低保对象, en: those on allowance }
        when: { categories: { any: [subsistence-allowance] } }
        rate: half
    take: best
    rounding: { unit: fen, mode: half-up }
    source: { document: a-notice, article: '4' }
  - id: reduction
    name: { zh: 医院减免, en: hospital reduction }
    payer: hospital-reduction
    rule: rate
    requires: { diseases: serious, hospitals: designated }
    base: residual-total
    rate: half
    lowersFirst: within-catalogue
    rounding: { unit: ten-yuan, mode: half-up }
    source: { document: a-notice, article: '6' }
  - id: county-help
    name: { zh: 县补助, en: the county's help }
    payer: county-fund
    rule: not-stated
    reason: { zh: 没有给出办法, en: no rule is given }
    source: { document: a-notice, article: '7' }
cases:
  - case: 低保对象结肠癌（On allowance, cancer of the colon）
    visit: cases/stay.json
    expect:
      total: '12000.00'
      shares:
        basic: '8000.00'
        critical-illness: '0.00'
        assistance: '1250.00'
        reduction: '1380.00'
        county-help: '0.00'
      patientPays: '1370.00'
      zeroBecause: { critical-illness: below-deductible, county-help: rule-not-stated }
    because:
      basic: (10500.00 - 500.00) * 0.80 = 8000.00
      critical-illness: 10500.00 - 8000.00 = 2500.00 <= 3000.00
      assistance: 2500.00 * 0.50 = 1250.00
      reduction: 12000.00 - 8000.00 - 1250.00 = 2750.00; round(2750.00 * 0.50, ten-yuan) = 1380.00
      patientPays: 2750.00 - 1380.00 = 1370.00
  - case: 费用高，大病保险分段支付（A high bill, bands of critical illness）
    visit: cases/stay.json
    with:
      /visit/totals: { total: '82000.00', eligible: '80000.00', classBFirstSelfPay: '500.00', classC: '1000.00', aboveCeiling: '500.00' }
      /visit/diagnoses/0/code: J18.900
    expect:
      shares:
        basic: '63600.00'
        critical-illness: '7040.00'
        assistance: '4680.00'
        reduction: '0.00'
        county-help: '0.00'
      patientPays: '6680.00'
      zeroBecause: { reduction: disease-not-listed }
    because:
      basic: (80000.00 - 500.00) * 0.80 = 63600.00
      critical-illness: 80000.00 - 63600.00 - 3000.00 = 13400.00; 10000.00 * 0.50 + 3400.00 * 0.60 = 7040.00
      assistance: (80000.00 - 63600.00 - 7040.00) * 0.50 = 4680.00
      patientPays: 82000.00 - 63600.00 - 7040.00 - 4680.00 = 6680.00
  - case: 特困人员（An extremely poor person）
    visit: cases/stay.json
    with: { /person/categories: [extremely-poor] }
    expect:
      shares:
        basic: '8000.00'
        critical-illness: '0.00'
        assistance: '1750.00'
        reduction: '1130.00'
        county-help: '0.00'
      patientPays: '1120.00'
    because:
      basic: (10500.00 - 500.00) * 0.80 = 8000.00
      assistance: 2500.00 * 0.70 = 1750.00
      reduction: round((12000.00 - 8000.00 - 1750.00) * 0.50, ten-yuan) = 1130.00
      patientPays: 2250.00 - 1130.00 = 1120.00
  - case: 县外参保不适用（Insured elsewhere, not covered）
    visit: cases/stay.json
    with: { /person/insuredPlace: '430602' }
    expect: { notCovered: true }
`;

/** The visit of its cases: a stay in a county hospital known by its totals. */
export const soundVisit = `{
  "visit": {
    "id": "ZY1", "kind": "inpatient", "admittedOn": "2017-05-01", "dischargedOn": "2017-05-11",
    "hospital": { "code": "H1", "name": "县医院", "level": "county" },
    "diagnoses": [ { "code": "C18.900", "name": "结肠恶性肿瘤", "principal": true } ],
    "totals": {
      "total": "12000.00", "eligible": "10500.00",
      "classBFirstSelfPay": "300.00", "classC": "1000.00", "aboveCeiling": "200.00"
    }
  },
  "person": {
    "name": "张三", "idNumber": "430626195001010016", "birthDate": "1950-01-01", "sex": "male",
    "insurance": "resident", "categories": [ "subsistence-allowance" ], "insuredPlace": "430626"
  },
  "yearToDate": {
    "year": 2017, "asOf": "2017-05-01", "includesVisits": [], "admissions": 0, "deductiblePaid": "0.00",
    "eligible": "0.00", "paid": {}, "byStep": {}, "selfPay": "0.00", "eligibleSelfPay": "0.00", "levels": []
  }
}
`;

/** Writes files below a folder, the folders between included. */
export async function writeFiles(
  folder: string,
  files: Readonly<Record<string, string>>,
): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    const file = join(folder, name);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }
}

/** The files of the sound pack, or of one made of it. */
export function packFiles(
  text = soundPack,
  visit = soundVisit,
  place = 'a-county/1.0.0',
): Readonly<Record<string, string>> {
  return { [`${place}/pack.yaml`]: text, [`${place}/cases/stay.json`]: visit };
}
