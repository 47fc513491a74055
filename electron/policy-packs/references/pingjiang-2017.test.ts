import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { settlementInputFromVisitJson } from '../../../shared/contracts/visit-json.ts';
import type { SettlementInput } from '../../../shared/domain/person.ts';
import { fen } from '../../../shared/money/fen.ts';
import { choosePack } from '../../../shared/policy/choose-pack.ts';
import { compilePack } from '../../../shared/policy/compile/compile-pack.ts';
import { decide } from '../../../shared/policy/decide.ts';
import { expectSameYears, hospital, ownPack, type World } from './paper-year.test-support.ts';
import { ownPacksFolder } from '../load-packs.ts';
import { settlePingjiang2017 } from './pingjiang-2017.reference.ts';

const pack = await ownPack('pingjiang-2017');

/** What the source speaks of, and a little beside it. */
const world: World = {
  days: ['2016-12-20', '2018-01-10'],
  insured: ['430626'],
  hospitals: [
    hospital('village'),
    hospital('township'),
    hospital('county'),
    hospital('county', { type: 'general', place: '430626' }),
    hospital('county', { type: 'tcm' }),
    hospital('county', { type: 'specialist' }),
    hospital('county', { place: '430624' }),
    hospital('city', { code: 'H43060000001' }),
    hospital('city'),
    hospital('province'),
    hospital('outside-province'),
  ],
  diagnoses: [
    'C15.9',
    'C16.9',
    'C18.9',
    'C20.9',
    'N18.0',
    'C91.0',
    'C92.4',
    'Q21.0',
    'Q21.1',
    'J18.9',
  ],
  categories: ['registered-poor', 'extremely-poor', 'subsistence-allowance'],
  born: ['1990-01-01', '2016-06-01'],
  granted: 'government-guarantee',
};

function inputOfCase(name: string): SettlementInput {
  const file = join(ownPacksFolder(), 'pingjiang-2017/1.2.0/cases', name);
  const reading = settlementInputFromVisitJson(JSON.parse(readFileSync(file, 'utf8')));
  if (!reading.ok) throw new Error(reading.refusal.message.en);
  expect(reading.value.warnings).toEqual([]);
  return reading.value.input;
}

describe('Pingjiang 2017', () => {
  it('gives the published figures for the 17-day stay with colon cancer', () => {
    const input = inputOfCase('colon-cancer-17-days.json');
    const choice = choosePack([pack], input);
    expect(choice.ok).toBe(true);
    const result = decide(pack, input);
    expect(result.totalFen).toBe(1490400);
    expect(result.eligibleFen).toBe(1345000);
    expect(result.shares.map(({ payer, amountFen }) => [payer, amountFen])).toEqual([
      ['basic-medical-insurance', 1092200],
      ['critical-illness-insurance', 0],
      ['supplementary-insurance', 0],
      ['medical-assistance', 126400],
      ['hospital-reduction', 136000],
      ['government-guarantee', 0],
    ]);
    expect(result.patientPaysFen).toBe(135800);
    expect(result.hospitalBearsFen).toBe(0);
    expect(result.deductibleFen).toBe(75000);
    expect(result.ratios.actual).toBe(9089);
    expect(result.warnings).toEqual([]);
  });

  it('gives 1,359.00 and 1,359.00 where the reduction is rounded to the fen', () => {
    const steps = pack.document.steps.map((step) =>
      step.id === 'hospital-reduction'
        ? { ...step, rounding: { unit: 'fen' as const, mode: 'half-up' as const } }
        : step,
    );
    const toTheFen = compilePack({ ...pack.document, steps });
    const result = decide(toTheFen, inputOfCase('colon-cancer-17-days.json'));
    const reduction = result.shares.find(({ step }) => step === 'hospital-reduction');
    expect([reduction?.amountFen, result.patientPaysFen]).toEqual([135900, 135900]);
  });

  it('shows the reckoning of every step in figures, and what is assumed', () => {
    const { trace } = decide(pack, inputOfCase('colon-cancer-17-days.json'));
    const pays = trace.filter(({ id }) => id.endsWith('.pays'));
    expect(pays.map(({ step, formula }) => `${step ?? ''}: ${formula ?? ''}`)).toEqual([
      'basic: (13,450.00 − 750.00) × 86%',
      'critical-illness: 2,528.00 ≤ 10,000.00',
      'supplement: ',
      'medical-assistance: 2,528.00 × 50%',
      'hospital-reduction: 2,718.00 × 50%',
      'government-guarantee: ',
    ]);
    expect(pays[1]?.text.zh).toBe('未达起付标准 10,000.00');
    expect(pays[4]?.text.zh).toBe('医院减免支付 1,360.00，取整到十元');
    // Only what has no figure at all assumes none.
    expect(pays.map(({ assumed }) => assumed)).toEqual([true, true, false, true, true, true]);
    expect(pays[4]?.source?.article).toContain('50%的减免');
    expect(trace.find(({ id }) => id === 'bill.line-2.above-ceiling')?.formula).toBe(
      '612.00 − 17 × 30.00',
    );
  });

  it('has a bill of at least sixty lines, each quantity × price to the fen', () => {
    const { bill } = inputOfCase('colon-cancer-17-days.json').visit;
    if (bill.kind !== 'charges') throw new Error('the case has no charge lines');
    expect(bill.charges.length).toBeGreaterThanOrEqual(60);
    for (const { quantity, unitPrice, amountFen } of bill.charges) {
      expect(Number(quantity) * Number(unitPrice)).toBeCloseTo(amountFen / 100, 8);
    }
  });

  it('comes to what the sentences of its source come to, over whole years', () => {
    expectSameYears(pack, settlePingjiang2017, world, { neverPays: ['supplement'] });
  });

  it('is not for a person outside its categories, or insured elsewhere, or discharged in another year', () => {
    const input = inputOfCase('colon-cancer-17-days.json');
    const person = (parts: Partial<SettlementInput['person']>) =>
      choosePack([pack], { ...input, person: { ...input.person, ...parts } }).ok;
    expect(person({})).toBe(true);
    expect(person({ categories: [] })).toBe(false);
    expect(person({ insurance: 'none' })).toBe(false);
    expect(person({ insuredPlace: '430602' })).toBe(false);
    const visit = { ...input.visit, dischargedOn: '2018-01-01' };
    expect(choosePack([pack], { ...input, visit }).ok).toBe(false);
  });

  it('leaves nothing over when every deposit is counted', () => {
    const input = inputOfCase('colon-cancer-17-days.json');
    const { due } = decide(pack, {
      ...input,
      visit: { ...input.visit, depositFen: fen(200000) },
    });
    expect(due).toEqual({ depositFen: 200000, toCollectFen: 0, toRefundFen: 64200 });
  });
});
