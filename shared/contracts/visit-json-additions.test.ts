import { describe, expect, it } from 'vitest';
import { plainInput } from '../policy/visits.test-support.ts';
import { encodeSettlementInput } from './stored-visit.ts';
import { settlementInputFromVisitJson } from './visit-json.ts';

const approval = {
  step: 'last-guarantee',
  form: '政府兜底审批表',
  number: 'DD2017-0031',
  decision: 'approved',
  amount: '1200.50',
  on: '2017-11-26',
};
const payerFigures = {
  from: '外省医保局',
  receivedOn: '2017-11-28',
  shares: [
    { payer: 'basic-medical-insurance', amount: '700.00' },
    { payer: 'medical-assistance', amount: '0.00' },
  ],
  patientPays: '300.00',
};
const earlierParts = { parts: 2, deductiblePaid: '750.00' };

/** A plain visit with some of the optional parts. */
function jsonWith(parts: object): unknown {
  const json = encodeSettlementInput(plainInput(1000));
  return { ...json, visit: { ...json.visit, ...parts } };
}

describe('approvals, earlier parts and payer figures of a Visit JSON', () => {
  it('come through and back as they were written', () => {
    const written = jsonWith({ approvals: [approval], earlierParts, payerFigures });
    const reading = settlementInputFromVisitJson(written);
    if (!reading.ok) throw new Error(reading.refusal.message.en);
    const { visit } = reading.value.input;
    expect(visit.approvals).toMatchObject([{ step: 'last-guarantee', amountFen: 120050 }]);
    expect(visit.earlierParts).toEqual({ parts: 2, deductiblePaidFen: 75000 });
    expect(visit.payerFigures).toMatchObject({
      shares: [{ payer: 'basic-medical-insurance', amountFen: 70000 }, { amountFen: 0 }],
      patientPaysFen: 30000,
    });
    expect(encodeSettlementInput(reading.value.input)).toEqual(written);
  });

  it('may all be absent', () => {
    const reading = settlementInputFromVisitJson(jsonWith({}));
    if (!reading.ok) throw new Error(reading.refusal.message.en);
    const { visit } = reading.value.input;
    expect([visit.approvals, visit.earlierParts, visit.payerFigures]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('leave it to settling whether the figures add up, for the difference is told there', () => {
    const reading = settlementInputFromVisitJson(
      jsonWith({ payerFigures: { ...payerFigures, patientPays: '299.00' } }),
    );
    expect(reading.ok).toBe(true);
  });

  const [first] = payerFigures.shares;
  it.each<readonly [string, object, string, string]>([
    [
      'a number for an amount',
      { approvals: [{ ...approval, amount: 1200.5 }] },
      'not-text-amount',
      '/visit/approvals/0/amount',
    ],
    [
      'a negative approval',
      { approvals: [{ ...approval, amount: '-1.00' }] },
      'negative-amount',
      '/visit/approvals/0/amount',
    ],
    [
      'two approvals for one step',
      { approvals: [approval, { ...approval, decision: 'refused' }] },
      'repeated-approval',
      '/visit/approvals/1/step',
    ],
    [
      'an approval without its number',
      { approvals: [{ ...approval, number: undefined }] },
      'missing-field',
      '/visit/approvals/0/number',
    ],
    [
      'no earlier part',
      { earlierParts: { ...earlierParts, parts: 0 } },
      'not-a-count',
      '/visit/earlierParts/parts',
    ],
    [
      'a negative deductible of earlier parts',
      { earlierParts: { ...earlierParts, deductiblePaid: '-0.01' } },
      'negative-amount',
      '/visit/earlierParts/deductiblePaid',
    ],
    [
      'a negative share',
      { payerFigures: { ...payerFigures, shares: [{ ...first, amount: '-5.00' }] } },
      'negative-amount',
      '/visit/payerFigures/shares/0/amount',
    ],
    [
      'a payer named twice',
      { payerFigures: { ...payerFigures, shares: [first, first] } },
      'repeated-payer',
      '/visit/payerFigures/shares/1/payer',
    ],
    [
      'a patient who gets money',
      { payerFigures: { ...payerFigures, patientPays: '-300.00' } },
      'negative-amount',
      '/visit/payerFigures/patientPays',
    ],
    [
      'an amount beyond any bill',
      { payerFigures: { ...payerFigures, patientPays: '999999999.99' } },
      'amount-too-large',
      '/visit/payerFigures/patientPays',
    ],
    [
      'nobody who paid',
      { payerFigures: { ...payerFigures, shares: [] } },
      'empty-list',
      '/visit/payerFigures/shares',
    ],
    [
      'a day that is none',
      { payerFigures: { ...payerFigures, receivedOn: '2017-02-30' } },
      'not-a-date',
      '/visit/payerFigures/receivedOn',
    ],
  ])('are refused with %s', (_what, parts, code, place) => {
    const reading = settlementInputFromVisitJson(JSON.parse(JSON.stringify(jsonWith(parts))));
    if (reading.ok) throw new Error('it was taken');
    expect([reading.refusal.code, reading.refusal.place]).toEqual([code, place]);
  });
});
