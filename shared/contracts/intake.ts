import { z } from 'zod';

import { identityDocuments } from '../domain/closed-values.ts';
import {
  contract,
  daySchema,
  fenSchema,
  idSchema,
  instantSchema,
  maskedNumberSchema,
  refusalSchema,
  wordsSchema,
  type Role,
} from './contract.ts';

/** Who looks at what comes in. */
export const seesIntake: readonly Role[] = ['it-clerk', 'supervisor', 'auditor'];
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
    waiting: z.strictObject({
      refusedFiles: countSchema,
      changedBills: countSchema,
      billQuestions: countSchema,
      /** Results that the hospital's system would not take. */
      results: countSchema,
      personQuestions: countSchema,
      /** Bills that came and are not settled. */
      unsettled: countSchema,
    }),
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

/** A line that came, went or says something else. */
export const comparedLineSchema = z.strictObject({
  kind: z.enum(['added', 'removed', 'changed']),
  was: billLineSchema.nullable(),
  now: billLineSchema.nullable(),
  /** The names of the fields that differ. */
  differs: z.array(wordsSchema),
});

const wasAndNow = z.strictObject({ was: fenSchema, now: fenSchema.nullable() });

/** How two bills of a visit differ. */
const differenceFields = {
  /** In the order of the later bill; the first of them, and how many there are of each kind. */
  lines: z.array(comparedLineSchema),
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
};

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
    ...differenceFields,
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

const originSchema = z.strictObject({
  sentVersion: z.int().nullable(),
  madeAt: instantSchema.nullable(),
  /** Whose word that is: the sender's, the file's time, or ours who read it from where it stands. */
  madeBy: z.enum(['sender', 'file', 'read']).nullable(),
});
const billSideSchema = z.strictObject({ source: z.string(), receivedAt: instantSchema });
const billQuestionSchema = z.strictObject({
  questionId: idSchema,
  visitId: z.string(),
  maskedName: z.string(),
  known: billSideSchema,
  come: billSideSchema,
  /** Of the bill that came. */
  origin: originSchema,
});
export type BillQuestionRow = z.infer<typeof billQuestionSchema>;

/** Bills of which a person has to say whether they are newer than the one in force, the oldest first, some at a time. */
export const listBillQuestions = contract({
  name: 'intake:bill-questions',
  roles: seesIntake,
  input: z.strictObject({ after: idSchema.exactOptional() }),
  output: z.strictObject({ questions: z.array(billQuestionSchema), hasMore: z.boolean() }),
  refusals: [],
});

/** One of them: the bill in force beside the one that came. */
export const showBillQuestion = contract({
  name: 'intake:bill-question',
  roles: seesIntake,
  input: z.strictObject({ questionId: idSchema }),
  output: z.strictObject({
    questionId: idSchema,
    visitId: z.string(),
    maskedName: z.string(),
    /** Of the bill in force: an answer says with which it was compared. */
    billVersion: z.int(),
    known: billSideSchema.extend({ origin: originSchema }),
    come: billSideSchema.extend({ origin: originSchema }),
    totalFen: z.strictObject({ was: fenSchema, now: fenSchema }),
    ...differenceFields,
  }),
  refusals: ['bill-question-unknown', 'bill-question-answered'],
});
export type BillQuestionView = z.infer<typeof showBillQuestion.output>;

/** Somebody who has compared both says which is the newer one. */
export const answerBillQuestion = contract({
  name: 'intake:answer-bill',
  roles: ['it-clerk', 'supervisor'],
  input: z.strictObject({
    questionId: idSchema,
    isNewer: z.boolean(),
    billVersion: z.int(),
    reason: z.string().max(200),
  }),
  output: z.strictObject({
    visitId: z.string(),
    /** Why a bill that is newer is not taken all the same; the question waits on. */
    refusal: refusalSchema.nullable(),
  }),
  refusals: [
    'bill-question-unknown',
    'bill-question-answered',
    'bill-question-moved',
    'bill-question-reason-missing',
  ],
});

const sideSchema = z.strictObject({
  /** Masked but for what differs. */
  name: z.string(),
  birthDate: daySchema.nullable(),
  sex: z.enum(['male', 'female']).nullable(),
});
const personQuestionSchema = z.strictObject({
  questionId: idSchema,
  cameBy: z.enum(['visit', 'register']),
  visitId: z.string().nullable(),
  source: z.string(),
  place: z.string().nullable(),
  differs: z.array(z.enum(['number', 'name', 'birth-date', 'sex'])),
  maskedNumber: maskedNumberSchema,
  known: sideSchema,
  said: sideSchema,
  askedAt: instantSchema,
});
export type PersonQuestionRow = z.infer<typeof personQuestionSchema>;

/** What waits for somebody to say whether it is the same person, the oldest first, some at a time. */
export const listPersonQuestions = contract({
  name: 'intake:person-questions',
  roles: seesIntake,
  input: z.strictObject({ after: idSchema.exactOptional() }),
  output: z.strictObject({ questions: z.array(personQuestionSchema), hasMore: z.boolean() }),
  refusals: [],
});

