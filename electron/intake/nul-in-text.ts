import type { IntakeProblem } from './intake-problem.ts';
import { intakeProblem } from './intake-problem.ts';
import { intakeRefusal } from './intake-refusals.ts';

/**
 * Where a text of a document holds the character NUL, as a JSON Pointer; null where none does. It stands in no
 * name or code, cuts texts short on printers and in other systems, and a database server does not take it.
 */
export function nulIn(document: unknown): string | null {
  if (typeof document === 'string') return document.includes('\0') ? '' : null;
  if (typeof document !== 'object' || document === null) return null;
  for (const [key, part] of Object.entries(document)) {
    const below = key.includes('\0') ? '' : nulIn(part);
    if (below !== null) return `/${key.replaceAll('\0', '')}${below}`;
  }
  return null;
}

/** What is said of such a text, wherever it came from. */
export function nulProblem(
  where: Pick<IntakeProblem, 'row' | 'column' | 'place'>,
): IntakeProblem<'nul-in-text'> {
  return intakeProblem(intakeRefusal('nul-in-text'), where);
}
