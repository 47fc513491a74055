import { z } from 'zod';
import { sumFen, type Fen } from '../../money/fen.ts';
import {
  approvalDecisions,
  catalogueClasses,
  chargeCategories,
  dischargeWays,
  hospitalGrades,
  hospitalLevels,
  hospitalTypes,
  outcomes,
  outOfAreaFilings,
  tenderKinds,
  thirdParties,
  visitKinds,
} from '../closed-values.ts';
import { column } from './column.ts';
import { fields } from './fields.ts';
import { stepsInFullByName } from './person-shape.ts';
import {
  amount,
  countFrom,
  day,
  decimal,
  decoded,
  nameOfPack,
  oneOf,
  oneOfNumbers,
  orNone,
  orNull,
  place,
  shareOrNone,
  text,
} from './leaves.ts';

/** More lines than this are no bill of one visit; the longest real ones have some thousands. */
export const chargeLinesMax = 20_000;

const lineNumber = z.int({ error: 'not-a-line-number' }).min(1, { error: 'not-a-line-number' });
/** A code and its name as two columns. */
const codeAndNameIn = (code: string, name: string) =>
  fields({ code: column(code, text(64)), name: column(name, text(200)) });

export type CodeAndName = z.output<ReturnType<typeof codeAndNameIn>>;

/** One priced item. A refund has negative quantity and amount and names the line it takes back. */
export const chargeLineShape = fields({
  line: column('费用序号', lineNumber),
  code: column('项目编码', text(64)),
  name: column('项目名称', text(200)),
  category: column('费用类别', oneOf(chargeCategories)),
  catalogueClass: column('目录类别', oneOf(catalogueClasses)),
  /** Share of a class B item the patient bears first; 0/1 elsewhere. */
  firstSelfPayRatio: column('先行自付比例', shareOrNone),
  /** Unit price above which an item is not eligible; null: none. */
  priceCeiling: column('限价', decimal.nullable()),
  unit: column('单位', z.string().max(40, { error: 'too-long' })),
  quantity: column('数量', decimal),
  unitPrice: column('单价', decimal),
  amount: column('金额', amount),
  on: column('费用日期', day),
  refundsLine: column('冲销序号', lineNumber.exactOptional()),
  nationalCode: column('国家编码', text(64).exactOptional()),
  orderedBy: codeAndNameIn('开单医生编码', '开单医生姓名').exactOptional(),
  department: codeAndNameIn('执行科室编码', '执行科室名称').exactOptional(),
  at: column('费用时间', text(40).exactOptional()),
  restrictedUse: column('限制用药', z.boolean().exactOptional()),
});
export type ChargeLine = z.output<typeof chargeLineShape>;
export type ChargeLineJson = z.input<typeof chargeLineShape>;

export const hospitalShape = fields({
  code: column('医院编码', text(64)),
  name: column('医院名称', text(200)),
  level: column('医院级别', oneOf(hospitalLevels)),
  grade: column('医院等级', oneOfNumbers(hospitalGrades).exactOptional()),
  type: column('医院类型', oneOf(hospitalTypes).exactOptional()),
  place: column('医院所在地', place.exactOptional()),
});
export type Hospital = z.output<typeof hospitalShape>;

export const diagnosisShape = fields({
  code: text(64),
  name: text(200),
  principal: z.boolean(),
});
export type Diagnosis = z.output<typeof diagnosisShape>;

export const procedureShape = fields({
  code: text(64),
  name: text(200),
  on: day.exactOptional(),
});
export type Procedure = z.output<typeof procedureShape>;

export const referralShape = fields({
  certificate: column('转诊证明号', text(64)),
  issuedOn: column('转诊日期', day),
  fromHospitalLevel: column('转出医院级别', oneOf(hospitalLevels)),
  previousVisitId: column('转出就诊号', orNull(text(64))),
  deductiblePaid: column('转诊前已付起付线', amount),
});
export type Referral = z.output<typeof referralShape>;

/** Where only totals are known. The last four add up to the first. */
export const totalsShape = fields({
  total: column('总费用', amount),
  eligible: column('政策范围内费用', amount),
  classBFirstSelfPay: column('乙类先行自付', amount),
  classC: column('丙类费用', amount),
  aboveCeiling: column('超限价费用', amount),
});
export type VisitTotals = z.output<typeof totalsShape>;

export const depositShape = fields({
  receipt: text(64),
  amount,
  on: day,
  tender: oneOf(tenderKinds),
});
export type DepositReceipt = z.output<typeof depositShape>;

/** Why the hospital's own system says the visit is not ready to be settled. */
export const blockerShape = fields({ code: text(64), text: text(200) });
export type Blocker = z.output<typeof blockerShape>;

/** What an office decided on an application of the patient's, for the step that asks for one. */
export const approvalShape = fields({
  step: nameOfPack,
  form: text(100),
  number: text(64),
  decision: oneOf(approvalDecisions),
  amount,
  on: day,
});
export type Approval = z.output<typeof approvalShape>;

/** What a payer of a person no pack of ours covers has stated of this visit. */
export const payerFiguresShape = fields({
  from: text(100),
  receivedOn: day,
  shares: z.array(fields({ payer: nameOfPack, amount })).min(1, { error: 'empty-list' }),
  patientPays: amount,
});
export type PayerFigures = z.output<typeof payerFiguresShape>;

