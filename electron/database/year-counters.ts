import {
  isInFull,
  type SettlementInput,
  type StepOfYear,
  type YearToDate,
} from '../../shared/domain/person.ts';
import type { SettlementResult } from '../../shared/domain/settlement-result.ts';
import { hospitalLevels } from '../../shared/domain/visit.ts';
import { fen, type Fen } from '../../shared/money/fen.ts';
import { fenFromYuanText } from '../../shared/money/yuan-text.ts';

/** Counters by name; amounts in fen, `admissions` and `level:…` counts. */
export type CounterValues = Readonly<Record<string, number>>;

/** The counters of a year's figures (schema: `year_counters`). */
export function countersOfYear(year: YearToDate): CounterValues {
  const counters: Record<string, number> = {
    admissions: year.admissions,
    'deductible-paid': year.deductiblePaidFen,
    eligible: year.eligibleFen,
    'self-pay': year.selfPayFen,
    'eligible-self-pay': year.eligibleSelfPayFen,
  };
  for (const [payer, paid] of Object.entries(year.paidFen)) counters[`paid:${payer}`] = paid;
  for (const [step, figures] of Object.entries(year.byStep)) {
    counters[`by-step:${step}`] = figures.paidFen;
    if (isInFull(figures)) {
      counters[`step-base:${step}`] = figures.baseFen;
      counters[`step-deductible:${step}`] = figures.deductibleFen;
      counters[`step-self-pay:${step}`] = figures.selfPayFen;
    } else counters[`step-paid-only:${step}`] = 1;
  }
  for (const level of year.levels) counters[`level:${level}`] = 1;
  return counters;
}

/** The figures that counters stand for. */
export function yearOfCounters(
  about: Pick<YearToDate, 'year' | 'asOf' | 'includesVisits'>,
  counters: CounterValues,
): YearToDate {
  const amountOf = (counter: string): Fen => fen(counters[counter] ?? 0);
  return {
    ...about,
    admissions: counters['admissions'] ?? 0,
    deductiblePaidFen: amountOf('deductible-paid'),
    eligibleFen: amountOf('eligible'),
    paidFen: amountsAfter('paid:', counters),
    byStep: stepsOf(counters),
    selfPayFen: amountOf('self-pay'),
    eligibleSelfPayFen: amountOf('eligible-self-pay'),
    levels: hospitalLevels.filter((level) => (counters[`level:${level}`] ?? 0) > 0),
  };
}

/** The visit whose changes are asked for, as far as they depend on it. */
type LevelOfVisit = {
  readonly level: string;
  /** Whether it was a stay: only a stay is seen at a level. */
  readonly isStay: boolean;
};

/**
 * What a visit changed: the figures after it less those before it. A level counts each stay seen there, so
 * that taking one back leaves the others.
 */
export function counterChanges(
  before: YearToDate | null,
  after: YearToDate,
  { level, isStay }: LevelOfVisit,
): CounterValues {
  const old = before === null ? {} : countersOfYear(before);
  const changes: Record<string, number> = {};
  for (const [counter, value] of Object.entries(countersOfYear(after))) {
    if (!counter.startsWith('level:')) changes[counter] = value - (old[counter] ?? 0);
  }
  return isStay ? { ...changes, [`level:${level}`]: 1 } : changes;
}

/**
 * What a visit changes as it is settled: one no policy covers is no stay under the insurance. Of the steps it is
 * what the visit itself adds: what was reckoned of the time before it belongs to the opening, and stays when the
 * visit is taken back (`learnedOfOpening`). Only where there is no opening is it counted with the visit.
 */
export function changesOfVisit(
  { visit, yearToDate }: Pick<SettlementInput, 'visit' | 'yearToDate'>,
  { yearToDate: after, trace }: Pick<SettlementResult, 'yearToDate' | 'trace'>,
  { isOpened }: { readonly isOpened: boolean },
): CounterValues {
  const { level } = visit.hospital;
  const isStay = visit.kind === 'inpatient' && after.levels.some((seen) => seen === level);
  const changes = counterChanges(yearToDate, after, { level, isStay });
  return isOpened ? { ...changes, ...addedToSteps(yearToDate, after, trace) } : changes;
}

/** What a visit adds to the counters of each step, by its explanation: all but what the year opened with. */
export function addedToSteps(
  before: YearToDate | null,
  { byStep }: YearToDate,
  trace: readonly AddingNode[],
): CounterValues {
  const { opened, added } = amountsOfSteps(trace);
  const changes: Record<string, number> = {};
  for (const [step, figures] of Object.entries(byStep)) {
    const isFull = isInFull(figures);
    const pointer = `/yearToDate/byStep/${step}`;
    const paid = isFull ? `${pointer}/paid` : pointer;
    changes[`by-step:${step}`] = added.get(paid) ?? 0;
    changes[`step-base:${step}`] = added.get(`${pointer}/base`) ?? 0;
    changes[`step-deductible:${step}`] = added.get(`${pointer}/deductible`) ?? 0;
    changes[`step-self-pay:${step}`] = added.get(`${pointer}/selfPay`) ?? 0;
    if (isFull) continue;
    // The first to name a step that nobody knew of before, and not in full, is this visit itself.
    const isNew = before?.byStep[step] === undefined && (opened.get(paid) ?? 0) === 0;
    changes[`step-paid-only:${step}`] = isNew ? 1 : 0;
  }
  return changes;
}

