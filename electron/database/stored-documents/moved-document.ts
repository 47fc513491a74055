import { z } from 'zod';

import type { StoredKind } from './stored-kind.ts';

const moved = z.object({
  /** The row of the one who had the number; null: nobody had it. */
  personId: z.string().nullable(),
  /** Visits that were moved, and years whose opening was. */
  visits: z.array(z.string()),
  openings: z.array(z.number()),
});

/** What was moved when a number was linked to a person. */
export type Moved = Readonly<z.infer<typeof moved>>;

export const movedDocument: StoredKind<Moved> = {
  id: 'moved-with-number',
  name: { zh: '关联号码时并入的内容', en: 'what was moved with a number' },
  newest: 0,
  steps: [],
  decode: (json) => moved.parse(json),
};

export const nothingMoved: Moved = { personId: null, visits: [], openings: [] };
