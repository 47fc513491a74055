import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { resultJsonFromResult } from '../contracts/result-json.ts';
import type { SettlementInput } from '../domain/person.ts';
import type { SettlementResult } from '../domain/settlement-result.ts';
import { fen } from '../money/fen.ts';
import { decide } from './decide.ts';
import {
  billOf,
  ruleOf,
  sharesOf,
  source,
  withVisit,
  withYear,
  words,
  zhOf,
} from './decide.test-support.ts';
import type { PackDocument } from './pack/pack-schema.ts';
import { readPackDocument } from './pack/read-pack-document.ts';
import {
  documentOf,
  packOf,
  percentParameter,
  stepOf,
  togetherPack,
  yuanParameter,
} from './packs.test-support.ts';
import { plainInput } from './visits.test-support.ts';

type Category = SettlementInput['person']['categories'][number]['name'];

function person(eligibleYuan: number, ...names: readonly Category[]): SettlementInput {
  const input = plainInput(eligibleYuan);
  return { ...input, person: { ...input.person, categories: names.map((name) => ({ name })) } };
}

const twoSteps = [
  stepOf({ id: 'basic', rate: 'half' }),
  stepOf({
    id: 'second',
    payer: 'supplementary-insurance',
    base: 'in-scope-residual',
    rate: 'half',
  }),
];

const together = (per: 'visit' | 'year', steps = ['basic', 'second']) => ({
  parameters: { most: yuanParameter('600.00') },
  steps: twoSteps,
  sharedCeilings: [
    { id: 'together', name: words('合并限额'), parameter: 'most', per, steps, source },
  ],
});

describe('a ceiling that several steps share', () => {
  it('leaves the later step only what the earlier one has not used', () => {
    const result = decide(packOf(together('visit')), plainInput(1000));
    expect(sharesOf(result)).toEqual({ basic: 50_000, second: 10_000 });
    expect(result.trace.find(({ id }) => id === 'second.pays')).toMatchObject({
      limit: { kind: 'ceiling', amountFen: 10_000 },
      inputs: { ceilingLeft: '100.00', paidThisYear: '500.00' },
    });
  });

  it('is used up', () => {
    const result = decide(packOf(together('visit')), plainInput(1300));
    expect(sharesOf(result)).toEqual({ basic: 60_000, second: 0 });
    expect(ruleOf(result, 'second')).toBe('ceiling-used-up');
  });

  it('counts what each of them paid earlier in the year, only where it is of the year', () => {
    const input = withYear(plainInput(100), {
      admissions: 1,
      byStep: { basic: { paidFen: fen(50_000) }, second: { paidFen: fen(7_000) } },
      paidFen: {
        'basic-medical-insurance': fen(50_000),
        'supplementary-insurance': fen(7_000),
      },
    });
    expect(sharesOf(decide(packOf(together('year')), input))).toEqual({ basic: 3_000, second: 0 });
    expect(sharesOf(decide(packOf(together('visit')), input))).toEqual({
      basic: 5_000,
      second: 2_500,
    });
  });

  it('stands beside the step’s own: the nearer one cuts and is named', () => {
    const pack = packOf({
      ...together('visit'),
      parameters: { most: yuanParameter('600.00'), own: yuanParameter('40.00') },
      steps: [
        stepOf({ id: 'basic', rate: 'half' }),
        stepOf({
          id: 'second',
          payer: 'supplementary-insurance',
          base: 'in-scope-residual',
          ceilingPerVisit: 'own',
        }),
      ],
    });
    expect(sharesOf(decide(pack, plainInput(1000)))).toEqual({ basic: 50_000, second: 4_000 });
    expect(sharesOf(decide(pack, plainInput(1180)))).toEqual({ basic: 59_000, second: 1_000 });
  });
});

const ways = (per: 'step' | 'person', first: readonly string[], second: readonly string[]) => ({
  either: [
    {
      id: 'better',
      name: words('就高不就低'),
      per,
      ways: [
        { name: words('甲'), steps: [...first] },
        { name: words('乙'), steps: [...second] },
      ],
      source,
    },
  ],
});

/** Half of what is in scope, or 90 % above 500. */
const choice = (per: 'step' | 'person') =>
  packOf({
    parameters: { most: percentParameter('90'), edge: yuanParameter('500.00') },
    steps: [
      stepOf({ id: 'a' }),
      stepOf({ id: 'b', rate: 'most', deductible: { parameter: 'edge', per: 'visit' } }),
    ],
    ...ways(per, ['a'], ['b']),
  });

