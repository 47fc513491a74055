import fc from 'fast-check';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { decide } from '../policy/decide.ts';
import { richPack } from '../policy/packs.test-support.ts';
import { randomInput } from '../policy/visits.test-support.ts';
import { encodeSettlementInput } from './stored-visit.ts';
import { settlementInputFromVisitJson } from './visit-json.ts';
import { visitJsonAsJsonSchema } from './visit-json-schema.ts';

const numRuns = 300 * Number(process.env['TEST_DEPTH'] ?? '1');
const casesFolder = new URL('../policy-packs/pingjiang-2017/1.0.0/cases/', import.meta.url);

/** The example of the contract, whole. */
const example = {
  visit: {
    id: 'ZY20171110001',
    kind: 'inpatient',
    admittedOn: '2017-11-10',
    dischargedOn: '2017-11-27',
    hospital: {
      code: 'H43062600001',
      name: '平江县第一人民医院',
      level: 'county',
      grade: 2,
      type: 'general',
      place: '430626',
    },
    diagnoses: [{ code: 'C18.900', name: '结肠恶性肿瘤', principal: true }],
    procedures: [],
    referral: {
      certificate: 'ZZ20171108001',
      issuedOn: '2017-11-08',
      fromHospitalLevel: 'township',
      previousVisitId: null,
      deductiblePaid: '0.00',
    },
    charges: [
      {
        line: 1,
        code: 'XA01',
        name: '注射用奥沙利铂',
        category: 'western-drug',
        catalogueClass: 'B',
        firstSelfPayRatio: '0.10',
        priceCeiling: null,
        unit: '支',
        quantity: '6',
        unitPrice: '620.00',
        amount: '3720.00',
        on: '2017-11-12',
      },
    ],
    deposit: '0.00',
  },
  person: {
    name: '张三',
    idNumber: '430626195001010016',
    birthDate: '1950-01-01',
    sex: 'male',
    insurance: 'resident',
    categories: ['registered-poor'],
    insuredPlace: '430626',
  },
  yearToDate: {
    year: 2017,
    asOf: '2017-11-27',
    includesVisits: [],
    admissions: 0,
    deductiblePaid: '0.00',
    eligible: '0.00',
    paid: {},
    byStep: {},
    selfPay: '0.00',
    eligibleSelfPay: '0.00',
    levels: [],
  },
};
const [charge] = example.visit.charges;
const refund = { ...charge, line: 2, quantity: '-1', amount: '-620.00', refundsLine: 1 };
const totals = {
  total: '100.00',
  eligible: '70.00',
  classBFirstSelfPay: '10.00',
  classC: '15.00',
  aboveCeiling: '5.00',
};

type Change = readonly [pointer: string, value: unknown];

/** The example with fields set (or, with `undefined`, left out) at JSON Pointers. */
function changed(...changes: readonly Change[]): unknown {
  const copy: unknown = structuredClone(example);
  for (const [pointer, value] of changes) {
    const keys = pointer.split('/').slice(1);
    const last = keys.pop() ?? '';
    let at = copy as Record<string, unknown>;
    for (const key of keys) at = at[key] as Record<string, unknown>;
    if (value === undefined) Reflect.deleteProperty(at, last);
    else at[last] = value;
  }
  return copy;
}

/** Every place of a value, as JSON Pointers; only those of the example as it stands. */
function leavesOf(value: unknown, pointer = ''): string[] {
  if (typeof value !== 'object' || value === null) return [pointer];
  const below = Object.entries(value).flatMap(([key, part]) => leavesOf(part, `${pointer}/${key}`));
  return pointer === '' ? below : [pointer, ...below];
}

/** A later change may stand in a part an earlier one has replaced; places of one level never do. */
function reaches([pointer]: Change, index: number, changes: readonly Change[]): boolean {
  return !changes.some(
    ([other], at) => at < index && (pointer === other || pointer.startsWith(`${other}/`)),
  );
}

function problemsOf(data: unknown): string[] {
  const reading = settlementInputFromVisitJson(data);
  if (reading.ok) return [];
  const details = reading.refusal.details as readonly { code: string; place: string }[];
  return details.map(({ code, place }) => `${code} ${place}`);
}

