import { receivedInputShape, type VisitJson } from '../domain/shapes/input-shape.ts';
import { visitOfReceived } from '../domain/shapes/visit-shape.ts';
import type { SettlementInput } from '../domain/person.ts';
import { accepted, type Result, type Warning } from '../domain/result.ts';
import { compiledOnce } from './compiled-once.ts';
import { problemsOfContent, warningsOf } from './visit-json-checks.ts';
import { problemsOfIssues, refusalOf, type VisitProblemCode } from './visit-json-problems.ts';

const receivedInput = compiledOnce(receivedInputShape);

export type ReadVisit = { readonly input: SettlementInput; readonly warnings: readonly Warning[] };

/**
 * Reads a Visit JSON of the contract: what `settle` and `import` take. Everything wrong with it is listed
 * in the refusal's `details`, each with a code and a JSON Pointer; what can stand but should be known
 * comes back as warnings. This is the door of intake: what we stored ourselves is read by
 * `decodeSettlementInput`, which knows none of these checks.
 */
export function settlementInputFromVisitJson(data: unknown): Result<ReadVisit, VisitProblemCode> {
  const reading = receivedInput().safeParse(data, { reportInput: true });
  if (!reading.success) return refusalOf(problemsOfIssues(reading.error.issues));
  const received = { figures: reading.data, written: data as VisitJson };
  const problems = problemsOfContent(received);
  if (problems.length > 0) return refusalOf(problems);
  const { visit, person, yearToDate } = reading.data;
  const input = { visit: visitOfReceived(visit), person, yearToDate };
  return accepted({ input, warnings: warningsOf(received) });
}
