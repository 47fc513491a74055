import { isInFull, type StepInFull, type YearToDate } from '../../domain/person.ts';
import { fen, zeroFen, type Fen } from '../../money/fen.ts';
import type { VisitFacts } from './visit-facts.ts';

/** Under which names the year keeps what a step paid, and which cost its base is of. */
export type StepAccount = {
  readonly id: string;
  readonly payer: string;
  /** All steps of the pack that the payer pays, this one included. */
  readonly ofPayer: readonly string[];
  /** Whether what the payer paid without naming a step is counted here: at its first step. */
  readonly takesRest: boolean;
  /** Whether its base is in-scope cost; else the total. */
  readonly isInScope: boolean;
  /** Whether it concerns stays only. */
  readonly isOfStays: boolean;
};

/** How a step stood before the visit, in fen. */
export type StepBefore = {
  readonly baseFen: Fen;
  /** null: only what it paid is known, so it is as much of its deductible as its base comes to. */
  readonly deductibleFen: Fen | null;
  readonly paidFen: Fen;
  readonly selfPayFen: Fen;
};

/** A step that has never applied. */
export const neverApplied: StepInFull = {
  baseFen: zeroFen,
  deductibleFen: zeroFen,
  paidFen: zeroFen,
  selfPayFen: zeroFen,
};

/**
 * How each step of a pack stood before the visit, in the order of the steps. In its long form each counts for
 * itself. Where a register knows only what steps paid, a step's base is what the person bore in scope and what it,
 * the later steps and such as the pack does not have paid; a step it does not name never applied. Where it names none, steps of stays never
 * applied in a year without a stay (contract: Year).
 */
export function stepsBefore(
  accounts: readonly StepAccount[],
  { year }: Pick<VisitFacts, 'year'>,
): readonly StepBefore[] {
  if (year === null) return accounts.map(() => neverApplied);
  const { byStep } = year;
  const before: StepBefore[] = [];
  let namesSteps: boolean | null = null;
  accounts.forEach((account, index) => {
    const own = byStep[account.id];
    if (own !== undefined && isInFull(own)) {
      before.push(own);
      return;
    }
    if (own === undefined) {
      namesSteps ??= hasSteps(byStep);
      if (namesSteps || (account.isOfStays && year.admissions === 0)) {
        before.push(neverApplied);
        return;
      }
    }
    before.push(reckoned(accounts, index, year));
  });
  return before;
}

/** Whether the figures of a step rest on a reckoning, for nobody named any step and something was paid or borne. */
export function isReckonedWithoutSteps(
  accounts: readonly StepAccount[],
  year: YearToDate | null,
): boolean {
  if (year === null || hasSteps(year.byStep)) return false;
  const isUsed = year.selfPayFen !== 0 || hasSteps(year.paidFen);
  return isUsed && accounts.some(({ isOfStays }) => !isOfStays || year.admissions > 0);
}

function hasSteps(byName: Readonly<Record<string, unknown>>): boolean {
  for (const name in byName) if (Object.hasOwn(byName, name)) return true;
  return false;
}

function reckoned(accounts: readonly StepAccount[], index: number, year: YearToDate): StepBefore {
  const account = accounts[index];
  if (account === undefined) return neverApplied;
  let paidSince = 0;
  for (const later of accounts.slice(index)) paidSince += paidBy(year, later);
  paidSince += paidByOthers(accounts, year);
  const selfPayFen = account.isInScope ? year.eligibleSelfPayFen : year.selfPayFen;
  return {
    baseFen: fen(selfPayFen + paidSince),
    deductibleFen: null,
    paidFen: fen(paidBy(year, account)),
    selfPayFen,
  };
}

/**
 * What steps paid that the pack does not have: of none of them is it known that it came before the pack's own, so it
 * was left when they were applied.
 */
function paidByOthers(accounts: readonly StepAccount[], { byStep }: YearToDate): number {
  let paid = 0;
  for (const id in byStep) {
    if (!accounts.some((account) => account.id === id)) paid += byStep[id]?.paidFen ?? 0;
  }
  return paid;
}

/**
 * What a step paid earlier this year, in fen. A register may know the payers only: what a payer paid beyond
 * what its steps account for is counted at the first of them, once.
 */
function paidBy(
  { byStep, paidFen }: YearToDate,
  { id, payer, ofPayer, takesRest }: StepAccount,
): number {
  const own = byStep[id]?.paidFen ?? 0;
  if (!takesRest) return own;
  let accounted = 0;
  for (const step of ofPayer) accounted += byStep[step]?.paidFen ?? 0;
  const rest = (paidFen[payer] ?? 0) - accounted;
  return rest > 0 ? own + Math.min(rest, paidWithoutStep(byStep, paidFen)) : own;
}

/** What payers paid and no step is named for, whichever pack it was of. */
function paidWithoutStep(byStep: YearToDate['byStep'], paidFen: YearToDate['paidFen']): number {
  let rest = 0;
  for (const payer in paidFen) rest += paidFen[payer] ?? 0;
  for (const step in byStep) rest -= byStep[step]?.paidFen ?? 0;
  return Math.max(0, rest);
}

/** What the earlier parts of the stay came to at a step, where that is known; else nothing. */
export function partOfStep({ parts }: Pick<VisitFacts, 'parts'>, id: string): StepInFull {
  return parts?.byStep[id] ?? neverApplied;
}

/** How a step stood before the whole stay: its earlier parts are taken out where the year includes them. */
export function beforeStay(
  before: StepBefore,
  facts: Pick<VisitFacts, 'parts' | 'isPartInYear'>,
  id: string,
): StepBefore {
  if (facts.parts === null || !facts.isPartInYear) return before;
  const part = partOfStep(facts, id);
  const less = (whole: number, taken: number): Fen => fen(Math.max(0, whole - taken));
  return {
    baseFen: less(before.baseFen, part.baseFen),
    deductibleFen:
      before.deductibleFen === null ? null : less(before.deductibleFen, part.deductibleFen),
    paidFen: less(before.paidFen, part.paidFen),
    selfPayFen: less(before.selfPayFen, part.selfPayFen),
  };
}
