import { z } from 'zod';
import { insurances, personCategories } from '../domain/person.ts';
import {
  catalogueClasses,
  chargeCategories,
  dischargeWays,
  hospitalLevels,
  hospitalTypes,
  tenderKinds,
  visitKinds,
} from '../domain/visit.ts';
import { yuanTextPattern } from '../money/yuan-text.ts';

/**
 * The form of the Visit JSON: what `settle` and `import` take. Unknown fields are refused; amounts,
 * ratios, quantities and unit prices are text. An issue's message is the code of the refusal.
 */

/** More lines than this are no bill of one visit; the longest real ones have some thousands. */
export const chargeLinesMax = 20_000;

const inList = { error: 'not-in-list' };
const text = (max: number) =>
  z.string().min(1, { error: 'empty-text' }).max(max, { error: 'too-long' });
const day = z.iso.date({ error: 'not-a-date' });
const place = z.string().regex(/^\d{6}$/, { error: 'not-a-place' });

/** An amount of any size: well written, perhaps too large. */
const anyYuanText = /^-?(?:0|[1-9]\d*)(?:\.\d{1,2})?$/;

/** Yuan with at most two decimals. */
const amount = z.string({ error: 'not-text-amount' }).regex(yuanTextPattern, {
  error: ({ input }) => (anyYuanText.test(String(input)) ? 'amount-too-large' : 'not-text-amount'),
});

/** A quantity or unit price with at most six decimals. */
const decimal = z
  .string({ error: 'not-text-amount' })
  .regex(/^-?(?:0|[1-9]\d{0,8})(?:\.\d{1,6})?$/, { error: 'not-text-amount' });

const ratio = z
  .string({ error: 'not-text-amount' })
  .regex(/^(?:0(?:\.\d{1,6})?|1(?:\.0{1,6})?)$/, { error: 'not-a-ratio' });

const codeAndName = z.strictObject({ code: text(64), name: text(200) });

const chargeLineSchema = z.strictObject({
  line: z.int({ error: 'not-a-line-number' }).min(1, { error: 'not-a-line-number' }),
  code: text(64),
  name: text(200),
  category: z.enum(chargeCategories, inList),
  catalogueClass: z.enum(catalogueClasses, inList),
  firstSelfPayRatio: ratio.nullable(),
  priceCeiling: decimal.nullable(),
  unit: z.string().max(40, { error: 'too-long' }),
  quantity: decimal,
  unitPrice: decimal,
  amount,
  on: day,
  refundsLine: z
    .int({ error: 'not-a-line-number' })
    .min(1, { error: 'not-a-line-number' })
    .optional(),
  nationalCode: text(64).optional(),
  orderedBy: codeAndName.optional(),
  department: codeAndName.optional(),
  at: text(40).optional(),
  restrictedUse: z.boolean().optional(),
});

/** Names of payers and steps: they stand in JSON Pointers and in the ledger. */
const nameOfPack = z.string().regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, { error: 'not-a-name' });

const totalsSchema = z.strictObject({
  total: amount,
  eligible: amount,
  classBFirstSelfPay: amount,
  classC: amount,
  aboveCeiling: amount,
});

