import type { CalculatorForm } from '../contracts/policies.ts';
import { withoutUndefined } from '../contracts/without-undefined.ts';
import type { SettlementInput, YearToDate } from '../domain/person.ts';
import { declareRefusals } from '../domain/declare-refusals.ts';
import { accepted, refused, type Result, type Words } from '../domain/result.ts';
import type { Visit } from '../domain/visit.ts';
import { billMaxFen } from '../contracts/amount-checks.ts';
import { fen } from '../money/fen.ts';
import type { CompiledPack } from '../policy/compile/compiled-pack.ts';
import { splitBill } from '../policy/rules/split-bill.ts';
import { decidingDayOf, factsOf, settlementYearOf } from '../policy/facts/visit-facts.ts';

/** A visit as the calculator shows it. */
export function formOf(pack: CompiledPack, input: SettlementInput): CalculatorForm {
  const { visit, person } = input;
  const facts = factsOf(pack, input);
  const bill = splitBill(visit.bill);
  return {
    kind: visit.kind,
    bill: {
      eligibleFen: bill.eligibleFen,
      firstSelfPayFen: bill.firstSelfPayFen,
      classCFen: bill.classCFen,
      aboveCeilingFen: bill.aboveCeilingFen,
    },
    hospitalLevel: visit.hospital.level,
    hospitalGrade: visit.hospital.grade ?? null,
    hospitalType: visit.hospital.type ?? null,
    diagnosis: visit.diagnoses.find(({ principal }) => principal)?.code ?? '',
    procedure: visit.procedures[0]?.code ?? '',
    insurance: person.insurance,
    employment: person.employment ?? null,
    age: Math.min(130, Math.max(0, facts.age)),
    categories: [...new Set(person.categories.map(({ name }) => name))],
    referral: referralOf(visit),
    outOfArea: facts.outOfArea,
    emergency: visit.emergency ?? false,
    year: {
      known: facts.year !== null,
      asOf: facts.year?.asOf ?? firstAsOf(pack, input),
      admissions: facts.year?.admissions ?? 0,
      eligibleFen: facts.year?.eligibleFen ?? fen(0),
      selfPayFen: facts.year?.selfPayFen ?? fen(0),
      eligibleSelfPayFen: facts.year?.eligibleSelfPayFen ?? fen(0),
    },
  };
}

/** Where no year is known it is shown up to the admission; of a stay over New Year, within the year that counts. */
function firstAsOf(pack: CompiledPack, input: SettlementInput): string {
  const { admittedOn } = input.visit;
  const firstDay = `${String(settlementYearOf(pack, input))}-01-01`;
  return admittedOn < firstDay ? firstDay : admittedOn;
}

function referralOf({ referral, admittedOn }: Visit): CalculatorForm['referral'] {
  if (referral === null) return 'none';
  return referral.issuedOn <= admittedOn ? 'valid' : 'late';
}

/**
 * The visit with everything the form changes; what it does not change stays exactly as it was, charge lines
 * included. Refuses `form-impossible`.
 */
export function withForm(
  pack: CompiledPack,
  input: SettlementInput,
  form: CalculatorForm,
): Result<SettlementInput, 'form-impossible'> {
  const start = formOf(pack, input);
  const total = Object.values(form.bill).reduce((sum, amount) => sum + amount, 0);
  if (Object.values(form.bill).some((amount) => amount < 0) || total > billMaxFen) {
    return impossible(
      '金额不能是负数，合计不能超过上限',
      'amounts are not negative and have a limit',
    );
  }
  const { year } = form;
  if (
    year.eligibleSelfPayFen > year.selfPayFen ||
    [year.eligibleFen, year.selfPayFen, year.eligibleSelfPayFen].some((amount) => amount < 0)
  ) {
    return impossible(
      '本年范围内个人负担不能大于本年个人负担',
      'the in-scope self-pay of the year is part of its self-pay',
    );
  }
  if (year.known) {
    const number = String(settlementYearOf(pack, input));
    const { dischargedOn } = input.visit;
    if (year.asOf.slice(0, 4) !== number || year.asOf > dischargedOn) {
      return impossible(
        `累计截至的日期须在 ${number} 年内，不晚于出院日期 ${dischargedOn}`,
        `the figures of the year are up to a day in ${number}, no later than the discharge on ${dischargedOn}`,
      );
    }
  }
  return accepted({
    visit: visitWith(input.visit, start, form),
    person: personWith(pack, input, start, form),
    yearToDate: isSame(start.year, form.year) ? input.yearToDate : yearWith(pack, input, form),
  });
}

