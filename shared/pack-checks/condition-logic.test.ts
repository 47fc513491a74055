import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { settlementInputFromVisitJson } from '../contracts/visit-json.ts';
import { compileCondition, holds } from '../policy/compile/compile-condition.ts';
import { compilePack } from '../policy/compile/compile-pack.ts';
import type { PackCondition } from '../policy/pack/pack-conditions.ts';
import { factsOf, type VisitFacts } from '../policy/facts/visit-facts.ts';
import { alwaysHolds, neverTogether, oneAlwaysHolds } from './condition-logic.ts';
import { readPackText } from '../../electron/policy-packs/read-pack-file.ts';
import { soundPack, soundVisit } from '../../electron/policy-packs/sound-pack.test-support.ts';

const numRuns = 1000 * Number(process.env['TEST_DEPTH'] ?? '1');

const lists = `  grave:
    name: { zh: 重病, en: grave diseases }
    diagnoses: any
    codes:
      - { prefix: C, name: 肿瘤 }
    source: { document: a-notice, article: '6' }
  chest:
    name: { zh: 肺病, en: diseases of the chest }
    diagnoses: principal
    codes: [{ prefix: J18, name: 肺炎 }]
    source: { document: a-notice, article: '6' }
hospitalLists:
  others:
    name: { zh: 其他医院, en: other hospitals }
    codes: [{ code: H3, name: 省医院 }]
    source: { document: a-notice, article: '6' }
`.replace('prefix: C,', 'prefix: C18.9,');
const reading = readPackText('pack.yaml', soundPack.replace('hospitalLists:\n', lists));
if (!reading.ok) throw new Error(JSON.stringify(reading.problems));
const { document } = reading;
const pack = compilePack(document);

const someOf = <Value>(...values: Value[]) =>
  fc.subarray(values, { minLength: 1, maxLength: values.length });
const categories = ['extremely-poor', 'subsistence-allowance', 'orphan'] as const;

/** Parts that meet and exclude each other often: few values each. */
const plain = fc.record(
  {
    categories: fc.oneof(
      someOf(...categories).map((any) => ({ any })),
      someOf(...categories).map((none) => ({ none })),
    ),
    hospitalLevels: someOf('township', 'county', 'city', 'outside-province'),
    hospitalArea: someOf('own', 'other'),
    outOfArea: someOf('local', 'none', 'referral', 'long-term'),
    hospitalGrades: someOf(1, 2, 3),
    hospitals: fc.constantFrom('designated', 'others'),
    visitKinds: someOf('inpatient', 'outpatient'),
    referral: someOf('valid', 'late', 'none', 'emergency'),
    age: fc
      .tuple(fc.constantFrom(undefined, 10, 60), fc.constantFrom(undefined, 18, 70))
      .map(([from, below]) => ({
        ...(from === undefined ? {} : { from }),
        ...(below === undefined ? {} : { below }),
      })),
    admissionOfYear: fc.constantFrom({ from: 2 }, { until: 1 }, { from: 2, until: 3 }),
    discharged: fc.constantFrom({ from: '2017-06-01' }, { before: '2017-06-01' }),
    diseases: fc.constantFrom('serious', 'grave', 'chest'),
    chronicDiseases: fc.constantFrom('serious', 'grave', 'chest'),
    contractedDoctor: fc.boolean(),
    disabilityLevels: someOf(1, 2),
  },
  { requiredKeys: [] },
) as fc.Arbitrary<PackCondition>;

const condition: fc.Arbitrary<PackCondition> = fc.oneof(
  { weight: 3, arbitrary: plain },
  {
    weight: 1,
    arbitrary: fc
      .tuple(plain, fc.array(plain, { minLength: 2, maxLength: 3 }))
      .map(([part, anyOf]) => ({ ...part, anyOf })),
  },
);

const visit: fc.Arbitrary<VisitFacts> = fc
  .record({
    kind: fc.constantFrom('inpatient', 'outpatient'),
    level: fc.constantFrom('township', 'county', 'city', 'outside-province'),
    place: fc.constantFrom(undefined, '430626', '110000'),
    filed: fc.constantFrom(undefined, 'none', 'referral', 'long-term'),
    chronic: fc.constantFrom(undefined, 'C18.900', 'C91.000', 'J18.900'),
    grade: fc.constantFrom(undefined, 1, 2, 3),
    code: fc.constantFrom('H1', 'H3', 'H4'),
    held: fc.subarray([...categories]),
    birthDate: fc.constantFrom(
      '2010-01-01',
      '2000-01-01',
      '1980-01-01',
      '1950-01-01',
      '1940-01-01',
    ),
    dischargedOn: fc.constantFrom('2017-05-31', '2017-06-01', '2017-07-01'),
    admissions: fc.constantFrom(0, 1, 3),
    referred: fc.constantFrom(null, '2017-04-30', '2017-05-30'),
    emergency: fc.boolean(),
    disease: fc.constantFrom('C18.900', 'C91.000', 'J18.900'),
    second: fc.constantFrom(null, 'C18.900', 'C18.100'),
    contractedDoctor: fc.boolean(),
    disabilityLevel: fc.constantFrom(undefined, 1, 2, 3),
  })
  .map((made) => {
    const data = JSON.parse(soundVisit) as {
      visit: Record<string, unknown>;
      person: Record<string, unknown>;
      yearToDate: Record<string, unknown>;
    };
    const { grade, second, referred, disabilityLevel, place, filed, chronic } = made;
    Object.assign(data.visit, {
      kind: made.kind,
      dischargedOn: made.dischargedOn,
      emergency: made.emergency,
      hospital: {
        code: made.code,
        name: '某医院',
        level: made.level,
        ...(grade === undefined ? {} : { grade }),
        ...(place === undefined ? {} : { place }),
      },
      ...(filed === undefined ? {} : { outOfArea: { filed } }),
      ...(chronic === undefined
        ? {}
        : { chronicDisease: { code: chronic, certificateFrom: '2016-01-01' } }),
      diagnoses: [
        { code: made.disease, name: '某病', principal: true },
        ...(second === null ? [] : [{ code: second, name: '某病', principal: false }]),
      ],
      referral:
        referred === null
          ? null
          : {
              certificate: 'Z1',
              issuedOn: referred,
              fromHospitalLevel: 'county',
              deductiblePaid: '0.00',
            },
    });
    Object.assign(data.person, {
      birthDate: made.birthDate,
      categories: made.held,
      contractedDoctor: made.contractedDoctor,
      ...(disabilityLevel === undefined ? {} : { disabilityLevel }),
    });
    Object.assign(data.yearToDate, { admissions: made.admissions });
    const read = settlementInputFromVisitJson(data);
    if (!read.ok) throw new Error(JSON.stringify(read.refusal));
    return factsOf(pack, read.value.input);
  });

