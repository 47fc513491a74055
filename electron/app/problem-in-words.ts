import type { Refusal } from '../../shared/domain/result.ts';
import {
  DatabaseBusyError,
  DatabaseDamagedError,
  DatabaseDocumentError,
  DatabaseDocumentNewerError,
  DatabaseForeignError,
  DatabaseFullError,
  DatabaseKeyError,
  DatabaseNewerError,
} from '../database/database-errors.ts';
import { IntakeHeldError } from '../intake/intake-owner.ts';
import { ReadingOnlyError, type ReadingOnlyCode } from '../database/reading-only.ts';
import { folderRefusal } from './folder-refusals.ts';

/** The troubles of a database that any step may meet. */
export type DatabaseCode =
  | 'database-busy'
  | 'disk-full'
  | 'database-damaged'
  | 'database-foreign'
  | 'key-wrong'
  | 'data-is-newer'
  | 'document-unreadable'
  | 'document-newer'
  | 'busy'
  | ReadingOnlyCode;

/** What a known trouble of the database is called at the desk; null: it is a fault of the program. */
export function problemInWords(problem: unknown): Refusal<DatabaseCode> | null {
  if (problem instanceof ReadingOnlyError) return problem.reason;
  if (problem instanceof IntakeHeldError) return problem.refusal;
  if (problem instanceof DatabaseBusyError) return folderRefusal('database-busy');
  if (problem instanceof DatabaseFullError) return folderRefusal('disk-full');
  if (problem instanceof DatabaseDamagedError) return folderRefusal('database-damaged');
  if (problem instanceof DatabaseForeignError) return folderRefusal('database-foreign');
  if (problem instanceof DatabaseKeyError) return folderRefusal('key-wrong', problem);
  if (problem instanceof DatabaseDocumentError) {
    return folderRefusal('document-unreadable', problem);
  }
  if (problem instanceof DatabaseDocumentNewerError) {
    return folderRefusal('document-newer', problem);
  }
  if (problem instanceof DatabaseNewerError) return folderRefusal('data-is-newer');
  return null;
}