const calculatorRefusal = declareRefusals({
  'form-impossible': (why: Words) => ({
    message: {
      zh: `${why.zh}。这里只是试算，没有结算。`,
      en: `Impossible: ${why.en}. Nothing was settled.`,
    },
    money: 'none',
    remedy: { zh: '请改正后再试算', en: 'Correct it and try again' },
  }),
});

function impossible(zh: string, en: string): Result<never, 'form-impossible'> {
  return refused(calculatorRefusal('form-impossible', { zh, en }));
}

const isSame = (first: unknown, second: unknown) =>
  JSON.stringify(first) === JSON.stringify(second);

function visitWith(visit: Visit, start: CalculatorForm, form: CalculatorForm): Visit {
  const { outOfArea, ...others } = visit;
  const { eligibleFen, firstSelfPayFen, classCFen, aboveCeilingFen } = form.bill;
  const principal = { code: form.diagnosis, name: form.diagnosis, principal: true };
  return {
    ...others,
    kind: form.kind,
    hospital: withoutUndefined({
      ...visit.hospital,
      level: form.hospitalLevel,
      grade: form.hospitalGrade ?? undefined,
      type: form.hospitalType ?? undefined,
    }),
    bill: isSame(start.bill, form.bill)
      ? visit.bill
      : {
          kind: 'totals',
          totals: {
            totalFen: fen(eligibleFen + firstSelfPayFen + classCFen + aboveCeilingFen),
            eligibleFen,
            classBFirstSelfPayFen: firstSelfPayFen,
            classCFen,
            aboveCeilingFen,
          },
        },
    diagnoses:
      start.diagnosis === form.diagnosis
        ? visit.diagnoses
        : [principal, ...visit.diagnoses.filter((diagnosis) => !diagnosis.principal)],
    procedures:
      start.procedure === form.procedure
        ? visit.procedures
        : form.procedure === ''
          ? []
          : [{ code: form.procedure, name: form.procedure }],
    referral: start.referral === form.referral ? visit.referral : referralWith(visit, form),
    emergency: form.emergency,
    ...(form.outOfArea === start.outOfArea
      ? outOfArea === undefined
        ? {}
        : { outOfArea }
      : form.outOfArea === 'local'
        ? {}
        : { outOfArea: { filed: form.outOfArea } }),
  };
}

function referralWith(visit: Visit, { referral }: CalculatorForm): Visit['referral'] {
  if (referral === 'none') return null;
  return {
    certificate: 'ZZ0',
    issuedOn: referral === 'valid' ? visit.admittedOn : dayAfter(visit.admittedOn),
    fromHospitalLevel: visit.referral?.fromHospitalLevel ?? 'township',
    previousVisitId: visit.referral?.previousVisitId ?? null,
    deductiblePaidFen: visit.referral?.deductiblePaidFen ?? fen(0),
  };
}

function dayAfter(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
}

function personWith(
  pack: CompiledPack,
  input: SettlementInput,
  start: CalculatorForm,
  form: CalculatorForm,
): SettlementInput['person'] {
  const { person } = input;
  const day = decidingDayOf(pack, input);
  return withoutUndefined({
    ...person,
    insurance: form.insurance,
    employment: form.employment ?? undefined,
    birthDate:
      start.age === form.age
        ? person.birthDate
        : `${String(Number(day.slice(0, 4)) - form.age)}-01-01`,
    categories: isSame(start.categories, form.categories)
      ? person.categories
      : form.categories.map((name) => ({ name })),
  });
}

function yearWith(
  pack: CompiledPack,
  input: SettlementInput,
  { year }: CalculatorForm,
): YearToDate | null {
  if (!year.known) return null;
  const before = factsOf(pack, input).year;
  return {
    year: settlementYearOf(pack, input),
    asOf: year.asOf,
    includesVisits: before?.includesVisits ?? [],
    deductiblePaidFen: before?.deductiblePaidFen ?? fen(0),
    paidFen: before?.paidFen ?? {},
    byStep: before?.byStep ?? {},
    ...(before?.totalFen === undefined ? {} : { totalFen: before.totalFen }),
    levels: before?.levels ?? [],
    admissions: year.admissions,
    eligibleFen: year.eligibleFen,
    selfPayFen: year.selfPayFen,
    eligibleSelfPayFen: year.eligibleSelfPayFen,
  };
}
