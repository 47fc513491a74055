import { describe, expect, it } from 'vitest';
import type { SettlementResult } from '../domain/settlement-result.ts';
import { fen } from '../money/fen.ts';
import { assertResult } from './assert-result.ts';
import { decideFigures } from './decide.ts';
import { packOf } from './packs.test-support.ts';
import { plainInput } from './visits.test-support.ts';

const { result, outcomes } = decideFigures(packOf(), plainInput(800, 200));

describe('the promises of a result', () => {
  it('are kept by a sound one', () => {
    expect(() => {
      assertResult(result, outcomes);
    }).not.toThrow();
  });

  it.each<[string, Partial<SettlementResult>]>([
    ['add up to the total', { patientPaysFen: fen(result.patientPaysFen + 1) }],
    ['add up to the total', { hospitalBearsFen: fen(1) }],
    ['excluded do not add up', { eligibleFen: fen(result.eligibleFen - 1) }],
    [
      'parts of the patient',
      { patientPart: { ...result.patientPart, withinCatalogueFen: fen(0) } },
    ],
    [
      'a part of the patient is negative',
      {
        patientPart: {
          withinCatalogueFen: fen(result.patientPaysFen + 1),
          outsideCatalogueFen: fen(-1),
        },
      },
    ],
    [
      'a share is negative',
      { shares: result.shares.map((share) => ({ ...share, amountFen: fen(-1) })) },
    ],
    ['what is due', { due: { ...result.due, toCollectFen: fen(0) } }],
  ])('throw when broken: %s', (promise, broken) => {
    expect(() => {
      assertResult({ ...result, ...broken }, outcomes);
    }).toThrow(promise);
  });

  it('throw when a share passes its base', () => {
    const tooMuch = outcomes.map((outcome) => ({ ...outcome, baseFen: fen(1) }));
    expect(() => {
      assertResult(result, tooMuch);
    }).toThrow('passes its base');
  });
});
