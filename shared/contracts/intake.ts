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

/** Who looks at what comes in. */
const seesIntake: readonly Role[] = ['it-clerk', 'supervisor', 'auditor'];
/** Who takes files in, as `import` has it. */
const takesIn: readonly Role[] = ['it-clerk'];

const countSchema = z.int().nonnegative();

const sourceSchema = z.strictObject({
  id: z.string(),
  kind: z.enum(['folder', 'results', 'files', 'database', 'pushed']),
  where: z.string().nullable(),
  state: z.enum(['not-set', 'working', 'trouble', 'by-hand']),
  problem: z.strictObject({ code: z.string(), words: wordsSchema, remedy: wordsSchema }).nullable(),
  askedAt: instantSchema.nullable(),
  last: z
    .strictObject({
      at: instantSchema,
      what: z.string(),
      taken: countSchema,
      refused: countSchema,
    })
    .nullable(),
});
export type IntakeSourceView = z.infer<typeof sourceSchema>;

/** Where bills come from and how each source is; how much waits for a hand. */
export const intakeOverview = contract({
  name: 'intake:overview',
  roles: seesIntake,
  input: z.strictObject({}),
  output: z.strictObject({
    sources: z.array(sourceSchema),
    /** When the newest bill came, whatever it came by; null: none ever did. */
    lastReceivedAt: instantSchema.nullable(),
    waiting: z.strictObject({ refusedFiles: countSchema, changedBills: countSchema }),
  }),
  refusals: [],
});

const problemSchema = z.strictObject({
  row: z.int().exactOptional(),
  column: z.string().exactOptional(),
  place: z.string().exactOptional(),
  code: z.string(),
  message: wordsSchema,
  remedy: wordsSchema,
});

const refusedFileSchema = z.strictObject({
  fileId: idSchema,
  name: z.string(),
  refusedAt: instantSchema.nullable(),
  taken: countSchema,
  problems: z.array(problemSchema),
  problemCount: countSchema,
});
export type RefusedFileView = z.infer<typeof refusedFileSchema>;

const folderCodes = ['intake-folder-missing', 'intake-folder-away'] as const;

/** Files that were not taken, or not all of them, by name and some at a time; `after`: the last of those before. */
export const listRefusedFiles = contract({
  name: 'intake:refused-files',
  roles: seesIntake,
  input: z.strictObject({ after: idSchema.exactOptional() }),
  output: z.strictObject({ files: z.array(refusedFileSchema), hasMore: z.boolean() }),
  refusals: folderCodes,
});

/** Has a refused file taken in again, as if it came now. */
export const retryRefusedFile = contract({
  name: 'intake:retry-file',
  roles: takesIn,
  input: z.strictObject({ fileId: idSchema }),
  output: z.strictObject({}),
  refusals: [...folderCodes, 'refused-file-gone', 'refused-file-waits'],
});

/** Deletes a refused file, with a reason. */
export const removeRefusedFile = contract({
  name: 'intake:remove-file',
  roles: takesIn,
  input: z.strictObject({ fileId: idSchema, reason: z.string().max(200) }),
  output: z.strictObject({}),
  refusals: [...folderCodes, 'refused-file-gone', 'refused-file-reason-missing'],
});

const changedBillSchema = z.strictObject({
  billId: idSchema,
  visitId: z.string(),
  settlementId: idSchema,
  settlementNumber: z.string(),
  settledAt: instantSchema,
  maskedName: z.string(),
  receivedAt: instantSchema,
  source: z.string(),
});
export type ChangedBillRow = z.infer<typeof changedBillSchema>;

/** Bills that came after settlement and wait for a person, the oldest first, some at a time. */
export const listChangedBills = contract({
  name: 'intake:changed-bills',
  roles: seesIntake,
  input: z.strictObject({ after: idSchema.exactOptional() }),
  output: z.strictObject({ bills: z.array(changedBillSchema), hasMore: z.boolean() }),
  refusals: [],
});

const billLineSchema = z.strictObject({
  line: z.int(),
  code: z.string(),
  name: z.string(),
  category: z.string(),
  quantity: z.string(),
  unitPrice: z.string(),
  amountFen: fenSchema,
  on: daySchema,
});
export type ComparedLine = z.infer<typeof billLineSchema>;

const wasAndNow = z.strictObject({ was: fenSchema, now: fenSchema.nullable() });

/** One of them beside what was settled: the lines that came, went or changed, and what else differs. */
export const showChangedBill = contract({
  name: 'intake:changed-bill',
  roles: seesIntake,
  input: z.strictObject({ billId: idSchema }),
  output: z.strictObject({
    bill: changedBillSchema,
    totalFen: wasAndNow,
    /** What the patient bears; `now`: had this been the bill, by the same rules and year; null: it cannot be said. */
    patientPaysFen: wasAndNow,
    /** In the order of the later bill; the first of them, and how many there are of each kind. */
    lines: z.array(
      z.strictObject({
        kind: z.enum(['added', 'removed', 'changed']),
        was: billLineSchema.nullable(),
        now: billLineSchema.nullable(),
        /** The names of the fields that differ. */
        differs: z.array(wordsSchema),
      }),
    ),
    counts: z.strictObject({
      added: countSchema,
      removed: countSchema,
      changed: countSchema,
      same: countSchema,
    }),
    /** A side that is null says nothing of it; `isHidden`: it is the patient's own and differs. */
    facts: z.array(
      z.strictObject({
        name: wordsSchema,
        was: z.string().nullable(),
        now: z.string().nullable(),
        isHidden: z.boolean(),
      }),
    ),
  }),
  refusals: ['changed-bill-unknown', 'changed-bill-answered'],
});
export type ChangedBillView = z.infer<typeof showChangedBill.output>;

/** Why the settlement stands although another bill came. */
export const keepSettlement = contract({
  name: 'intake:keep-settlement',
  roles: ['it-clerk', 'supervisor'],
  input: z.strictObject({ billId: idSchema, reason: z.string().max(200) }),
  output: z.strictObject({}),
  refusals: ['changed-bill-unknown', 'changed-bill-answered', 'changed-bill-reason-missing'],
});
