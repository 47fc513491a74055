import type { Refusal } from '../../shared/domain/result.ts';
import type { DatabaseRefusalCode, MissingFromBooks } from './database-refusals.ts';

/** Why a folder may be looked at and not written to. */
export type ReadingOnlyCode = Extract<
  DatabaseRefusalCode,
  'database-lost' | 'disk-read-only' | 'disk-no-room' | 'program-too-old'
>;

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

/**
 * Before new work begins: throws a `ReadingOnlyError` where the disk has no room for it, so that nothing is begun that
 * could not be brought to its end.
 */
export function assertRoom(store: { noRoom(): ReadingOnly | null }): void {
  const reason = store.noRoom();
  if (reason !== null) throw new ReadingOnlyError(reason);
}

/** Said beside what happened to the files where it was seen only after a unit of work was written to them. */
export const lastUnit: MissingFromBooks = {
  about: 'settlement.db',
  text: {
    zh: '刚才的一步没有存下，恢复后请先核对',
    en: 'the step just taken was not kept: check it first when the data is restored',
  },
};
