import { z } from 'zod';

import { contract, idSchema, instantSchema, roles, wordsSchema } from './contract.ts';

/** How a version of a pack stands in a folder: what a person has done with it. */
export const packApprovalStates = [
  'draft',
  'prepared',
  'approved',
  'changed',
  'withdrawn',
] as const;

const doneSchema = z.strictObject({
  by: z.strictObject({ id: z.string(), name: z.string() }),
  at: instantSchema,
});

/** Whether a pack counts, for which files, and who said so. */
export const packApprovalSchema = z.strictObject({
  state: z.enum(packApprovalStates),
  /** A demo asks for no approval. */
  isRequired: z.boolean(),
  /** Of its text and every file it names. */
  fingerprint: z.string(),
  /** It counts because the folder had settled by it before approvals were asked for. */
  settledBefore: z.boolean(),
  /** The preparation that waits for a second person. */
  waiting: doneSchema.extend({ preparedId: idSchema, isOwn: z.boolean() }).nullable(),
  prepared: doneSchema.nullable(),
  approved: doneSchema.nullable(),
  withdrawn: doneSchema.extend({ reason: z.string() }).nullable(),
});
export type PackApprovalView = z.infer<typeof packApprovalSchema>;

/** What a pack takes for right without a source, and whether two persons take it so, too. */
export const packAssumptionSchema = z.strictObject({
  name: z.string(),
  label: wordsSchema,
  reason: wordsSchema,
  /** The steps that may pay by it. */
  steps: z.array(wordsSchema),
  /** Why it is accepted, in what is approved; empty: it was settled by before anybody was asked; null: it is not. */
  accepted: z.string().nullable(),
  /** The same in what waits for a second person. */
  waiting: z.string().nullable(),
});
export type PackAssumptionView = z.infer<typeof packAssumptionSchema>;

const named = { pack: z.string().max(100), version: z.string().max(40) };
const reasonSchema = z.string().max(1000);
const answer = z.strictObject({ already: z.boolean() });

/** The policy officer says that a pack may be used as it is here, and which assumptions count as right. */
export const preparePolicy = contract({
  name: 'policies:prepare',
  roles: ['policy-officer'],
  input: z.strictObject({
    ...named,
    /** Of what the officer looked at. */
    fingerprint: z.string().max(64),
    accepted: z
      .array(z.strictObject({ assumption: z.string().max(200), reason: reasonSchema }))
      .max(500),
  }),
  output: answer,
  refusals: [
    'unknown-pack',
    'user-unknown',
    'not-allowed',
    'pack-changed-meanwhile',
    'assumption-unknown',
    'acceptance-reason-missing',
    'pack-differs',
  ],
});

/** A second person, a supervisor, approves what was prepared: that preparation and no other. */
export const approvePolicy = contract({
  name: 'policies:approve',
  roles: ['supervisor'],
  input: z.strictObject({ ...named, preparedId: idSchema }),
  output: answer,
  refusals: [
    'unknown-pack',
    'user-unknown',
    'not-allowed',
    'pack-not-prepared',
    'second-person-needed',
    'pack-differs',
  ],
});

/** Stops a pack; what was settled by it stays. */
export const withdrawPolicy = contract({
  name: 'policies:withdraw',
  roles: ['policy-officer', 'supervisor'],
  input: z.strictObject({ ...named, reason: reasonSchema }),
  output: answer,
  refusals: [
    'unknown-pack',
    'user-unknown',
    'not-allowed',
    'pack-not-approved',
    'withdrawal-reason-missing',
  ],
});

/** The sheet that who wrote, checked and approved a pack signs, as a PDF. */
export const policySheet = contract({
  name: 'policies:sheet',
  roles,
  input: z.strictObject(named),
  output: z.strictObject({ fileName: z.string(), pdfBase64: z.string() }),
  refusals: ['unknown-pack'],
});