/** What is read of a node of the explanation. */
type AddingNode = {
  readonly id: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly adds: readonly { readonly to: string; readonly amountFen: number }[];
};

function amountsOfSteps(trace: readonly AddingNode[]): {
  readonly opened: ReadonlyMap<string, number>;
  readonly added: ReadonlyMap<string, number>;
} {
  const opened = new Map<string, number>();
  const added = new Map<string, number>();
  for (const { id, adds, inputs } of trace) {
    const into = id === 'year' ? opened : added;
    for (const { to, amountFen } of adds) {
      if (to.startsWith(ofSteps)) into.set(to, (into.get(to) ?? 0) + amountFen);
    }
    for (const [name, value] of Object.entries(inputs)) {
      if (name.startsWith(ofSteps)) added.set(name, fenFromYuanText(String(value)));
    }
  }
  return { opened, added };
}

const ofSteps = '/yearToDate/byStep/';

/**
 * What a settlement found out of the time before our own: the counters of steps as they must stand after it, where
 * they do not yet. A register that gives plain amounts is reckoned at the first visit that asks for more.
 */
export function learnedOfOpening(after: YearToDate, standing: CounterValues): CounterValues {
  const steps = Object.entries(countersOfYear(after)).filter(([counter]) => isOfStep(counter));
  const wanted = new Map(steps);
  for (const [step, figures] of Object.entries(after.byStep)) {
    if (isInFull(figures)) wanted.set(`step-paid-only:${step}`, 0);
  }
  return Object.fromEntries(
    [...wanted]
      .map(([counter, value]): [string, number] => [counter, value - (standing[counter] ?? 0)])
      .filter(([, difference]) => difference !== 0),
  );
}

/**
 * An opening with what was found out of it. What the person bore on our own visits where a step did not apply is
 * in what was reckoned, and is taken out again: no step of the opening bore more than the opening did.
 */
export function openingWith(
  opening: CounterValues,
  learned: CounterValues,
  after: YearToDate,
): CounterValues {
  const completed: Record<string, number> = { ...opening };
  for (const [counter, difference] of Object.entries(learned)) {
    completed[counter] = Math.max(0, (completed[counter] ?? 0) + difference);
  }
  for (const [step, figures] of Object.entries(after.byStep)) {
    const selfPay = `step-self-pay:${step}`;
    const borne = completed[selfPay] ?? 0;
    if (learned[selfPay] === undefined || !isInFull(figures)) continue;
    const isOfTotal =
      figures.selfPayFen === after.selfPayFen && after.selfPayFen !== after.eligibleSelfPayFen;
    const most = opening[isOfTotal ? 'self-pay' : 'eligible-self-pay'] ?? 0;
    if (borne <= most) continue;
    const base = `step-base:${step}`;
    const deductible = `step-deductible:${step}`;
    completed[selfPay] = most;
    completed[base] = Math.max(0, (completed[base] ?? 0) - (borne - most));
    completed[deductible] = Math.min(completed[deductible] ?? 0, completed[base]);
  }
  return completed;
}

const isOfStep = (counter: string): boolean =>
  counter.startsWith('step-paid-only:') || ofStep.some((prefix) => counter.startsWith(prefix));

/** What is counted of a step. A step that paid nothing may have used up its deductible. */
const ofStep = ['by-step:', 'step-base:', 'step-deductible:', 'step-self-pay:'];

/** A step is known in full only if all its figures come from those who know them in full. */
function stepsOf(counters: CounterValues): Record<string, StepOfYear> {
  const steps: Record<string, StepOfYear> = {};
  const names = ofStep.flatMap((prefix) => Object.keys(amountsAfter(prefix, counters)));
  for (const step of new Set(names)) {
    const amountOf = (name: string): Fen => fen(counters[`${name}:${step}`] ?? 0);
    const paidFen = amountOf('by-step');
    steps[step] =
      amountOf('step-paid-only') > 0
        ? { paidFen }
        : {
            baseFen: amountOf('step-base'),
            deductibleFen: amountOf('step-deductible'),
            paidFen,
            selfPayFen: amountOf('step-self-pay'),
          };
  }
  return steps;
}

function amountsAfter(prefix: string, counters: CounterValues): Record<string, Fen> {
  return Object.fromEntries(
    Object.entries(counters)
      .filter(([counter]) => counter.startsWith(prefix))
      .map(([counter, value]) => [counter.slice(prefix.length), fen(value)]),
  );
}
