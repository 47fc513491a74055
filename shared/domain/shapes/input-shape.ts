import type { z } from 'zod';
import { fields } from './fields.ts';
import { orNull } from './leaves.ts';
import { personShape, yearToDateShape } from './person-shape.ts';
import { receivedVisitShape, visitShape } from './visit-shape.ts';

const others = { person: personShape, yearToDate: orNull(yearToDateShape) };

/** The Visit JSON of the contract as it is received, before intake has looked at its figures. */
export const receivedInputShape = fields({ visit: receivedVisitShape, ...others });
export type ReceivedInput = z.output<typeof receivedInputShape>;
export type VisitJson = z.input<typeof receivedInputShape>;

/** What `settle` and the desk decide on (contract: Visit JSON). `yearToDate: null` is a fresh year, unknown. */
export const settlementInputShape = fields({ visit: visitShape, ...others });
export type SettlementInput = z.output<typeof settlementInputShape>;

/** A bill and whose it is: what is kept of a visit until it is settled. */
export const visitAndPersonShape = fields({ visit: visitShape, person: personShape });