const visitSchema = z.strictObject({
  id: text(64),
  kind: z.enum(visitKinds, inList),
  admittedOn: day,
  dischargedOn: day,
  hospital: z.strictObject({
    code: text(64),
    name: text(200),
    level: z.enum(hospitalLevels, inList),
    grade: z.literal([1, 2, 3], inList).optional(),
    type: z.enum(hospitalTypes, inList).optional(),
    place: place.optional(),
  }),
  diagnoses: z.array(z.strictObject({ code: text(64), name: text(200), principal: z.boolean() })),
  procedures: z
    .array(z.strictObject({ code: text(64), name: text(200), on: day.optional() }))
    .optional(),
  referral: z
    .strictObject({
      certificate: text(64),
      issuedOn: day,
      fromHospitalLevel: z.enum(hospitalLevels, inList),
      previousVisitId: text(64).nullable().optional(),
      deductiblePaid: amount,
    })
    .nullable()
    .optional(),
  charges: z
    .array(chargeLineSchema)
    .min(1, { error: 'no-charges' })
    .max(chargeLinesMax, { error: 'too-many-lines' })
    .optional(),
  totals: totalsSchema.optional(),
  deposit: amount.optional(),
  deposits: z
    .array(
      z.strictObject({
        receipt: text(64),
        amount,
        on: day,
        tender: z.enum(tenderKinds, inList),
      }),
    )
    .optional(),
  blockers: z.array(z.strictObject({ code: text(64), text: text(200) })).optional(),
  admissionNumber: text(64).optional(),
  medicalRecordNumber: text(64).optional(),
  department: codeAndName.optional(),
  bed: text(40).optional(),
  attendingDoctor: codeAndName.optional(),
  dischargeWay: z.enum(dischargeWays, inList).optional(),
  outcome: z.enum(['cured', 'improved', 'unchanged', 'died', 'other'], inList).optional(),
  injury: z
    .strictObject({
      cause: text(200),
      thirdParty: z.enum(['none', 'undetermined', 'liable'], inList),
    })
    .optional(),
  insurer: z
    .strictObject({ personNumber: text(64).optional(), visitId: text(64).optional() })
    .optional(),
  emergency: z.boolean().optional(),
  outOfArea: z
    .strictObject({ filed: z.enum(['none', 'referral', 'long-term'], inList) })
    .optional(),
  chronicDisease: z
    .strictObject({ code: text(64), certificateFrom: day, until: day.optional() })
    .optional(),
  approvals: z
    .array(
      z.strictObject({
        step: nameOfPack,
        form: text(100),
        number: text(64),
        decision: z.enum(['approved', 'refused'], inList),
        amount,
        on: day,
      }),
    )
    .optional(),
  earlierParts: z
    .strictObject({
      parts: z.int({ error: 'not-a-count' }).min(1, { error: 'not-a-count' }),
      deductiblePaid: amount,
    })
    .optional(),
  payerFigures: z
    .strictObject({
      from: text(100),
      receivedOn: day,
      shares: z
        .array(z.strictObject({ payer: nameOfPack, amount }))
        .min(1, { error: 'empty-list' }),
      patientPays: amount,
    })
    .optional(),
});

const personSchema = z.strictObject({
  name: text(100),
  // A small x, or a space beside it, must not make two persons of one: each would have a year of its own.
  idNumber: z
    .string()
    .trim()
    .toUpperCase()
    .min(1, { error: 'empty-text' })
    .max(40, { error: 'too-long' }),
  birthDate: day,
  sex: z.enum(['male', 'female'], inList),
  insurance: z.enum(insurances, inList),
  categories: z.array(
    z.union([
      z.enum(personCategories, inList),
      z.strictObject({
        name: z.enum(personCategories, inList),
        from: day.optional(),
        until: day.optional(),
      }),
    ]),
  ),
  insuredPlace: place,
  employment: z.enum(['working', 'retired', 'civil-servant'], inList).optional(),
  contractedDoctor: z.boolean().optional(),
  disabilityLevel: z.literal([1, 2, 3, 4], inList).optional(),
  phone: text(40).optional(),
  address: text(300).optional(),
  contact: text(300).optional(),
});

const amountsByName = z.record(nameOfPack, amount);

export const yearToDateJsonSchema = z.strictObject({
  year: z
    .int({ error: 'not-a-year' })
    .min(1990, { error: 'not-a-year' })
    .max(2200, { error: 'not-a-year' }),
  asOf: day,
  includesVisits: z.array(text(64)),
  admissions: z.int({ error: 'not-a-count' }).min(0, { error: 'not-a-count' }),
  deductiblePaid: amount,
  eligible: amount,
  paid: amountsByName,
  byStep: amountsByName,
  selfPay: amount,
  eligibleSelfPay: amount,
  levels: z.array(z.enum(hospitalLevels, inList)),
});

/** The Visit JSON of the contract. */
export const visitJsonSchema = z.strictObject({
  visit: visitSchema,
  person: personSchema,
  yearToDate: yearToDateJsonSchema.nullable().optional(),
});

export type VisitJson = z.infer<typeof visitJsonSchema>;
export type ChargeLineJson = z.infer<typeof chargeLineSchema>;
export type YearToDateJson = z.infer<typeof yearToDateJsonSchema>;

/** The same form as JSON Schema (draft 2020-12), for those who write such files; kept in `visit.schema.json`. */
export function visitJsonAsJsonSchema(): object {
  return {
    title: 'Visit JSON of Settlement Window 一站式结算窗口',
    ...z.toJSONSchema(visitJsonSchema),
  };
}