/** Somebody who has looked at the documents says whether it is. */
export const answerPersonQuestion = contract({
  name: 'intake:answer-person',
  roles: ['supervisor'],
  input: z.strictObject({
    questionId: idSchema,
    isSame: z.boolean(),
    reason: z.string().max(200),
  }),
  output: z.strictObject({
    /** Visits whose bills had waited for the answer and are taken in now. */
    taken: z.array(z.string()),
    refused: z.array(z.strictObject({ visitId: z.string(), refusal: refusalSchema })),
  }),
  refusals: [
    'person-question-unknown',
    'person-question-answered',
    'person-question-reason-missing',
  ],
});

const linkedSideSchema = z.strictObject({
  maskedName: z.string(),
  maskedNumber: maskedNumberSchema,
  birthDate: daySchema,
  sex: z.enum(['male', 'female']),
});
const yearFiguresSchema = z.strictObject({
  admissions: z.int(),
  eligibleFen: fenSchema,
  deductiblePaidFen: fenSchema,
  selfPayFen: fenSchema,
});

/** What linking, unlinking or joining changes: shown before, and told once it is done. */
const linkReportSchema = z.strictObject({
  known: linkedSideSchema,
  other: linkedSideSchema.nullable(),
  visits: z.array(z.string()),
  years: z.array(
    z.strictObject({
      year: z.int(),
      of: z.array(
        z.strictObject({
          was: yearFiguresSchema.nullable(),
          now: yearFiguresSchema.nullable(),
        }),
      ),
    }),
  ),
  /** Settlements that would come out otherwise now; none of them is changed. */
  settledOtherwise: z.array(
    z.strictObject({
      number: z.string(),
      wasFen: fenSchema,
      nowFen: fenSchema.nullable(),
      because: wordsSchema.nullable(),
    }),
  ),
  yearsToStateAgain: z.array(z.int()),
});
export type LinkReportView = z.infer<typeof linkReportSchema>;

const numberActSchema = {
  number: z.string().max(64),
  reason: z.string().max(200),
  isPreview: z.boolean(),
};
const linkCodes = [
  'number-unreadable',
  'person-of-number-unknown',
  'number-is-own',
  'number-linked-already',
  'number-has-others',
  'two-years-stated',
  'link-reason-missing',
  'year-to-date-ambiguous',
] as const;

/** A number is one more of a person who is known; a preview changes nothing. */
export const linkNumber = contract({
  name: 'intake:link-number',
  roles: ['supervisor'],
  input: z.strictObject({
    ...numberActSchema,
    to: z.string().max(64),
    yearOf: z.string().max(64).exactOptional(),
  }),
  output: linkReportSchema,
  refusals: linkCodes,
});

/** A number is not one of that person after all. */
export const unlinkNumber = contract({
  name: 'intake:unlink-number',
  roles: ['supervisor'],
  input: z.strictObject(numberActSchema),
  output: linkReportSchema,
  refusals: ['number-not-linked', 'link-reason-missing', 'year-to-date-ambiguous'],
});

/** The number of somebody who had none has come. */
export const joinVisit = contract({
  name: 'intake:join-visit',
  roles: ['supervisor'],
  input: z.strictObject({
    ...numberActSchema,
    visitId: idSchema,
    document: z.enum(identityDocuments).exactOptional(),
  }),
  output: linkReportSchema,
  refusals: [...linkCodes, 'visit-unknown', 'visit-has-number'],
});

/** As many bytes of a file as fit one call, in base64. */
export const trialPartMax = 48_000;

/** A file is dropped on the page to see what taking it in would come to; its bytes follow in parts. */
export const beginTrial = contract({
  name: 'intake:begin-trial',
  roles: takesIn,
  input: z.strictObject({
    name: z.string().min(1).max(300),
    /** When it was changed last, as the page sees it. */
    changedAt: z.iso.datetime().exactOptional(),
  }),
  output: z.strictObject({}),
  refusals: [],
});

/** Some more of its bytes. */
export const addToTrial = contract({
  name: 'intake:add-to-trial',
  roles: takesIn,
  input: z.strictObject({ part: z.base64().max(trialPartMax) }),
  output: z.strictObject({ bytes: countSchema }),
  refusals: ['trial-unknown', 'trial-too-large'],
});

/** Reads the file as intake does, against the books as they are, and keeps nothing. */
export const runTrial = contract({
  name: 'intake:run-trial',
  roles: takesIn,
  input: z.strictObject({}),
  output: z.strictObject({
    /** Bills that would be taken: new ones, in the place of another, known already, set aside after settlement. */
    outcomes: z.strictObject({
      new: countSchema,
      replaced: countSchema,
      same: countSchema,
      'set-aside': countSchema,
    }),
    problems: z.array(problemSchema),
    problemCount: countSchema,
    /** What would be taken and lacks something, or is to be known of it. */
    notes: z.array(z.strictObject({ visitId: z.string(), text: wordsSchema })),
    noteCount: countSchema,
  }),
  refusals: ['trial-unknown'],
});
export type TrialView = z.infer<typeof runTrial.output>;
