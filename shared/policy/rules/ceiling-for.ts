import type { StepInFull } from '../../domain/person.ts';
import { fen } from '../../money/fen.ts';
import { figureFor } from '../compile/compile-figure.ts';
import type { CompiledCeilings } from '../compile/compiled-pack.ts';
import type { StepBefore } from '../facts/steps-before.ts';
import type { VisitFacts } from '../facts/visit-facts.ts';
import type { CeilingUse } from './step-outcome.ts';

/**
 * What the ceilings of a step still leave it, after what it paid this year before the stay and in the earlier parts
 * of the stay; null: none counts for this visit. The nearer one is named.
 */
export function ceilingFor(
  { ceilingPerVisit, ceilingPerYear }: CompiledCeilings,
  facts: VisitFacts,
  before: StepBefore,
  part: StepInFull,
): CeilingUse | null {
  let nearest: CeilingUse | null = null;
  if (ceilingPerVisit !== null) {
    const { value, grounds } = figureFor(ceilingPerVisit, facts);
    if (value !== null) {
      const leftFen = fen(Math.max(0, value - part.paidFen));
      const { name } = ceilingPerVisit;
      nearest = { leftFen, name, grounds, usedFen: part.paidFen, wholeFen: value };
    }
  }
  if (ceilingPerYear === null) return nearest;
  const { value, grounds } = figureFor(ceilingPerYear, facts);
  if (value === null) return nearest;
  const used = before.paidFen + part.paidFen;
  const left = fen(Math.max(0, value - used));
  if (nearest !== null && nearest.leftFen <= left) return nearest;
  return { leftFen: left, name: ceilingPerYear.name, grounds, usedFen: fen(used), wholeFen: value };
}
