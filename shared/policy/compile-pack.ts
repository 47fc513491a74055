import { hospitalLevels, type HospitalLevel } from '../domain/visit.ts';
import type { Words } from '../domain/result.ts';
import type { Fen } from '../money/fen.ts';
import { rateFromPercentText, type Rate } from '../money/rate.ts';
import { fenFromYuanText } from '../money/yuan-text.ts';
import type {
  CompiledPack,
  CompiledRate,
  CompiledStep,
  Grounds,
  LevelFigure,
} from './compiled-pack.ts';
import type { PackDocument, PackParameter, PackStep } from './pack-schema.ts';

/**
 * Makes a pack ready for many visits. The document has passed `readPackDocument`; a reference that does
 * not resolve is a broken promise and throws.
 */
export function compilePack(document: PackDocument): CompiledPack {
  const destinations = new Map(document.payers.map(({ id, destination }) => [id, destination]));
  const steps = document.steps.map((step, index) =>
    compileStep(
      document,
      step,
      document.steps.slice(0, index),
      step.destination ?? destinations.get(step.payer) ?? step.payer,
    ),
  );
  return {
    id: document.id,
    version: document.version,
    locality: document.locality,
    scheme: document.scheme,
    inForceFrom: document.inForceFrom,
    inForceUntil: document.inForceUntil,
    decidingDay: document.decidingDay,
    appliesTo: document.appliesTo,
    payers: [...new Set(steps.map(({ payer }) => payer))],
    steps,
    sourceTitles: Object.fromEntries(document.sources.map(({ id, title }) => [id, title])),
    document,
  };
}

function compileStep(
  document: PackDocument,
  step: PackStep,
  before: readonly PackStep[],
  destination: string,
): CompiledStep {
  const parameter = (key: string) => found(document.parameters[key], key);
  const rate = compileRate(parameter(step.rate));
  const deductible =
    step.deductible === undefined
      ? null
      : { per: step.deductible.per, figure: amountByLevel(parameter(step.deductible.parameter)) };
  const ceiling = (key: string | undefined) =>
    key === undefined ? null : amountByLevel(parameter(key));
  const ceilingPerVisit = ceiling(step.ceilingPerVisit);
  const ceilingPerYear = ceiling(step.ceilingPerYear);
  const diseases =
    step.diseases === undefined
      ? null
      : found(document.diseaseLists?.[step.diseases], step.diseases);
  const figures = [
    rate.kind === 'rate' ? rate.figure : rate,
    ...(deductible === null ? [] : [deductible.figure]),
    ...(ceilingPerVisit === null ? [] : [ceilingPerVisit]),
    ...(ceilingPerYear === null ? [] : [ceilingPerYear]),
  ];
  return {
    id: step.id,
    name: step.name,
    payer: step.payer,
    destination,
    base: step.base,
    deductible,
    rate,
    ceilingPerVisit,
    ceilingPerYear,
    rounding: step.rounding,
    lowersFirst: step.lowersFirst ?? 'within-catalogue',
    categories: step.categories ?? null,
    hospitalLevels: step.hospitalLevels ?? null,
    diseases,
    whenZero: step.whenZero ?? null,
    source: step.source,
    assumed:
      figures.some(({ grounds }) => grounds.assumed) ||
      (step.assumptions ?? []).length > 0 ||
      diseases?.assumed === true,
    earlier: before.map(({ id, payer }) => ({ id, payer })),
  };
}

function compileRate(parameter: PackParameter): CompiledRate {
  if (parameter.unit === 'percent-bands') {
    return {
      kind: 'bands',
      name: parameter.name,
      grounds: groundsOf(parameter),
      bands: parameter.bands.map(({ above, percent }) => ({
        aboveFen: fenFromYuanText(above),
        rate: rateFromPercentText(percent),
      })),
    };
  }
  if (parameter.unit !== 'percent') throw new Error(`not a rate: ${parameter.name.en}`);
  return { kind: 'rate', figure: figureByLevel<Rate>(parameter, rateFromPercentText) };
}

function amountByLevel(parameter: PackParameter): LevelFigure<Fen> {
  if (parameter.unit !== 'yuan') throw new Error(`not an amount: ${parameter.name.en}`);
  return figureByLevel(parameter, fenFromYuanText);
}

function figureByLevel<Value>(
  parameter: Exclude<PackParameter, { unit: 'percent-bands' }>,
  read: (text: string) => Value,
): LevelFigure<Value> {
  const { value, byHospitalLevel } = parameter;
  const of = (level: HospitalLevel) => read(found(value ?? byHospitalLevel?.[level], level));
  return {
    name: parameter.name,
    grounds: groundsOf(parameter),
    byLevel: Object.fromEntries(hospitalLevels.map((level) => [level, of(level)])) as Record<
      HospitalLevel,
      Value
    >,
  };
}

function groundsOf(parameter: {
  readonly source?: { document: string; article: string } | undefined;
  readonly assumed?: true | undefined;
  readonly reason?: Words | undefined;
}): Grounds {
  return {
    source: parameter.source ?? null,
    assumed: parameter.assumed === true,
    reason: parameter.reason ?? null,
  };
}

function found<Value>(value: Value | undefined, what: string): Value {
  if (value === undefined) throw new Error(`the pack does not define ${what}`);
  return value;
}
