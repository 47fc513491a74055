import { z } from 'zod';

import {
  contract,
  daySchema,
  fenSchema,
  idSchema,
  instantSchema,
  maskedNumberSchema,
  refusalSchema,
  roles,
  wordsSchema,
} from './contract.ts';
import { printJobSchema } from './documents.ts';

/** A device as the state bar shows it: an icon by `state`, words, and what to do when it is not ready. */
export const deviceStateSchema = z.strictObject({
  state: z.enum(['ready', 'working', 'warning', 'gone', 'not-configured']),
  code: z.string(),
  words: wordsSchema,
  remedy: wordsSchema.nullable(),
});
export type DeviceState = z.infer<typeof deviceStateSchema>;

/** The state of the world along the bottom of every page. */
export const deskStateSchema = z.strictObject({
  folder: z.strictObject({ kind: z.enum(['demo', 'live']), name: z.string() }),
  /** Why nothing may be settled, printed or taken in now; null: everything may. */
  readingOnly: z
    .strictObject({ code: z.string(), words: wordsSchema, remedy: wordsSchema.nullable() })
    .nullable(),
  /** When the last backup was made and verified; null: there is none. */
  lastBackupAt: instantSchema.nullable(),
  /** When a second copy of the key was last checked; null: never. */
  keyCopyCheckedAt: instantSchema.nullable(),
  /** Since when the program's log is not written (a full disk); null: it is. The program works on without it. */
  logUnwrittenSince: z.string().nullable(),
  /** What lets others at the data or lets them read it on the way, each until it is put right. */
  cautions: z.array(z.strictObject({ code: z.string(), words: wordsSchema, remedy: wordsSchema })),
  businessDate: daySchema,
  businessDateIsFixed: z.boolean(),
  hospital: z.strictObject({ code: z.string(), name: z.string() }),
  operator: z.strictObject({ id: z.string(), name: z.string(), role: z.enum(roles) }),
  reader: deviceStateSchema,
  printer: deviceStateSchema,
  /** Claims not yet accepted: how many wait, since when the oldest, how many need a person. */
  outbox: z.strictObject({
    waiting: z.int(),
    oldestAt: instantSchema.nullable(),
    rejected: z.int(),
    unknown: z.int(),
  }),
  /** Where everything is kept once more; null: the folder has no such place. */
  secondPlace: z
    .strictObject({
      /** What is not there yet: how many rows, and since when the oldest waits. */
      waiting: z.int(),
      oldestAt: instantSchema.nullable(),
      /** What is wrong and what to do; null: nothing is. */
      problem: z
        .strictObject({ code: z.string(), words: wordsSchema, remedy: wordsSchema })
        .nullable(),
      /** It is on the disk of the data itself, which it should not be. */
      sameDisk: z.boolean(),
      /** When the last copy of everything was made. */
      baseAt: instantSchema.nullable(),
    })
    .nullable(),
  /** Things a person must look at, each of them until it is dealt with. */
  attention: z.strictObject({
    unknownPrints: z.array(printJobSchema),
    setAsideBills: z.int(),
    intakeRefusals: z.int(),
  }),
});
export type DeskState = z.infer<typeof deskStateSchema>;

/** One line of the queue 出院未结算, or of what the finder found. Names are masked before they leave. */
export const visitRowSchema = z.strictObject({
  visitId: idSchema,
  maskedName: z.string(),
  maskedIdNumber: maskedNumberSchema,
  sex: z.enum(['male', 'female']),
  age: z.int(),
  kind: z.enum(['inpatient', 'outpatient']),
  bed: z.string().nullable(),
  department: z.string().nullable(),
  admissionNumber: z.string().nullable(),
  admittedOn: daySchema,
  dischargedOn: daySchema,
  totalFen: fenSchema,
  state: z.enum(['unsettled', 'settled']),
  settlementId: idSchema.nullable(),
  blockerCount: z.int(),
  receivedAt: instantSchema,
  /** A different bill came after settlement and waits for a person. */
  changedAfterSettlement: z.boolean(),
});
export type VisitRow = z.infer<typeof visitRowSchema>;

/** What the cashier answers before a visit opens by this card: is it this person? */
export const identityQuestionSchema = z.strictObject({
  visitId: idSchema,
  code: z.enum([
    'name-differs',
    'birth-date-differs',
    'sex-differs',
    'number-differs',
    'newborn-on-card',
  ]),
  text: wordsSchema,
});
export type IdentityQuestionView = z.infer<typeof identityQuestionSchema>;

/** Whose card is on the plate, and the visits that are theirs. `sequence` counts the reads of this desk. */
export const cardOnPlateSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('no-card'), sequence: z.int() }),
  z.strictObject({ kind: z.literal('refused'), sequence: z.int(), refusal: refusalSchema }),
  /** A number of our own was scanned from a slip or a wristband. */
  z.strictObject({ kind: z.literal('own-visit'), sequence: z.int(), visitId: idSchema }),
  z.strictObject({
    kind: z.literal('person'),
    sequence: z.int(),
    card: z.enum(['social-security', 'resident-id', 'preferential', 'e-voucher', 'typed']),
    readAt: instantSchema,
    elapsedMs: z.int(),
    maskedName: z.string(),
    maskedIdNumber: maskedNumberSchema,
    unsettled: z.array(visitRowSchema),
    settled: z.array(visitRowSchema),
    questions: z.array(identityQuestionSchema),
    warnings: z.array(z.strictObject({ code: z.string(), text: wordsSchema })),
  }),
]);
export type CardOnPlate = z.infer<typeof cardOnPlateSchema>;

