import type { IntakeProblem } from './intake-problem.ts';
import { intakeProblem } from './intake-problem.ts';
import { intakeRefusal } from './intake-refusals.ts';

/** What no text of a document may hold, and the place of the text, as a JSON Pointer. */
export type UnfitText = { readonly place: string; readonly code: 'nul-in-text' | 'half-character' };

/**
 * Where a text of a document holds the character NUL or half a character; null where none does. NUL stands in no
 * name or code, cuts texts short on printers and in other systems, and a database server does not take it. Half a
 * character (a lone surrogate, which only JSON can bring) becomes another character wherever it is written.
 */
export function unfitTextIn(document: unknown): UnfitText | null {
  if (typeof document === 'string') return unfit(document, '');
  if (typeof document !== 'object' || document === null) return null;
  for (const [key, part] of Object.entries(document)) {
    const below = unfit(key, '') ?? unfitTextIn(part);
    if (below === null) continue;
    const name = key.replaceAll('\0', '').toWellFormed();
    return { ...below, place: `/${name}${below.place}` };
  }
  return null;
}

function unfit(text: string, place: string): UnfitText | null {
  if (text.includes('\0')) return { place, code: 'nul-in-text' };
  return text.isWellFormed() ? null : { place, code: 'half-character' };
}

/** What is said of such a text, wherever it came from. */
export function unfitTextProblem(
  { code }: Pick<UnfitText, 'code'>,
  where: Pick<IntakeProblem, 'row' | 'column' | 'place'>,
): IntakeProblem<UnfitText['code']> {
  const refusal =
    code === 'nul-in-text' ? intakeRefusal('nul-in-text') : intakeRefusal('half-character');
  return intakeProblem(refusal, where);
}
