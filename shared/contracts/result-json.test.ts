import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decide } from '../policy/decide.ts';
import { packOf, richPack, stepOf, yuanParameter } from '../policy/packs.test-support.ts';
import { plainInput, randomInput } from '../policy/visits.test-support.ts';
import { resultJsonFromResult, settlementResultFromResultJson } from './result-json.ts';

const numRuns = 200 * Number(process.env['TEST_DEPTH'] ?? '1');

describe('the Result JSON', () => {
  it('comes back as it went', () => {
    fc.assert(
      fc.property(randomInput, (input) => {
        const result = decide(richPack, input);
        const text = JSON.stringify(resultJsonFromResult(result));
        expect(settlementResultFromResultJson(JSON.parse(text))).toEqual(result);
      }),
      { numRuns },
    );
  });

  it('states amounts as yuan text, ratios with four decimals, and another destination only where there is one', () => {
    const pack = packOf({
      steps: [
        stepOf({ id: 'basic' }),
        stepOf({ id: 'guarantee', payer: 'government-guarantee', destination: 'an-insurer' }),
      ],
    });
    const json = resultJsonFromResult(decide(pack, plainInput(900, 100)));
    expect(json).toMatchObject({
      total: '1000.00',
      eligible: '900.00',
      excluded: { classC: '100.00', classBFirstSelfPay: '0.00', aboveCeiling: '0.00' },
      shares: [
        { step: 'basic', payer: 'basic-medical-insurance', amount: '450.00' },
        {
          step: 'guarantee',
          payer: 'government-guarantee',
          destination: 'an-insurer',
          amount: '450.00',
        },
      ],
      patientPays: '100.00',
      hospitalBears: '0.00',
      ratios: { actual: '0.9000', inScope: '1.0000' },
      due: { deposit: '0.00', toCollect: '100.00', toRefund: '0.00' },
    });
    expect(json.shares[0]).not.toHaveProperty('destination');
  });

  it('states what a share is called, what it rests on and what cut it as fields of share and trace', () => {
    const pack = packOf({
      parameters: {
        most: { ...yuanParameter('455.55'), name: { zh: '限额：每次', en: 'limit: per visit' } },
        guessed: {
          unit: 'percent',
          name: { zh: '比例', en: 'rate' },
          value: '85.5',
          assumed: true,
          reason: { zh: '出处没有给出', en: 'not in the source' },
        },
      },
      steps: [
        stepOf({
          id: 'basic',
          name: { zh: '医疗救助：住院', en: 'Assistance: stay' },
          rate: 'guessed',
          ceilingPerVisit: 'most',
          rounding: { unit: 'jiao', mode: 'half-up' },
        }),
      ],
    });
    const { shares, trace } = resultJsonFromResult(decide(pack, plainInput(900)));
    const name = { zh: '医疗救助：住院', en: 'Assistance: stay' };
    const limit = { kind: 'ceiling', name: { zh: '限额：每次', en: 'limit: per visit' } };
    const assumption = { zh: '出处没有给出', en: 'not in the source' };
    expect(shares).toEqual([
      {
        step: 'basic',
        payer: 'basic-medical-insurance',
        name,
        amount: '455.55',
        base: 'in-scope',
        // Never two decimals: whoever re-adds the amounts of a result takes such a text for one.
        rate: '0.8550',
        limit,
        assumed: true,
        assumption,
      },
    ]);
    const base = {
      kind: 'in-scope',
      name: { zh: '政策范围内费用', en: 'in-scope cost' },
      amount: '900.00',
    };
    expect(trace.find(({ id }) => id === 'basic')).toMatchObject({ name, base });
    expect(trace.find(({ id }) => id === 'basic.pays')).toMatchObject({
      base,
      rate: '0.8550',
      limit: { ...limit, amount: '455.55' },
      roundedTo: 'jiao',
      source: { document: '假定', documentEn: 'assumed', article: assumption.zh },
      assumption,
    });
  });

  it('refuses to be read where it is not one', () => {
    const json = resultJsonFromResult(decide(packOf(), plainInput(100)));
    expect(() => settlementResultFromResultJson({ ...json, total: 100 })).toThrow();
    expect(() => settlementResultFromResultJson({ ...json, extra: 1 })).toThrow();
  });
});
