/** A pack of one step whose cases notice every change: the least there is to write for one. */
export const completePack = `id: a-county
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
    value: '500.00'
    source: { document: a-notice, article: '1' }
  share:
    name: { zh: 支付比例, en: rate }
    unit: percent
    value: '80'
    except:
      - when: { categories: { any: [extremely-poor] } }
        value: '90'
    source: { document: a-notice, article: '2' }
steps:
  - id: basic
    name: { zh: 基本医疗保险, en: basic insurance }
    payer: basic-medical-insurance
    rule: rate
    base: in-scope
    deductible: { parameter: deductible, per: visit }
    rate: share
    rounding: { unit: yuan, mode: half-up }
    source: { document: a-notice, article: '2' }
cases:
  - case: 其他各类人员（Persons of all other categories）
    visit: cases/stay.json
    with:
      /visit/totals: { total: '12000.00', eligible: '10501.37', classBFirstSelfPay: '0.00', classC: '1498.63', aboveCeiling: '0.00' }
      /person/categories: [registered-poor, subsistence-allowance, low-income-edge, orphan, unattended-child, disabled, returned-to-poverty, unstable-lifted, edge-vulnerable, sudden-hardship, just-lifted, illness-expense]
      /yearToDate/admissions: 1
      /yearToDate/levels: [county]
      /yearToDate/deductiblePaid: '100.00'
      /yearToDate/eligible: '100.00'
      /yearToDate/selfPay: '100.00'
      /yearToDate/eligibleSelfPay: '100.00'
      /yearToDate/byStep: { basic: { base: '100.00', deductible: '100.00', paid: '0.00', selfPay: '100.00' } }
    expect:
      shares: { basic: '8001.00' }
      patientPays: '3999.00'
    because:
      basic: round((10501.37 - 500.00) * 0.80, yuan) = 8001.00
      patientPays: 12000.00 - 8001.00 = 3999.00
  - case: 特困人员（Extremely poor）
    visit: cases/stay.json
    with: { /person/categories: [extremely-poor] }
    expect:
      shares: { basic: '9000.00' }
      patientPays: '3000.00'
    because:
      basic: (10500.00 - 500.00) * 0.90 = 9000.00
      patientPays: 12000.00 - 9000.00 = 3000.00
  - case: 住院期间认定，出院日有效（Recognised during the stay）
    visit: cases/stay.json
    with:
      /visit/totals: { total: '505.00', eligible: '505.00', classBFirstSelfPay: '0.00', classC: '0.00', aboveCeiling: '0.00' }
      /person/categories: [{ name: extremely-poor, from: '2017-05-05' }]
    expect:
      shares: { basic: '5.00' }
      patientPays: '500.00'
    because:
      basic: (505.00 - 500.00) * 0.90 = 4.50; round(4.50, yuan) = 5.00
      patientPays: 505.00 - 5.00 = 500.00
  - case: 实施首日（The first day）
    visit: cases/stay.json
    with: { /visit/dischargedOn: '2017-01-01', /visit/admittedOn: '2016-12-25', /yearToDate/asOf: '2017-01-01' }
    expect:
      shares: { basic: '8000.00' }
      patientPays: '4000.00'
    because:
      basic: (10500.00 - 500.00) * 0.80 = 8000.00
      patientPays: 12000.00 - 8000.00 = 4000.00
  - case: 实施前一日（The day before）
    visit: cases/stay.json
    with: { /visit/dischargedOn: '2016-12-31', /visit/admittedOn: '2016-12-25', /yearToDate: null }
    expect: { notCovered: true }
  - case: 最后一日（The last day）
    visit: cases/stay.json
    with: { /visit/dischargedOn: '2017-12-31' }
    expect:
      shares: { basic: '8000.00' }
      patientPays: '4000.00'
    because:
      basic: (10500.00 - 500.00) * 0.80 = 8000.00
      patientPays: 12000.00 - 8000.00 = 4000.00
  - case: 失效当日（The day it ends）
    visit: cases/stay.json
    with: { /visit/dischargedOn: '2018-01-01', /yearToDate: null }
    expect: { notCovered: true }
  - case: 县外参保（Insured elsewhere）
    visit: cases/stay.json
    with: { /person/insuredPlace: '430602' }
    expect: { notCovered: true }
  - case: 职工医保（Employees' insurance）
    visit: cases/stay.json
    with: { /person/insurance: employee }
    expect: { notCovered: true }
  - case: 门诊（Outpatient）
    visit: cases/stay.json
    with: { /visit/kind: outpatient }
    expect: { notCovered: true }
`;
