import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { resultJsonFromResult } from '../contracts/result-json.ts';
import type { SettlementInput } from '../domain/person.ts';
import type { SettlementResult } from '../domain/settlement-result.ts';
import type { ChargeLine } from '../domain/visit.ts';
import { fen } from '../money/fen.ts';
import { fenFromYuanText } from '../money/yuan-text.ts';
import { decide, decideFigures } from './decide.ts';
import { decideSelfPay } from './decide-self-pay.ts';
import { freshYear } from './rules/advance-year.ts';
import { packOf, percentParameter, richPack, stepOf, yuanParameter } from './packs.test-support.ts';
import { plainInput, randomInput } from './visits.test-support.ts';

const numRuns = 500 * Number(process.env['TEST_DEPTH'] ?? '1');

describe('deciding who pays what', () => {
  it('adds up to the fen, with nothing negative and no share above its base', () => {
    fc.assert(
      fc.property(randomInput, (input) => {
        const { result, outcomes } = decideFigures(richPack, input);
        const shares = result.shares.reduce((sum, { amountFen }) => sum + amountFen, 0);
        expect(shares + result.patientPaysFen + result.hospitalBearsFen).toBe(result.totalFen);
        const { excluded, patientPart } = result;
        expect(
          result.eligibleFen +
            excluded.classCFen +
            excluded.classBFirstSelfPayFen +
            excluded.aboveCeilingFen,
        ).toBe(result.totalFen);
        expect(patientPart.withinCatalogueFen + patientPart.outsideCatalogueFen).toBe(
          result.patientPaysFen,
        );
        for (const { amountFen } of result.shares) expect(amountFen).toBeGreaterThanOrEqual(0);
        expect(patientPart.withinCatalogueFen).toBeGreaterThanOrEqual(0);
        expect(patientPart.outsideCatalogueFen).toBeGreaterThanOrEqual(0);
        for (const { shareFen, baseFen } of outcomes) expect(shareFen).toBeLessThanOrEqual(baseFen);
      }),
      { numRuns },
    );
  });

  it('explains every amount: the trace alone re-adds to the result', () => {
    fc.assert(
      fc.property(randomInput, (input) => {
        expectToReAdd(decide(richPack, input));
        expectToReAdd(decideSelfPay(input));
      }),
      { numRuns },
    );
  });

  it('gives the same bytes for the same input, in whatever order the charge lines stand', () => {
    fc.assert(
      fc.property(randomInput, fc.infiniteStream(fc.nat()), (input, chance) => {
        const bytes = JSON.stringify(decide(richPack, input));
        expect(JSON.stringify(decide(richPack, structuredClone(input)))).toBe(bytes);
        const keys = new Map(chargesOf(input).map((line) => [line, chance.next().value]));
        const shuffled = withCharges(
          input,
          chargesOf(input).toSorted((a, b) => (keys.get(a) ?? 0) - (keys.get(b) ?? 0)),
        );
        expect(JSON.stringify(decide(richPack, shuffled))).toBe(bytes);
      }),
      { numRuns },
    );
  });

  it('gives the same figures when a class A line is split in two', () => {
    fc.assert(
      fc.property(randomInput, fc.nat(), (input, chance) => {
        const charges = chargesOf(input);
        const line = charges.find(
          (each) => each.catalogueClass === 'A' && each.amountFen > 1 && each.priceCeiling === null,
        );
        fc.pre(line !== undefined && !charges.some(({ refundsLine }) => refundsLine === line.line));
        const first = fen(1 + (chance % (line.amountFen - 1)));
        const parts = [
          { ...line, amountFen: first },
          { ...line, line: 9999, amountFen: fen(line.amountFen - first) },
        ];
        const split = withCharges(
          input,
          charges.flatMap((each) => (each === line ? parts : [each])),
        );
        expect(decideFigures(richPack, split).result).toEqual(
          decideFigures(richPack, input).result,
        );
      }),
      { numRuns },
    );
  });

  it('takes a line and its whole refund as if neither were there', () => {
    fc.assert(
      fc.property(randomInput, fc.nat(), (input, chance) => {
        const charges = chargesOf(input);
        const model = charges[chance % charges.length];
        fc.pre(model !== undefined && model.refundsLine === undefined);
        const added = { ...model, line: 9001 };
        const refund = {
          ...model,
          line: 9002,
          quantity: `-${model.quantity}`,
          amountFen: fen(0 - model.amountFen),
          refundsLine: 9001,
        };
        const more = withCharges(input, [refund, ...charges, added]);
        expect(decideFigures(richPack, more).result).toEqual(decideFigures(richPack, input).result);
      }),
      { numRuns },
    );
  });

  it('adds the visit to the year and nothing else', () => {
    fc.assert(
      fc.property(randomInput, (input) => {
        const { yearToDate: after, ...result } = decide(richPack, input);
        const before = input.yearToDate;
        expect(after.selfPayFen).toBe((before?.selfPayFen ?? 0) + result.patientPaysFen);
        expect(after.eligibleFen).toBe((before?.eligibleFen ?? 0) + result.eligibleFen);
        expect(after.admissions).toBe((before?.admissions ?? 0) + 1);
        expect(after.deductiblePaidFen).toBe(
          (before?.deductiblePaidFen ?? 0) + result.deductibleFen,
        );
        expect(after.includesVisits).toContain('ZY1');
        const namesSteps = before === null || Object.keys(before.byStep).length > 0;
        for (const { step, payer, amountFen } of result.shares) {
          // Where nobody named a step, what a payer paid is its first step's.
          if (namesSteps) {
            const paidBefore = before?.byStep[step]?.paidFen ?? 0;
            expect(after.byStep[step]?.paidFen).toBe(paidBefore + amountFen);
          }
          const ofPayer = result.shares
            .filter((share) => share.payer === payer)
            .reduce((sum, share) => sum + share.amountFen, 0);
          expect(after.paidFen[payer]).toBe((before?.paidFen[payer] ?? 0) + ofPayer);
        }
      }),
      { numRuns },
    );
  });
});