describe('the better of two rules', () => {
  it.each(['step', 'person'] as const)(
    'counts alone, per %s; the other one says why it does not',
    (per) => {
      const small = decide(choice(per), plainInput(1000));
      expect(sharesOf(small)).toEqual({ a: 50_000, b: 0 });
      expect(ruleOf(small, 'b')).toBe('other-way-counts');
      expect(zhOf(small, 'b.pays')).toContain('甲');
      const large = decide(choice(per), plainInput(2000));
      expect(sharesOf(large)).toEqual({ a: 0, b: 135_000 });
      const node = large.trace.find(({ id }) => id === 'b.either-better');
      expect(node?.inputs).toEqual({ leaves1: '1000.00', leaves2: '650.00' });
      expect(node?.text.zh).toContain('就高不就低');
    },
  );

  it('is the first where both leave the same', () => {
    // 0.5 x = 0.9 (x − 500) at 1,125.
    expect(sharesOf(decide(choice('step'), plainInput(1125)))).toEqual({ a: 56_250, b: 0 });
  });

  it('is no choice where only one of them concerns the person', () => {
    const pack = packOf({
      parameters: { most: percentParameter('10') },
      steps: [
        stepOf({ id: 'a', rate: 'most', appliesTo: { categories: { any: ['orphan'] } } }),
        stepOf({ id: 'b', appliesTo: { categories: { any: ['registered-poor'] } } }),
      ],
      ...ways('step', ['a'], ['b']),
    });
    const result = decide(pack, person(1000, 'registered-poor'));
    expect(sharesOf(result)).toEqual({ b: 50_000 });
    expect(result.trace.some(({ id }) => id.includes('either'))).toBe(false);
  });

  it('is looked for in the whole settlement per person, and at its place per step', () => {
    // At its place b leaves less; with the assistance that only a leaves something for, a does in the end.
    const pack = (per: 'step' | 'person') =>
      packOf({
        parameters: {
          most: percentParameter('60'),
          all: percentParameter('100'),
          yes: percentParameter('100'),
        },
        steps: [
          stepOf({ id: 'a' }),
          ...(per === 'step'
            ? []
            : [stepOf({ id: 'c', payer: 'charity', base: 'in-scope-residual', rate: 'all' })]),
          stepOf({ id: 'b', rate: 'most' }),
        ],
        ...(per === 'step' ? ways('step', ['a'], ['b']) : ways('person', ['a', 'c'], ['b'])),
      });
    expect(sharesOf(decide(pack('step'), plainInput(1000)))).toEqual({ a: 0, b: 60_000 });
    expect(sharesOf(decide(pack('person'), plainInput(1000)))).toEqual({
      a: 50_000,
      b: 0,
      c: 50_000,
    });
  });

  it('feeds the year of the one that counted, and no other', () => {
    const { byStep } = decide(choice('step'), plainInput(2000)).yearToDate;
    expect(byStep['a']).toEqual({ baseFen: 0, deductibleFen: 0, paidFen: 0, selfPayFen: 0 });
    expect(byStep['b']).toMatchObject({ baseFen: 200_000, paidFen: 135_000 });
  });
});

describe('a stay settled in parts', () => {
  const parts = (input: SettlementInput, first: { totalFen: number; eligibleFen: number }) => {
    const whole = input.visit.bill.kind === 'totals' ? input.visit.bill.totals : null;
    if (whole === null) throw new Error('totals only');
    const one = decide(togetherPack, withVisit(input, { bill: billOf(first) }));
    const rest = {
      totalFen: whole.totalFen - first.totalFen,
      eligibleFen: whole.eligibleFen - first.eligibleFen,
    };
    const { earlierParts } = one;
    if (earlierParts === undefined) throw new Error('no parts handed on');
    const two = decide(
      togetherPack,
      withVisit({ ...input, yearToDate: one.yearToDate }, { bill: billOf(rest), earlierParts }),
    );
    return [one, two] as const;
  };
  /** What a step came to, less what it takes back. */
  const payers = ({ shares, hospitalBearsFen }: SettlementResult) =>
    shares.reduce((sum, { amountFen }) => sum + amountFen, 0) + hospitalBearsFen;

  it('comes to the whole, whichever way counted in the first part', () => {
    let wholes = 0;
    const numRuns = 400 * Number(process.env['TEST_DEPTH'] ?? '1');
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 3_000_000 }),
        // Half of the bill is left at least: a way that could not be paid in full would be no choice.
        fc.integer({ min: 0, max: 50 }),
        fc.subarray<Category>(['registered-poor', 'subsistence-allowance']),
        (eligibleFen, percent, names) => {
          const input = withVisit(person(1, ...names), {
            bill: billOf({ totalFen: eligibleFen, eligibleFen }),
          });
          const at = Math.floor((eligibleFen * percent) / 100);
          const whole = decide(togetherPack, input);
          const [one, two] = parts(input, { totalFen: at, eligibleFen: at });
          const patient = one.patientPaysFen + two.patientPaysFen;
          // Where the last part has no more to take a share from, what is missing cannot be made good.
          const isCut = two.shares.some(({ limit }) => limit?.kind === 'left');
          if (two.patientPaysFen > 0 && !isCut) {
            wholes += 1;
            expect(patient).toBe(whole.patientPaysFen);
          }
          expect(payers(one) + payers(two) + patient).toBe(eligibleFen);
        },
      ),
      { numRuns },
    );
    expect(wholes).toBeGreaterThan(numRuns / 3);
  });
});