const deskRoles = ['cashier', 'supervisor'] as const;

/** Who sees the queue and bills, masked: also who looks after the machines, and who audits. */
const lookingRoles = [...deskRoles, 'it-clerk', 'auditor'] as const;

export const deskState = contract({
  name: 'desk:state',
  roles,
  input: z.strictObject({}),
  output: deskStateSchema,
  refusals: [],
});

/** The queue, oldest discharge first, whatever the date; a page at a time. */
export const listUnsettledVisits = contract({
  name: 'visits:list-unsettled',
  roles: lookingRoles,
  input: z.strictObject({ after: z.string().max(200).nullable(), limit: z.int().min(1).max(200) }),
  output: z.strictObject({
    visits: z.array(visitRowSchema),
    total: z.int(),
    next: z.string().nullable(),
  }),
  refusals: [],
});

/**
 * Finds by name, pinyin or initials by any reading, department and bed, or by a number or a part of one: of the visit, the
 * admission, the document.
 */
export const findVisits = contract({
  name: 'visits:find',
  roles: lookingRoles,
  input: z.strictObject({ text: z.string().max(200) }),
  output: z.strictObject({ visits: z.array(visitRowSchema), more: z.boolean() }),
  refusals: [],
});

/** Takes in what the hospital's system has sent meanwhile: who is not found may be there then. `late`: it goes on. */
export const fetchBills = contract({
  name: 'visits:fetch',
  roles: deskRoles,
  input: z.strictObject({}),
  output: z.strictObject({ bills: z.enum(['taken', 'late']) }),
  refusals: [],
});

/** The charge lines of a visit's bill, all or those of one category, page by page. */
export const listBillLines = contract({
  name: 'visits:bill-lines',
  roles: lookingRoles,
  input: z.strictObject({ visitId: idSchema, category: z.string().max(40).nullable() }),
  output: z.strictObject({
    lines: z.array(
      z.strictObject({
        line: z.int(),
        code: z.string(),
        name: z.string(),
        category: z.string(),
        catalogueClass: z.enum(['A', 'B', 'C']),
        unit: z.string(),
        quantity: z.string(),
        unitPrice: z.string(),
        amountFen: fenSchema,
        eligibleFen: fenSchema,
        on: daySchema,
        refundsLine: z.int().nullable(),
      }),
    ),
  }),
  refusals: ['visit-unknown'],
});

/** What the reader saw last; the page asks when the topic `card` moves. Refreshes the patient's bill first. */
export const latestCard = contract({
  name: 'card:latest',
  roles: deskRoles,
  input: z.strictObject({}),
  output: cardOnPlateSchema,
  refusals: [],
});

/** Reads the card on the plate again (F2), also one that was left there. */
export const readCardAgain = contract({
  name: 'card:read',
  roles: deskRoles,
  input: z.strictObject({}),
  output: cardOnPlateSchema,
  refusals: [],
});

/** What a scanner that types into the page has scanned: the same as from any other scanner. */
export const takeScan = contract({
  name: 'card:scan',
  roles: deskRoles,
  input: z.strictObject({ text: z.string().min(1).max(512) }),
  output: cardOnPlateSchema,
  refusals: [],
});

/** The cashier answered the question of identity: it is this person. Goes into the audit chain. */
export const confirmPerson = contract({
  name: 'card:confirm-person',
  roles: deskRoles,
  input: z.strictObject({ visitId: idSchema, code: identityQuestionSchema.shape.code }),
  output: z.strictObject({}),
  refusals: ['question-unknown'],
});

/**
 * The card that was read is not this patient's, or nobody says so: the visit may be settled without a card. Goes into the
 * audit chain.
 */
export const setQuestionAside = contract({
  name: 'card:set-question-aside',
  roles: deskRoles,
  input: z.strictObject({ visitId: idSchema }),
  output: z.strictObject({}),
  refusals: [],
});

/** Who acts for the patient, by the card on the plate. Masked; the audit chain keeps no more than this. */
export const proxySchema = z.strictObject({
  maskedName: z.string(),
  maskedIdNumber: maskedNumberSchema,
});
export type ProxyView = z.infer<typeof proxySchema>;

/** Why a card is not read (contract: Card JSON). */
const cardCodes = [
  'no-reader',
  'no-card',
  'card-removed',
  'card-not-recognised',
  'card-locked',
  'card-expired',
  'needs-authentication',
  'reader-failed',
  'reader-removed',
  'checksum',
  'timeout',
] as const;

/** Somebody else came for the patient: reads that person's card and notes it with the visit. */
export const noteProxy = contract({
  name: 'card:note-proxy',
  roles: deskRoles,
  input: z.strictObject({ visitId: idSchema }),
  output: proxySchema,
  refusals: [
    'visit-unknown',
    'visit-settled',
    'identity-question-open',
    'proxy-is-patient',
    'proxy-unnamed',
    ...cardCodes,
  ],
});