describe('a result', () => {
  const half = packOf();

  it('states what part of the bill and of the in-scope cost the payers bear, half-up', () => {
    const onTotal = packOf({
      steps: [stepOf({ id: 'basic', base: 'total', lowersFirst: 'outside-catalogue' })],
    });
    // 1,000 of 2,000: 500 outside the catalogue first, then 500 of the 1,500 in scope.
    expect(decide(onTotal, plainInput(1500, 500)).ratios).toEqual({ actual: 5000, inScope: 3333 });
    expect(decide(half, plainInput(3, 3)).ratios).toEqual({ actual: 2500, inScope: 5000 });
    expect(decide(half, plainInput(0, 0)).ratios).toEqual({ actual: 0, inScope: 0 });
  });

  it('counts an admission for a stay, none for an outpatient visit', () => {
    const input = plainInput(100);
    expect(decide(half, input).yearToDate.admissions).toBe(1);
    const outpatient = { ...input, visit: { ...input.visit, kind: 'outpatient' as const } };
    expect(decide(half, outpatient).yearToDate.admissions).toBe(0);
  });

  it('warns where the year is unknown, and where it includes the visit already', () => {
    const codes = (input: SettlementInput) => decide(half, input).warnings.map(({ code }) => code);
    expect(codes(plainInput(100))).toEqual(['year-to-date-unknown']);
    const after = decide(half, plainInput(100)).yearToDate;
    expect(codes({ ...plainInput(100), yearToDate: after })).toEqual([
      'visit-already-in-year-to-date',
    ]);
    expect(codes({ ...plainInput(100), yearToDate: { ...after, includesVisits: [] } })).toEqual([]);
  });
});

