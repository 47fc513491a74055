import { hasRightCheckDigit } from '../domain/citizen-number.ts';
import type { Warning } from '../domain/result.ts';
import type { Fen } from '../money/fen.ts';
import {
  millionthsFromText,
  multiplyQuantityByPrice,
} from '../money/multiply-quantity-by-price.ts';
import { fenFromYuanText, yuanTextFromFen } from '../money/yuan-text.ts';
import { problemAt, type VisitProblem } from './visit-json-problems.ts';
import type { ChargeLineJson, VisitJson } from './visit-json-schema.ts';

/**
 * The largest bill, deposit or yearly figure taken, in fen: a hundred million yuan. No visit and no year
 * comes near it, and what is added up from them stays within `fenMax`.
 */
export const billMaxFen = 10_000_000_000;

/** What the form alone cannot tell: figures that do not agree, days out of order. All problems, the gravest first. */
export function problemsOfContent(json: VisitJson): VisitProblem[] {
  const { visit, person, yearToDate } = json;
  const problems = [
    ...problemsOfBill(json),
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
  person.categories.forEach((category, index) => {
    if (typeof category === 'string') return;
    const { from, until } = category;
    if (from === undefined || until === undefined || from <= until) return;
    problems.push(problemAt(['person', 'categories', index, 'until'], 'dates-reversed'));
  });
  if (yearToDate !== undefined && yearToDate !== null) {
    problems.push(...problemsOfYear(yearToDate, visit));
  }
  return problems.sort((a, b) => rankOf(a) - rankOf(b));
}

/** The net total says more than the refund line that made it negative does not name its line. */
function rankOf({ code }: VisitProblem): number {
  return code === 'refund-without-line' || code === 'refund-of-unknown-line' ? 1 : 0;
}

function problemsOfBill({ visit }: VisitJson): VisitProblem[] {
  const { charges, totals } = visit;
  if (charges !== undefined && totals !== undefined) {
    return [problemAt(['visit', 'totals'], 'charges-or-totals')];
  }
  if (charges !== undefined) return problemsOfCharges(charges);
  if (totals === undefined) return [problemAt(['visit', 'charges'], 'missing-field')];
  const total = fenFromYuanText(totals.total);
  if (total < 0) return [problemAt(['visit', 'totals', 'total'], 'negative-total')];
  if (total > billMaxFen) return [problemAt(['visit', 'totals', 'total'], 'amount-too-large')];
  const parts = (['eligible', 'classBFirstSelfPay', 'classC', 'aboveCeiling'] as const).map(
    (name) => [name, fenFromYuanText(totals[name])] as const,
  );
  const negative = parts.filter(([, amount]) => amount < 0);
  if (negative.length > 0) {
    return negative.map(([name]) => problemAt(['visit', 'totals', name], 'negative-amount'));
  }
  const sum = parts.reduce((added, [, amount]) => added + amount, 0);
  return sum === total ? [] : [problemAt(['visit', 'totals'], 'totals-do-not-add-up')];
}

function problemsOfCharges(charges: readonly ChargeLineJson[]): VisitProblem[] {
  const problems: VisitProblem[] = [];
  const lines = new Map<number, ChargeLineJson>();
  let total = 0;
  charges.forEach((charge, index) => {
    const path = ['visit', 'charges', index];
    if (lines.has(charge.line)) problems.push(problemAt([...path, 'line'], 'duplicate-line'));
    else lines.set(charge.line, charge);
    total += fenFromYuanText(charge.amount);
    problems.push(...problemsOfLine(charge, path));
  });
  problems.push(...problemsOfRefunds(charges, lines));
  if (total < 0) problems.push(problemAt(['visit', 'charges'], 'negative-total'));
  if (total > billMaxFen) problems.push(problemAt(['visit', 'charges'], 'amount-too-large'));
  return problems;
}

function problemsOfLine(charge: ChargeLineJson, path: readonly PropertyKey[]): VisitProblem[] {
  const problems: VisitProblem[] = [];
  const amount = fenFromYuanText(charge.amount);
  if (charge.unitPrice.startsWith('-')) {
    problems.push(problemAt([...path, 'unitPrice'], 'negative-amount'));
  }
  if (charge.priceCeiling?.startsWith('-') === true) {
    problems.push(problemAt([...path, 'priceCeiling'], 'negative-amount'));
  }
  if (charge.catalogueClass === 'B' && charge.firstSelfPayRatio === null) {
    problems.push(problemAt([...path, 'firstSelfPayRatio'], 'first-self-pay-missing'));
  }
  const exact = productOrNull(charge);
  if (exact === null) problems.push(problemAt([...path, 'amount'], 'amount-too-large'));
  else if (Math.abs(amount - exact) > 1) {
    const product = yuanTextFromFen(exact);
    problems.push(
      problemAt([...path, 'amount'], 'amount-mismatch', {
        zh: `${charge.quantity} × ${charge.unitPrice} = ${product}，写的是 ${charge.amount}`,
        en: `${charge.quantity} × ${charge.unitPrice} = ${product}, stated ${charge.amount}`,
      }),
    );
  }
  const quantity = Number(charge.quantity);
  if (charge.refundsLine === undefined) {
    if (amount < 0 || quantity < 0) problems.push(problemAt(path, 'refund-without-line'));
  } else if (amount > 0 || quantity > 0) {
    problems.push(problemAt([...path, 'amount'], 'refund-not-negative'));
  }
  return problems;
}

function productOrNull({ quantity, unitPrice }: ChargeLineJson): Fen | null {
  try {
    return multiplyQuantityByPrice(quantity, unitPrice);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

function problemsOfRefunds(
  charges: readonly ChargeLineJson[],
  lines: ReadonlyMap<number, ChargeLineJson>,
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
      amount: fenFromYuanText(line.amount),
      quantity: millionthsFromText(line.quantity),
    };
    const after = {
      amount: before.amount + fenFromYuanText(charge.amount),
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
function isSameItem(refund: ChargeLineJson, line: ChargeLineJson): boolean {
  return (
    refund.code === line.code &&
    refund.catalogueClass === line.catalogueClass &&
    Number(refund.firstSelfPayRatio) === Number(line.firstSelfPayRatio)
  );
}

function problemsOfDeposits(visit: VisitJson['visit']): VisitProblem[] {
  const { deposit, deposits, referral, earlierParts } = visit;
  const problems: VisitProblem[] = [];
  if (deposit !== undefined) problems.push(...problemsOfAmount(['visit', 'deposit'], deposit));
  if (deposits !== undefined) {
    let sum = 0;
    deposits.forEach(({ amount }, index) => {
      sum += fenFromYuanText(amount);
      problems.push(...problemsOfAmount(['visit', 'deposits', index, 'amount'], amount));
    });
    if (sum > billMaxFen) problems.push(problemAt(['visit', 'deposits'], 'amount-too-large'));
    if (deposit !== undefined && sum !== fenFromYuanText(deposit)) {
      problems.push(problemAt(['visit', 'deposits'], 'deposits-do-not-add-up'));
    }
  }
  if (referral !== undefined && referral !== null) {
    const path = ['visit', 'referral', 'deductiblePaid'];
    problems.push(...problemsOfAmount(path, referral.deductiblePaid));
  }
  if (earlierParts !== undefined) {
    const path = ['visit', 'earlierParts', 'deductiblePaid'];
    problems.push(...problemsOfAmount(path, earlierParts.deductiblePaid));
  }
  return problems;
}

function problemsOfApprovals({ approvals = [] }: VisitJson['visit']): VisitProblem[] {
  const problems = approvals.flatMap(({ amount }, index) =>
    problemsOfAmount(['visit', 'approvals', index, 'amount'], amount),
  );
  // Which of two decisions on one step counts is not ours to choose.
  approvals.forEach(({ step }, index) => {
    if (approvals.findIndex((other) => other.step === step) === index) return;
    problems.push(problemAt(['visit', 'approvals', index, 'step'], 'repeated-approval'));
  });
  return problems;
}

/** Whether the figures add up is said where they are settled by, with the exact difference. */
function problemsOfPayerFigures({ payerFigures }: VisitJson['visit']): VisitProblem[] {
  if (payerFigures === undefined) return [];
  const { shares, patientPays } = payerFigures;
  const path = ['visit', 'payerFigures'];
  const problems = problemsOfAmount([...path, 'patientPays'], patientPays);
  shares.forEach(({ payer, amount }, index) => {
    problems.push(...problemsOfAmount([...path, 'shares', index, 'amount'], amount));
    if (shares.findIndex((other) => other.payer === payer) === index) return;
    problems.push(problemAt([...path, 'shares', index, 'payer'], 'repeated-payer'));
  });
  return problems;
}

/** An amount that is what was paid or counted: never negative, never beyond any bill. */
function problemsOfAmount(path: readonly PropertyKey[], text: string): VisitProblem[] {
  const amount = fenFromYuanText(text);
  if (amount < 0) return [problemAt(path, 'negative-amount')];
  return amount > billMaxFen ? [problemAt(path, 'amount-too-large')] : [];
}

function problemsOfYear(
  year: NonNullable<VisitJson['yearToDate']>,
  { admittedOn, dischargedOn }: VisitJson['visit'],
): VisitProblem[] {
  const problems: VisitProblem[] = [];
  // Which of the two counts is the pack's to say.
  const years = [admittedOn, dischargedOn].map((day) => Number(day.slice(0, 4)));
  if (!years.includes(year.year)) {
    problems.push(problemAt(['yearToDate', 'year'], 'year-to-date-of-another-year'));
  }
  const amounts: [PropertyKey[], string][] = [
    ...(['deductiblePaid', 'eligible', 'selfPay', 'eligibleSelfPay'] as const).map(
      (name): [PropertyKey[], string] => [[name], year[name]],
    ),
    ...Object.entries(year.paid).map(([name, amount]): [PropertyKey[], string] => [
      ['paid', name],
      amount,
    ]),
    ...Object.entries(year.byStep).map(([name, amount]): [PropertyKey[], string] => [
      ['byStep', name],
      amount,
    ]),
  ];
  for (const [path, amount] of amounts) {
    problems.push(...problemsOfAmount(['yearToDate', ...path], amount));
  }
  return problems;
}

/** What is taken as it stands but should be known. */
export function warningsOf(json: VisitJson): Warning[] {
  const { visit, person, yearToDate } = json;
  const warnings: Warning[] = [];
  visit.charges?.forEach((charge, index) => {
    warnings.push(...warningsOfLine(charge, index, visit));
  });
  if (yearToDate === undefined || yearToDate === null) warnings.push(yearToDateUnknown);
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
  charge: ChargeLineJson,
  index: number,
  visit: VisitJson['visit'],
): Warning[] {
  const warnings: Warning[] = [];
  const place = `/visit/charges/${String(index)}`;
  const line = String(charge.line);
  const exact = multiplyQuantityByPrice(charge.quantity, charge.unitPrice);
  if (exact !== fenFromYuanText(charge.amount)) {
    const product = yuanTextFromFen(exact);
    warnings.push({
      code: 'amount-rounded',
      place: `${place}/amount`,
      text: {
        zh: `第 ${line} 行金额 ${charge.amount} 与数量×单价 ${product} 相差 0.01，按写明的金额计算`,
        en: `Line ${line}: the amount ${charge.amount} is 0.01 off quantity × price ${product}; the stated amount counts`,
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
  if (charge.catalogueClass === 'A' && Number(charge.firstSelfPayRatio ?? '0') !== 0) {
    warnings.push({
      code: 'first-self-pay-ignored',
      place: `${place}/firstSelfPayRatio`,
      text: {
        zh: `第 ${line} 行是甲类，先行自付比例 ${charge.firstSelfPayRatio ?? ''} 不计算`,
        en: `Line ${line} is class A; its first self-pay ratio ${charge.firstSelfPayRatio ?? ''} does not count`,
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
