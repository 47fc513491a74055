import type { EventTopic } from '../../shared/contracts/contract-names.ts';
import type { BackupDependencies } from '../backups/make-backup.ts';
import { backUpNightly } from '../backups/nightly-backup.ts';
import type { Job } from '../jobs/job.ts';

/** What the jobs of a desk stand on. */
export type ScheduledJobParts = {
  readonly services: BackupDependencies & {
    readonly folder: { readonly home: string; readonly kind: 'demo' | 'live' };
  };
  readonly tell: (topic: EventTopic) => void;
  /** Deletes what has lain in the exchange folder for its term. */
  readonly removeOldFiles: () => Promise<void>;
  /** When claims are sent every night, `22:00`; null: only by hand. */
  readonly uploadAt: string | null;
  /** Sends what waits and resolves when that has ended; throws where it did not begin. */
  readonly upload: (signal: AbortSignal) => Promise<void>;
};

/** Everything this desk does by the clock. A new job is a line here. */
export function scheduledJobs({
  services,
  tell,
  removeOldFiles,
  uploadAt,
  upload,
}: ScheduledJobParts): readonly Job[] {
  const newBusinessDay: Job = {
    // An open page shows the business date, and what may be confirmed depends on it.
    name: 'new-business-day',
    when: '0 0 * * *',
    run: () => {
      tell('visits');
      return Promise.resolve();
    },
  };
  const nightlyBackup: Job = {
    name: 'nightly-backup',
    when: '30 2 * * *',
    run: async () => {
      const made = await backUpNightly(services);
      if (!made.ok) throw new Error(made.refusal.message.en);
    },
  };
  const oldFiles: Job = { name: 'remove-old-files', when: '15 3 * * *', run: removeOldFiles };
  const [hour = '', minute = ''] = uploadAt?.split(':') ?? [];
  const nightlyUpload: readonly Job[] =
    uploadAt === null
      ? []
      : [{ name: 'nightly-upload', when: `${minute} ${hour} * * *`, run: upload }];
  // Of practice data old files go whenever a desk opens; it is made anew in a moment; nobody needs a year of its backups.
  return services.folder.kind === 'live'
    ? [newBusinessDay, nightlyBackup, oldFiles, ...nightlyUpload]
    : [newBusinessDay, ...nightlyUpload];
}
