import { describe, expect, it } from 'vitest';

import { decide } from '../../shared/policy/decide.ts';
import { fenHalfUp, source, words } from '../../shared/policy/decide.test-support.ts';
import { packOf, percentParameter } from '../../shared/policy/packs.test-support.ts';
import { plainInput } from '../../shared/policy/visits.test-support.ts';
import { stepReason } from './step-reason.ts';

const toTheYuan = { unit: 'yuan', mode: 'half-up' } as const;

/** A quota for appendicitis, and three quarters of all else to the yuan. */
const pack = packOf({
  parameters: { share: percentParameter('78'), ordinary: percentParameter('75') },
  quotaLists: {
    list: {
      name: words('quotas'),
      diagnoses: 'principal',
      entries: [{ diagnosis: 'K35', name: '阑尾炎', quota: '4400.00' }],
      source,
    },
  },
  steps: [
    {
      id: 'basic',
      name: words('basic'),
      payer: 'basic-medical-insurance',
      rule: 'quota',
      quotas: 'list',
      rate: 'share',
      rounding: toTheYuan,
      ordinary: { base: 'in-scope', rate: 'ordinary', rounding: fenHalfUp },
      source,
    },
  ],
});

const settled = (code: string) => {
  const input = plainInput(2799);
  const diagnoses = [{ code, name: code, principal: true }];
  return decide(pack, { ...input, visit: { ...input.visit, diagnoses } });
};

describe('what stands beside an amount', () => {
  it('does not say that the share of a quota is rounded: the patient’s part is, to the yuan', () => {
    const result = settled('K35.900');
    expect([result.shares[0]?.amountFen, result.patientPaysFen]).toEqual([343_200, 61_600]);
    // The pack's rule states a unit, and that unit is of the patient's part.
    expect(result.trace.find(({ id }) => id === 'basic.pays')?.rounding).toMatch(/^yuan/);
    expect(stepReason(result, 'basic', false)?.roundedTo).toBeNull();
  });

  it('says to what a rounded share is rounded, and of one that pays nothing no unit', () => {
    const result = decide(
      packOf({
        parameters: { share: percentParameter('33') },
        steps: [stepToTheYuan],
      }),
      plainInput(1234),
    );
    expect(result.shares[0]?.amountFen).toBe(40_700);
    expect(stepReason(result, 'basic', false)?.roundedTo).toBe('yuan');
    expect(stepReason(result, 'basic', true)?.roundedTo).toBeNull();
  });
});

const stepToTheYuan = {
  id: 'basic',
  name: words('basic'),
  payer: 'basic-medical-insurance',
  rule: 'rate',
  base: 'in-scope',
  rate: 'share',
  rounding: toTheYuan,
  source,
} as const;
