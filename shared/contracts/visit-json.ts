import type { PersonCategory, SettlementInput, YearToDate } from '../domain/person.ts';
import { accepted, type Result, type Warning } from '../domain/result.ts';
import type { Approval, ChargeLine, DecimalRatio, PayerFigures, Visit } from '../domain/visit.ts';
import { sumFen, type Fen } from '../money/fen.ts';
import { rateFromText } from '../money/rate.ts';
import { fenFromYuanText, yuanTextFromFen } from '../money/yuan-text.ts';
import { problemsOfContent, warningsOf } from './visit-json-checks.ts';
import { problemsOfIssues, refusalOf } from './visit-json-problems.ts';
import {
  visitJsonSchema,
  type ChargeLineJson,
  type VisitJson,
  type YearToDateJson,
} from './visit-json-schema.ts';
import { withoutUndefined } from './without-undefined.ts';

export type { VisitJson } from './visit-json-schema.ts';

export type ReadVisit = { readonly input: SettlementInput; readonly warnings: readonly Warning[] };

/**
 * Reads a Visit JSON of the contract: what `settle` and `import` take. Everything wrong with it is listed
 * in the refusal's `details`, each with a code and a JSON Pointer; what can stand but should be known
 * comes back as warnings. This is the only door from yuan text to fen for visits.
 */
export function settlementInputFromVisitJson(data: unknown): Result<ReadVisit> {
  const parsed = visitJsonSchema.safeParse(data, { reportInput: true });
  if (!parsed.success) return refusalOf(problemsOfIssues(parsed.error.issues));
  const json = parsed.data;
  const problems = problemsOfContent(json);
  if (problems.length > 0) return refusalOf(problems);
  return accepted({ input: inputOf(json), warnings: warningsOf(json) });
}

/** The Visit JSON of an input, so that a settlement can keep exactly what it was decided on. */
export function visitJsonFromSettlementInput(input: SettlementInput): VisitJson {
  const { visit, person, yearToDate } = input;
  const { bill, depositFen, deposits, blockers, referral, procedures, ...others } = visit;
  const { approvals, earlierParts, payerFigures, ...same } = others;
  return {
    visit: {
      ...same,
      hospital: { ...visit.hospital },
      diagnoses: visit.diagnoses.map((diagnosis) => ({ ...diagnosis })),
      procedures: procedures.map((procedure) => ({ ...procedure })),
      referral: referral === null ? null : referralToJson(referral),
      ...billToJson(bill),
      deposit: yuanTextFromFen(depositFen),
      ...(deposits === undefined
        ? {}
        : {
            deposits: deposits.map(({ amountFen, ...deposit }) => ({
              ...deposit,
              amount: yuanTextFromFen(amountFen),
            })),
          }),
      ...(blockers.length === 0 ? {} : { blockers: blockers.map((blocker) => ({ ...blocker })) }),
      ...(approvals === undefined ? {} : { approvals: approvals.map(approvalToJson) }),
      ...(earlierParts === undefined
        ? {}
        : {
            earlierParts: {
              parts: earlierParts.parts,
              deductiblePaid: yuanTextFromFen(earlierParts.deductiblePaidFen),
            },
          }),
      ...(payerFigures === undefined ? {} : { payerFigures: payerFiguresToJson(payerFigures) }),
    },
    person: { ...person, categories: person.categories.map(categoryToJson) },
    yearToDate: yearToDate === null ? null : yearToDateToJson(yearToDate),
  };
}

function approvalToJson({ amountFen, ...same }: Approval) {
  return { ...same, amount: yuanTextFromFen(amountFen) };
}

function payerFiguresToJson({ shares, patientPaysFen, ...same }: PayerFigures) {
  return {
    ...same,
    shares: shares.map(({ payer, amountFen }) => ({ payer, amount: yuanTextFromFen(amountFen) })),
    patientPays: yuanTextFromFen(patientPaysFen),
  };
}

/** A category without dates is its bare name. */
function categoryToJson(category: PersonCategory): VisitJson['person']['categories'][number] {
  const { name, from, until } = category;
  return from === undefined && until === undefined ? name : { ...category };
}

function referralToJson(
  referral: NonNullable<Visit['referral']>,
): NonNullable<VisitJson['visit']['referral']> {
  const { deductiblePaidFen, ...same } = referral;
  return { ...same, deductiblePaid: yuanTextFromFen(deductiblePaidFen) };
}

function billToJson(bill: Visit['bill']): Pick<VisitJson['visit'], 'charges' | 'totals'> {
  if (bill.kind === 'charges') return { charges: bill.charges.map(chargeToJson) };
  const { totals } = bill;
  return {
    totals: {
      total: yuanTextFromFen(totals.totalFen),
      eligible: yuanTextFromFen(totals.eligibleFen),
      classBFirstSelfPay: yuanTextFromFen(totals.classBFirstSelfPayFen),
      classC: yuanTextFromFen(totals.classCFen),
      aboveCeiling: yuanTextFromFen(totals.aboveCeilingFen),
    },
  };
}

function chargeToJson(charge: ChargeLine): ChargeLineJson {
  const { amountFen, firstSelfPayRatio, ...same } = charge;
  return {
    ...same,
    firstSelfPayRatio: ratioText(firstSelfPayRatio),
    amount: yuanTextFromFen(amountFen),
  };
}

