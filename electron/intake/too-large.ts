import { intakeProblem, type IntakeProblem } from './intake-problem.ts';
import { intakeRefusal, type IntakeCode } from './intake-refusals.ts';

/** A file that is larger than its kind may be. */
export function tooLarge(most: string): { readonly problem: IntakeProblem<IntakeCode> } {
  return { problem: intakeProblem(intakeRefusal('file-too-large', { most })) };
}
