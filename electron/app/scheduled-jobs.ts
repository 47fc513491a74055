import type { EventTopic } from '../../shared/contracts/contract-names.ts';
import type { Job } from '../jobs/job.ts';

/** What the jobs of a desk stand on. */
export type ScheduledJobParts = { readonly tell: (topic: EventTopic) => void };

/** Everything this desk does by the clock. A new job is a line here. */
export function scheduledJobs({ tell }: ScheduledJobParts): readonly Job[] {
  return [
    {
      // An open page shows the business date, and what may be confirmed depends on it.
      name: 'new-business-day',
      when: '0 0 * * *',
      run: () => {
        tell('visits');
        return Promise.resolve();
      },
    },
  ];
}
