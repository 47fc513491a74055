/** A piece of work that the clock begins. */
export type Job = {
  /** Its name in the books; a job that is renamed begins anew. */
  readonly name: string;
  /** When, as a cron pattern in Asia/Shanghai: `30 2 * * *` is half past two every night. */
  readonly when: string;
  /**
   * Does it once. Throws where it could not: it is then tried again. May be begun again for the same time after a
   * crash, so it must bear that. `signal` ends with the desk: work that takes long looks at it.
   */
  readonly run: (signal: AbortSignal) => Promise<void>;
};
