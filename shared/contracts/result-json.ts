import { z } from 'zod';
import type { SettlementResult, Share, TraceNode } from '../domain/settlement-result.ts';
import type { Warning } from '../domain/result.ts';
import { fenFromYuanText, yuanTextFromFen, yuanTextPattern } from '../money/yuan-text.ts';
import { yearToDateShape } from '../domain/shapes/person-shape.ts';
import { withoutLimits } from '../domain/shapes/without-limits.ts';
import { encodeYearToDate } from './stored-visit.ts';

const amount = z.string().regex(yuanTextPattern);
const words = z.strictObject({ zh: z.string(), en: z.string() });
const ratio = z.string().regex(/^-?\d+\.\d{4}$/);

/** The Result JSON of the contract: what `settle` prints and what a settlement keeps. */
export const resultJsonSchema = z.strictObject({
  pack: z.string(),
  packVersion: z.string(),
  visitId: z.string(),
  total: amount,
  eligible: amount,
  excluded: z.strictObject({
    classC: amount,
    classBFirstSelfPay: amount,
    aboveCeiling: amount,
  }),
  shares: z.array(
    z.strictObject({
      step: z.string(),
      payer: z.string(),
      amount,
      /** Only where another than the payer is asked. */
      destination: z.string().optional(),
    }),
  ),
  patientPays: amount,
  patientPart: z.strictObject({ withinCatalogue: amount, outsideCatalogue: amount }),
  hospitalBears: amount,
  deductible: amount,
  ratios: z.strictObject({ actual: ratio, inScope: ratio }),
  due: z.strictObject({ deposit: amount, toCollect: amount, toRefund: amount }),
  yearToDate: withoutLimits(yearToDateShape),
  trace: z.array(
    z.strictObject({
      id: z.string(),
      parent: z.string().nullable(),
      step: z.string().nullable(),
      rule: z.string(),
      rounding: z.string().nullable(),
      assumed: z.boolean(),
      text: words,
      formula: z.string().optional(),
      source: z
        .strictObject({
          document: z.string(),
          documentEn: z.string().exactOptional(),
          article: z.string(),
          articleEn: z.string().exactOptional(),
        })
        .nullable(),
      inputs: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
      adds: z.array(z.strictObject({ to: z.string(), amount })),
    }),
  ),
  warnings: z.array(
    z.strictObject({ code: z.string(), text: words, place: z.string().optional() }),
  ),
});

export type ResultJson = z.input<typeof resultJsonSchema>;

/** The Result JSON of a result: amounts as yuan text, ratios with four decimals. */
export function resultJsonFromResult(result: SettlementResult): ResultJson {
  const { excluded, patientPart, due } = result;
  return {
    pack: result.pack,
    packVersion: result.packVersion,
    visitId: result.visitId,
    total: yuanTextFromFen(result.totalFen),
    eligible: yuanTextFromFen(result.eligibleFen),
    excluded: {
      classC: yuanTextFromFen(excluded.classCFen),
      classBFirstSelfPay: yuanTextFromFen(excluded.classBFirstSelfPayFen),
      aboveCeiling: yuanTextFromFen(excluded.aboveCeilingFen),
    },
    shares: result.shares.map(shareToJson),
    patientPays: yuanTextFromFen(result.patientPaysFen),
    patientPart: {
      withinCatalogue: yuanTextFromFen(patientPart.withinCatalogueFen),
      outsideCatalogue: yuanTextFromFen(patientPart.outsideCatalogueFen),
    },
    hospitalBears: yuanTextFromFen(result.hospitalBearsFen),
    deductible: yuanTextFromFen(result.deductibleFen),
    ratios: { actual: ratioText(result.ratios.actual), inScope: ratioText(result.ratios.inScope) },
    due: {
      deposit: yuanTextFromFen(due.depositFen),
      toCollect: yuanTextFromFen(due.toCollectFen),
      toRefund: yuanTextFromFen(due.toRefundFen),
    },
    yearToDate: encodeYearToDate(result.yearToDate),
    trace: result.trace.map(traceNodeToJson),
    warnings: result.warnings.map((warning) => ({ ...warning })),
  };
}

/** The result a Result JSON states; throws if it is not one (what we stored ourselves always is). */
export function settlementResultFromResultJson(data: unknown): SettlementResult {
  const json = resultJsonSchema.parse(data);
  const { excluded, patientPart, due } = json;
  return {
    pack: json.pack,
    packVersion: json.packVersion,
    visitId: json.visitId,
    totalFen: fenFromYuanText(json.total),
    eligibleFen: fenFromYuanText(json.eligible),
    excluded: {
      classCFen: fenFromYuanText(excluded.classC),
      classBFirstSelfPayFen: fenFromYuanText(excluded.classBFirstSelfPay),
      aboveCeilingFen: fenFromYuanText(excluded.aboveCeiling),
    },
    shares: json.shares.map(shareFromJson),
    patientPaysFen: fenFromYuanText(json.patientPays),
    patientPart: {
      withinCatalogueFen: fenFromYuanText(patientPart.withinCatalogue),
      outsideCatalogueFen: fenFromYuanText(patientPart.outsideCatalogue),
    },
    hospitalBearsFen: fenFromYuanText(json.hospitalBears),
    deductibleFen: fenFromYuanText(json.deductible),
    ratios: {
      actual: ratioFromText(json.ratios.actual),
      inScope: ratioFromText(json.ratios.inScope),
    },
    due: {
      depositFen: fenFromYuanText(due.deposit),
      toCollectFen: fenFromYuanText(due.toCollect),
      toRefundFen: fenFromYuanText(due.toRefund),
    },
    yearToDate: json.yearToDate,
    trace: json.trace.map(traceNodeFromJson),
    warnings: json.warnings.map(warningFromJson),
  };
}

function shareToJson({ step, payer, destination, amountFen }: Share): ResultJson['shares'][number] {
  const share = { step, payer, amount: yuanTextFromFen(amountFen) };
  return destination === payer ? share : { ...share, destination };
}

function shareFromJson(json: ResultJson['shares'][number]): Share {
  return {
    step: json.step,
    payer: json.payer,
    destination: json.destination ?? json.payer,
    amountFen: fenFromYuanText(json.amount),
  };
}

function traceNodeToJson(node: TraceNode): ResultJson['trace'][number] {
  return {
    id: node.id,
    parent: node.parent,
    step: node.step,
    rule: node.rule,
    rounding: node.rounding,
    assumed: node.assumed,
    text: node.text,
    ...(node.formula === undefined ? {} : { formula: node.formula }),
    source: node.source,
    inputs: { ...node.inputs },
    adds: node.adds.map(({ to, amountFen }) => ({ to, amount: yuanTextFromFen(amountFen) })),
  };
}

function traceNodeFromJson(json: ResultJson['trace'][number]): TraceNode {
  const { formula, adds, ...same } = json;
  return {
    ...same,
    ...(formula === undefined ? {} : { formula }),
    adds: adds.map(({ to, amount: text }) => ({ to, amountFen: fenFromYuanText(text) })),
  };
}

function warningFromJson({ code, text, place }: ResultJson['warnings'][number]): Warning {
  return place === undefined ? { code, text } : { code, text, place };
}

/** A ratio in ten-thousandths as text: 9089 is `"0.9089"`. */
function ratioText(ratioTenThousandths: number): string {
  const digits = String(Math.abs(ratioTenThousandths)).padStart(5, '0');
  return `${ratioTenThousandths < 0 ? '-' : ''}${digits.slice(0, -4)}.${digits.slice(-4)}`;
}

function ratioFromText(text: string): number {
  return Number(text.replace('.', ''));
}
