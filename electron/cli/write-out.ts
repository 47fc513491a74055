import { accepted, refused, type Result } from '../../shared/domain/result.ts';
import { whyNot, writeNewWhole } from '../base/foreign-folder.ts';
import { commandRefusal } from './command-refusals.ts';

/**
 * Writes a file that a command was asked for, whole and its owner's alone; one that is there already is replaced by no link.
 * `isNew`: under a name that is not taken, for what has no ending of its own by which another's file is left alone.
 */
export async function writeOut(
  file: string,
  bytes: Uint8Array,
  { isNew = false }: { readonly isNew?: boolean } = {},
): Promise<Result<null, 'cannot-write-file'>> {
  try {
    await writeNewWhole(file, bytes, { mode: 0o600, isNew });
    return accepted(null);
  } catch (problem) {
    return refused(commandRefusal('cannot-write-file', { file, why: whyNot(problem) }));
  }
}
