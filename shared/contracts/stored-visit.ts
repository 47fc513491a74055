import { z } from 'zod';
import type { Person, SettlementInput, YearToDate } from '../domain/person.ts';
import {
  settlementInputShape,
  visitAndPersonShape,
  type VisitJson,
} from '../domain/shapes/input-shape.ts';
import { yearToDateShape, type YearToDateJson } from '../domain/shapes/person-shape.ts';
import { withoutLimits } from '../domain/shapes/without-limits.ts';
import type { Visit } from '../domain/visit.ts';
import { compiledOnce } from './compiled-once.ts';

/**
 * Visits, persons and years as we store them ourselves: the JSON of the contract, read back without any check
 * of intake. Each `decode…` throws where the text has another form (a field it does not know, a value of
 * another type or outside a closed list, an amount that is none); each `encode…` writes what `decode…` reads
 * back as it was.
 */

const input = compiledOnce(withoutLimits(settlementInputShape));
const visitAndPerson = compiledOnce(withoutLimits(visitAndPersonShape));
const year = compiledOnce(withoutLimits(yearToDateShape));

type VisitAndPerson = { readonly visit: Visit; readonly person: Person };

/** What a settlement was decided on, from what `encodeSettlementInput` wrote. */
export function decodeSettlementInput(json: unknown): SettlementInput {
  return input().parse(json);
}

/** The Visit JSON of an input, so that a settlement can keep exactly what it was decided on. */
export function encodeSettlementInput(decidedOn: SettlementInput): VisitJson {
  return z.encode(input(), decidedOn);
}

/** The visit and person of a bill, from what `encodeVisitAndPerson` wrote. */
export function decodeVisitAndPerson(json: unknown): VisitAndPerson {
  return visitAndPerson().parse(json);
}

/** A bill and whose it is: the Visit JSON without the year. */
export function encodeVisitAndPerson(bill: VisitAndPerson): Pick<VisitJson, 'visit' | 'person'> {
  return z.encode(visitAndPerson(), { visit: bill.visit, person: bill.person });
}

/** The year's counters, from what `encodeYearToDate` wrote. */
export function decodeYearToDate(json: unknown): YearToDate {
  return year().parse(json);
}

/** The year's counters as the contract writes them. */
export function encodeYearToDate(counters: YearToDate): YearToDateJson {
  return z.encode(year(), counters);
}
