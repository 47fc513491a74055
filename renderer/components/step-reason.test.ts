import { describe, expect, it } from 'vitest';

import { ownPack } from '../../electron/policy-packs/references/agree.test-support.ts';
import { decide } from '../../shared/policy/decide.ts';
import { plainInput } from '../../shared/policy/visits.test-support.ts';
import { stepReason } from './step-reason.ts';

describe('what stands beside an amount', () => {
  it('does not say that the share of a quota is rounded: the patient’s part is, to the yuan', async () => {
    const input = plainInput(2799);
    const diagnoses = [{ code: 'K35.900', name: '阑尾炎', principal: true }];
    const visit = { ...input.visit, diagnoses };
    const result = decide(await ownPack('qingxu-2014'), { ...input, visit });
    const [share] = result.shares;
    if (share === undefined) throw new Error('no share');
    expect([share.amountFen, result.patientPaysFen]).toEqual([343_200, 61_600]);
    // The pack's rule states a unit, and that unit is of the patient's part.
    expect(result.trace.find(({ id }) => id === `${share.step}.pays`)?.rounding).toMatch(/^yuan/);
    expect(stepReason(result, share.step, false)?.roundedTo).toBeNull();
  });

  it('says to what a rounded share is rounded, and of one that pays nothing no unit', async () => {
    const result = decide(await ownPack('pingjiang-2017'), plainInput(20_000));
    const rounded = result.trace.filter(({ roundedTo }) => roundedTo !== undefined);
    expect(rounded).not.toEqual([]);
    for (const { step, roundedTo } of rounded) {
      expect(stepReason(result, step ?? '', false)?.roundedTo).toBe(roundedTo);
      expect(stepReason(result, step ?? '', true)?.roundedTo).toBeNull();
    }
  });
});
