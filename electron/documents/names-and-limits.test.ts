import { describe, expect, it } from 'vitest';

import { findPrinterModel } from '../../drivers/receipt-printer/models.ts';
import {
  noFaults,
  simulatedPrinter,
} from '../../drivers/receipt-printer/simulator/simulated-printer.ts';
import { resultJsonFromVersion0 } from '../../shared/contracts/result-json-of-version-0.ts';
import {
  resultJsonFromResult,
  settlementResultFromResultJson,
} from '../../shared/contracts/result-json.ts';
import type { SettlementResult } from '../../shared/domain/settlement-result.ts';
import { decide } from '../../shared/policy/decide.ts';
import {
  packOf,
  percentParameter,
  stepOf,
  yuanParameter,
} from '../../shared/policy/packs.test-support.ts';
import { plainInput } from '../../shared/policy/visits.test-support.ts';
import type { DocumentFacts } from './document-facts.ts';
import { renderReceipt } from './render-receipt.ts';
import { statementSheet } from './statement-sheet.ts';

// Names, titles and reasons that hold whatever the program's own sentences hold: a document that read a
// fact out of a sentence would be led astray by one of them.
const stay = { zh: '医疗救助：住院', en: 'Assistance: stay' };
const reduction = { zh: '医疗救助：定点医院减免', en: 'Assistance: reduction by the hospital' };
const capped = { zh: '特惠保（2）受封顶线限制，取整到元', en: 'Cover (2), limited by: a ceiling' };
const rest = { zh: '兜底：不超过剩余的 1,000.00', en: 'Guarantee pays 1,000.00' };
const ceiling = { zh: '封顶：每次（90%），取整到角', en: 'ceiling: per visit (90%)' };
const reason = { zh: '《通知》没有给出：按 50%', en: 'the notice says nothing: 50%' };

const pack = packOf({
  sources: [
    { id: 'a-notice', title: { zh: '假定', en: 'assumed' }, publisher: 'the county' },
    {
      id: 'a-report',
      title: { zh: '报告：第 2 期', en: 'report: no. 2' },
      publisher: 'the county',
    },
  ],
  parameters: {
    most: { ...yuanParameter('45.67'), name: ceiling },
    guessed: {
      unit: 'percent',
      name: { zh: '比例', en: 'rate' },
      value: '50',
      assumed: true,
      reason,
    },
    all: percentParameter('100'),
  },
  steps: [
    stepOf({ id: 'stay', name: stay, payer: 'medical-assistance', rate: 'guessed' }),
    stepOf({
      id: 'reduction',
      name: reduction,
      payer: 'medical-assistance',
      base: 'in-scope-residual',
      rounding: { unit: 'ten-yuan', mode: 'up' },
    }),
    stepOf({
      id: 'capped',
      name: capped,
      payer: 'supplementary-insurance',
      base: 'in-scope-residual',
      ceilingPerVisit: 'most',
      rounding: { unit: 'jiao', mode: 'half-up' },
    }),
    stepOf({
      id: 'rest',
      name: rest,
      payer: 'government-guarantee',
      base: 'in-scope-residual',
      rate: 'all',
      rounding: { unit: 'yuan', mode: 'up' },
      source: { document: 'a-report', article: '三：（1）' },
    }),
  ],
});

function factsOf(result: SettlementResult): DocumentFacts {
  const { toCollectFen } = result.due;
  return {
    settlementId: '0193700c-0000-7000-8000-000000000001',
    number: 'JS20171127-0001',
    settledAt: '2017-11-27T10:15:00.000+08:00',
    settledBy: '张会计',
    businessDate: '2017-11-27',
    cancelled: false,
    input: plainInput(1000.5, 100),
    result,
    tenders: toCollectFen === 0 ? [] : [{ kind: 'cash', amountFen: toCollectFen }],
    demo: false,
    copyNumber: 0,
    printedAt: '2017-11-27T10:15:02.000+08:00',
  };
}

const decided = decide(pack, plainInput(1000.5, 100));
const json = resultJsonFromResult(decided);

/** As the program stored it before these were fields. */
function asVersion0(): unknown {
  const without = (names: readonly string[], value: object) =>
    Object.fromEntries(Object.entries(value).filter(([name]) => !names.includes(name)));
  const shares = json.shares.map((share) =>
    without(['name', 'base', 'rate', 'limit', 'assumed', 'assumption'], share),
  );
  const trace = json.trace.map((node) =>
    without(['name', 'base', 'rate', 'parts', 'limit', 'roundedTo', 'assumption'], node),
  );
  return { ...json, shares, trace };
}

function linesOf(result: SettlementResult) {
  const sheet = statementSheet(factsOf(result));
  if (!sheet.ok) throw new Error(sheet.refusal.message.en);
  return sheet.value.payers.map(({ name, reckoning, clause }) => [name, reckoning, clause]);
}

describe('what paper takes from a result', () => {
  it.each([
    ['as it was decided', decided],
    ['as it is stored', settlementResultFromResultJson(json)],
  ])('is its fields, whatever the names hold: %s', (_when, result) => {
    expect(linesOf(result)).toEqual([
      [stay.zh, '1,000.50 × 50%', `待遇政策 ${pack.id} ${pack.version}`],
      // A document that is called as assumptions are cited is a document all the same.
      [reduction.zh, '500.25 × 50%，取整到十元', '《假定》1'],
      [capped.zh, '240.25 × 50%，取整到角，受封顶：每次（90%），取整到角限制', '《假定》1'],
      [rest.zh, '194.58 × 100%，取整到元，不超过剩余的 194.58', '《假定》1'],
    ]);
  });

  it('is the same of what was stored before these were fields, but for the document called an assumption', () => {
    const old = settlementResultFromResultJson(resultJsonFromVersion0(asVersion0()));
    expect(linesOf(old).map(([name, reckoning]) => [name, reckoning])).toEqual(
      linesOf(decided).map(([name, reckoning]) => [name, reckoning]),
    );
  });

  it('stands by its full name on the slip, each step on a line of its own', () => {
    const model = findPrinterModel('generic-80');
    if (model === null) throw new Error('no model');
    const slip = renderReceipt(factsOf(decided), model);
    if (!slip.ok) throw new Error(slip.refusal.message.en);
    const lines: string[] = [];
    const printer = simulatedPrinter({
      answer: () => undefined,
      faults: noFaults(),
      onSheet: (sheet) => lines.push(...sheet.lines),
    });
    printer.receive(slip.value.bytes);
    printer.endOfConnection();
    const text = lines.join('\n');
    expect(text).toMatch(/^医疗救助：住院 +500\.25$/m);
    expect(text).toMatch(/^医疗救助：定点医院减免 +260\.00$/m);
    // What is too long for its column goes on below.
    expect(text).toMatch(/^特惠保（2）受封顶线限制，取整到 +45\.67\n元$/m);
    expect(text).not.toMatch(/^医疗救助 +/m);
  });

  it('names the payer itself in the year where two steps have the same payer', () => {
    const sheet = statementSheet(factsOf(decided));
    if (!sheet.ok) throw new Error(sheet.refusal.message.en);
    expect(sheet.value.year.rows.map(([label]) => label)).toEqual([
      '政策范围内',
      '起付标准',
      '医疗救助',
      capped.zh,
      rest.zh,
      '个人负担',
    ]);
  });
});
