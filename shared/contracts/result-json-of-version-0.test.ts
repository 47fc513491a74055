import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { ChargeLine } from '../domain/visit.ts';
import { fen } from '../money/fen.ts';
import { decide } from '../policy/decide.ts';
import { decideSelfPay } from '../policy/decide-self-pay.ts';
import {
  packOf,
  percentParameter,
  richPack,
  stepOf,
  yuanParameter,
} from '../policy/packs.test-support.ts';
import { decideAsReceived } from '../policy/received-figures.ts';
import { plainInput, randomInput } from '../policy/visits.test-support.ts';
import { resultJsonFromVersion0 } from './result-json-of-version-0.ts';
import {
  resultJsonFromResult,
  settlementResultFromResultJson,
  type ResultJson,
} from './result-json.ts';

const numRuns = 200 * Number(process.env['TEST_DEPTH'] ?? '1');

const newInShare = ['name', 'base', 'rate', 'limit', 'assumed', 'assumption'];
const newInNode = ['name', 'base', 'rate', 'parts', 'limit', 'roundedTo', 'assumption'];

const without = (names: readonly string[], value: object) =>
  Object.fromEntries(Object.entries(value).filter(([name]) => !names.includes(name)));

/** The same result as the program wrote it when it had the sentences alone. */
const asVersion0 = (json: ResultJson) => ({
  ...json,
  shares: json.shares.map((share) => without(newInShare, share)),
  trace: json.trace.map((node) => without(newInNode, node)),
});

/** What no sentence of version 0 said. */
function withoutUnsaid(json: ResultJson): object {
  const unpaid = json.shares.filter(({ amount }) => amount === '0.00').map(({ step }) => step);
  return {
    ...json,
    shares: json.shares.map((share) =>
      unpaid.includes(share.step) ? without(['rate'], share) : share,
    ),
    trace: json.trace.map((node) => {
      if (node.rule === 'step') return node;
      const isPaid = !unpaid.includes(node.step ?? '');
      return isPaid && node.id === `${node.step ?? ''}.pays`
        ? node
        : without(['name', 'rate', 'parts'], node);
    }),
  };
}

function expectTheSame(json: ResultJson): void {
  const read = resultJsonFromVersion0(asVersion0(json));
  expect(read).toEqual(withoutUnsaid(json));
  expect(() => settlementResultFromResultJson(read)).not.toThrow();
  expect(resultJsonFromVersion0(json)).toEqual(json);
}

describe('a stored result of version 0', () => {
  it('gets the fields its sentences said', () => {
    fc.assert(
      fc.property(randomInput, (input) => {
        expectTheSame(resultJsonFromResult(decide(richPack, input)));
        expectTheSame(resultJsonFromResult(decideSelfPay(input)));
      }),
      { numRuns },
    );
  });

  it('keeps whole names with colons, figures and the words the sentences themselves use', () => {
    const pack = packOf({
      parameters: {
        most: yuanParameter('100.00'),
        assumed: {
          unit: 'percent',
          name: { zh: '比例', en: 'rate' },
          value: '80',
          assumed: true,
          reason: { zh: '出处没有给出：按 80%', en: 'not given: 80%' },
        },
      },
      steps: [
        stepOf({
          id: 'stay',
          name: { zh: '医疗救助：住院，以 2 为基数', en: 'Aid: stay, applied to the rest' },
          rate: 'assumed',
        }),
        stepOf({
          id: 'capped',
          name: {
            zh: '医疗救助：定点医院减免，受封顶线限制',
            en: 'Aid: reduction, limited by: it',
          },
          base: 'residual-total',
          lowersFirst: 'within-catalogue',
          ceilingPerVisit: 'most',
          rounding: { unit: 'ten-yuan', mode: 'up' },
        }),
      ],
    });
    const json = resultJsonFromResult(decide(pack, plainInput(1000, 100)));
    expect(json.shares.map(({ name, limit }) => [name.zh, limit?.kind])).toEqual([
      ['医疗救助：住院，以 2 为基数', undefined],
      ['医疗救助：定点医院减免，受封顶线限制', 'ceiling'],
    ]);
    expectTheSame(json);
  });

  it('names a payer that stated its own figures as everyone knows it', () => {
    const input = plainInput(1000);
    const received = decideAsReceived(input, {
      from: '县医保局',
      receivedOn: '2017-11-27',
      patientPaysFen: fen(30_000),
      shares: [
        { payer: 'medical-assistance', amountFen: fen(70_000) },
        { payer: 'county-fund', amountFen: fen(0) },
      ],
    });
    if (!received.ok) throw new Error(received.refusal.code);
    const json = resultJsonFromResult(received.value);
    expect(json.shares.map(({ name }) => name.zh)).toEqual(['医疗救助', 'county-fund']);
    expectTheSame(json);
  });

  it('reads rates of bands and classes, and refuses what is no result', () => {
    const pack = packOf({
      parameters: {
        classes: {
          unit: 'percent',
          name: { zh: '比例', en: 'rate' },
          byCatalogueClass: { A: '90', B: '70' },
          source: { document: 'a-notice', article: '1' },
        },
        small: percentParameter('0.0001'),
      },
      steps: [
        stepOf({ id: 'classes', rate: 'classes' }),
        stepOf({ id: 'small', rate: 'small', base: 'in-scope-residual' }),
      ],
    });
    const input = plainInput(900_000);
    const charge = (line: number, catalogueClass: 'A' | 'C', yuan: number): ChargeLine => ({
      line,
      code: `X${String(line)}`,
      name: '项目',
      category: 'consumable',
      catalogueClass,
      firstSelfPayRatio: { numerator: 0, denominator: 1 },
      priceCeiling: null,
      unit: '次',
      quantity: '1',
      unitPrice: `${String(yuan)}.00`,
      amountFen: fen(yuan * 100),
      on: '2017-11-14',
    });
    const charges = [charge(1, 'A', 900_000), charge(2, 'C', 100)];
    const visit = { ...input.visit, bill: { kind: 'charges', charges } as const };
    const json = resultJsonFromResult(decide(pack, { ...input, visit }));
    expect(json.trace.find(({ id }) => id === 'classes.pays')?.parts).toHaveLength(2);
    expect(json.shares[1]?.rate).toBe('0.000001');
    expectTheSame(json);
    expect(() => resultJsonFromVersion0({ shares: 1 })).toThrow();
  });
});
