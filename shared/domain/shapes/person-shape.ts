import { z } from 'zod';
import type { Fen } from '../../money/fen.ts';
import {
  disabilityLevels,
  employments,
  hospitalLevels,
  identityDocuments,
  insurances,
  personCategories,
  sexes,
} from '../closed-values.ts';
import { writtenNumber } from '../identity-number.ts';
import { writtenName } from '../person-name.ts';
import { column } from './column.ts';
import { fields } from './fields.ts';
import {
  amount,
  amountsByName,
  countFrom,
  day,
  decoded,
  nameOfPack,
  oneOf,
  oneOfNumbers,
  place,
  text,
} from './leaves.ts';

const categoryName = oneOf(personCategories);
const datedCategory = fields({
  name: categoryName,
  from: day.exactOptional(),
  until: day.exactOptional(),
});

/** A dated recognition. No `from`: valid from any day; no `until`: without end. `until` is the last valid day. */
export type PersonCategory = z.output<typeof datedCategory>;

/** A category without dates may be its bare name in JSON, and is written so. */
const categoryShape = z.codec(z.union([categoryName, datedCategory]), decoded<PersonCategory>(), {
  decode: (category) => (typeof category === 'string' ? { name: category } : category),
  encode: (category) =>
    category.from === undefined && category.until === undefined ? category.name : category,
});

export const personShape = fields({
  // However a name or number is written, it is one: two would be two persons, each with a year of its own.
  name: column('姓名', text(100).overwrite(writtenName)),
  // Whether it is a number at all is looked at with the rest of the person (`problemsOfContent`); empty: there is none.
  idNumber: column(
    '身份证号',
    z.string().overwrite(writtenNumber).max(60, { error: 'too-long' }).default(''),
  ),
  /** What bears the number; absent: a citizen's card, or what the number itself says. */
  document: column('证件类型', oneOf(identityDocuments).exactOptional()),
  birthDate: column('出生日期', day),
  sex: column('性别', oneOf(sexes)),
  insurance: column('参保类型', oneOf(insurances)),
  categories: column('人员类别', z.array(categoryShape), 'categories'),
  insuredPlace: column('参保地', place),
  employment: column('就业状态', oneOf(employments).exactOptional()),
  contractedDoctor: column('签约医生', z.boolean().exactOptional()),
  disabilityLevel: column('残疾等级', oneOfNumbers(disabilityLevels).exactOptional()),
  phone: column('电话', text(40).exactOptional()),
  address: column('住址', text(300).exactOptional()),
  contact: column('联系人', text(300).exactOptional()),
}).overwrite((person) =>
  // However it is said that there is none.
  person.document === 'none' ? { ...person, idNumber: '' } : person,
);
export type Person = z.output<typeof personShape>;

const stepInFull = fields({
  /** What the step's own base was. */
  base: amount,
  /** What the patient bore of its deductible. */
  deductible: amount,
  paid: amount,
  /** What the patient was left with: of the in-scope cost where the step's base is in scope, else in all. */
  selfPay: amount,
});

/** A step's year, on the visits where it applied, in fen. */
export type StepInFull = z.output<typeof stepInFull>;
/** The same where a register knows only what the step paid. */
type StepPaidOnly = { readonly paidFen: Fen };
export type StepOfYear = StepInFull | StepPaidOnly;

/** What a step paid may stand alone in JSON, as a plain amount. */
const stepOfYear = z.codec(z.union([stepInFull, amount]), decoded<StepOfYear>(), {
  decode: (step) => (typeof step === 'number' ? { paidFen: step } : step),
  encode: (step) => ('baseFen' in step ? step : step.paidFen),
});

/** Steps in full by their names. */
export const stepsInFullByName = z.record(nameOfPack, stepInFull);

const yearNumber = z
  .int({ error: 'not-a-year' })
  .min(1990, { error: 'not-a-year' })
  .max(2200, { error: 'not-a-year' });

/** The person's counters for the settlement year, before or after a visit. */
export const yearToDateShape = fields({
  year: column('累计年度', yearNumber),
  asOf: column('累计截至', day),
  /** Ids of our visits the figures already include. */
  includesVisits: column('累计已含就诊号', z.array(text(64))),
  admissions: column('累计住院次数', countFrom(0)),
  deductiblePaid: column('累计起付线', amount),
  eligible: column('累计政策范围内费用', amount),
  /** By payer id. */
  paid: column('累计各方支付', amountsByName),
  /** By step id. */
  byStep: column('累计各步支付', z.record(nameOfPack, stepOfYear), 'steps'),
  /** The year's bills; absent where nobody said. */
  total: column('累计总费用', amount.exactOptional()),
  /** Everything the person paid this year. */
  selfPay: column('累计个人自付', amount),
  /** Its in-scope part. */
  eligibleSelfPay: column('累计政策范围内自付', amount),
  levels: column('累计就诊级别', z.array(oneOf(hospitalLevels))),
});
export type YearToDate = z.output<typeof yearToDateShape>;
export type YearToDateJson = z.input<typeof yearToDateShape>;