describe('one step', () => {
  it('takes the deductible of the stay first, and never more than the base', () => {
    const pack = packOf({
      parameters: { d: yuanParameter('750.00') },
      steps: [stepOf({ id: 'basic', deductible: { parameter: 'd', per: 'visit' } })],
    });
    expect(sharesOf(decide(pack, plainInput(1000)))).toEqual({ basic: 12500 });
    expect(decide(pack, plainInput(1000)).deductibleFen).toBe(75000);
    expect(decide(pack, plainInput(700)).deductibleFen).toBe(70000);
    expect(zeroReasonOf(decide(pack, plainInput(700)), 'basic')).toBe('below-deductible');
    expect(textOf(decide(pack, plainInput(700)), 'basic').zh).toBe('未达起付标准 750.00');
  });

  it('counts a yearly deductible once in the year', () => {
    const pack = packOf({
      parameters: { d: yuanParameter('1000.00') },
      steps: [stepOf({ id: 'basic', deductible: { parameter: 'd', per: 'year' } })],
    });
    const first = decide(pack, plainInput(600));
    expect(sharesOf(first)).toEqual({ basic: 0 });
    const second = decide(pack, { ...plainInput(600), yearToDate: first.yearToDate });
    expect(sharesOf(second)).toEqual({ basic: 10000 });
    const third = decide(pack, { ...plainInput(600), yearToDate: second.yearToDate });
    expect(sharesOf(third)).toEqual({ basic: 30000 });
  });

  it('goes on through the bands where the year left them', () => {
    const pack = packOf({
      parameters: {
        bands: {
          unit: 'percent-bands',
          name: { zh: '分段', en: 'bands' },
          value: [
            { above: '0.00', percent: '50' },
            { above: '1000.00', percent: '80' },
          ],
          source: { document: 'a-notice', article: '1' },
        },
        d: yuanParameter('0.00'),
      },
      steps: [stepOf({ id: 'basic', rate: 'bands', deductible: { parameter: 'd', per: 'year' } })],
    });
    const first = decide(pack, plainInput(600));
    expect(sharesOf(first)).toEqual({ basic: 30000 });
    const second = decide(pack, { ...plainInput(600), yearToDate: first.yearToDate });
    // 400.00 are left in the first band: 400 × 50 % + 200 × 80 %.
    expect(sharesOf(second)).toEqual({ basic: 36000 });
    expect(formulaOf(second, 'basic')).toBe('400.00 × 50% + 200.00 × 80%');
  });

  it('stops at the ceiling of the visit and of the year, and says so', () => {
    const pack = packOf({
      parameters: { visit: yuanParameter('300.00'), year: yuanParameter('500.00') },
      steps: [stepOf({ id: 'basic', ceilingPerVisit: 'visit', ceilingPerYear: 'year' })],
    });
    const first = decide(pack, plainInput(1000));
    expect(sharesOf(first)).toEqual({ basic: 30000 });
    expect(textOf(first, 'basic').zh).toContain('限制');
    const second = decide(pack, { ...plainInput(1000), yearToDate: first.yearToDate });
    expect(sharesOf(second)).toEqual({ basic: 20000 });
    const third = decide(pack, { ...plainInput(1000), yearToDate: second.yearToDate });
    expect(sharesOf(third)).toEqual({ basic: 0 });
    expect(zeroReasonOf(third, 'basic')).toBe('ceiling-used-up');
  });

  it('never pays more than is left when rounded up to ten yuan', () => {
    const pack = packOf({
      parameters: { all: percentParameter('100') },
      steps: [stepOf({ id: 'basic', rate: 'all', rounding: { unit: 'ten-yuan', mode: 'up' } })],
    });
    const result = decide(pack, plainInput(1003));
    expect(sharesOf(result)).toEqual({ basic: 100300 });
    expect(textOf(result, 'basic').zh).toContain('不超过剩余的 1,003.00');
  });

  it('on the whole bill takes no more than the earlier steps left', () => {
    const pack = packOf({
      parameters: { most: percentParameter('90') },
      steps: [
        stepOf({ id: 'basic', rate: 'most' }),
        stepOf({ id: 'second', base: 'total', lowersFirst: 'within-catalogue' }),
      ],
    });
    const result = decide(pack, plainInput(1000));
    expect(sharesOf(result)).toEqual({ basic: 90000, second: 10000 });
    expect(result.patientPaysFen).toBe(0);
  });

  it('lowers the part of the patient the pack names first', () => {
    const pack = (lowersFirst: 'within-catalogue' | 'outside-catalogue') =>
      packOf({ steps: [stepOf({ id: 'basic', base: 'residual-total', lowersFirst })] });
    const within = decide(pack('within-catalogue'), plainInput(800, 200)).patientPart;
    const outside = decide(pack('outside-catalogue'), plainInput(800, 200)).patientPart;
    expect(within).toEqual({ withinCatalogueFen: 30000, outsideCatalogueFen: 20000 });
    expect(outside).toEqual({ withinCatalogueFen: 50000, outsideCatalogueFen: 0 });
  });

  it('stands in the shares with 0 where the disease, the level or the rate gives nothing', () => {
    const pack = packOf({
      parameters: { none: percentParameter('0') },
      diseaseLists: {
        list: {
          name: { zh: '大病', en: 'serious diseases' },
          diagnoses: 'principal',
          codes: [{ prefix: 'C16', name: '胃癌' }],
          source: { document: 'a-notice', article: '1' },
        },
      },
      steps: [
        stepOf({ id: 'disease', requires: { diseases: 'list' } }),
        stepOf({ id: 'level', requires: { hospitalLevels: ['township'] } }),
        stepOf({ id: 'rate', rate: 'none' }),
        stepOf({ id: 'half' }),
      ],
    });
    const result = decide(pack, plainInput(100));
    expect(sharesOf(result)).toEqual({ disease: 0, level: 0, rate: 0, half: 5000 });
    expect(['disease', 'level', 'rate'].map((step) => zeroReasonOf(result, step))).toEqual([
      'disease-not-listed',
      'hospital-level-not-covered',
      'rate-is-zero',
    ]);
    expect(textOf(result, 'disease').zh).toBe('诊断不在“大病”名单内');
  });

  it('is absent for a person outside its categories; a recognition counts on its days only', () => {
    const steps = [stepOf({ id: 'poor', appliesTo: { categories: { any: ['registered-poor'] } } })];
    const onAdmission = packOf({ steps, decidingDay: 'admission' });
    const onDischarge = packOf({ steps, decidingDay: 'discharge' });
    const recognised = (dates: { from?: string; until?: string }): SettlementInput => {
      const input = plainInput(100);
      const categories = [{ name: 'registered-poor' as const, ...dates }];
      return { ...input, person: { ...input.person, categories } };
    };
    const late = recognised({ from: '2017-11-20' });
    expect(sharesOf(decide(onAdmission, late))).toEqual({});
    expect(sharesOf(decide(onDischarge, late))).toEqual({ poor: 5000 });
    const lastDay = recognised({ until: '2017-11-27' });
    expect(sharesOf(decide(onDischarge, lastDay))).toEqual({ poor: 5000 });
    expect(sharesOf(decide(onDischarge, recognised({ until: '2017-11-26' })))).toEqual({});
    expect(sharesOf(decide(onDischarge, recognised({})))).toEqual({ poor: 5000 });
  });
});

