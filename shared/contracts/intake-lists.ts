import { z } from 'zod';

import {
  contract,
  fenSchema,
  daySchema,
  idSchema,
  instantSchema,
  wordsSchema,
} from './contract.ts';
import { seesIntake } from './intake.ts';

const countSchema = z.int().nonnegative();

export const waitsFromSchema = z.enum(['discharge', 'arrival']);
export const waitsForSchema = z.enum(['blocked', 'question', 'nobody-came']);

/** Which bills that wait are asked for: how the wait is counted, who has to act, and how many days it lasts at least. */
const ageingSchema = z.strictObject({
  from: waitsFromSchema,
  waitsFor: waitsForSchema.nullable(),
  daysAtLeast: z.literal([1, 3, 7, 30]).nullable(),
});
export type AgeingAsked = z.infer<typeof ageingSchema>;

const agedBillSchema = z.strictObject({
  visitId: z.string(),
  /** With the visit's id its place in the list. */
  since: z.string(),
  maskedName: z.string(),
  dischargedOn: daySchema.nullable(),
  firstReceivedAt: instantSchema,
  daysSinceDischarge: countSchema.nullable(),
  daysSinceArrival: countSchema,
  source: z.string(),
  department: z.string().nullable(),
  bed: z.string().nullable(),
  admissionNumber: z.string().nullable(),
  /** Null: nothing of it is taken in yet. */
  totalFen: fenSchema.nullable(),
  waitsFor: waitsForSchema,
  /** What keeps it from being settled, each with whom to call. */
  hindrances: z.array(wordsSchema),
});
export type AgedBillRow = z.infer<typeof agedBillSchema>;

/** Bills that came and are not settled, the longest waiting first, some at a time; `after`: the last of those before. */
export const listAgeing = contract({
  name: 'intake:ageing',
  roles: seesIntake,
  input: z.strictObject({
    ...ageingSchema.shape,
    after: z.strictObject({ since: z.string().max(40), visitId: idSchema }).exactOptional(),
  }),
  output: z.strictObject({ bills: z.array(agedBillSchema), hasMore: z.boolean() }),
  refusals: [],
});

/** How many wait for whom, and how many of them for 1, 3, 7 and 30 days at least. */
export const countAgeing = contract({
  name: 'intake:ageing-counts',
  roles: seesIntake,
  input: z.strictObject({ from: waitsFromSchema }),
  output: z.strictObject({
    counts: z.array(
      z.strictObject({
        waitsFor: waitsForSchema,
        all: countSchema,
        atLeast: z.tuple([countSchema, countSchema, countSchema, countSchema]),
      }),
    ),
  }),
  refusals: [],
});
export type AgeingCounts = z.infer<typeof countAgeing.output>['counts'];

/** The lists of the page of intake that can be taken along as a file. */
export const intakeLists = ['refused-files', 'changed-bills', 'people', 'ageing'] as const;
export type IntakeList = (typeof intakeLists)[number];

/** A whole list as a file, masked as on the page; who took it stands in the audit. */
export const exportIntakeList = contract({
  name: 'intake:export-list',
  roles: seesIntake,
  input: z.strictObject({
    list: z.enum(intakeLists),
    format: z.enum(['csv', 'xlsx']),
    language: z.enum(['zh', 'en']),
    /** Of the bills that wait: which. */
    ageing: ageingSchema.exactOptional(),
  }),
  output: z.strictObject({ fileName: z.string(), fileBase64: z.string(), rows: countSchema }),
  refusals: ['intake-folder-missing', 'intake-folder-away', 'list-too-long'],
});
