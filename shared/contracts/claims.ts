import { z } from 'zod';

import {
  contract,
  daySchema,
  fenSchema,
  idSchema,
  instantSchema,
  refusalSchema,
  wordsSchema,
  type Role,
} from './contract.ts';
import { consentCodes, consentSchema } from './second-person.ts';

/** Who works on the queue of claims, and who looks at it. */
const worksOnClaims: readonly Role[] = ['it-clerk', 'supervisor'];
const seesClaims: readonly Role[] = [...worksOnClaims, 'auditor'];

/** What the clerk asks of the queue. */
export const claimGroups = ['not-sent', 'unanswered', 'refused', 'unpaid'] as const;
export type ClaimGroup = (typeof claimGroups)[number];

/** Who sent, where nobody did but the clock. */
export const nightlyUploader = 'nightly-upload';

/** A sum of many claims in fen: it may pass what one bill may be. */
const sumSchema = z.int();

const groupSchema = z.strictObject({
  claims: z.int(),
  claimedFen: sumSchema,
  oldestAt: instantSchema.nullable(),
  /** How long the oldest has waited. */
  alarm: z.enum(['none', 'twelve-hours', 'a-day', 'three-days']),
});
const groupsSchema = z.strictObject({
  'not-sent': groupSchema,
  unanswered: groupSchema,
  refused: groupSchema,
  unpaid: groupSchema,
});

const payerCountSchema = z.strictObject({
  payer: z.string(),
  name: wordsSchema,
  claims: z.int(),
  accepted: z.int(),
  rejected: z.int(),
  unknown: z.int(),
  waiting: z.int(),
  /** Their payer has them and answers later. */
  acknowledged: z.int(),
});

const runBase = { startedAt: instantSchema, who: z.string(), payers: z.array(payerCountSchema) };

/** The upload that is under way here, or the last one that anybody made. */
const uploadSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('none') }),
  z.strictObject({
    kind: z.literal('under-way'),
    ...runBase,
    isStopping: z.boolean(),
    secondsLeft: z.int().nullable(),
    lines: z.array(z.string()),
  }),
  z.strictObject({
    kind: z.literal('ended'),
    ...runBase,
    endedAt: instantSchema,
    isStopped: z.boolean(),
    datedLater: z.array(
      z.strictObject({
        name: wordsSchema,
        claims: z.int(),
        earliest: daySchema,
        latest: daySchema,
      }),
    ),
    lines: z.array(z.string()),
  }),
  /** Of another program, or of this one before it was started anew: begun and never ended, or still under way there. */
  z.strictObject({ kind: z.literal('not-ended'), ...runBase }),
  z.strictObject({
    kind: z.literal('broke-off'),
    startedAt: instantSchema,
    refusal: refusalSchema,
  }),
]);
export type UploadView = z.infer<typeof uploadSchema>;

/** The queue in three figures, payer by payer, and the run of uploading. */
export const claimsOverview = contract({
  name: 'claims:overview',
  roles: seesClaims,
  input: z.strictObject({}),
  output: z.strictObject({
    businessDate: daySchema,
    /** Where the payers are; null: that is not set, and nothing is sent. */
    payersUrl: z.string().nullable(),
    /** When the run begins every night, `22:00`; null: only by hand. */
    uploadAt: z.string().nullable(),
    payers: z.array(
      z.strictObject({ destination: z.string(), name: wordsSchema, groups: groupsSchema }),
    ),
    all: groupsSchema,
    upload: uploadSchema,
  }),
  refusals: [],
});

