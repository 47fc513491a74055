import { z } from 'zod';

import { shareBases } from '../domain/settlement-result.ts';
import { hospitalLevels, tenderKinds } from '../domain/visit.ts';
import {
  contract,
  daySchema,
  fenSchema,
  idSchema,
  instantSchema,
  maskedNumberSchema,
  refusalSchema,
  warningSchema,
  wordsSchema,
} from './contract.ts';
import { printJobSchema } from './documents.ts';
import { consentCodes, consentSchema } from './second-person.ts';

const stepInFullSchema = z.strictObject({
  baseFen: fenSchema,
  deductibleFen: fenSchema,
  paidFen: fenSchema,
  selfPayFen: fenSchema,
});

export const yearToDateSchema = z.strictObject({
  year: z.int(),
  asOf: daySchema,
  includesVisits: z.array(z.string()),
  admissions: z.int(),
  deductiblePaidFen: fenSchema,
  eligibleFen: fenSchema,
  paidFen: z.record(z.string(), fenSchema),
  byStep: z.record(z.string(), z.union([stepInFullSchema, z.strictObject({ paidFen: fenSchema })])),
  totalFen: fenSchema.exactOptional(),
  selfPayFen: fenSchema,
  eligibleSelfPayFen: fenSchema,
  levels: z.array(z.enum(hospitalLevels)),
});

/** An exact fraction in lowest terms. */
const rateSchema = z.strictObject({ numerator: z.int(), denominator: z.int() });

export const traceNodeSchema = z.strictObject({
  id: z.string(),
  parent: z.string().nullable(),
  step: z.string().nullable(),
  name: wordsSchema.exactOptional(),
  rule: z.string(),
  rounding: z.string().nullable(),
  assumed: z.boolean(),
  text: wordsSchema,
  formula: z.string().exactOptional(),
  base: z
    .strictObject({ kind: z.enum(shareBases), name: wordsSchema, amountFen: fenSchema })
    .exactOptional(),
  rate: rateSchema.exactOptional(),
  parts: z
    .array(
      z.strictObject({
        of: z.enum(['band', 'class-a', 'class-b']),
        amountFen: fenSchema,
        rate: rateSchema,
      }),
    )
    .exactOptional(),
  limit: z
    .discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('ceiling'), name: wordsSchema, amountFen: fenSchema }),
      z.strictObject({ kind: z.literal('left'), amountFen: fenSchema }),
    ])
    .exactOptional(),
  roundedTo: z.enum(['jiao', 'yuan', 'ten-yuan']).exactOptional(),
  source: z
    .strictObject({
      document: z.string(),
      documentEn: z.string().exactOptional(),
      article: z.string(),
      articleEn: z.string().exactOptional(),
    })
    .nullable(),
  assumption: wordsSchema.exactOptional(),
  inputs: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
  adds: z.array(z.strictObject({ to: z.string(), amountFen: fenSchema })),
});

/** What the parts of a stay came to so far. */
const earlierPartsSchema = z.strictObject({
  parts: z.int(),
  totalFen: fenSchema.exactOptional(),
  eligibleFen: fenSchema.exactOptional(),
  deductiblePaidFen: fenSchema,
  patientPaysFen: fenSchema.exactOptional(),
  hospitalBearsFen: fenSchema.exactOptional(),
  byStep: z.record(z.string(), stepInFullSchema).exactOptional(),
});

