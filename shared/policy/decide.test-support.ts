import type { SettlementInput, YearToDate } from '../domain/person.ts';
import type { SettlementResult } from '../domain/settlement-result.ts';
import type { ChargeLine, Visit } from '../domain/visit.ts';
import { fen } from '../money/fen.ts';
import { freshYear } from './rules/advance-year.ts';
import { plainInput } from './visits.test-support.ts';

export const source = { document: 'a-notice', article: '1' };
export const words = (text: string) => ({ zh: text, en: text });
export const fenHalfUp = { unit: 'fen', mode: 'half-up' } as const;

export function withVisit(input: SettlementInput, visit: Partial<Visit>): SettlementInput {
  return { ...input, visit: { ...input.visit, ...visit } };
}

export function withYear(input: SettlementInput, year: Partial<YearToDate>): SettlementInput {
  return { ...input, yearToDate: { ...freshYear({ year: 'discharge' }, input), ...year } };
}

export function sharesOf(result: SettlementResult): Record<string, number> {
  return Object.fromEntries(result.shares.map(({ step, amountFen }) => [step, amountFen]));
}

/** The rule code a step paid by, or its reason for nothing. */
export const ruleOf = ({ trace }: SettlementResult, step: string) =>
  trace.find(({ id }) => id === `${step}.pays`)?.rule;

export const zhOf = ({ trace }: SettlementResult, id: string) =>
  trace.find((node) => node.id === id)?.text.zh;

export function billOf(totals: {
  readonly totalFen: number;
  readonly eligibleFen: number;
}): Visit['bill'] {
  return {
    kind: 'totals',
    totals: {
      totalFen: fen(totals.totalFen),
      eligibleFen: fen(totals.eligibleFen),
      classBFirstSelfPayFen: fen(0),
      classCFen: fen(totals.totalFen - totals.eligibleFen),
      aboveCeilingFen: fen(0),
    },
  };
}

export function line(
  number: number,
  code: string,
  category: ChargeLine['category'],
  catalogueClass: ChargeLine['catalogueClass'],
  amount: number,
): ChargeLine {
  return {
    line: number,
    code,
    name: code,
    category,
    catalogueClass,
    firstSelfPayRatio: { numerator: 0, denominator: 1 },
    priceCeiling: null,
    unit: '次',
    quantity: amount < 0 ? '-1' : '1',
    unitPrice: (Math.abs(amount) / 100).toFixed(2),
    amountFen: fen(amount),
    on: '2017-11-12',
  };
}

export function withCharges(charges: readonly ChargeLine[]): SettlementInput {
  return withVisit(plainInput(1), { bill: { kind: 'charges', charges } });
}
