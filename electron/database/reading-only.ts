import type { Refusal } from '../../shared/domain/result.ts';
import type { DatabaseRefusalCode } from './database-refusals.ts';

/** Why a folder may be looked at and not written to. */
export type ReadingOnlyCode = Extract<DatabaseRefusalCode, 'database-lost'>;

/**
 * Why the data of a folder is opened for reading only: the refusal of every act that would write, and what the
 * desk shows for as long as it is so.
 */
export type ReadingOnly = Refusal<ReadingOnlyCode>;

/** An act wanted to write where only reading is allowed. Nothing was written; `reason` says why, in words. */
export class ReadingOnlyError extends Error {
  override readonly name = 'ReadingOnlyError';
  readonly reason: ReadingOnly;

  constructor(reason: ReadingOnly) {
    super(`the data was opened for reading only: ${reason.message.en}`);
    this.reason = reason;
  }
}