/** The engine's decision, in fen (shared/domain/settlement-result.ts). */
export const settlementResultSchema = z.strictObject({
  pack: z.string(),
  packVersion: z.string(),
  visitId: z.string(),
  totalFen: fenSchema,
  eligibleFen: fenSchema,
  excluded: z.strictObject({
    classCFen: fenSchema,
    classBFirstSelfPayFen: fenSchema,
    aboveCeilingFen: fenSchema,
  }),
  shares: z.array(
    z.strictObject({
      step: z.string(),
      payer: z.string(),
      destination: z.string(),
      name: wordsSchema,
      amountFen: fenSchema,
      base: z.enum(shareBases).exactOptional(),
      rate: rateSchema.exactOptional(),
      limit: z
        .discriminatedUnion('kind', [
          z.strictObject({ kind: z.literal('ceiling'), name: wordsSchema }),
          z.strictObject({ kind: z.literal('left') }),
        ])
        .exactOptional(),
      assumed: z.boolean(),
      assumption: wordsSchema.exactOptional(),
    }),
  ),
  patientPaysFen: fenSchema,
  patientPart: z.strictObject({ withinCatalogueFen: fenSchema, outsideCatalogueFen: fenSchema }),
  hospitalBearsFen: fenSchema,
  hospitalGainsFen: fenSchema.exactOptional(),
  deductibleFen: fenSchema,
  ratios: z.strictObject({ actual: z.int(), inScope: z.int() }),
  due: z.strictObject({ depositFen: fenSchema, toCollectFen: fenSchema, toRefundFen: fenSchema }),
  yearToDate: yearToDateSchema,
  earlierParts: earlierPartsSchema.exactOptional(),
  trace: z.array(traceNodeSchema),
  warnings: z.array(warningSchema),
});

export const tenderSchema = z.strictObject({ kind: z.enum(tenderKinds), amountFen: fenSchema });

/** A settlement that stands, with its paper. */
export const settlementViewSchema = z.strictObject({
  settlementId: idSchema,
  number: z.string(),
  visitId: idSchema,
  state: z.enum(['settled', 'cancelled']),
  settledAt: instantSchema,
  settledBy: z.string(),
  businessDate: daySchema,
  tenders: z.array(tenderSchema),
  printJobs: z.array(printJobSchema),
  result: settlementResultSchema,
});
export type SettlementView = z.infer<typeof settlementViewSchema>;

/** Everything the middle and the right of the desk show of one visit before confirming. */
export const visitPreviewSchema = z.strictObject({
  visit: z.strictObject({
    visitId: idSchema,
    kind: z.enum(['inpatient', 'outpatient']),
    admittedOn: daySchema,
    dischargedOn: daySchema,
    days: z.int(),
    hospitalName: z.string(),
    hospitalLevel: z.enum(hospitalLevels),
    department: z.string().nullable(),
    bed: z.string().nullable(),
    admissionNumber: z.string().nullable(),
    diagnoses: z.array(
      z.strictObject({ code: z.string(), name: z.string(), principal: z.boolean() }),
    ),
    blockers: z.array(z.strictObject({ code: z.string(), text: z.string() })),
  }),
  person: z.strictObject({
    maskedName: z.string(),
    maskedIdNumber: maskedNumberSchema,
    sex: z.enum(['male', 'female']),
    age: z.int(),
    insurance: z.enum(['resident', 'employee', 'none']),
    categories: z.array(z.string()),
    insuredPlace: z.string(),
    /** Where the number says something else than the ward. */
    warnings: z.array(warningSchema),
  }),
  bill: z.strictObject({
    version: z.int(),
    /** When the hospital's system sent it. */
    receivedAt: instantSchema,
    lineCount: z.int(),
    categories: z.array(
      z.strictObject({ category: z.string(), totalFen: fenSchema, lineCount: z.int() }),
    ),
  }),
  pack: z.strictObject({
    id: z.string(),
    version: z.string(),
    name: wordsSchema,
  }),
  /** Why a pack does not pay: the person is not covered by any of ours, and everything is self-pay. */
  notCovered: refusalSchema.nullable(),
  result: settlementResultSchema,
  /** null: it may be confirmed; else why not, and what to do. */
  confirmRefusal: refusalSchema.nullable(),
  /** Set when the visit is settled already: shown instead of the confirm button. */
  settlement: settlementViewSchema.nullable(),
  /** The hospital offers to lock the account while it is checked, and it is to be locked. */
  locksAccount: z.literal(true).exactOptional(),
  previewedInMs: z.number(),
});
export type VisitPreview = z.infer<typeof visitPreviewSchema>;

const deskRoles = ['cashier', 'supervisor'] as const;

