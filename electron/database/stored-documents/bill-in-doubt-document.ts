import { z } from 'zod';

import type { StoredKind } from './stored-kind.ts';

const bill = z.object({
  /** The Visit JSON, with the year it brought. */
  document: z.unknown(),
  /** By what the bill is known again: of what was received, which of a table is not the document. */
  hashes: z.object({ bill: z.string(), received: z.string() }),
});

/** A bill that waits until somebody says whose it is. */
export type BillInDoubt = Readonly<z.infer<typeof bill>>;

export const billInDoubtDocument: StoredKind<BillInDoubt> = {
  id: 'bill-in-doubt',
  name: { zh: '患者待确认的账单', en: 'a bill whose patient is in doubt' },
  newest: 0,
  steps: [],
  decode: (json) => bill.parse(json),
};