const claimRowSchema = z.strictObject({
  claimId: idSchema,
  settlementNumber: z.string(),
  maskedName: z.string(),
  destination: z.string(),
  name: wordsSchema,
  state: z.string(),
  claimedFen: fenSchema,
  approvedFen: fenSchema.nullable(),
  businessDate: daySchema,
  createdAt: instantSchema,
  attempts: z.int(),
  lastAttemptAt: instantSchema.nullable(),
  messageId: z.string(),
  payerReference: z.string().nullable(),
  /** The payer's code and words, or what went wrong on the line. */
  problem: z.strictObject({ code: z.string(), words: z.string() }).nullable(),
  advice: z.enum([
    'waits-for-run',
    'partly-accepted',
    'asked-again-by-itself',
    'ask-payer',
    'answered-later',
    'mend-visit',
    'refused-in-doubt',
    'refused',
    'waits-for-money',
    'undo-unanswered',
    'undo-refused',
    'nothing',
  ]),
  acts: z.strictObject({
    askAgain: z.boolean(),
    anew: z.boolean(),
    notBooked: z.boolean(),
    undo: z.boolean(),
  }),
});
export type ClaimRow = z.infer<typeof claimRowSchema>;

/** The claims of one group, the oldest first, some at a time; `after` is the last one of those before. */
export const listClaims = contract({
  name: 'claims:list',
  roles: seesClaims,
  input: z.strictObject({
    group: z.enum(claimGroups),
    destination: idSchema.exactOptional(),
    after: idSchema.exactOptional(),
  }),
  output: z.strictObject({ claims: z.array(claimRowSchema), hasMore: z.boolean() }),
  refusals: [],
});

/** Sends what waits, now; of one payer or of all. It goes on while pages come and go. */
export const startUpload = contract({
  name: 'claims:upload',
  roles: worksOnClaims,
  input: z.strictObject({ destination: idSchema.exactOptional() }),
  output: z.strictObject({}),
  refusals: [
    'busy',
    'payers-url-wrong',
    'payers-url-plain',
    'payers-url-missing',
    'upload-under-way',
  ],
});

/** Ends the upload after the claim that is on its way. */
export const stopUpload = contract({
  name: 'claims:stop-upload',
  roles: worksOnClaims,
  input: z.strictObject({}),
  output: z.strictObject({}),
  refusals: [],
});

const decision = { claimId: idSchema, reason: z.string().max(200) };
const decided = z.strictObject({ state: z.string(), newClaimId: idSchema.nullable() });
const decisionCodes = ['claim-not-found', 'claim-reason-missing', 'claim-state-wrong'] as const;

/** Asks the payer again about a refusal that is doubted, under the number the claim has. */
export const askClaimAgain = contract({
  name: 'claims:ask-again',
  roles: worksOnClaims,
  input: z.strictObject(decision),
  output: decided,
  refusals: decisionCodes,
});

/** A claim with a number of its own in the place of one that was refused and is not booked. */
export const claimAgainAnew = contract({
  name: 'claims:anew',
  roles: worksOnClaims,
  input: z.strictObject(decision),
  output: decided,
  refusals: [...decisionCodes, 'claim-in-doubt'],
});

/** Keeps the payer's own word that it has not booked a claim; takes a second person. */
export const keepClaimNotBooked = contract({
  name: 'claims:not-booked',
  roles: worksOnClaims,
  input: z.strictObject({ ...decision, consent: consentSchema }),
  output: decided,
  refusals: [...decisionCodes, ...consentCodes, 'busy'],
});

/** Asks its payer by a message to take back what it has of a claim; takes a second person. */
export const undoClaim = contract({
  name: 'claims:undo',
  roles: worksOnClaims,
  input: z.strictObject({ ...decision, consent: consentSchema }),
  output: z.strictObject({
    state: z.string(),
    outcome: z.enum(['undone', 'refused', 'unknown', 'not-sent']),
    /** What the payer, or the line, said instead of undoing it. */
    words: z.string().nullable(),
  }),
  refusals: [
    ...decisionCodes,
    ...consentCodes,
    'day-closed',
    'busy',
    'payers-url-wrong',
    'payers-url-plain',
    'claim-undo-by-office',
    'claim-undo-not-sendable',
  ],
});
