import { hasRightCheckDigit } from '../domain/citizen-number.ts';
import type { ReceivedInput } from '../domain/shapes/input-shape.ts';
import type { ReceivedVisit } from '../domain/shapes/visit-shape.ts';
import type { Warning } from '../domain/result.ts';
import { isInFull, type StepOfYear, type YearToDate } from '../domain/person.ts';
import type { ChargeLine, DecimalRatio } from '../domain/visit.ts';
import { fen, sumFen, type Fen } from '../money/fen.ts';
import {
  millionthsFromText,
  multiplyQuantityByPrice,
} from '../money/multiply-quantity-by-price.ts';
import { yuanTextFromFen } from '../money/yuan-text.ts';
import { problemAt, type VisitProblem } from './visit-json-problems.ts';
import type { ChargeLineJson, VisitJson } from './visit-json-schema.ts';

/**
 * The largest bill, deposit or yearly figure taken, in fen: a hundred million yuan. No visit and no year
 * comes near it, and what is added up from them stays within `fenMax`.
 */
export const billMaxFen = 10_000_000_000;

/** A visit in its right form: the figures it states, and the same as they were written, for the sentences. */
export type Received = { readonly figures: ReceivedInput; readonly written: VisitJson };

/** What the form alone cannot tell: figures that do not agree, days out of order. All problems, the gravest first. */
export function problemsOfContent({ figures, written }: Received): VisitProblem[] {
  const { visit, person, yearToDate } = figures;
  const problems = [
    ...problemsOfBill(visit, written.visit.charges ?? []),
    ...problemsOfDeposits(visit),
    ...problemsOfApprovals(visit),
    ...problemsOfPayerFigures(visit),
  ];
  if (visit.dischargedOn < visit.admittedOn) {
    problems.push(problemAt(['visit', 'dischargedOn'], 'discharge-before-admission'));
  } else if (person.birthDate > visit.dischargedOn) {
    problems.push(problemAt(['person', 'birthDate'], 'born-after-discharge'));
  }
  const principals = visit.diagnoses.filter(({ principal }) => principal).length;
  if (visit.diagnoses.length > 0 && principals !== 1) {
    problems.push(problemAt(['visit', 'diagnoses'], 'principal-diagnosis'));
  }
  person.categories.forEach(({ from, until }, index) => {
    if (from === undefined || until === undefined || from <= until) return;
    problems.push(problemAt(['person', 'categories', index, 'until'], 'dates-reversed'));
  });
  if (yearToDate !== null) problems.push(...problemsOfYear(yearToDate, visit));
  return problems.sort((a, b) => rankOf(a) - rankOf(b));
}

/** The net total says more than the refund line that made it negative does not name its line. */
function rankOf({ code }: VisitProblem): number {
  return code === 'refund-without-line' || code === 'refund-of-unknown-line' ? 1 : 0;
}

function problemsOfBill(
  { charges, totals }: ReceivedVisit,
  written: readonly ChargeLineJson[],
): VisitProblem[] {
  if (charges !== undefined && totals !== undefined) {
    return [problemAt(['visit', 'totals'], 'charges-or-totals')];
  }
  if (charges !== undefined) return problemsOfCharges(charges, written);
  if (totals === undefined) return [problemAt(['visit', 'charges'], 'missing-field')];
  const { totalFen } = totals;
  if (totalFen < 0) return [problemAt(['visit', 'totals', 'total'], 'negative-total')];
  if (totalFen > billMaxFen) return [problemAt(['visit', 'totals', 'total'], 'amount-too-large')];
  const parts = (['eligible', 'classBFirstSelfPay', 'classC', 'aboveCeiling'] as const).map(
    (name) => [name, totals[`${name}Fen`]] as const,
  );
  const negative = parts.filter(([, amountFen]) => amountFen < 0);
  if (negative.length > 0) {
    return negative.map(([name]) => problemAt(['visit', 'totals', name], 'negative-amount'));
  }
  const sumOfParts = parts.reduce((added, [, amountFen]) => added + amountFen, 0);
  return sumOfParts === totalFen ? [] : [problemAt(['visit', 'totals'], 'totals-do-not-add-up')];
}