describe('splitting the bill', () => {
  const line = (parts: Partial<ChargeLine>): ChargeLine => ({
    line: 1,
    code: 'X1',
    name: '项目',
    category: 'consumable',
    catalogueClass: 'B',
    firstSelfPayRatio: { numerator: 10, denominator: 100 },
    priceCeiling: '1100.00',
    unit: '把',
    quantity: '2',
    unitPrice: '1280.00',
    amountFen: fen(256000),
    on: '2017-11-14',
    ...parts,
  });
  const excludedOf = (...charges: ChargeLine[]) => {
    const { result } = decideFigures(packOf(), withCharges(plainInput(0), charges));
    const { classCFen, classBFirstSelfPayFen, aboveCeilingFen } = result.excluded;
    return [result.eligibleFen, classCFen, classBFirstSelfPayFen, aboveCeilingFen];
  };

  it('cuts to the price ceiling first and takes the first self-pay of what is left', () => {
    // 2 × 1,280 = 2,560; 360 above the ceiling; 10 % of 2,200.
    expect(excludedOf(line({}))).toEqual([198000, 0, 22000, 36000]);
  });

  it('rounds each of the two half-up to the fen', () => {
    const odd = line({
      quantity: '1.5',
      unitPrice: '0.35',
      amountFen: fen(53),
      priceCeiling: '0.33',
      firstSelfPayRatio: { numerator: 15, denominator: 100 },
    });
    // The ceiling allows 0.495, to the fen 0.50; 15 % of 0.50 is 0.075, to the fen 0.08.
    expect(excludedOf(odd)).toEqual([42, 0, 8, 3]);
  });

  it('nets refunds with their line before both', () => {
    const refund = line({ line: 2, quantity: '-1', amountFen: fen(-128000), refundsLine: 1 });
    expect(excludedOf(line({}), refund)).toEqual([99000, 0, 11000, 18000]);
    const all = line({ line: 3, quantity: '-2', amountFen: fen(-256000), refundsLine: 1 });
    expect(excludedOf(all, line({}))).toEqual([0, 0, 0, 0]);
  });

  it('leaves class C out wholly and class A in wholly, whatever ratio they carry', () => {
    const ratio = { numerator: 100, denominator: 100 };
    expect(
      excludedOf(line({ catalogueClass: 'C', firstSelfPayRatio: ratio, priceCeiling: null })),
    ).toEqual([0, 256000, 0, 0]);
    expect(
      excludedOf(line({ catalogueClass: 'A', firstSelfPayRatio: ratio, priceCeiling: null })),
    ).toEqual([256000, 0, 0, 0]);
  });

  it('takes a stated amount 0.01 above the product as it stands where the price is not too dear', () => {
    expect(
      excludedOf(
        line({ catalogueClass: 'A', quantity: '1', unitPrice: '1100.00', amountFen: fen(110001) }),
      ),
    ).toEqual([110001, 0, 0, 0]);
  });
});

