import { readIdentityNumber, type NumberReading } from '../domain/identity-number.ts';
import { problemOfNumber } from '../domain/number-words.ts';
import type { ReceivedInput } from '../domain/shapes/input-shape.ts';
import type { ReceivedVisit } from '../domain/shapes/visit-shape.ts';
import type { Warning } from '../domain/result.ts';
import type { ChargeLine, DecimalRatio } from '../domain/visit.ts';
import type { Fen } from '../money/fen.ts';
import {
  millionthsFromText,
  multiplyQuantityByPrice,
} from '../money/multiply-quantity-by-price.ts';
import { yuanTextFromFen } from '../money/yuan-text.ts';
import { billMaxFen, problemsOfAmount } from './amount-checks.ts';
import { repeated } from './repeated-names.ts';
import { problemAt, type VisitProblem } from './visit-json-problems.ts';
import { problemsOfParts, problemsOfYear } from './visit-year-checks.ts';
import type { ChargeLineJson, VisitJson } from './visit-json-schema.ts';

/** A visit in its right form: the figures it states, and the same as they were written, for the sentences. */
export type Received = { readonly figures: ReceivedInput; readonly written: VisitJson };

/** What the form alone cannot tell: figures that do not agree, days out of order. All problems, the gravest first. */
export function problemsOfContent({ figures, written }: Received): VisitProblem[] {
  const { visit, person, yearToDate } = figures;
  const problems = [
    ...problemsOfBill(visit, written.visit.charges ?? []),
    ...problemsOfNumber({ figures, written }),
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

function problemsOfNumber({ figures, written }: Received): VisitProblem[] {
  const reading = numberReadingOf({ figures, written });
  if (figures.person.document === 'none' && reading.kind === 'no-number') return [];
  const problem = problemOfNumber(written.person.idNumber ?? '', reading);
  if (problem === null) return [];
  return [problemAt(['person', 'idNumber'], problem.code, problem.why)];
}

function numberReadingOf({ figures, written }: Received): NumberReading {
  const { document, birthDate } = figures.person;
  const bornBy = figures.visit.dischargedOn;
  return readIdentityNumber(written.person.idNumber ?? '', { document, birthDate, bornBy });
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
  const left = new Map<number, Left>();
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
      refunds: 0,
    };
    const after: Left = {
      amount: before.amount + charge.amountFen,
      quantity: before.quantity + millionthsFromText(charge.quantity),
      refunds: before.refunds + 1,
    };
    left.set(line.line, after);
    if (after.amount < -roundingOf(after))
      problems.push(problemAt([...path, 'amount'], 'refund-exceeds-line'));
    else if (after.quantity < 0) {
      problems.push(problemAt([...path, 'quantity'], 'refund-exceeds-line'));
    }
  });
  if (problems.length === 0) problems.push(...problemsOfClasses(charges));
  return problems;
}

/** What rounding of refunds leaves below nothing must have other lines of its class to come off. */
function problemsOfClasses(charges: readonly ChargeLine[]): VisitProblem[] {
  const ofClass = Map.groupBy(charges, ({ catalogueClass }) => catalogueClass);
  return [...ofClass.values()].flatMap((lines) => {
    if (lines.reduce((sum, { amountFen }) => sum + amountFen, 0) >= 0) return [];
    const last = lines.findLast(({ refundsLine }) => refundsLine !== undefined);
    if (last === undefined) return [];
    const index = charges.indexOf(last);
    return [problemAt(['visit', 'charges', index, 'amount'], 'refund-exceeds-line')];
  });
}

/** What is left of a line after some of its refunds. */
type Left = { readonly amount: number; readonly quantity: number; readonly refunds: number };

/**
 * How much more than the line refunds may come to because each of them was rounded for itself: 3 × 0.335 is 1.01, and given
 * back one by one three times 0.34. Half a fen for each refund and half a fen for the line, and only where no more was given
 * back in pieces than there was.
 */
function roundingOf({ quantity, refunds }: Left): number {
  return quantity < 0 ? 0 : Math.floor((refunds + 1) / 2);
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

/** What is warned of here. */
type VisitWarningCode =
  | 'amount-rounded'
  | 'charge-outside-stay'
  | 'first-self-pay-ignored'
  | 'id-number-division'
  | 'id-number-of-fifteen'
  | 'year-to-date-unknown';

/** What is taken as it stands but should be known. */
export function warningsOf({ figures, written }: Received): Warning<VisitWarningCode>[] {
  const { visit, yearToDate } = figures;
  const warnings: Warning<VisitWarningCode>[] = [];
  visit.charges?.forEach((charge, index) => {
    warnings.push(...warningsOfLine(charge, written.visit.charges?.[index], index, visit));
  });
  if (yearToDate === null) warnings.push(yearToDateUnknown);
  const number = numberReadingOf({ figures, written });
  if (number.kind === 'read') warnings.push(...warningsOfNumber(number));
  return warnings;
}

function warningsOfLine(
  charge: ChargeLine,
  written: ChargeLineJson | undefined,
  index: number,
  visit: ReceivedVisit,
): Warning<VisitWarningCode>[] {
  const warnings: Warning<VisitWarningCode>[] = [];
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

function warningsOfNumber({
  hasKnownDivision,
  isOldForm,
}: Extract<NumberReading, { kind: 'read' }>): Warning<VisitWarningCode>[] {
  const place = '/person/idNumber';
  const warnings: Warning<VisitWarningCode>[] = [];
  if (!hasKnownDivision) {
    warnings.push({
      ...{ code: 'id-number-division', place },
      text: {
        zh: '身份证号码开头的行政区划不认识，请核对证件',
        en: 'The ID number begins with a division that is not known; compare it with the card',
      },
    });
  }
  if (isOldForm) {
    warnings.push({
      ...{ code: 'id-number-of-fifteen', place },
      text: {
        zh: '这是 15 位的旧身份证号码，请核对证件，尽量登记 18 位号码',
        en: 'This is an old ID number of 15 digits; compare it with the card and enter the one of 18 if there is one',
      },
    });
  }
  return warnings;
}

const yearToDateUnknown: Warning<VisitWarningCode> = {
  code: 'year-to-date-unknown',
  place: '/yearToDate',
  text: {
    zh: '没有本年度累计数据，按年度首次计算；起付标准和封顶线可能因此不同',
    en: 'The year to date is not known and was taken as a fresh year; deductibles and ceilings may differ',
  },
};