function problemsOfCharges(
  charges: readonly ChargeLine[],
  written: readonly ChargeLineJson[],
): VisitProblem[] {
  const problems: VisitProblem[] = [];
  const lines = new Map<number, ChargeLine>();
  let total = 0;
  charges.forEach((charge, index) => {
    const path = ['visit', 'charges', index];
    if (lines.has(charge.line)) problems.push(problemAt([...path, 'line'], 'duplicate-line'));
    else lines.set(charge.line, charge);
    total += charge.amountFen;
    problems.push(...problemsOfLine(charge, written[index], path));
  });
  problems.push(...problemsOfRefunds(charges, lines));
  if (total < 0) problems.push(problemAt(['visit', 'charges'], 'negative-total'));
  if (total > billMaxFen) problems.push(problemAt(['visit', 'charges'], 'amount-too-large'));
  return problems;
}

function problemsOfLine(
  charge: ChargeLine,
  written: ChargeLineJson | undefined,
  path: readonly PropertyKey[],
): VisitProblem[] {
  const problems: VisitProblem[] = [];
  const { amountFen, quantity, unitPrice } = charge;
  if (unitPrice.startsWith('-')) {
    problems.push(problemAt([...path, 'unitPrice'], 'negative-amount'));
  }
  if (charge.priceCeiling?.startsWith('-') === true) {
    problems.push(problemAt([...path, 'priceCeiling'], 'negative-amount'));
  }
  if (charge.catalogueClass === 'B' && written?.firstSelfPayRatio === null) {
    problems.push(problemAt([...path, 'firstSelfPayRatio'], 'first-self-pay-missing'));
  }
  const exact = productOrNull(charge);
  if (exact === null) problems.push(problemAt([...path, 'amount'], 'amount-too-large'));
  else if (Math.abs(amountFen - exact) > 1) {
    const product = yuanTextFromFen(exact);
    const stated = written?.amount ?? '';
    problems.push(
      problemAt([...path, 'amount'], 'amount-mismatch', {
        zh: `${quantity} × ${unitPrice} = ${product}，写的是 ${stated}`,
        en: `${quantity} × ${unitPrice} = ${product}, stated ${stated}`,
      }),
    );
  }
  if (charge.refundsLine === undefined) {
    if (amountFen < 0 || Number(quantity) < 0)
      problems.push(problemAt(path, 'refund-without-line'));
  } else if (amountFen > 0 || Number(quantity) > 0) {
    problems.push(problemAt([...path, 'amount'], 'refund-not-negative'));
  }
  return problems;
}