/**
 * What the earlier parts of a stay that is settled in parts came to. Programs before this one knew only how many
 * there were and what of the deductible they bore.
 */
export const earlierPartsShape = fields({
  parts: column('已中途结算次数', countFrom(1)),
  total: column('中途结算总费用', amount.exactOptional()),
  eligible: column('中途结算政策范围内费用', amount.exactOptional()),
  deductiblePaid: column('中途结算已付起付线', amount),
  patientPays: column('中途结算个人负担', amount.exactOptional()),
  hospitalBears: column('中途结算医院承担', amount.exactOptional()),
  byStep: column('中途结算各步', stepsInFullByName.exactOptional(), 'steps'),
});
export type EarlierParts = z.output<typeof earlierPartsShape>;

/** The fields of a visit as they are received: what may be absent is absent. `visitShape` makes a visit of them. */
export const receivedVisitShape = fields({
  id: column('就诊号', text(64)),
  kind: column('就诊类别', oneOf(visitKinds)),
  admittedOn: column('入院日期', day),
  dischargedOn: column('出院日期', day),
  hospital: hospitalShape,
  diagnoses: z.array(diagnosisShape),
  procedures: column('手术操作', orNone(z.array(procedureShape)), 'procedures'),
  referral: orNull(referralShape),
  charges: z
    .array(chargeLineShape)
    .min(1, { error: 'no-charges' })
    .max(chargeLinesMax, { error: 'too-many-lines' })
    .exactOptional(),
  totals: totalsShape.exactOptional(),
  deposit: column('预交金', amount.exactOptional()),
  deposits: z.array(depositShape).exactOptional(),
  blockers: column('未就绪原因', z.array(blockerShape).exactOptional(), 'blockers'),
  admissionNumber: column('住院号', text(64).exactOptional()),
  medicalRecordNumber: column('病案号', text(64).exactOptional()),
  department: codeAndNameIn('科室编码', '科室名称').exactOptional(),
  bed: column('床号', text(40).exactOptional()),
  attendingDoctor: codeAndNameIn('主治医生编码', '主治医生姓名').exactOptional(),
  dischargeWay: column('离院方式', oneOf(dischargeWays).exactOptional()),
  outcome: column('治疗结果', oneOf(outcomes).exactOptional()),
  injury: fields({
    cause: column('外伤原因', text(200)),
    thirdParty: column('第三方责任', oneOf(thirdParties)),
  }).exactOptional(),
  insurer: fields({
    personNumber: column('医保人员编号', text(64).exactOptional()),
    visitId: column('医保就诊编号', text(64).exactOptional()),
  }).exactOptional(),
  emergency: column('急诊', z.boolean().exactOptional()),
  outOfArea: fields({
    filed: column('异地备案', oneOf(outOfAreaFilings)),
    filedOn: column('异地备案日期', day.exactOptional()),
  }).exactOptional(),
  chronicDisease: fields({
    code: column('慢特病编码', text(64)),
    certificateFrom: column('慢特病认定起', day),
    until: column('慢特病认定止', day.exactOptional()),
  }).exactOptional(),
  approvals: z.array(approvalShape).exactOptional(),
  earlierParts: earlierPartsShape.exactOptional(),
  payerFigures: payerFiguresShape.exactOptional(),
});
export type ReceivedVisit = z.output<typeof receivedVisitShape>;

type Bill =
  | { readonly kind: 'charges'; readonly charges: readonly ChargeLine[] }
  | { readonly kind: 'totals'; readonly totals: z.output<typeof totalsShape> };

/** One inpatient stay or outpatient encounter being charged (contract: Visit JSON). */
export type Visit = Omit<ReceivedVisit, 'charges' | 'totals' | 'depositFen' | 'blockers'> & {
  /** Either charge lines, or totals where only totals are known. */
  readonly bill: Bill;
  readonly depositFen: Fen;
  readonly blockers: NonNullable<ReceivedVisit['blockers']>;
};

/** The visit of what was received. Throws unless it has either charges or totals, as intake checks. */
export function visitOfReceived(received: ReceivedVisit): Visit {
  const { charges, totals, depositFen, ...same } = received;
  return {
    ...same,
    bill: billOf(charges, totals),
    // Where only the receipts are listed, the deposit is their sum.
    depositFen: depositFen ?? sumFen((same.deposits ?? []).map(({ amountFen }) => amountFen)),
    blockers: same.blockers ?? [],
  };
}

function billOf(charges: ReceivedVisit['charges'], totals: ReceivedVisit['totals']): Bill {
  if (charges !== undefined && totals === undefined) return { kind: 'charges', charges };
  if (totals !== undefined && charges === undefined) return { kind: 'totals', totals };
  throw new Error('a visit has either charges or totals');
}

function receivedOfVisit({ bill, blockers, ...same }: Visit): ReceivedVisit {
  return {
    ...same,
    ...(bill.kind === 'charges' ? { charges: bill.charges } : { totals: bill.totals }),
    ...(blockers.length === 0 ? {} : { blockers }),
  };
}

export const visitShape = z.codec(receivedVisitShape, decoded<Visit>(), {
  decode: visitOfReceived,
  encode: receivedOfVisit,
});
