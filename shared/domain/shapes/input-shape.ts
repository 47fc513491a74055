import type { z } from 'zod';
import { fields } from './fields.ts';
import { column } from './column.ts';
import { countFrom, moment, orNull } from './leaves.ts';
import { personShape, yearToDateShape } from './person-shape.ts';
import { receivedVisitShape, visitShape } from './visit-shape.ts';

const others = { person: personShape, yearToDate: orNull(yearToDateShape) };

/**
 * When the hospital's system made this bill: its own count of the visit's bills, or the time, or both. Of two bills of a visit the
 * later one counts, in whichever order they come.
 */
const sentShape = fields({
  version: column('账单版本', countFrom(0).exactOptional()),
  at: column('账单时间', moment.exactOptional()),
});

/** The Visit JSON of the contract as it is received, before intake has looked at its figures. */
export const receivedInputShape = fields({
  visit: receivedVisitShape,
  ...others,
  sent: sentShape.exactOptional(),
});
export type ReceivedInput = z.output<typeof receivedInputShape>;
export type VisitJson = z.input<typeof receivedInputShape>;

/** What `settle` and the desk decide on (contract: Visit JSON). `yearToDate: null` is a fresh year, unknown. */
export const settlementInputShape = fields({ visit: visitShape, ...others });
export type SettlementInput = z.output<typeof settlementInputShape>;

/** A bill and whose it is: what is kept of a visit until it is settled. */
export const visitAndPersonShape = fields({ visit: visitShape, person: personShape });
