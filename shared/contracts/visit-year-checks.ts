import { isInFull, type StepOfYear, type YearToDate } from '../domain/person.ts';
import type { ReceivedVisit } from '../domain/shapes/visit-shape.ts';
import { fen, sumFen, type Fen } from '../money/fen.ts';
import { yuanTextFromFen } from '../money/yuan-text.ts';
import { problemsOfAmount } from './amount-checks.ts';
import { repeated } from './repeated-names.ts';
import { problemAt, type VisitProblem } from './visit-json-problems.ts';

/** What is wrong with the year before a visit; its single figures first, then what contradicts itself. */
export function problemsOfYear(year: YearToDate, visit: ReceivedVisit): VisitProblem[] {
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
  const again = repeated(includesVisits);
  includesVisits.forEach((id, index) => {
    if (id === visit.id && visit.earlierParts === undefined) {
      contradiction(['includesVisits', index], '就是本次就诊', 'this is the visit itself');
    } else if (again.has(index)) {
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

/** What is wrong with the earlier parts of a stay that is settled in parts. */
export function problemsOfParts(parts: NonNullable<ReceivedVisit['earlierParts']>): VisitProblem[] {
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