const meets = (facts: VisitFacts, stated: PackCondition) =>
  holds(compileCondition(document, stated), facts);

describe('what is said of conditions', () => {
  it('never together: no visit meets them all', () => {
    let claims = 0;
    fc.assert(
      fc.property(
        fc.array(condition, { minLength: 1, maxLength: 3 }),
        fc.array(visit, { minLength: 8, maxLength: 8 }),
        (conditions, visits) => {
          if (!neverTogether(document, conditions)) return;
          claims += 1;
          for (const facts of visits) {
            expect(conditions.every((each) => meets(facts, each))).toBe(false);
          }
        },
      ),
      { numRuns },
    );
    expect(claims).toBeGreaterThan(numRuns / 50);
  });

  it('always: every visit that meets the one meets the other', () => {
    let claims = 0;
    fc.assert(
      fc.property(
        condition,
        fc.array(condition, { maxLength: 2 }),
        fc.array(visit, { minLength: 8, maxLength: 8 }),
        (wide, context, visits) => {
          if (!alwaysHolds(document, wide, context)) return;
          claims += 1;
          for (const facts of visits) {
            if (context.every((each) => meets(facts, each))) expect(meets(facts, wide)).toBe(true);
          }
        },
      ),
      { numRuns },
    );
    expect(claims).toBeGreaterThan(numRuns / 100);
  });

  it('always one of them: of every visit that meets the context', () => {
    let claims = 0;
    fc.assert(
      fc.property(
        fc.array(plain, { minLength: 1, maxLength: 4 }),
        fc.array(plain, { maxLength: 2 }),
        fc.array(visit, { minLength: 8, maxLength: 8 }),
        (some, context, visits) => {
          if (!oneAlwaysHolds(document, some, context)) return;
          claims += 1;
          for (const facts of visits) {
            if (!context.every((each) => meets(facts, each))) continue;
            expect(some.some((each) => meets(facts, each))).toBe(true);
          }
        },
      ),
      { numRuns },
    );
    expect(claims).toBeGreaterThan(numRuns / 100);
  });

  it.each<[boolean, PackCondition, PackCondition[]]>([
    [true, { hospitalLevels: ['county', 'city'] }, [{ hospitalLevels: ['city'] }]],
    [false, { hospitalLevels: ['city'] }, [{ hospitalLevels: ['county', 'city'] }]],
    [true, { categories: { any: [...categories] } }, [{ categories: { any: ['orphan'] } }]],
    [true, { categories: { none: ['orphan'] } }, [{ categories: { none: [...categories] } }]],
    [false, { categories: { none: ['orphan'] } }, [{ categories: { any: ['extremely-poor'] } }]],
    [true, { age: { from: 60 } }, [{ age: { from: 70, below: 80 } }]],
    [true, { diseases: 'grave' }, [{ diseases: 'grave', age: { from: 3 } }]],
    [false, { diseases: 'serious' }, [{ diseases: 'grave' }]],
    [true, { hospitalArea: ['other'] }, [{ hospitalLevels: ['outside-province'] }]],
    [true, { hospitalArea: ['own'] }, [{ outOfArea: ['local'] }]],
    [
      true,
      { anyOf: [{ hospitalLevels: ['city'] }, { hospitalArea: ['other'] }] },
      [{ anyOf: [{ hospitalLevels: ['city', 'outside-province'] }, { hospitalArea: ['other'] }] }],
    ],
    [
      true,
      { anyOf: [{ age: { below: 18 } }, { hospitalLevels: ['city'] }] },
      [{ hospitalLevels: ['city'] }],
    ],
    [true, {}, []],
    [false, { hospitalGrades: [1, 2, 3] }, []],
    [true, { referral: ['valid', 'late', 'none', 'emergency'] }, []],
    [
      true,
      { categories: { any: ['extremely-poor'] } },
      [{ categories: { any: ['extremely-poor', 'orphan'] } }, { categories: { none: ['orphan'] } }],
    ],
  ])('%s: %j follows from %j', (follows, wide, context) => {
    expect(alwaysHolds(document, wide, context)).toBe(follows);
  });
});
