import type { StepInFull } from '../../domain/person.ts';
import { fen, zeroFen, type Fen } from '../../money/fen.ts';
import { figureFor } from '../compile/compile-figure.ts';
import type { CompiledCeilings } from '../compile/compiled-pack.ts';
import type { StepBefore } from '../facts/steps-before.ts';
import type { VisitFacts } from '../facts/visit-facts.ts';
import type { CeilingUse } from './step-outcome.ts';

/**
 * What the ceilings of a step still leave it, after what it paid this year before the stay and in the earlier parts
 * of the stay, and what those it shares with others leave; null: none counts for this visit. The nearest is named.
 */
export function ceilingFor(
  ceilings: CompiledCeilings,
  facts: VisitFacts,
  before: StepBefore,
  part: StepInFull,
  shared: CeilingUse | null,
): CeilingUse | null {
  const own = ownCeiling(ceilings, facts, before, part);
  if (own === null || shared === null) return own ?? shared;
  const nearest = own.leftFen <= shared.leftFen ? own : shared;
  return { ...nearest, wholeFen: fen(Math.min(own.wholeFen, shared.wholeFen)) };
}

function ownCeiling(
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

/** What earlier parts of the stay were paid beyond what a ceiling leaves the whole stay. */
export function beyondCeiling(ceiling: CeilingUse | null, paidInParts: Fen): Fen {
  return ceiling === null ? zeroFen : fen(Math.max(0, paidInParts - ceiling.wholeFen));
}