function warningsOf(data: unknown): string[] {
  const reading = settlementInputFromVisitJson(data);
  if (!reading.ok) throw new Error(JSON.stringify(reading.refusal));
  return reading.value.warnings.map(({ code, place }) => `${code} ${place ?? ''}`);
}

const line = '/visit/charges/0';
const withTotals: Change = ['/visit/charges', undefined];

describe('reading a Visit JSON', () => {
  it('takes the example of the contract without a warning', () => {
    const reading = settlementInputFromVisitJson(example);
    expect(reading).toMatchObject({ ok: true, value: { warnings: [] } });
    if (!reading.ok) return;
    const { visit, person, yearToDate } = reading.value.input;
    expect(visit.bill).toMatchObject({
      kind: 'charges',
      charges: [{ amountFen: 372000, firstSelfPayRatio: { numerator: 10, denominator: 100 } }],
    });
    expect(person.categories).toEqual([{ name: 'registered-poor' }]);
    expect(yearToDate?.levels).toEqual([]);
  });

  it('needs nothing the contract lets be absent', () => {
    const bare = changed(
      ['/visit/referral', undefined],
      ['/visit/procedures', undefined],
      ['/visit/deposit', undefined],
      ['/visit/hospital/grade', undefined],
      ['/visit/hospital/type', undefined],
      ['/visit/hospital/place', undefined],
      ['/yearToDate', undefined],
    );
    expect(warningsOf(bare)).toEqual(['year-to-date-unknown /yearToDate']);
    const reading = settlementInputFromVisitJson(bare);
    expect(reading).toMatchObject({
      value: {
        input: { visit: { referral: null, procedures: [], depositFen: 0 }, yearToDate: null },
      },
    });
  });

  it('takes every optional field of the contract', () => {
    const full = changed(
      ['/visit/admissionNumber', '1711100023'],
      ['/visit/medicalRecordNumber', 'B0174417'],
      ['/visit/department', { code: '0402', name: '普通外科' }],
      ['/visit/bed', '12'],
      ['/visit/attendingDoctor', { code: 'D0156', name: '周明远' }],
      ['/visit/dischargeWay', 'by-order'],
      ['/visit/outcome', 'improved'],
      ['/visit/injury', { cause: '跌倒', thirdParty: 'none' }],
      ['/visit/insurer', { personNumber: 'P1', visitId: 'V1' }],
      ['/visit/deposit', '500.00'],
      ['/visit/deposits', [{ receipt: 'Y1', amount: '500.00', on: '2017-11-10', tender: 'cash' }]],
      ['/visit/blockers', [{ code: 'orders-not-stopped', text: '医嘱未停' }]],
      ['/visit/emergency', true],
      ['/visit/outOfArea', { filed: 'referral' }],
      [
        '/visit/chronicDisease',
        { code: 'M03900', certificateFrom: '2016-01-01', until: '2018-01-01' },
      ],
      [`${line}/nationalCode`, 'XL01XAA'],
      [`${line}/orderedBy`, { code: 'D0156', name: '周明远' }],
      [`${line}/department`, { code: '0402', name: '普通外科' }],
      [`${line}/at`, '2017-11-12T09:30:00+08:00'],
      [`${line}/restrictedUse`, false],
      ['/person/employment', 'retired'],
      ['/person/contractedDoctor', true],
      ['/person/disabilityLevel', 3],
      ['/person/phone', '13800000000'],
      ['/person/address', '平江县'],
      ['/person/contact', '李四'],
      [
        '/person/categories',
        [{ name: 'registered-poor', from: '2016-01-01', until: '2018-12-31' }],
      ],
    );
    expect(problemsOf(full)).toEqual([]);
    expect(warningsOf(full)).toEqual([]);
  });

  it.each<[string, string, ...Change[]]>([
    ['not-text-amount', `${line}/amount`, [`${line}/amount`, 3720]],
    ['not-text-amount', `${line}/amount`, [`${line}/amount`, '3720.000']],
    ['not-text-amount', `${line}/amount`, [`${line}/amount`, '3,720.00']],
    ['not-text-amount', `${line}/amount`, [`${line}/amount`, null]],
    ['not-text-amount', `${line}/quantity`, [`${line}/quantity`, 6]],
    ['not-text-amount', `${line}/quantity`, [`${line}/quantity`, '6.0000001']],
    ['not-text-amount', `${line}/unitPrice`, [`${line}/unitPrice`, '￥620']],
    ['not-text-amount', `${line}/firstSelfPayRatio`, [`${line}/firstSelfPayRatio`, 0.1]],
    ['not-a-ratio', `${line}/firstSelfPayRatio`, [`${line}/firstSelfPayRatio`, '1.01']],
    ['not-text-amount', '/visit/deposit', ['/visit/deposit', 0]],
    ['not-text-amount', '/yearToDate/selfPay', ['/yearToDate/selfPay', 0]],
    ['not-text-amount', '/yearToDate/paid/basic', ['/yearToDate/paid', { basic: 1 }]],
    ['not-a-name', '/yearToDate/paid/a~1b', ['/yearToDate/paid', { 'a/b': '1.00' }]],
    ['unknown-field', '/colour', ['/colour', 'red']],
    ['unknown-field', '/visit/hospital/colour', ['/visit/hospital/colour', 'red']],
    ['unknown-field', `${line}/a~0b`, [`${line}/a~b`, 'red']],
    ['missing-field', '/person', ['/person', undefined]],
    ['missing-field', `${line}/amount`, [`${line}/amount`, undefined]],
    ['missing-field', `${line}/priceCeiling`, [`${line}/priceCeiling`, undefined]],
    ['missing-field', `${line}/catalogueClass`, [`${line}/catalogueClass`, undefined]],
    ['missing-field', '/visit/charges', withTotals],
    ['charges-or-totals', '/visit/totals', ['/visit/totals', totals]],
    ['no-charges', '/visit/charges', ['/visit/charges', []]],
    ['wrong-type', '/visit/charges', ['/visit/charges', {}]],
    ['wrong-type', '/visit', ['/visit', 'ZY1']],
    ['not-in-list', '/visit/kind', ['/visit/kind', 'daycare']],
    ['not-in-list', '/visit/hospital/level', ['/visit/hospital/level', 'national']],
    ['not-in-list', '/visit/hospital/grade', ['/visit/hospital/grade', 4]],
    ['not-in-list', `${line}/category`, [`${line}/category`, 'drug']],
    ['not-in-list', `${line}/catalogueClass`, [`${line}/catalogueClass`, 'D']],
    ['not-in-list', '/person/categories/0', ['/person/categories', ['poor']]],
    ['not-in-list', '/person/categories/0/name', ['/person/categories', [{ name: 'poor' }]]],
    [
      'unknown-field',
      '/person/categories/0/since',
      ['/person/categories', [{ name: 'orphan', since: '2017-01-01' }]],
    ],
    ['wrong-type', '/person/categories/0', ['/person/categories', [1]]],
    ['not-a-date', '/visit/admittedOn', ['/visit/admittedOn', '2017-02-30']],
    ['not-a-date', `${line}/on`, [`${line}/on`, '2017/11/12']],
    ['not-a-place', '/person/insuredPlace', ['/person/insuredPlace', '平江']],
    ['empty-text', '/visit/id', ['/visit/id', '']],
    ['not-a-line-number', `${line}/line`, [`${line}/line`, 1.5]],
    ['duplicate-line', '/visit/charges/1/line', ['/visit/charges', [charge, charge]]],
    ['amount-mismatch', `${line}/amount`, [`${line}/amount`, '3720.02']],
    ['amount-mismatch', `${line}/amount`, [`${line}/amount`, '3719.98']],
    [
      'amount-too-large',
      `${line}/amount`,
      [`${line}/quantity`, '999999999'],
      [`${line}/unitPrice`, '999999999'],
    ],
    ['amount-too-large', `${line}/amount`, [`${line}/amount`, '1000000000.01']],
    ['amount-too-large', '/visit/deposit', ['/visit/deposit', '100000000.01']],
    ['amount-too-large', '/yearToDate/paid/basic', ['/yearToDate/paid', { basic: '1000000000' }]],
    [
      'amount-too-large',
      '/visit/totals/total',
      withTotals,
      ['/visit/totals', { ...totals, total: '100000000.01', eligible: '99999970.01' }],
    ],
    ['negative-amount', `${line}/priceCeiling`, [`${line}/priceCeiling`, '-1']],
    ['negative-amount', '/visit/deposit', ['/visit/deposit', '-1.00']],
    ['negative-amount', '/yearToDate/eligible', ['/yearToDate/eligible', '-1.00']],
    [
      'refund-exceeds-line',
      '/visit/charges/1/amount',
      ['/visit/charges', [charge, { ...refund, quantity: '-7', amount: '-4340.00' }]],
    ],
    [
      'refund-exceeds-line',
      '/visit/charges/1/amount',
      ['/visit/charges', [charge, { ...refund, quantity: '-6', amount: '-3720.01' }]],
    ],
    [
      'refund-exceeds-line',
      '/visit/charges/3/amount',
      [
        '/visit/charges',
        [
          charge,
          { ...refund, quantity: '-4', amount: '-2480.00' },
          { ...charge, line: 4 },
          { ...refund, line: 3, quantity: '-3', amount: '-1860.00' },
        ],
      ],
    ],
    [
      'refund-exceeds-line',
      '/visit/charges/1/quantity',
      [
        '/visit/charges',
        [charge, { ...refund, quantity: '-12', unitPrice: '310', amount: '-3720.00' }],
      ],
    ],
    [
      'refund-of-unknown-line',
      '/visit/charges/1/refundsLine',
      ['/visit/charges', [charge, { ...refund, refundsLine: 7 }]],
    ],
    [
      'refund-of-other-item',
      '/visit/charges/1/refundsLine',
      ['/visit/charges', [charge, { ...refund, code: 'ANOTHER' }]],
    ],
    [
      'refund-of-other-item',
      '/visit/charges/1/refundsLine',
      ['/visit/charges', [charge, { ...refund, catalogueClass: 'C' }]],
    ],
    [
      'refund-without-line',
      '/visit/charges/1',
      ['/visit/charges', [charge, { ...charge, line: 2, quantity: '-1', amount: '-620.00' }]],
    ],
    [
      'refund-not-negative',
      '/visit/charges/1/amount',
      ['/visit/charges', [charge, { ...charge, line: 2, refundsLine: 1 }]],
    ],
    ['first-self-pay-missing', `${line}/firstSelfPayRatio`, [`${line}/firstSelfPayRatio`, null]],
    [
      'negative-total',
      '/visit/totals/total',
      withTotals,
      ['/visit/totals', { ...totals, total: '-1.00' }],
    ],
    [
      'negative-amount',
      '/visit/totals/classC',
      withTotals,
      ['/visit/totals', { ...totals, classC: '-1.00' }],
    ],
    [
      'totals-do-not-add-up',
      '/visit/totals',
      withTotals,
      ['/visit/totals', { ...totals, eligible: '70.01' }],
    ],
    [
      'deposits-do-not-add-up',
      '/visit/deposits',
      ['/visit/deposits', [{ receipt: 'Y1', amount: '1.00', on: '2017-11-10', tender: 'cash' }]],
    ],
    ['discharge-before-admission', '/visit/dischargedOn', ['/visit/dischargedOn', '2017-11-09']],
    ['born-after-discharge', '/person/birthDate', ['/person/birthDate', '2017-11-28']],
    [
      'dates-reversed',
      '/person/categories/0/until',
      ['/person/categories', [{ name: 'orphan', from: '2017-02-01', until: '2017-01-01' }]],
    ],
    [
      'principal-diagnosis',
      '/visit/diagnoses',
      ['/visit/diagnoses', [{ code: 'C18', name: '结肠癌', principal: false }]],
    ],
    ['year-to-date-of-another-year', '/yearToDate/year', ['/yearToDate/year', 2016]],
  ])('refuses with %s at %s', (code, place, ...changes) => {
    const reading = settlementInputFromVisitJson(changed(...changes));
    if (reading.ok) throw new Error('it was taken');
    expect(`${reading.refusal.code} ${reading.refusal.place ?? ''}`).toBe(`${code} ${place}`);
    expect(reading.refusal.message.zh).toMatch(/没有收钱/);
    expect(reading.refusal.remedy.zh).toMatch(/\p{Script=Han}/u);
    expect(reading.refusal.remedy.en).toMatch(/[a-z]/);
  });

  it('speaks of the negative total first where a refund does not even name its line', () => {
    const alone = { ...charge, quantity: '-1', amount: '-620.00' };
    expect(problemsOf(changed(['/visit/charges', [alone]]))).toEqual([
      'negative-total /visit/charges',
      'refund-without-line /visit/charges/0',
    ]);
  });

  it('lists everything that is wrong at once', () => {
    expect(
      problemsOf(
        changed(
          [`${line}/amount`, 3720],
          ['/visit/kind', 'daycare'],
          ['/person/sex', undefined],
          ['/colour', 'red'],
        ),
      ).toSorted(),
    ).toEqual([
      'missing-field /person/sex',
      `not-in-list /visit/kind`,
      `not-text-amount ${line}/amount`,
      'unknown-field /colour',
    ]);
  });

  it.each([null, 1, 'visit', [], {}])('refuses what is no visit at all: %j', (data) => {
    expect(settlementInputFromVisitJson(data).ok).toBe(false);
  });

  it('warns of an amount 0.01 off, a charge outside the stay, an unknown year, an unknown division', () => {
    const odd = changed(
      [`${line}/amount`, '3720.01'],
      [`${line}/on`, '2017-11-09'],
      ['/yearToDate', null],
      ['/person/idNumber', '000626195001010016'],
    );
    expect(warningsOf(odd)).toEqual([
      `amount-rounded ${line}/amount`,
      `charge-outside-stay ${line}/on`,
      'year-to-date-unknown /yearToDate',
      'id-number-division /person/idNumber',
    ]);
    expect(warningsOf(changed([`${line}/on`, '2017-11-28']))).toEqual([
      `charge-outside-stay ${line}/on`,
    ]);
    expect(warningsOf(changed([`${line}/amount`, '3719.99']))).toEqual([
      `amount-rounded ${line}/amount`,
    ]);
  });

  it('takes a number and a name for what they are, however they are written', () => {
    const read = settlementInputFromVisitJson(
      changed(
        ['/person/idNumber', ' \u202d43062619680723104x\u202c '],
        ['/person/name', ' 张\u3000三'],
      ),
    );
    expect(read.ok && read.value.input.person).toMatchObject({
      idNumber: '43062619680723104X',
      name: '张三',
    });
  });

  it('takes an old number of fifteen digits with the day of birth it says, and says so', () => {
    const old = changed(
      ['/person/idNumber', '430626500101001'],
      ['/person/birthDate', '1950-01-01'],
    );
    expect(warningsOf(old)).toEqual(['id-number-of-fifteen /person/idNumber']);
    expect(
      problemsOf(
        changed(['/person/idNumber', '430626500101001'], ['/person/birthDate', '1950-01-02']),
      ),
    ).toEqual(['id-number-wrong /person/idNumber']);
  });

  it.each([
    ['无', 'id-number-missing'],
    ['000000000000000000', 'id-number-missing'],
    ['', 'id-number-missing'],
    ['4.30626E+17', 'id-number-damaged'],
    ['430626197008150000', 'id-number-damaged'],
    ['430626********0016', 'id-number-damaged'],
    ['430626195001010017', 'id-number-wrong'],
    ['43062619500101001', 'id-number-wrong'],
    ['E12345678', 'id-number-needs-document'],
  ])('refuses %j as nobody’s number and says what to do', (written, code) => {
    const reading = settlementInputFromVisitJson(changed(['/person/idNumber', written]));
    expect(reading).toMatchObject({
      ok: false,
      refusal: {
        code,
        place: '/person/idNumber',
        remedy: { zh: expect.stringMatching(/./) as string },
      },
    });
  });

  it('takes the number of a passport or permit that is named', () => {
    for (const [document, written] of [
      ['passport', 'e12345678'],
      ['taiwan-permit', '12345678'],
      ['hk-macao-permit', 'H1234567801'],
      ['birth-certificate', 'K330123456'],
    ] as const) {
      const read = settlementInputFromVisitJson(
        changed(['/person/idNumber', written], ['/person/document', document]),
      );
      expect(read.ok && read.value.input.person).toMatchObject({
        idNumber: written.toUpperCase(),
        document,
      });
    }
  });

  it('takes the stated amount where it is 0.01 off', () => {
    const reading = settlementInputFromVisitJson(changed([`${line}/amount`, '3720.01']));
    expect(reading).toMatchObject({
      value: { input: { visit: { bill: { charges: [{ amountFen: 372001 }] } } } },
    });
  });

  it('adds up the deposit from its receipts where only they are given', () => {
    const deposits = ['200.00', '300.50'].map((amount, index) => ({
      receipt: `Y${index}`,
      amount,
      on: '2017-11-10',
      tender: 'wechat',
    }));
    const reading = settlementInputFromVisitJson(
      changed(['/visit/deposit', undefined], ['/visit/deposits', deposits]),
    );
    expect(reading).toMatchObject({ value: { input: { visit: { depositFen: 50050 } } } });
  });

  it('never throws, whatever stands in the file, and what it takes can be decided', () => {
    const places = leavesOf(example);
    const odd = fc.oneof(
      fc.jsonValue({ maxDepth: 1 }),
      fc.constantFrom('0', '-0.00', '1000000000', '999999999.99', '100000000.00', '1', '__proto__'),
      fc.constantFrom('2017-11-27', '0000-01-01', '9999-12-31', 'C', 'A', 'none', 'outpatient'),
    );
    const change = fc.tuple(fc.constantFrom(...places), fc.option(odd, { nil: undefined }));
    let taken = 0;
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 3 }), (changes) => {
        const reading = settlementInputFromVisitJson(changed(...changes.filter(reaches)));
        if (!reading.ok) {
          expect(reading.refusal.place).toMatch(/^(\/|$)/);
          return;
        }
        taken += 1;
        const { totalFen, patientPaysFen } = decide(richPack, reading.value.input);
        expect(patientPaysFen).toBeLessThanOrEqual(totalFen);
      }),
      { numRuns: numRuns * 5 },
    );
    expect(taken).toBeGreaterThan(numRuns / 5);
  });

  it('comes back as it went: an input, its JSON, and the input again', () => {
    fc.assert(
      fc.property(randomInput, (input) => {
        const json: unknown = JSON.parse(JSON.stringify(encodeSettlementInput(input)));
        const reading = settlementInputFromVisitJson(json);
        if (!reading.ok) throw new Error(JSON.stringify(reading.refusal.details));
        expect(reading.value.input).toEqual(input);
      }),
      { numRuns },
    );
  });

  it('keeps every field of the example on the way through', () => {
    const reading = settlementInputFromVisitJson(example);
    if (!reading.ok) throw new Error(reading.refusal.code);
    expect(encodeSettlementInput(reading.value.input)).toEqual(example);
  });
});

describe('the JSON Schema of the Visit JSON', () => {
  const file = new URL('visit.schema.json', import.meta.url);
  const stored: unknown = JSON.parse(readFileSync(file, 'utf8'));

  it('is the one the program reads by', () => {
    expect(stored).toEqual(JSON.parse(JSON.stringify(visitJsonAsJsonSchema())));
  });

  it('takes the example and every case of the packs, and refuses what is of another form', () => {
    const schema = z.fromJSONSchema(stored as Parameters<typeof z.fromJSONSchema>[0]);
    expect(schema.safeParse(example).success).toBe(true);
    const names = readdirSync(casesFolder);
    expect(names.length).toBeGreaterThan(5);
    for (const name of names) {
      const json: unknown = JSON.parse(readFileSync(new URL(name, casesFolder), 'utf8'));
      expect([name, schema.safeParse(json).success]).toEqual([name, true]);
    }
    for (const change of [
      [`${line}/amount`, 3720],
      [`${line}/amount`, '3720.000'],
      ['/visit/kind', 'daycare'],
      ['/colour', 'red'],
      ['/person', undefined],
    ] satisfies Change[]) {
      expect(schema.safeParse(changed(change)).success).toBe(false);
    }
  });
});
