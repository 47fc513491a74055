import { z } from 'zod';

import { contract, daySchema, refusalSchema, wordsSchema, type Role } from './contract.ts';

/** Who decides on a policy, who approves it and who audits it; nobody else sees what it would do to whom. */
const mayReplay: readonly Role[] = ['policy-officer', 'supervisor', 'auditor'];

/** A sum of many bills in fen: it may pass what one bill may be. */
const sumSchema = z.int();

const amounts = {
  /** As the books have it. */
  settledFen: sumSchema,
  /** As the same policy comes to now. */
  beforeFen: sumSchema,
  /** Under the draft. */
  afterFen: sumSchema,
  differenceFen: sumSchema,
};
const amountsSchema = z.strictObject(amounts);
const payersSchema = z.array(z.strictObject({ payer: z.string(), name: wordsSchema, ...amounts }));

const groupSchema = z.strictObject({
  /** null: visits without any. */
  key: z.string().nullable(),
  name: wordsSchema,
  visits: z.int(),
  changed: z.int(),
  payers: payersSchema,
  patient: amountsSchema,
});
export type ReplayGroup = z.infer<typeof groupSchema>;

const personSchema = z.strictObject({
  maskedName: z.string(),
  maskedIdNumber: z.string(),
  visits: z.int(),
  beforeFen: sumSchema,
  afterFen: sumSchema,
  differenceFen: sumSchema,
});
export type ReplayedPersonRow = z.infer<typeof personSchema>;

const reportSchema = z.strictObject({
  visits: z.int(),
  persons: z.int(),
  totalFen: sumSchema,
  counts: z.strictObject({
    changed: z.int(),
    newlyCovered: z.int(),
    noLongerCovered: z.int(),
    throughTheYear: z.int(),
    otherReasons: z.int(),
    notSettled: z.int(),
    untouched: z.int(),
  }),
  payers: payersSchema,
  patient: amountsSchema,
  hospital: amountsSchema,
  gainers: z.array(personSchema),
  losers: z.array(personSchema),
  byCategory: z.array(groupSchema),
  byLevel: z.array(groupSchema),
  /** The first fifty, those that change most; all are in the workbook. */
  byDisease: z.array(groupSchema),
  /** How many visits were left out for which reason. */
  skipped: z.array(z.strictObject({ code: z.string(), visits: z.int() })),
});
export type ReplayView = z.infer<typeof reportSchema>;

const compared = { oursFen: sumSchema, theirsFen: sumSchema, differenceFen: sumSchema };

/** What the draft pays against a payer's own results. */
const shadowSchema = z.strictObject({
  visits: z.int(),
  persons: z.int(),
  agreeing: z.int(),
  payers: z.array(z.strictObject({ payer: z.string(), name: wordsSchema, ...compared })),
  steps: z.array(
    z.strictObject({
      payer: z.string(),
      payerName: wordsSchema,
      /** null: all steps of the payer together. */
      step: z.string().nullable(),
      stepName: wordsSchema,
      visits: z.int(),
      differing: z.int(),
      ...compared,
    }),
  ),
  /** The first two hundred, those that differ most; all are in the workbook. */
  differences: z.array(
    z.strictObject({
      visitId: z.string(),
      payerName: wordsSchema,
      stepName: wordsSchema,
      row: z.int().nullable(),
      line: wordsSchema.nullable(),
      source: wordsSchema.nullable(),
      ...compared,
    }),
  ),
  counts: z.strictObject({ differences: z.int(), unknown: z.int(), onlyHere: z.int() }),
  /** The first twenty rows of visits that are not stored here in the period. */
  unknown: z.array(z.strictObject({ row: z.int(), visitId: z.string(), theirsFen: sumSchema })),
  /** The first twenty visits that the file does not name. */
  onlyHere: z.array(z.string()),
  skipped: z.array(z.strictObject({ code: z.string(), visits: z.int() })),
});
export type ShadowView = z.infer<typeof shadowSchema>;

/** A pack as a page shows it, or a draft in a folder. */
const askedSchema = z.strictObject({
  /** `ID@VERSION`, or the folder of a draft on this machine. */
  pack: z.string().trim().min(1).max(500),
  from: daySchema,
  /** Included. */
  until: daySchema,
  /** So many persons; null: everyone. */
  sample: z.int().min(1).max(9_999_999).nullable(),
  withUnsettled: z.boolean(),
  /** A file of a payer's own results on this machine: then it is a shadow run. */
  results: z.string().trim().min(1).max(500).nullable(),
});

const orderSchema = z.strictObject({
  pack: z.string(),
  packVersion: z.string(),
  from: daySchema,
  until: daySchema,
  sample: z.int().nullable(),
  withUnsettled: z.boolean(),
});

const stateSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('none') }),
  z.strictObject({
    kind: z.literal('under-way'),
    order: orderSchema,
    isStopping: z.boolean(),
    progress: z.strictObject({ persons: z.int(), of: z.int(), visits: z.int() }),
  }),
  z.strictObject({ kind: z.literal('done'), order: orderSchema, report: reportSchema }),
  z.strictObject({
    kind: z.literal('compared'),
    order: orderSchema,
    results: z.string(),
    report: shadowSchema,
  }),
  z.strictObject({ kind: z.literal('refused'), order: orderSchema, refusal: refusalSchema }),
]);
export type ReplayStateView = z.infer<typeof stateSchema>;

/** Begins to settle stored visits again under a pack or a draft. Reads only; how far it is, is told on the line of events. */
export const startReplay = contract({
  name: 'replay:start',
  roles: mayReplay,
  input: askedSchema,
  output: z.strictObject({}),
  refusals: ['replay-under-way', 'unknown-pack', 'no-packs', 'pack-broken'],
});

/** What the run of this desk is at, or what it came to. */
export const replayState = contract({
  name: 'replay:state',
  roles: mayReplay,
  input: z.strictObject({}),
  output: stateSchema,
  refusals: [],
});

/** Stops the run that is under way; nothing is kept of it. */
export const stopReplay = contract({
  name: 'replay:stop',
  roles: mayReplay,
  input: z.strictObject({}),
  output: z.strictObject({}),
  refusals: [],
});

/** The last result as a workbook. */
export const exportReplay = contract({
  name: 'replay:export',
  roles: mayReplay,
  input: z.strictObject({}),
  output: z.strictObject({ fileName: z.string(), workbookBase64: z.string() }),
  refusals: ['no-replay'],
});
