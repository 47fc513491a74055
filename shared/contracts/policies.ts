import { z } from 'zod';

import { employments, insurances, personCategories } from '../domain/person.ts';
import { hospitalLevels, hospitalTypes, visitKinds } from '../domain/visit.ts';
import { contract, daySchema, fenSchema, idSchema, roles, wordsSchema } from './contract.ts';
import { packApprovalSchema, packAssumptionSchema } from './pack-approvals.ts';
import { settlementResultSchema } from './settlement.ts';

/** One line of a pack in readable form: what it is, what it says, and where that comes from. */
export const packLineSchema = z.strictObject({
  label: wordsSchema,
  text: wordsSchema,
  source: wordsSchema.nullable(),
  /** The reason, where the source does not give it. */
  assumed: wordsSchema.nullable(),
});
export type PackLine = z.infer<typeof packLineSchema>;

const packRowSchema = z.strictObject({
  pack: z.string(),
  version: z.string(),
  locality: wordsSchema,
  scheme: wordsSchema,
  inForceFrom: daySchema,
  /** Exclusive; null: not ended. */
  inForceUntil: daySchema.nullable(),
  /** On the business day of the folder. */
  /** `replaced`: a higher version counts on all its days; it is read, and its cases are not run any more. */
  state: z.enum(['in-force', 'coming', 'ended', 'replaced']),
  steps: z.int(),
  cases: z.int(),
  assumed: z.int(),
  approval: packApprovalSchema,
});
export type PackRow = z.infer<typeof packRowSchema>;

const everyone = roles;

/** The packs of this folder and their dates; and those that could not be read, with file and line. */
export const listPolicies = contract({
  name: 'policies:list',
  roles: everyone,
  input: z.strictObject({}),
  output: z.strictObject({
    packs: z.array(packRowSchema),
    problems: z.array(
      z.strictObject({
        file: z.string(),
        line: z.int(),
        message: wordsSchema,
        remedy: wordsSchema,
      }),
    ),
  }),
  refusals: [],
});

const packName = { pack: z.string().max(100), version: z.string().max(40) };

const readablePackSchema = z.strictObject({
  row: packRowSchema,
  scope: z.array(packLineSchema),
  steps: z.array(
    z.strictObject({
      step: z.string(),
      payer: z.string(),
      name: wordsSchema,
      rule: wordsSchema,
      lines: z.array(packLineSchema),
    }),
  ),
  modifiers: z.array(packLineSchema),
  lists: z.array(packLineSchema),
  sources: z.array(
    z.strictObject({
      title: wordsSchema,
      publisher: z.string(),
      date: z.string().nullable(),
      address: z.string().nullable(),
      note: wordsSchema.nullable(),
    }),
  ),
  assumptions: z.array(packAssumptionSchema),
  cases: z.array(
    z.strictObject({
      index: z.int(),
      sentence: z.string(),
      ok: z.boolean(),
      /** The case shows that a person is not covered. */
      notCovered: z.boolean(),
      amounts: z.array(
        z.strictObject({
          /** A step, or an amount of the whole result as the case names it. */
          amount: z.string(),
          name: wordsSchema,
          expected: z.string(),
          actual: z.string(),
        }),
      ),
      because: z.array(z.strictObject({ amount: z.string(), name: wordsSchema, text: z.string() })),
      /** What is wrong with the case itself. */
      problems: z.array(wordsSchema),
      /** Why the pack is not for this visit; null where it is. */
      whyNotCovered: wordsSchema.nullable(),
      /** The whole visit, field by field; what the case sets beside its file is marked. */
      input: z.array(
        z.strictObject({
          pointer: z.string(),
          name: z.string(),
          text: z.string(),
          isSet: z.boolean(),
        }),
      ),
    }),
  ),
});
export type ReadablePack = z.infer<typeof readablePackSchema>;

/** A pack as a page: steps in order, numbers, sources; its cases run now. */
export const showPolicy = contract({
  name: 'policies:show',
  roles: everyone,
  input: z.strictObject(packName),
  output: readablePackSchema,
  refusals: ['unknown-pack'],
});

const comparisonSchema = z.strictObject({
  /** Where the two versions say different things; what is null stands in the other one only. */
  sections: z.array(
    z.strictObject({
      name: wordsSchema,
      rows: z.array(
        z.strictObject({
          label: wordsSchema,
          before: wordsSchema.nullable(),
          after: wordsSchema.nullable(),
        }),
      ),
    }),
  ),
  /** Every case of the version before, with the amounts that come out otherwise. */
  cases: z.array(
    z.strictObject({
      sentence: z.string(),
      amounts: z.array(
        z.strictObject({
          amount: z.string(),
          name: wordsSchema,
          before: z.string().nullable(),
          after: z.string().nullable(),
        }),
      ),
    }),
  ),
});
export type PackComparison = z.infer<typeof comparisonSchema>;

/** Two versions of a pack side by side in words, and how the cases of the one come out under the other. */
export const comparePolicies = contract({
  name: 'policies:compare',
  roles: everyone,
  input: z.strictObject({ ...packName, before: z.string().max(40) }),
  output: comparisonSchema,
  refusals: ['unknown-pack'],
});

/** What the calculator lets one change of a visit. */
export const calculatorFormSchema = z.strictObject({
  kind: z.enum(visitKinds),
  bill: z.strictObject({
    eligibleFen: fenSchema,
    firstSelfPayFen: fenSchema,
    classCFen: fenSchema,
    aboveCeilingFen: fenSchema,
  }),
  hospitalLevel: z.enum(hospitalLevels),
  hospitalGrade: z.literal([1, 2, 3]).nullable(),
  hospitalType: z.enum(hospitalTypes).nullable(),
  diagnosis: z.string().max(20),
  procedure: z.string().max(20),
  insurance: z.enum(insurances),
  employment: z.enum(employments).nullable(),
  age: z.int().min(0).max(130),
  categories: z.array(z.enum(personCategories)),
  referral: z.enum(['none', 'valid', 'late']),
  outOfArea: z.enum(['local', 'none', 'referral', 'long-term']),
  emergency: z.boolean(),
  year: z.strictObject({
    known: z.boolean(),
    /** Up to which day its figures are. */
    asOf: z.iso.date(),
    admissions: z.int().min(0).max(200),
    eligibleFen: fenSchema,
    selfPayFen: fenSchema,
    eligibleSelfPayFen: fenSchema,
  }),
});
export type CalculatorForm = z.infer<typeof calculatorFormSchema>;

const calculationSchema = z.strictObject({
  /** null: the person is not covered, nothing is shown as paid. */
  result: settlementResultSchema.nullable(),
  notCovered: wordsSchema.nullable(),
});
export type Calculation = z.infer<typeof calculationSchema>;

/**
 * What a pack makes of a case's visit as it stands, and of the same visit as the form changes it. Nothing is
 * settled, nothing is kept. Refuses `form-impossible` where the amounts cannot be.
 */
export const calculatePolicy = contract({
  name: 'policies:calculate',
  roles: everyone,
  input: z.strictObject({
    ...packName,
    caseIndex: z.int().min(0).max(10_000),
    /** null: as the case has it. */
    form: calculatorFormSchema.nullable(),
  }),
  output: z.strictObject({
    caseIndex: z.int(),
    sentence: z.string(),
    form: calculatorFormSchema,
    /** All steps of the pack, in order. */
    steps: z.array(idSchema),
    start: calculationSchema,
    now: calculationSchema,
  }),
  refusals: ['unknown-pack', 'pack-without-cases', 'form-impossible'],
});
