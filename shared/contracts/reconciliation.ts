import { z } from 'zod';

import {
  contract,
  daySchema,
  fenSchema,
  idSchema,
  instantSchema,
  wordsSchema,
  type Role,
} from './contract.ts';
import { consentCodes, consentSchema } from './second-person.ts';

/** Who reconciles and closes days, and who looks on. */
const reconciles: readonly Role[] = ['it-clerk', 'supervisor'];
const looksOn: readonly Role[] = [...reconciles, 'auditor'];

/** A sum of many claims in fen: it may pass what one bill may be. */
const sumSchema = z.int();

/** What keeps a day from being closed; `none`: it may be. */
export const closingHindrances = ['none', 'not-over', 'not-compared', 'differences'] as const;

const sideSchema = z.strictObject({ claims: z.int(), fen: sumSchema });
const openDaySchema = z.strictObject({
  businessDate: daySchema,
  open: z.int(),
  /** Explained or corrected. */
  settled: z.int(),
  oldestAt: instantSchema.nullable(),
  hindrance: z.enum(closingHindrances),
  cash: z.strictObject({ expectedFen: sumSchema, takenFen: sumSchema, returnedFen: sumSchema }),
  payers: z.array(
    z.strictObject({
      payer: z.string(),
      name: wordsSchema,
      here: sideSchema,
      /** Null: the payer has not been compared, or has no ledger to ask. */
      there: sideSchema.nullable(),
      ledger: z.enum(['asked', 'none', 'own', 'not-reached', 'not-compared']),
      problem: z.string().nullable(),
      comparedAt: instantSchema.nullable(),
      open: z.int(),
    }),
  ),
});
export type OpenDay = z.infer<typeof openDaySchema>;

const remittanceSchema = z.strictObject({
  remittanceId: idSchema,
  number: z.string(),
  payer: z.string(),
  name: wordsSchema,
  paidOn: daySchema,
  lines: z.int(),
  paidFen: fenSchema,
  takenAt: instantSchema,
  takenBy: z.string(),
  state: z.enum(['taken', 'taken-back']),
});
export type RemittanceRow = z.infer<typeof remittanceSchema>;

/** The days to be closed, the latest closed ones, and the latest remittances. */
export const reconciliationOverview = contract({
  name: 'reconciliation:overview',
  roles: looksOn,
  input: z.strictObject({}),
  output: z.strictObject({
    businessDate: daySchema,
    days: z.array(openDaySchema),
    closed: z.array(
      z.strictObject({ businessDate: daySchema, closedAt: instantSchema, closedBy: z.string() }),
    ),
    remittances: z.array(remittanceSchema),
    /** Whose remittances may be taken in. */
    payers: z.array(z.strictObject({ payer: z.string(), name: wordsSchema })),
    /** All that is open, of every day. */
    open: z.int(),
    oldestAt: instantSchema.nullable(),
  }),
  refusals: [],
});

const differenceSchema = z.strictObject({
  differenceId: idSchema,
  businessDate: daySchema,
  payer: z.string(),
  name: wordsSchema,
  class: z.string(),
  settlementNumber: z.string().nullable(),
  maskedName: z.string().nullable(),
  /** The message id, or what the payer named. */
  reference: z.string(),
  step: z.string().nullable(),
  oursFen: fenSchema.nullable(),
  theirsFen: fenSchema.nullable(),
  claimState: z.string().nullable(),
  said: z.string().nullable(),
  openedAt: instantSchema,
  state: z.enum(['open', 'explained', 'corrected', 'gone']),
  closedAt: instantSchema.nullable(),
  closedBy: z.string().nullable(),
  reason: z.string().nullable(),
  /** It is a line of a remittance, which may be booked after all. */
  isRemittanceLine: z.boolean(),
});
export type DifferenceRow = z.infer<typeof differenceSchema>;

/** The differences of a day, some at a time; `after` is the last one of those before. */
export const listDifferences = contract({
  name: 'reconciliation:differences',
  roles: looksOn,
  input: z.strictObject({
    businessDate: daySchema,
    isOpen: z.boolean(),
    after: idSchema.exactOptional(),
  }),
  output: z.strictObject({ differences: z.array(differenceSchema), hasMore: z.boolean() }),
  refusals: [],
});

/** Compares a day with each payer that can be asked, and with the cash. */
export const reconcileDay = contract({
  name: 'reconciliation:reconcile',
  roles: reconciles,
  input: z.strictObject({ businessDate: daySchema }),
  output: z.strictObject({ open: z.int() }),
  refusals: ['busy', 'day-closed', 'payers-url-wrong', 'payers-url-plain'],
});

const decision = { differenceId: idSchema, reason: z.string().max(200) };
const decisionCodes = [
  'difference-unknown',
  'difference-closed',
  'difference-reason-missing',
  'day-closed',
] as const;
const decided = z.strictObject({ state: z.enum(['explained', 'corrected']) });

/** Says why a difference is as it is. */
export const explainDifference = contract({
  name: 'reconciliation:explain',
  roles: reconciles,
  input: z.strictObject(decision),
  output: decided,
  refusals: decisionCodes,
});

/** Books a line of a remittance that was put aside. */
export const bookRemittanceLine = contract({
  name: 'reconciliation:book-line',
  roles: reconciles,
  input: z.strictObject(decision),
  output: decided,
  refusals: [...decisionCodes, 'line-not-bookable'],
});

/** Closes a day for good; takes a second person. */
export const closeDay = contract({
  name: 'reconciliation:close-day',
  roles: reconciles,
  input: z.strictObject({ businessDate: daySchema, consent: consentSchema }),
  output: z.strictObject({ closedAt: instantSchema }),
  refusals: [
    'day-closed',
    'day-not-over',
    'day-not-compared',
    'day-has-differences',
    ...consentCodes,
  ],
});

/** A call carries 64 KB: a file comes in parts of this many characters of base64. */
export const remittancePartMax = 60_000;

/** Takes in a payer's file that was dropped on the page, part after part; what comes of it is said with the last one. */
export const takeInRemittance = contract({
  name: 'reconciliation:remit',
  roles: reconciles,
  input: z.strictObject({
    payer: idSchema,
    file: z.string().min(1).max(300),
    part: z.base64().max(remittancePartMax),
    isFirst: z.boolean(),
    isLast: z.boolean(),
  }),
  output: z.strictObject({
    /** Null: more is to come. */
    taken: z
      .strictObject({
        already: z.boolean(),
        number: z.string(),
        paidFen: fenSchema,
        lines: z.int(),
        paid: z.int(),
        shortPaid: z.int(),
        denied: z.int(),
        /** Lines that fit no claim: each is a difference. */
        inDoubt: z.int(),
      })
      .nullable(),
  }),
  refusals: [
    'payer-never-claimed-from',
    'remittance-refused',
    'remittance-number-used',
    'remittance-broken-off',
    'day-closed',
  ],
});

/** Takes a remittance back; takes a second person. */
export const takeBackRemittance = contract({
  name: 'reconciliation:take-back',
  roles: reconciles,
  input: z.strictObject({
    remittanceId: idSchema,
    reason: z.string().max(200),
    consent: consentSchema,
  }),
  output: z.strictObject({ claims: z.int() }),
  refusals: [
    'remittance-unknown',
    'remittance-taken-back',
    'difference-reason-missing',
    'day-closed',
    ...consentCodes,
  ],
});