describe('settling without a policy', () => {
  it('leaves the whole bill to the patient and says so', () => {
    const result = decideSelfPay({
      ...plainInput(800, 200),
      visit: { ...plainInput(800, 200).visit, depositFen: fen(120000) },
    });
    expect(result).toMatchObject({
      pack: 'self-pay',
      packVersion: '1.0.0',
      shares: [],
      patientPaysFen: 100000,
      patientPart: { withinCatalogueFen: 80000, outsideCatalogueFen: 20000 },
      due: { depositFen: 120000, toCollectFen: 0, toRefundFen: 20000 },
      ratios: { actual: 0, inScope: 0 },
    });
  });

  it('uses up nothing of the year under the insurance, and counts what was paid', () => {
    const before = plainInput(800, 200);
    const opening = freshYear({ year: 'discharge' }, before);
    const { yearToDate } = decideSelfPay({
      ...before,
      yearToDate: { ...opening, admissions: 2, eligibleFen: fen(5000), selfPayFen: fen(700) },
    });
    expect(yearToDate).toEqual({
      ...opening,
      admissions: 2,
      eligibleFen: 5000,
      selfPayFen: 100_700,
      totalFen: 100_000,
      includesVisits: [before.visit.id],
    });
  });
});

function chargesOf(input: SettlementInput): readonly ChargeLine[] {
  const { bill } = input.visit;
  return bill.kind === 'charges' ? bill.charges : [];
}

function withCharges(input: SettlementInput, charges: readonly ChargeLine[]): SettlementInput {
  return { ...input, visit: { ...input.visit, bill: { kind: 'charges', charges } } };
}

function sharesOf(result: SettlementResult): Record<string, number> {
  return Object.fromEntries(result.shares.map(({ step, amountFen }) => [step, amountFen]));
}

function paysNode(result: SettlementResult, step: string) {
  const node = result.trace.find(({ id }) => id === `${step}.pays`);
  if (node === undefined) throw new Error(`no node for ${step}`);
  return node;
}

const zeroReasonOf = (result: SettlementResult, step: string) => paysNode(result, step).rule;
const textOf = (result: SettlementResult, step: string) => paysNode(result, step).text;
const formulaOf = (result: SettlementResult, step: string) => paysNode(result, step).formula;

/** Reads the Result JSON only: every amount in it is what the trace adds to its pointer, and no more. */
function expectToReAdd(result: SettlementResult) {
  const { trace, warnings, ratios, ...figures } = resultJsonFromResult(result);
  expect(warnings).toBeDefined();
  expect(ratios).toBeDefined();
  const stated = new Map<string, number>();
  collectAmounts(figures, '', stated);
  const added = new Map<string, number>();
  for (const { adds } of trace) {
    for (const { to, amount } of adds) {
      added.set(to, (added.get(to) ?? 0) + fenFromYuanText(amount));
    }
  }
  for (const pointer of added.keys()) expect(stated.has(pointer)).toBe(true);
  for (const [pointer, amount] of stated) {
    expect([pointer, added.get(pointer) ?? 0]).toEqual([pointer, amount]);
  }
  const ids = trace.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const { parent } of trace) {
    if (parent !== null) expect(ids).toContain(parent);
  }
}

function collectAmounts(value: unknown, pointer: string, into: Map<string, number>) {
  if (typeof value === 'string') {
    if (/^-?\d+\.\d\d$/.test(value)) into.set(pointer, fenFromYuanText(value));
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  for (const [key, part] of Object.entries(value)) collectAmounts(part, `${pointer}/${key}`, into);
}
