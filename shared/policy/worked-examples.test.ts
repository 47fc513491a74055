import { describe, expect, it } from 'vitest';
import type { SettlementInput } from '../domain/person.ts';
import type { SettlementResult } from '../domain/settlement-result.ts';
import { fen, sumFen } from '../money/fen.ts';
import { rateFromPercentText } from '../money/rate.ts';
import { fenHalfUp } from '../money/rounding.ts';
import { shareOf } from '../money/share-of.ts';
import { fenFromYuanText, yuanTextFromFen } from '../money/yuan-text.ts';
import { decideAsReceived } from './received-figures.ts';
import { plainInput } from './visits.test-support.ts';

/**
 * Published settlements as a payer would send them: id, total, what each payer paid, the patient; all yuan.
 * Payers: b basic, c critical, s supplement, a assistance, h hospital, g guarantee, o all others together.
 */
type Published = readonly [string, string, Readonly<Record<string, string>>, string];

const addUp: readonly Published[] = [
  ['E01', '14904', { b: '10922', a: '1264', h: '1360' }, '1358'],
  ['E03', '10301', { b: '7973', s: '2045', a: '261' }, '22'],
  ['E04', '105124.46', { g: '6498.12', o: '93826.34' }, '4800'],
  ['E05', '5348.64', { o: '4813.74' }, '534.90'],
  ['E06', '112400', { o: '101200' }, '11200'],
  ['E08', '88404.89', { o: '88404.82' }, '0.07'],
  ['E09', '114500', { b: '40000', c: '47000', a: '16500' }, '11000'],
  ['E11', '8000', { o: '7200' }, '800'],
  ['E12', '23000', { o: '21000' }, '2000'],
  ['E14', '859951.90', { o: '851221.60' }, '8730.30'],
  ['E15', '136753.30', { b: '50000', o: '20513' }, '66240.30'],
  ['E16', '160000', { o: '155000' }, '5000'],
  ['E17', '50000', { o: '45000' }, '5000'],
  ['E18', '110000', { s: '6675.62', o: '87747.93' }, '15576.45'],
  ['E19', '20000', { o: '18000' }, '2000'],
  ['E21', '2799', { b: '2183' }, '616'],
  ['E23', '3602', { b: '2810' }, '792'],
  ['E26', '200000', { b: '170000', c: '0', s: '28800' }, '1200'],
  ['E27', '8270.14', { b: '1306.85', c: '0' }, '6963.29'],
  ['E28', '110000', { b: '70980.64' }, '39019.36'],
  ['E30', '15848', { h: '15848' }, '0'],
  ['E31', '14161.76', { o: '13198.76' }, '963'],
  ['E32', '8055.56', { g: '1089.35', o: '6241.21' }, '725'],
  ['E34', '100', { o: '90.12' }, '9.88'],
  ['N03', '50000', { b: '35000', a: '5000', o: '10000' }, '0'],
  ['N04', '5000', { b: '4440' }, '560'],
];

/** Those that do not, with the exact difference: more (or less) than the bill. */
const differ: readonly (readonly [...Published, string])[] = [
  ['E07', '25845', { b: '13828', a: '8412', o: '2000' }, '1607', '2.00'],
  ['E10', '160000', { b: '80000', c: '30000', o: '20000' }, '20000', '-10000.00'],
  ['E13', '80000', { b: '50000', g: '20000' }, '8000', '-2000.00'],
  ['E20', '1800', { o: '1710' }, '85', '-5.00'],
  ['E22', '4109', { b: '2542' }, '1566', '-1.00'],
  ['E24', '4516', { b: '2861' }, '1654', '-1.00'],
  ['N01', '10000', { b: '7000', c: '6000', a: '3000' }, '0', '6000.00'],
];

const payers: Readonly<Record<string, string>> = {
  b: 'basic-medical-insurance',
  c: 'critical-illness-insurance',
  s: 'supplementary-insurance',
  a: 'medical-assistance',
  h: 'hospital-reduction',
  g: 'government-guarantee',
  o: 'other-payers',
};

const yuan = (text: string) => fenFromYuanText(text.includes('.') ? text : `${text}.00`);

function received([, total, shares, patientPays]: Published, deposit = '0') {
  const input = plainInput(0);
  const totalFen = yuan(total);
  const visit: SettlementInput['visit'] = {
    ...input.visit,
    depositFen: yuan(deposit),
    bill: {
      kind: 'totals',
      totals: {
        totalFen,
        eligibleFen: totalFen,
        classBFirstSelfPayFen: fen(0),
        classCFen: fen(0),
        aboveCeilingFen: fen(0),
      },
    },
  };
  return decideAsReceived(
    { ...input, visit },
    {
      from: '外地医保局',
      receivedOn: '2017-11-28',
      shares: Object.entries(shares).map(([payer, amount]) => ({
        payer: payers[payer] ?? payer,
        amountFen: yuan(amount),
      })),
      patientPaysFen: yuan(patientPays),
    },
  );
}