describe('what a hospital gains under a quota', () => {
  const pack = packOf({
    parameters: { share: percentParameter('78') },
    quotaLists: {
      listed: {
        name: words('listed'),
        diagnoses: 'principal',
        entries: [{ diagnosis: 'C18', name: 'colon', quota: '4400.00' }],
        source,
      },
    },
    steps: [
      {
        rule: 'quota',
        id: 'quota',
        name: words('quota'),
        payer: 'basic-medical-insurance',
        quotas: 'listed',
        rate: 'share',
        rounding: { unit: 'yuan', mode: 'half-up' },
        source,
      },
    ],
  });

  it('is a line of its own in JSON that the explanation re-adds; the ratio is of what the visit cost', () => {
    const result = decide(pack, plainInput(2799));
    const json = resultJsonFromResult(result);
    expect(json).toMatchObject({ hospitalBears: '-1249.00', hospitalGains: '1249.00' });
    const added = result.trace
      .flatMap(({ adds }) => adds)
      .filter(({ to }) => to === '/hospitalGains')
      .reduce((sum, { amountFen }) => sum + amountFen, 0);
    expect(added).toBe(124_900);
    expect(result.ratios.actual).toBeLessThanOrEqual(10_000);
    expect(result.ratios.inScope).toBeLessThanOrEqual(10_000);
  });

  it('is not stated where the hospital bears', () => {
    const json = resultJsonFromResult(decide(pack, plainInput(6000)));
    expect(json.hospitalBears).toBe('1600.00');
    expect('hospitalGains' in json).toBe(false);
  });
});

describe('a pack in which these do not fit together', () => {
  const codes = (parts: Partial<PackDocument>) => {
    const reading = readPackDocument(documentOf(parts));
    return reading.ok ? [] : reading.problems.map(({ code }) => code);
  };
  const three = [...twoSteps, stepOf({ id: 'third' })];

  it.each<[string, Partial<PackDocument>, readonly string[]]>([
    ['a ceiling of one step', together('year', ['basic']), ['ceiling-of-one-step']],
    [
      'a ceiling of a step twice',
      together('year', ['basic', 'second', 'basic']),
      ['step-named-twice'],
    ],
    ['a ceiling of a step there is not', together('year', ['basic', 'other']), ['unknown-step']],
    [
      'a ceiling that is a rate',
      { ...together('year'), parameters: { most: percentParameter('50') } },
      ['unknown-parameter'],
    ],
    [
      'a ceiling of a step whose rule nobody states',
      {
        ...together('year', ['basic', 'second', 'none']),
        steps: [
          ...twoSteps,
          {
            rule: 'not-stated',
            id: 'none',
            name: words('n'),
            payer: 'charity',
            reason: words('r'),
            source,
          },
        ],
      },
      ['ceiling-not-for-step'],
    ],
    [
      'a way of a step there is not',
      { steps: three, ...ways('step', ['basic'], ['x']) },
      ['unknown-step'],
    ],
    [
      'a step in two ways',
      { steps: three, ...ways('step', ['basic'], ['basic', 'second']) },
      ['step-named-twice'],
    ],
    ['ways apart', { steps: three, ...ways('person', ['basic'], ['third']) }, ['ways-apart']],
    [
      'no grounds',
      {
        steps: three,
        either: ways('step', ['basic'], ['second']).either.map(({ id, name, per, ways: of }) => ({
          id,
          name,
          per,
          ways: of,
        })),
      },
      ['no-grounds'],
    ],
  ])('%s is told', (_what, parts, expected) => {
    expect(codes(parts)).toEqual(expected);
  });
});