/** Why it cannot be said who pays a visit. */
const previewCodes = [
  'visit-unknown',
  'no-pack',
  'several-packs',
  'year-contradicts-itself',
  'rate-too-fine',
  'classes-unknown',
  'received-figures-differ',
  'received-share-above-bill',
  'received-amount-negative',
] as const;

/** What would be settled now. Reads only; nothing is kept. */
export const previewVisit = contract({
  name: 'settlement:preview',
  roles: [...deskRoles, 'it-clerk', 'auditor', 'policy-officer'],
  input: z.strictObject({ visitId: idSchema }),
  output: visitPreviewSchema,
  refusals: [...previewCodes],
});

/**
 * Settles for good what the cashier saw: a bill or an amount that changed meanwhile is refused as
 * `preview-outdated`. Settling the same visit again answers with the same settlement.
 */
export const settleVisit = contract({
  name: 'settlement:settle-visit',
  roles: deskRoles,
  input: z.strictObject({
    visitId: idSchema,
    billVersion: z.int(),
    patientPaysFen: fenSchema,
    /** Empty: cash for exactly what is due. */
    tenders: z.array(tenderSchema).max(10),
    /** The cashier has seen that the hospital's account is not locked, and why. */
    despiteAccount: z.literal(true).exactOptional(),
  }),
  output: z.strictObject({
    already: z.boolean(),
    settlement: settlementViewSchema,
  }),
  refusals: [
    ...previewCodes,
    'visit-not-ready',
    'identity-question-open',
    'claim-incomplete',
    'rows-changed',
    'preview-outdated',
    'tender-mismatch',
    'trainee-limit',
    'trainee-no-refund',
    'pack-differs',
    'payer-figures-differ',
    'business-date-doubtful',
    'day-closed',
    'account-not-locked',
  ],
});

/**
 * A supervisor says that the machine's date is right although it lies before the last business date or far after
 * it. Approved is the date that was on the screen, so that a clock which moved meanwhile is refused.
 */
export const approveBusinessDate = contract({
  name: 'settlement:approve-business-date',
  roles: deskRoles,
  input: z.strictObject({ businessDate: daySchema, ...consentSchema.shape }),
  output: z.strictObject({
    businessDate: daySchema,
    last: daySchema.nullable(),
    already: z.boolean(),
  }),
  refusals: ['business-date-moved', ...consentCodes],
});

/**
 * Undoes a settlement exactly, with a second person: counters, claims and sheets that were not printed. Money that went over
 * the counter goes back over it. Cancelling again answers with the same cancellation.
 */
export const cancelSettlement = contract({
  name: 'settlement:cancel',
  roles: deskRoles,
  input: z.strictObject({
    settlementId: idSchema,
    reason: z.string().max(200),
    ...consentSchema.shape,
  }),
  output: z.strictObject({
    already: z.boolean(),
    /** What the patient had paid and is given back, fen by way of paying; negative: a refund that is taken back. */
    tendersBack: z.array(tenderSchema),
    claimsWithdrawn: z.int(),
    /** The bill that came after settlement is the one that stands now. */
    hasNewerBill: z.boolean(),
    /** Settlements of the same person's year that would come out otherwise now; none of them was changed. */
    later: z.array(
      z.strictObject({
        number: z.string(),
        wasPatientPaysFen: fenSchema,
        /** null: it cannot be decided again, and `because` says why. */
        wouldBePatientPaysFen: fenSchema.nullable(),
        because: wordsSchema.nullable(),
      }),
    ),
    warnings: z.array(warningSchema),
  }),
  refusals: [
    'settlement-not-found',
    'reason-missing',
    'trainee-no-refund',
    'claim-already-sent',
    'outcome-unknown',
    'business-date-doubtful',
    'day-closed',
    ...consentCodes,
  ],
});

export const showSettlement = contract({
  name: 'settlement:show',
  roles: [...deskRoles, 'it-clerk', 'auditor'],
  input: z.strictObject({ settlementId: idSchema }),
  output: settlementViewSchema,
  refusals: ['settlement-not-found'],
});
