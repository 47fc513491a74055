import { fen } from '../../money/fen.ts';
import { figureFor } from '../compile/compile-figure.ts';
import type { CompiledCeilings, CompiledStep } from '../compile/compiled-pack.ts';
import { paidThisYear } from '../facts/paid-this-year.ts';
import type { CeilingUse } from './step-outcome.ts';
import type { VisitFacts } from '../facts/visit-facts.ts';

/** What the ceilings of a step still leave it; null: none counts for this visit. The nearer one is named. */
export function ceilingFor(
  step: CompiledStep,
  { ceilingPerVisit, ceilingPerYear }: CompiledCeilings,
  facts: VisitFacts,
): CeilingUse | null {
  let nearest: CeilingUse | null = null;
  if (ceilingPerVisit !== null) {
    const { value, grounds } = figureFor(ceilingPerVisit, facts);
    if (value !== null) {
      nearest = { leftFen: value, name: ceilingPerVisit.name, grounds, usedFen: fen(0) };
    }
  }
  if (ceilingPerYear === null) return nearest;
  const { value, grounds } = figureFor(ceilingPerYear, facts);
  if (value === null) return nearest;
  const used = facts.year === null ? 0 : paidThisYear(facts.year, step.account);
  const left = fen(Math.max(0, value - used));
  if (nearest !== null && nearest.leftFen <= left) return nearest;
  return { leftFen: left, name: ceilingPerYear.name, grounds, usedFen: fen(used) };
}