function ratioText({ numerator, denominator }: DecimalRatio): string {
  const decimals = String(denominator).length - 1;
  const digits = String(numerator).padStart(decimals + 1, '0');
  if (decimals === 0) return digits;
  return `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}

function inputOf(json: VisitJson): SettlementInput {
  const { categories, ...person } = json.person;
  return {
    visit: visitOf(json.visit),
    person: withoutUndefined({
      ...person,
      categories: categories.map((category) =>
        typeof category === 'string' ? { name: category } : withoutUndefined(category),
      ),
    }),
    yearToDate:
      json.yearToDate === undefined || json.yearToDate === null
        ? null
        : yearToDateFromJson(json.yearToDate),
  };
}

function visitOf(json: VisitJson['visit']): Visit {
  const { charges, totals, deposit, deposits, blockers, referral, procedures, ...others } = json;
  const { approvals, earlierParts, payerFigures, ...same } = others;
  const depositReceipts = deposits?.map(({ amount, ...receipt }) => ({
    ...receipt,
    amountFen: fenFromYuanText(amount),
  }));
  return withoutUndefined({
    ...same,
    hospital: withoutUndefined(json.hospital),
    procedures: (procedures ?? []).map((procedure) => withoutUndefined(procedure)),
    referral: referral === undefined || referral === null ? null : referralFromJson(referral),
    bill: billFromJson(charges, totals),
    depositFen: depositOf(deposit, depositReceipts),
    deposits: depositReceipts,
    blockers: blockers ?? [],
    insurer: json.insurer === undefined ? undefined : withoutUndefined(json.insurer),
    chronicDisease:
      json.chronicDisease === undefined ? undefined : withoutUndefined(json.chronicDisease),
    approvals: approvals?.map(({ amount, ...approval }) => ({
      ...approval,
      amountFen: fenFromYuanText(amount),
    })),
    earlierParts:
      earlierParts === undefined
        ? undefined
        : {
            parts: earlierParts.parts,
            deductiblePaidFen: fenFromYuanText(earlierParts.deductiblePaid),
          },
    payerFigures:
      payerFigures === undefined
        ? undefined
        : {
            from: payerFigures.from,
            receivedOn: payerFigures.receivedOn,
            shares: payerFigures.shares.map(({ payer, amount }) => ({
              payer,
              amountFen: fenFromYuanText(amount),
            })),
            patientPaysFen: fenFromYuanText(payerFigures.patientPays),
          },
  });
}

function referralFromJson(
  referral: NonNullable<VisitJson['visit']['referral']>,
): NonNullable<Visit['referral']> {
  const { deductiblePaid, previousVisitId, ...same } = referral;
  return {
    ...same,
    previousVisitId: previousVisitId ?? null,
    deductiblePaidFen: fenFromYuanText(deductiblePaid),
  };
}

/** Where only the receipts are listed, the deposit is their sum. */
function depositOf(
  deposit: string | undefined,
  receipts: readonly { readonly amountFen: Fen }[] | undefined,
): Fen {
  if (deposit !== undefined) return fenFromYuanText(deposit);
  return sumFen((receipts ?? []).map(({ amountFen }) => amountFen));
}

function billFromJson(
  charges: VisitJson['visit']['charges'],
  totals: VisitJson['visit']['totals'],
): Visit['bill'] {
  if (charges !== undefined) return { kind: 'charges', charges: charges.map(chargeFromJson) };
  if (totals === undefined) throw new Error('a visit without charges and totals passed the checks');
  return {
    kind: 'totals',
    totals: {
      totalFen: fenFromYuanText(totals.total),
      eligibleFen: fenFromYuanText(totals.eligible),
      classBFirstSelfPayFen: fenFromYuanText(totals.classBFirstSelfPay),
      classCFen: fenFromYuanText(totals.classC),
      aboveCeilingFen: fenFromYuanText(totals.aboveCeiling),
    },
  };
}

function chargeFromJson(json: ChargeLineJson): ChargeLine {
  const { amount, firstSelfPayRatio, ...same } = json;
  return withoutUndefined({
    ...same,
    firstSelfPayRatio: rateFromText(firstSelfPayRatio ?? '0'),
    amountFen: fenFromYuanText(amount),
  });
}

/** The year's counters as the contract writes them. */
export function yearToDateToJson(year: YearToDate): YearToDateJson {
  return {
    year: year.year,
    asOf: year.asOf,
    includesVisits: [...year.includesVisits],
    admissions: year.admissions,
    deductiblePaid: yuanTextFromFen(year.deductiblePaidFen),
    eligible: yuanTextFromFen(year.eligibleFen),
    paid: mapValues(year.paidFen, yuanTextFromFen),
    byStep: mapValues(year.byStepFen, yuanTextFromFen),
    selfPay: yuanTextFromFen(year.selfPayFen),
    eligibleSelfPay: yuanTextFromFen(year.eligibleSelfPayFen),
    levels: [...year.levels],
  };
}

/** The year's counters from what the contract writes; the texts have passed the schema. */
export function yearToDateFromJson(json: YearToDateJson): YearToDate {
  return {
    year: json.year,
    asOf: json.asOf,
    includesVisits: json.includesVisits,
    admissions: json.admissions,
    deductiblePaidFen: fenFromYuanText(json.deductiblePaid),
    eligibleFen: fenFromYuanText(json.eligible),
    paidFen: mapValues(json.paid, fenFromYuanText),
    byStepFen: mapValues(json.byStep, fenFromYuanText),
    selfPayFen: fenFromYuanText(json.selfPay),
    eligibleSelfPayFen: fenFromYuanText(json.eligibleSelfPay),
    levels: json.levels,
  };
}

function mapValues<From, To>(
  values: Readonly<Record<string, From>>,
  turn: (value: From) => To,
): Record<string, To> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, turn(value)]));
}