describe('published settlements, taken in as received from a payer', () => {
  it.each(addUp)('%s adds up and stands as it was stated', (...example) => {
    const taken = received(example);
    if (!taken.ok) throw new Error(taken.refusal.message.en);
    const result = taken.value;
    expect(result.pack).toBe('as-received');
    expect(yuanTextFromFen(result.patientPaysFen)).toBe(yuanTextFromFen(yuan(example[3])));
    expect(
      sumFen([...result.shares.map(({ amountFen }) => amountFen), result.patientPaysFen]),
    ).toBe(result.totalFen);
    expectToReAdd(result);
  });

  it.each(differ)('%s is refused with its exact difference', (...row) => {
    const [id, total, shares, patientPays, difference] = row;
    const taken = received([id, total, shares, patientPays]);
    if (taken.ok) throw new Error('it was taken');
    expect(taken.refusal.code).toBe('received-figures-differ');
    expect(taken.refusal.details).toEqual([{ difference }]);
    expect(taken.refusal.message.zh).toContain('没有收钱');
  });

  it('a payer above the whole bill is refused by what it is above (N02)', () => {
    const taken = received(['N02', '200000', { c: '240000' }, '0']);
    if (taken.ok) throw new Error('it was taken');
    expect(taken.refusal.code).toBe('received-share-above-bill');
    expect(taken.refusal.details).toEqual([{ payer: payers['c'], over: '40000.00' }]);
  });

  it.each([
    ['a payer', { b: '-10', a: '110' }, '0', 'basic-medical-insurance'],
    ['the patient', { b: '110' }, '-10', 'patient'],
  ])('a negative amount of %s is refused, though all adds up', (_who, shares, pays, payer) => {
    const taken = received(['negative', '100', shares, pays]);
    if (taken.ok) throw new Error('it was taken');
    expect(taken.refusal.code).toBe('received-amount-negative');
    expect(taken.refusal.details).toEqual([{ payer, amount: '-10.00' }]);
  });

  it('counts equal amounts as often as they stand', () => {
    expect(sumFen([yuan('10922'), yuan('1264'), yuan('1264')])).toBe(yuan('13450'));
    expect(received(['equal', '13450', { b: '10922', a: '1264', h: '1264' }, '0']).ok).toBe(true);
  });

  it('gives a deposit back to the fen, and shows where a receipt fails its own cross-foot (E27)', () => {
    const taken = received(['E27', '8270.14', { b: '1306.85' }, '6963.29'], '15000');
    if (!taken.ok) throw new Error(taken.refusal.message.en);
    expect(yuanTextFromFen(taken.value.due.toRefundFen)).toBe('8036.71');
    // Its own two parts of the patient come to more than the patient pays.
    const parts = sumFen([yuan('5436.58'), yuan('1594.92')]);
    expect(yuanTextFromFen(fen(parts - taken.value.patientPaysFen))).toBe('68.21');
  });

  it('knows an itemised part that is not the bill (E28)', () => {
    const taken = received(['E28', '109200', { b: '70980.64' }, '39019.36']);
    if (taken.ok) throw new Error('it was taken');
    expect(taken.refusal.details).toEqual([{ difference: '800.00' }]);
  });
});

describe('the arithmetic of published figures', () => {
  const of = (amount: string, percent: string) =>
    yuanTextFromFen(shareOf(yuan(amount), rateFromPercentText(percent), fenHalfUp));

  it('is exact where floats are not', () => {
    // E15: a float gives 20512.99.
    expect(of('136753.30', '15')).toBe('20513.00');
    expect((136753.3 * 0.15).toFixed(2)).toBe('20512.99');
    expect(of('22252.07', '30')).toBe('6675.62');
    expect(of('27500.00', '60')).toBe('16500.00');
    expect(of('30000.00', '96')).toBe('28800.00');
    // E20: 95 % is 1,710.00 exactly, so the patient should pay 90.00 and not 85.00.
    expect(of('1800.00', '95')).toBe('1710.00');
  });
});

/** Every amount of the result is what the explanation adds to it. */
function expectToReAdd(result: SettlementResult): void {
  const added = new Map<string, number>();
  for (const { adds } of result.trace) {
    for (const { to, amountFen } of adds) added.set(to, (added.get(to) ?? 0) + amountFen);
  }
  expect(added.get('/patientPays') ?? 0).toBe(result.patientPaysFen);
  expect(added.get('/total') ?? 0).toBe(result.totalFen);
  result.shares.forEach(({ payer, amountFen }, index) => {
    expect(added.get(`/shares/${String(index)}/amount`) ?? 0).toBe(amountFen);
    expect(added.get(`/yearToDate/paid/${payer}`) ?? 0).toBe(result.yearToDate.paidFen[payer] ?? 0);
  });
  expect(added.get('/yearToDate/selfPay') ?? 0).toBe(result.yearToDate.selfPayFen);
}
