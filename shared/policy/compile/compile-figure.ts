import type { Words } from '../../domain/result.ts';
import type { Fen } from '../../money/fen.ts';
import { inLowestTerms, rateFromPercentText, type Rate } from '../../money/rate.ts';
import { fenFromYuanText } from '../../money/yuan-text.ts';
import { groundsOf, type StatedGrounds } from './cite.ts';
import { compileCondition, found } from './compile-condition.ts';
import type { Figure, Grounds, RateValue } from './compiled-pack.ts';
import type { PackParameter } from '../pack/pack-figures.ts';
import type { PackDocument } from '../pack/pack-schema.ts';
import type { VisitFacts } from '../facts/visit-facts.ts';

/** An amount of the pack, in fen; throws if the key names no amount. */
export function amountFigure(document: PackDocument, key: string): Figure<Fen> {
  const parameter = found(document.parameters[key], key);
  if (parameter.unit !== 'yuan') throw new Error(`not an amount: ${key}`);
  const { byYearLevels } = parameter;
  if (byYearLevels === undefined) return figure(document, parameter, fenFromYuanText);
  const amounts = mapped<string, Fen>(byYearLevels, fenFromYuanText);
  return {
    ...figure(document, { ...parameter, value: '0' }, fenFromYuanText),
    // Levels with one and the same amount (a county and its townships) are no mix.
    of: ({ level, year }) => {
      const own = amounts[level];
      const isMixed = (year?.levels ?? []).some((seen) => seen !== level && amounts[seen] !== own);
      return (isMixed ? amounts['mixed'] : own) ?? null;
    },
  };
}

/** A single rate of the pack; throws if the key names none. */
export function rateFigure(document: PackDocument, key: string): Figure<Rate> {
  const parameter = found(document.parameters[key], key);
  if (parameter.unit !== 'percent') throw new Error(`not a rate: ${key}`);
  return figure(document, parameter, rateFromPercentText);
}

/** A rate, bands or rates by catalogue class. */
export function rateValueFigure(document: PackDocument, key: string): Figure<RateValue> {
  const parameter = found(document.parameters[key], key);
  if (parameter.unit === 'yuan') throw new Error(`not a rate: ${key}`);
  if (parameter.unit === 'percent-bands') {
    return figure(document, parameter, (bands) => ({
      kind: 'bands',
      bands: bands.map(({ above, percent }) => ({
        aboveFen: fenFromYuanText(above),
        rate: rateFromPercentText(percent),
      })),
    }));
  }
  const plain = (text: string): RateValue => {
    const stated = rateFromPercentText(text);
    return { kind: 'rate', rate: stated, inLowestTerms: inLowestTerms(stated) };
  };
  const { byCatalogueClass } = parameter;
  if (byCatalogueClass === undefined) return figure(document, parameter, plain);
  const classes: RateValue = {
    kind: 'classes',
    classA: rateFromPercentText(byCatalogueClass.A),
    classB: rateFromPercentText(byCatalogueClass.B),
  };
  return { ...figure(document, { ...parameter, value: '0' }, plain), of: () => classes };
}

type Stated<Text> = {
  readonly name: Words;
  readonly value?: Text | undefined;
  readonly byHospitalLevel?: Readonly<Partial<Record<string, Text>>> | undefined;
  readonly byHospitalGrade?: Readonly<Partial<Record<string, Text>>> | undefined;
  readonly except?: NonNullable<PackParameter['except']> | undefined;
} & StatedGrounds;

function figure<Text, Value>(
  document: PackDocument,
  parameter: Stated<Text>,
  read: (text: Text) => Value,
): Figure<Value> {
  const grounds = groundsOf(document, parameter);
  return {
    name: parameter.name,
    grounds,
    of: chooserOf(parameter, read),
    exceptions: (parameter.except ?? []).map(({ when, value, ...own }) => ({
      when: compileCondition(document, when),
      value: value === 'none' ? null : read(value as Text),
      grounds:
        own.source === undefined && own.assumed === undefined ? grounds : groundsOf(document, own),
    })),
  };
}

function chooserOf<Text, Value>(
  { name, value, byHospitalLevel, byHospitalGrade }: Stated<Text>,
  read: (text: Text) => Value,
): (facts: VisitFacts) => Value | null {
  if (byHospitalLevel !== undefined) {
    const values = mapped(byHospitalLevel, read);
    return ({ level }) => values[level] ?? null;
  }
  if (byHospitalGrade !== undefined) {
    const values = mapped(byHospitalGrade, read);
    return ({ grade }) => values[grade] ?? null;
  }
  const only = read(found(value, name.en));
  return () => only;
}

function mapped<Text, Value>(
  texts: Readonly<Partial<Record<string, Text>>>,
  read: (text: Text) => Value,
): Readonly<Partial<Record<string, Value>>> {
  return Object.fromEntries(
    Object.entries(texts).flatMap(([key, text]) => (text === undefined ? [] : [[key, read(text)]])),
  );
}

/** A figure's value for a visit and where it comes from; a null value: none stated, or no ceiling. */
export function figureFor<Value>(
  figure: Figure<Value>,
  facts: VisitFacts,
): { readonly value: Value | null; readonly grounds: Grounds } {
  for (const exception of figure.exceptions) {
    let fits = true;
    for (const part of exception.when) {
      if (!part.holds(facts)) {
        fits = false;
        break;
      }
    }
    if (fits) return exception;
  }
  return { value: figure.of(facts), grounds: figure.grounds };
}
