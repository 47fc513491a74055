import { z } from 'zod';
import {
  shareBases,
  type SettlementResult,
  type Share,
  type TraceNode,
} from '../domain/settlement-result.ts';
import type { Warning } from '../domain/result.ts';
import type { Fen } from '../money/fen.ts';
import { exactRatePattern, exactTextFromRate, rateFromExactText } from '../money/rate.ts';
import { fenFromYuanText, yuanTextFromFen, yuanTextPattern } from '../money/yuan-text.ts';
import { yearToDateShape } from '../domain/shapes/person-shape.ts';
import { withoutLimits } from '../domain/shapes/without-limits.ts';
import { encodeYearToDate } from './stored-visit.ts';

const amount = z.string().regex(yuanTextPattern);
const words = z.strictObject({ zh: z.string(), en: z.string() });
/** At least four decimals and exact: a text with two is an amount. */
const rate = z.string().regex(exactRatePattern);
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
      /** What the step is called on screen and paper. */
      name: words,
      amount,
      /** Only where another than the payer is asked. */
      destination: z.string().optional(),
      base: z.enum(shareBases).exactOptional(),
      rate: rate.exactOptional(),
      limit: z
        .discriminatedUnion('kind', [
          z.strictObject({ kind: z.literal('ceiling'), name: words }),
          z.strictObject({ kind: z.literal('left') }),
        ])
        .exactOptional(),
      assumed: z.boolean(),
      assumption: words.exactOptional(),
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
      name: words.exactOptional(),
      rule: z.string(),
      rounding: z.string().nullable(),
      assumed: z.boolean(),
      text: words,
      formula: z.string().optional(),
      base: z.strictObject({ kind: z.enum(shareBases), name: words, amount }).exactOptional(),
      rate: rate.exactOptional(),
      parts: z
        .array(z.strictObject({ of: z.enum(['band', 'class-a', 'class-b']), amount, rate }))
        .exactOptional(),
      limit: z
        .discriminatedUnion('kind', [
          z.strictObject({ kind: z.literal('ceiling'), name: words, amount }),
          z.strictObject({ kind: z.literal('left'), amount }),
        ])
        .exactOptional(),
      roundedTo: z.enum(['jiao', 'yuan', 'ten-yuan']).exactOptional(),
      source: z
        .strictObject({
          document: z.string(),
          documentEn: z.string().exactOptional(),
          article: z.string(),
          articleEn: z.string().exactOptional(),
        })
        .nullable(),
      assumption: words.exactOptional(),
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

type ShareJson = ResultJson['shares'][number];
type TraceNodeJson = ResultJson['trace'][number];

function shareToJson(share: Share): ShareJson {
  const { step, payer, destination, name, amountFen, base, rate, limit } = share;
  const { assumed, assumption } = share;
  return {
    step,
    payer,
    name,
    amount: yuanTextFromFen(amountFen),
    ...(destination === payer ? {} : { destination }),
    ...(base === undefined ? {} : { base }),
    ...(rate === undefined ? {} : { rate: exactTextFromRate(rate) }),
    ...(limit === undefined ? {} : { limit }),
    assumed,
    ...(assumption === undefined ? {} : { assumption }),
  };
}

function shareFromJson({ amount: text, destination, rate: rateText, ...same }: ShareJson): Share {
  return {
    ...same,
    destination: destination ?? same.payer,
    amountFen: fenFromYuanText(text),
    ...(rateText === undefined ? {} : { rate: rateFromExactText(rateText) }),
  };
}

function traceNodeToJson(node: TraceNode): TraceNodeJson {
  const { name, formula, base, rate, parts, limit, roundedTo, assumption } = node;
  return {
    id: node.id,
    parent: node.parent,
    step: node.step,
    ...(name === undefined ? {} : { name }),
    rule: node.rule,
    rounding: node.rounding,
    assumed: node.assumed,
    text: node.text,
    ...(formula === undefined ? {} : { formula }),
    ...(base === undefined ? {} : { base: amountToJson(base) }),
    ...(rate === undefined ? {} : { rate: exactTextFromRate(rate) }),
    ...(parts === undefined
      ? {}
      : {
          parts: parts.map(({ of, amountFen, rate: each }) => ({
            of,
            amount: yuanTextFromFen(amountFen),
            rate: exactTextFromRate(each),
          })),
        }),
    ...(limit === undefined ? {} : { limit: limitToJson(limit) }),
    ...(roundedTo === undefined ? {} : { roundedTo }),
    source: node.source,
    ...(assumption === undefined ? {} : { assumption }),
    inputs: { ...node.inputs },
    adds: node.adds.map(amountToJson),
  };
}

function traceNodeFromJson(json: TraceNodeJson): TraceNode {
  const { formula, base, rate: rateText, parts, limit, adds, ...same } = json;
  return {
    ...same,
    ...(formula === undefined ? {} : { formula }),
    ...(base === undefined ? {} : { base: amountFromJson(base) }),
    ...(rateText === undefined ? {} : { rate: rateFromExactText(rateText) }),
    ...(parts === undefined
      ? {}
      : {
          parts: parts.map(({ of, amount: text, rate: each }) => ({
            of,
            amountFen: fenFromYuanText(text),
            rate: rateFromExactText(each),
          })),
        }),
    ...(limit === undefined ? {} : { limit: limitFromJson(limit) }),
    adds: adds.map(amountFromJson),
  };
}

type Limit = NonNullable<TraceNode['limit']>;
type LimitJson = NonNullable<TraceNodeJson['limit']>;

function limitToJson(limit: Limit): LimitJson {
  return limit.kind === 'ceiling' ? amountToJson(limit) : amountToJson(limit);
}

function limitFromJson(json: LimitJson): Limit {
  return json.kind === 'ceiling' ? amountFromJson(json) : amountFromJson(json);
}

function amountToJson<Rest extends object>({
  amountFen,
  ...rest
}: Rest & { readonly amountFen: Fen }) {
  return { ...rest, amount: yuanTextFromFen(amountFen) };
}

function amountFromJson<Rest extends object>({
  amount: text,
  ...rest
}: Rest & { readonly amount: string }) {
  return { ...rest, amountFen: fenFromYuanText(text) };
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
