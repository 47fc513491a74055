import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decide } from '../policy/decide.ts';
import { packOf, richPack, stepOf } from '../policy/packs.test-support.ts';
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

  it('refuses to be read where it is not one', () => {
    const json = resultJsonFromResult(decide(packOf(), plainInput(100)));
    expect(() => settlementResultFromResultJson({ ...json, total: 100 })).toThrow();
    expect(() => settlementResultFromResultJson({ ...json, extra: 1 })).toThrow();
  });
});