function productOrNull({ quantity, unitPrice }: ChargeLine): Fen | null {
  try {
    return multiplyQuantityByPrice(quantity, unitPrice);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

function problemsOfRefunds(
  charges: readonly ChargeLine[],
  lines: ReadonlyMap<number, ChargeLine>,
): VisitProblem[] {
  const problems: VisitProblem[] = [];
  const left = new Map<number, { amount: number; quantity: number }>();
  charges.forEach((charge, index) => {
    if (charge.refundsLine === undefined) return;
    const path = ['visit', 'charges', index];
    const line = lines.get(charge.refundsLine);
    if (line === undefined || line.refundsLine !== undefined) {
      problems.push(problemAt([...path, 'refundsLine'], 'refund-of-unknown-line'));
      return;
    }
    if (!isSameItem(charge, line)) {
      problems.push(problemAt([...path, 'refundsLine'], 'refund-of-other-item'));
      return;
    }
    const before = left.get(line.line) ?? {
      amount: line.amountFen,
      quantity: millionthsFromText(line.quantity),
    };
    const after = {
      amount: before.amount + charge.amountFen,
      quantity: before.quantity + millionthsFromText(charge.quantity),
    };
    left.set(line.line, after);
    if (after.amount < 0) problems.push(problemAt([...path, 'amount'], 'refund-exceeds-line'));
    else if (after.quantity < 0) {
      problems.push(problemAt([...path, 'quantity'], 'refund-exceeds-line'));
    }
  });
  return problems;
}

/** What is given back lowers the line it names, so it must be of the same item and covered in the same way. */
function isSameItem(refund: ChargeLine, line: ChargeLine): boolean {
  return (
    refund.code === line.code &&
    refund.catalogueClass === line.catalogueClass &&
    isSameRatio(refund.firstSelfPayRatio, line.firstSelfPayRatio)
  );
}

/** `0.1` and `0.10` are the same ratio. Both are at most one with six decimals: the products stay whole and safe. */
function isSameRatio(one: DecimalRatio, other: DecimalRatio): boolean {
  return one.numerator * other.denominator === other.numerator * one.denominator;
}

function problemsOfDeposits(visit: ReceivedVisit): VisitProblem[] {
  const { depositFen, deposits, referral, earlierParts } = visit;
  const problems: VisitProblem[] = [];
  if (depositFen !== undefined) {
    problems.push(...problemsOfAmount(['visit', 'deposit'], depositFen));
  }
  if (deposits !== undefined) {
    let sum = 0;
    deposits.forEach(({ amountFen }, index) => {
      sum += amountFen;
      problems.push(...problemsOfAmount(['visit', 'deposits', index, 'amount'], amountFen));
    });
    if (sum > billMaxFen) problems.push(problemAt(['visit', 'deposits'], 'amount-too-large'));
    if (depositFen !== undefined && sum !== depositFen) {
      problems.push(problemAt(['visit', 'deposits'], 'deposits-do-not-add-up'));
    }
  }
  if (referral !== null) {
    const path = ['visit', 'referral', 'deductiblePaid'];
    problems.push(...problemsOfAmount(path, referral.deductiblePaidFen));
  }
  if (earlierParts !== undefined) {
    problems.push(...problemsOfParts(earlierParts));
  }
  return problems;
}

function problemsOfApprovals({ approvals = [] }: ReceivedVisit): VisitProblem[] {
  const problems = approvals.flatMap(({ amountFen }, index) =>
    problemsOfAmount(['visit', 'approvals', index, 'amount'], amountFen),
  );
  // Which of two decisions on one step counts is not ours to choose.
  for (const index of repeated(approvals.map(({ step }) => step))) {
    problems.push(problemAt(['visit', 'approvals', index, 'step'], 'repeated-approval'));
  }
  return problems;
}

/** Whether the figures add up is said where they are settled by, with the exact difference. */
function problemsOfPayerFigures({ payerFigures }: ReceivedVisit): VisitProblem[] {
  if (payerFigures === undefined) return [];
  const { shares, patientPaysFen } = payerFigures;
  const path = ['visit', 'payerFigures'];
  const problems = problemsOfAmount([...path, 'patientPays'], patientPaysFen);
  const isAgain = repeated(shares.map(({ payer }) => payer));
  shares.forEach(({ amountFen }, index) => {
    problems.push(...problemsOfAmount([...path, 'shares', index, 'amount'], amountFen));
    if (isAgain.has(index)) {
      problems.push(problemAt([...path, 'shares', index, 'payer'], 'repeated-payer'));
    }
  });
  return problems;
}

/** The places of names that stand before already. */
function repeated(names: readonly string[]): ReadonlySet<number> {
  const seen = new Set<string>();
  const again = new Set<number>();
  names.forEach((name, index) => {
    if (seen.has(name)) again.add(index);
    seen.add(name);
  });
  return again;
}

/** An amount that is what was paid or counted: never negative, never beyond any bill. */
function problemsOfAmount(path: readonly PropertyKey[], amountFen: Fen): VisitProblem[] {
  if (amountFen < 0) return [problemAt(path, 'negative-amount')];
  return amountFen > billMaxFen ? [problemAt(path, 'amount-too-large')] : [];
}

function problemsOfYear(year: YearToDate, visit: ReceivedVisit): VisitProblem[] {
  const problems: VisitProblem[] = [];
  // Which of the two counts is the pack's to say.
  const years = [visit.admittedOn, visit.dischargedOn].map((day) => Number(day.slice(0, 4)));
  if (!years.includes(year.year)) {
    problems.push(problemAt(['yearToDate', 'year'], 'year-to-date-of-another-year'));
  }
  for (const name of ['deductiblePaid', 'eligible', 'selfPay', 'eligibleSelfPay'] as const) {
    problems.push(...problemsOfAmount(['yearToDate', name], year[`${name}Fen`]));
  }
  if (year.totalFen !== undefined) {
    problems.push(...problemsOfAmount(['yearToDate', 'total'], year.totalFen));
  }
  for (const [by, amountFen] of Object.entries(year.paidFen)) {
    problems.push(...problemsOfAmount(['yearToDate', 'paid', by], amountFen));
  }
  problems.push(...problemsOfSteps(['yearToDate', 'byStep'], year.byStep));
  return problems.length > 0 ? problems : contradictionsOfYear(year, visit);
}

function problemsOfSteps(
  path: readonly PropertyKey[],
  byStep: Readonly<Record<string, StepOfYear>>,
): VisitProblem[] {
  return Object.entries(byStep).flatMap(([step, figures]) => {
    if (!isInFull(figures)) return problemsOfAmount([...path, step], figures.paidFen);
    return (['base', 'deductible', 'paid', 'selfPay'] as const).flatMap((name) =>
      problemsOfAmount([...path, step, name], figures[`${name}Fen`]),
    );
  });
}

/**
 * What no year can be, whatever the policy: a day outside it, the visit among what was before it, a part above its
 * whole, a level nobody stayed at (contract: Year).
 */
function contradictionsOfYear(year: YearToDate, visit: ReceivedVisit): VisitProblem[] {
  const problems: VisitProblem[] = [];
  const contradiction = (path: readonly PropertyKey[], zh: string, en: string): void => {
    problems.push(problemAt(['yearToDate', ...path], 'year-contradicts-itself', { zh, en }));
  };
  const { asOf, includesVisits, admissions, levels, totalFen } = year;
  if (Number(asOf.slice(0, 4)) !== year.year) {
    contradiction(
      ['asOf'],
      `${asOf} 不在 ${String(year.year)} 年`,
      `${asOf} is not in ${String(year.year)}`,
    );
  } else if (asOf > visit.dischargedOn) {
    contradiction(
      ['asOf'],
      `晚于出院日期 ${visit.dischargedOn}`,
      `after the discharge, ${visit.dischargedOn}`,
    );
  }
  includesVisits.forEach((id, index) => {
    if (id === visit.id && visit.earlierParts === undefined) {
      contradiction(['includesVisits', index], '就是本次就诊', 'this is the visit itself');
    } else if (includesVisits.indexOf(id) < index) {
      contradiction(['includesVisits', index], '前面已经列过', 'it is listed before');
    }
  });
  if (admissions === 0 && levels.length > 0) {
    contradiction(['levels'], '住院次数是 0', 'there was no admission');
  }
  const above = (name: string, part: Fen, whole: Fen, zh: string, en: string): void => {
    if (part <= whole) return;
    const figures = `${yuanTextFromFen(part)} > ${yuanTextFromFen(whole)}`;
    contradiction(name.split('/'), `大于${zh}，${figures}`, `above ${en}, ${figures}`);
  };
  above('eligibleSelfPay', year.eligibleSelfPayFen, year.selfPayFen, '个人负担', 'the self-pay');
  above(
    'eligibleSelfPay',
    year.eligibleSelfPayFen,
    year.eligibleFen,
    '政策范围内费用',
    'the in-scope cost',
  );
  const paidFen = sumFen(Object.values(year.paidFen));
  const borne = fen(year.selfPayFen + paidFen);
  above(
    'deductiblePaid',
    year.deductiblePaidFen,
    borne,
    '各方支付与个人负担之和',
    'what was paid and borne',
  );
  if (totalFen !== undefined) {
    above('selfPay', year.selfPayFen, totalFen, '总费用', 'the total');
    above('eligible', year.eligibleFen, totalFen, '总费用', 'the total');
  }
  for (const [step, figures] of Object.entries(year.byStep)) {
    if (!isInFull(figures)) continue;
    const at = `byStep/${step}`;
    above(`${at}/deductible`, figures.deductibleFen, figures.baseFen, '其基数', 'its base');
    above(
      `${at}/selfPay`,
      figures.selfPayFen,
      year.selfPayFen,
      '个人负担',
      'the self-pay of the year',
    );
    if (totalFen !== undefined)
      above(`${at}/base`, figures.baseFen, totalFen, '总费用', 'the total');
  }
  const bySteps = sumFen(Object.values(year.byStep).map((step) => step.paidFen));
  above('byStep', bySteps, paidFen, '各方支付', 'what the payers paid');
  return problems;
}

function problemsOfParts(parts: NonNullable<ReceivedVisit['earlierParts']>): VisitProblem[] {
  const path = ['visit', 'earlierParts'];
  const problems = problemsOfAmount([...path, 'deductiblePaid'], parts.deductiblePaidFen);
  const { totalFen, eligibleFen, patientPaysFen, hospitalBearsFen, byStep } = parts;
  const rest = { total: totalFen, eligible: eligibleFen, patientPays: patientPaysFen };
  const figures = Object.entries({ ...rest, hospitalBears: hospitalBearsFen, byStep });
  const missing = figures.filter(([, figure]) => figure === undefined).map(([name]) => name);
  // Older programs knew the first two only. Half of the others would settle the rest of the stay wrongly.
  if (missing.length > 0 && missing.length < figures.length) {
    return missing.map((name) => problemAt([...path, name], 'missing-field'));
  }
  if (byStep === undefined || totalFen === undefined || eligibleFen === undefined) return problems;
  for (const [name, amountFen] of Object.entries(rest)) {
    if (amountFen !== undefined) problems.push(...problemsOfAmount([...path, name], amountFen));
  }
  problems.push(...problemsOfSteps([...path, 'byStep'], byStep));
  if (problems.length > 0) return problems;
  const paidFen = sumFen(Object.values(byStep).map((step) => step.paidFen));
  const sum = paidFen + (patientPaysFen ?? 0) + (hospitalBearsFen ?? 0);
  if (sum !== totalFen) problems.push(problemAt(path, 'parts-do-not-add-up'));
  if (eligibleFen > totalFen)
    problems.push(problemAt([...path, 'eligible'], 'parts-do-not-add-up'));
  return problems;
}

/** What is taken as it stands but should be known. */
export function warningsOf({ figures, written }: Received): Warning[] {
  const { visit, person, yearToDate } = figures;
  const warnings: Warning[] = [];
  visit.charges?.forEach((charge, index) => {
    warnings.push(...warningsOfLine(charge, written.visit.charges?.[index], index, visit));
  });
  if (yearToDate === null) warnings.push(yearToDateUnknown);
  // Other papers than the citizen's card have no check digit.
  if (/^\d{17}[\dX]$/.test(person.idNumber) && !hasRightCheckDigit(person.idNumber)) {
    warnings.push({
      code: 'id-number-check-digit',
      place: '/person/idNumber',
      text: {
        zh: '身份证号校验位不对，请核对证件',
        en: 'The check digit of the ID number is wrong; compare it with the card',
      },
    });
  }
  return warnings;
}

function warningsOfLine(
  charge: ChargeLine,
  written: ChargeLineJson | undefined,
  index: number,
  visit: ReceivedVisit,
): Warning[] {
  const warnings: Warning[] = [];
  const place = `/visit/charges/${String(index)}`;
  const line = String(charge.line);
  const exact = multiplyQuantityByPrice(charge.quantity, charge.unitPrice);
  if (exact !== charge.amountFen) {
    const product = yuanTextFromFen(exact);
    const stated = written?.amount ?? '';
    warnings.push({
      code: 'amount-rounded',
      place: `${place}/amount`,
      text: {
        zh: `第 ${line} 行金额 ${stated} 与数量×单价 ${product} 相差 0.01，按写明的金额计算`,
        en: `Line ${line}: the amount ${stated} is 0.01 off quantity × price ${product}; the stated amount counts`,
      },
    });
  }
  if (charge.on < visit.admittedOn || charge.on > visit.dischargedOn) {
    warnings.push({
      code: 'charge-outside-stay',
      place: `${place}/on`,
      text: {
        zh: `第 ${line} 行费用日期 ${charge.on} 不在住院期间 ${visit.admittedOn} 至 ${visit.dischargedOn}`,
        en: `Line ${line}: charged on ${charge.on}, outside the stay ${visit.admittedOn} to ${visit.dischargedOn}`,
      },
    });
  }
  if (charge.catalogueClass === 'A' && charge.firstSelfPayRatio.numerator !== 0) {
    const ratio = written?.firstSelfPayRatio ?? '';
    warnings.push({
      code: 'first-self-pay-ignored',
      place: `${place}/firstSelfPayRatio`,
      text: {
        zh: `第 ${line} 行是甲类，先行自付比例 ${ratio} 不计算`,
        en: `Line ${line} is class A; its first self-pay ratio ${ratio} does not count`,
      },
    });
  }
  return warnings;
}

const yearToDateUnknown: Warning = {
  code: 'year-to-date-unknown',
  place: '/yearToDate',
  text: {
    zh: '没有本年度累计数据，按年度首次计算；起付标准和封顶线可能因此不同',
    en: 'The year to date is not known and was taken as a fresh year; deductibles and ceilings may differ',
  },
};
