import { unusedGroups, withoutGroupNames } from './pack-groups.ts';
import { packSchema, type PackDocument } from './pack-schema.ts';
import type { PackProblem } from './pack-problem.ts';
import {
  contentProblem,
  problemsOfContent,
  type ContentProblemCode,
} from './problems-of-content.ts';
import { problemsOfForm, type FormProblemCode } from './problems-of-form.ts';

/** What can be wrong with a pack's text as such. */
export type PackDocumentCode = FormProblemCode | ContentProblemCode;

export type PackReading =
  | { readonly ok: true; readonly document: PackDocument }
  | { readonly ok: false; readonly problems: readonly PackProblem<PackDocumentCode>[] };

/** Reads a pack from plain data: its form first, then whether its parts fit together. Every problem found is listed. */
export function readPackDocument(data: unknown): PackReading {
  const parsed = packSchema.safeParse(withoutGroupNames(data), { reportInput: true });
  if (!parsed.success) {
    // A field misspelt is two problems; the unknown one explains the missing one.
    const isMissing = ({ code }: PackProblem) => Number(code === 'missing-field');
    const problems = parsed.error.issues.flatMap(problemsOfForm);
    return { ok: false, problems: problems.sort((a, b) => isMissing(a) - isMissing(b)) };
  }
  const problems = [
    ...problemsOfContent(parsed.data),
    ...unusedGroups(data).map(([kind, key]) =>
      contentProblem(['groups', kind, key], 'unused-group', { key }),
    ),
  ];
  if (problems.length > 0) return { ok: false, problems };
  // Every name of a group has given way to what the group holds; a document is what the rules work on.
  const document = { ...parsed.data };
  delete document.groups;
  return { ok: true, document };
}
