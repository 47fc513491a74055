import { z } from 'zod';

import { recordIn, type StoredKind } from './stored-kind.ts';

const opening = z.object({
  asOf: z.string(),
  source: z.string(),
  /** As it was stored, with the version of that text. */
  text: z.string(),
  version: z.int(),
});

/** How a year of somebody opened, as its row has it. */
export type OpeningAsStored = Readonly<z.infer<typeof opening>>;

const moved = z.object({
  /** The row of the one who had the number; null: nobody had it. */
  personId: z.string().nullable(),
  /** Visits that were moved. */
  visits: z.array(z.string()),
  /** Years whose opening became another one: how they opened before, and by whose statement they do since. */
  openings: z.array(
    z.object({
      year: z.int(),
      before: opening.nullable(),
      now: z.object({ asOf: z.string(), source: z.string() }),
    }),
  ),
});

/** What was moved when a number was linked to a person. */
export type Moved = Readonly<z.infer<typeof moved>>;

/**
 * What was moved with a number.
 *
 * - 0: nothing was ever moved.
 * - 1: years are kept with how they opened before.
 */
export const movedDocument: StoredKind<Moved> = {
  id: 'moved-with-number',
  name: { zh: '关联号码时并入的内容', en: 'what was moved with a number' },
  newest: 1,
  steps: [(json) => ({ ...recordIn(json), openings: [] })],
  decode: (json) => moved.parse(json),
};

export const nothingMoved: Moved = { personId: null, visits: [], openings: [] };
