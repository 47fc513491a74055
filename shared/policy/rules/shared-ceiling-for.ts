import { fen } from '../../money/fen.ts';
import { figureFor } from '../compile/compile-figure.ts';
import type { CompiledStep } from '../compile/compiled-pack.ts';
import { beforeStay, neverApplied, partOfStep, type StepBefore } from '../facts/steps-before.ts';
import type { VisitFacts } from '../facts/visit-facts.ts';
import type { CeilingUse, StepOutcome } from './step-outcome.ts';

/**
 * What the ceilings that a step shares with others leave it; null where it shares none. Of a stay in parts the steps
 * stand in their order, as in one settlement: what later steps took in earlier parts does not count against it.
 */
export function sharedCeilingFor(
  { id, index, sharedCeilings }: CompiledStep,
  facts: VisitFacts,
  before: readonly StepBefore[],
  outcomes: readonly StepOutcome[],
): CeilingUse | null {
  let nearest: CeilingUse | null = null;
  for (const { figure, per, others } of sharedCeilings) {
    const { value, grounds } = figureFor(figure, facts);
    if (value === null) continue;
    let used = per === 'year' ? yearBefore(facts, before, id, index) : 0;
    for (const other of others) {
      if (per === 'year') used += yearBefore(facts, before, other.id, other.index);
      if (other.index > index) continue;
      used += partOfStep(facts, other.id).paidFen + paidNow(outcomes, other.id);
    }
    const wholeFen = fen(Math.max(0, value - used));
    const own = partOfStep(facts, id).paidFen;
    const leftFen = fen(Math.max(0, wholeFen - own));
    if (nearest !== null && nearest.leftFen <= leftFen) continue;
    nearest = { leftFen, wholeFen, name: figure.name, grounds, usedFen: fen(used + own) };
  }
  return nearest;
}

function yearBefore(
  facts: VisitFacts,
  before: readonly StepBefore[],
  id: string,
  index: number,
): number {
  return beforeStay(before[index] ?? neverApplied, facts, id).paidFen;
}

/** What a step has paid on this visit; below zero where it takes back what earlier parts of the stay paid too much. */
function paidNow(outcomes: readonly StepOutcome[], id: string): number {
  const outcome = outcomes.find(({ step }) => step.id === id);
  if (outcome === undefined || outcome.course?.kind === 'quota') return outcome?.shareFen ?? 0;
  return outcome.shareFen + outcome.hospitalBearsFen;
}
