import type { PackDocument } from '../policy/pack/pack-schema.ts';
import type { PackRateRule } from '../policy/pack/pack-steps.ts';
import { sameData } from './same-data.ts';

/**
 * Whether one variant of a step can be shown to pay at least as much as another on every visit, and to be
 * the one taken where they pay the same or to give the same figures then: what `best` makes of a person
 * who fits both never depends on the lesser one.
 */
export function paysAtLeast(
  document: PackDocument,
  rule: PackRateRule,
  better: number,
  lesser: number,
): boolean {
  const first = rule.variants?.[better];
  const second = rule.variants?.[lesser];
  if (first === undefined || second === undefined) return false;
  const deductible = (of: typeof first) => of.deductible ?? rule.deductible;
  const [a, b] = [deductible(first) ?? 'none', deductible(second) ?? 'none'];
  const sameDeductible = sameData(a, b);
  // Of equals the earlier one is taken, and its deductible is the one in the result.
  if (better > lesser && !sameDeductible) return false;
  const lowerDeductible =
    sameDeductible ||
    a === 'none' ||
    (b !== 'none' && a.per === b.per && atMost(document, a.parameter, b.parameter));
  return (
    lowerDeductible &&
    atMost(document, second.rate ?? rule.rate, first.rate ?? rule.rate) &&
    (['ceilingPerVisit', 'ceilingPerYear'] as const).every((ceiling) => {
      const high = first[ceiling] ?? rule[ceiling];
      const low = second[ceiling] ?? rule[ceiling];
      return high === undefined || high === 'none' || atMost(document, low, high);
    })
  );
}

/** Whether a parameter is at most another for every visit; only plain figures are compared. */
export function atMost(
  document: PackDocument,
  low: string | undefined,
  high: string | undefined,
): boolean {
  if (low === high) return low !== undefined;
  if (low === undefined || high === undefined) return false;
  const [a, b] = [document.parameters[low], document.parameters[high]];
  if (a === undefined || b === undefined || a.unit !== b.unit) return false;
  if (a.unit === 'percent-bands' || b.unit === 'percent-bands') return false;
  if (a.except !== undefined || b.except !== undefined) return false;
  if (a.value !== undefined && b.value !== undefined) return Number(a.value) <= Number(b.value);
  const [levelsA, levelsB] = [a.byHospitalLevel, b.byHospitalLevel];
  if (levelsA === undefined || levelsB === undefined) return false;
  const higher = new Map<string, string>(Object.entries(levelsB));
  return Object.entries(levelsA).every(
    ([level, value]) => Number(value) <= Number(higher.get(level)),
  );
}
