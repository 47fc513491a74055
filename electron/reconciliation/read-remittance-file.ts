import { basename } from 'node:path';

import { whyNot } from '../base/foreign-folder.ts';
import { openFileBytes } from '../intake/file-bytes.ts';
import { intakeProblem } from '../intake/intake-problem.ts';
import { intakeRefusal } from '../intake/intake-refusals.ts';
import { accepted, refused, type Result } from '../../shared/domain/result.ts';
import { reconciliationRefusal, remittanceProblem } from './reconciliation-refusals.ts';

/** A page sends it in one call, as text of a third more. Five thousand lines are far less. */
export const remittanceBytesMax = 5 * 1024 * 1024;

/** The bytes of a payer's file that somebody named. */
export function readRemittanceFile(
  file: string,
): Result<{ readonly name: string; readonly bytes: Buffer }, 'remittance-refused'> {
  const refusedFor = (problem: ReturnType<typeof intakeProblem>) =>
    refused(reconciliationRefusal('remittance-refused', { file, problems: [problem] }));
  const opened = openFileBytes(file);
  if ('problem' in opened) return refusedFor(opened.problem);
  try {
    if (opened.size > remittanceBytesMax)
      return refusedFor(intakeProblem(remittanceProblem('remittance-too-large', { most: '5 MB' })));
    const bytes = opened.read(0, opened.size);
    opened.assertUnchanged();
    return accepted({ name: basename(file), bytes });
  } catch (problem) {
    // A stick that was pulled out, or a program that saved the file meanwhile.
    const why = whyNot(problem);
    if (!/^(?:E[A-Z0-9]+|changed-while-read)$/.test(why)) throw problem;
    return refusedFor(intakeProblem(intakeRefusal('file-unreadable', { why })));
  } finally {
    opened.close();
  }
}
