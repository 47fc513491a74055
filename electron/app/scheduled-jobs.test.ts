import { readdirSync } from 'node:fs';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { movableClock } from '../base/clock.test-support.ts';
import { createTestStore, type TestStore } from '../database/test-store.ts';
import { scheduledJobs } from './scheduled-jobs.ts';

let store: TestStore;
beforeEach(async () => {
  store = await createTestStore();
});
afterEach(() => store.remove());

const jobsOf = (kind: 'demo' | 'live', told: string[] = [], uploadAt: string | null = null) =>
  scheduledJobs({
    services: {
      folder: { kind, home: store.folder, databaseFile: store.file, key: store.key },
      store,
      clock: movableClock('2026-11-30T02:30:00+08:00'),
    },
    tell: (topic) => told.push(topic),
    removeOldFiles: () => {
      told.push('old files');
      return Promise.resolve();
    },
    uploadAt,
    upload: () => {
      told.push('upload');
      return Promise.resolve();
    },
  });
const run = async (jobs: ReturnType<typeof jobsOf>, name: string) => {
  const job = jobs.find((each) => each.name === name);
  if (job === undefined) throw new Error(`no job ${name}`);
  await job.run(new AbortController().signal);
};

describe('what a desk does by the clock', () => {
  it('backs a live folder up every night, and fails where it could not', async () => {
    const jobs = jobsOf('live');
    await run(jobs, 'nightly-backup');
    expect(readdirSync(join(store.folder, 'backups'))).toEqual(['settlement-20261130-023000.db']);
    // A second backup of the very same second: the file stands already.
    await expect(run(jobs, 'nightly-backup')).rejects.toThrow();
  });

  it('deletes what has lain in the exchange folder for its term', async () => {
    const told: string[] = [];
    await run(jobsOf('live', told), 'remove-old-files');
    expect(told).toEqual(['old files']);
  });

  it('sends the claims every night when it is set to, in practice data too, else only by hand', async () => {
    for (const kind of ['live', 'demo'] as const) {
      const told: string[] = [];
      const jobs = jobsOf(kind, told, '22:05');
      expect(jobs.find(({ name }) => name === 'nightly-upload')?.when).toBe('05 22 * * *');
      await run(jobs, 'nightly-upload');
      expect(told).toEqual(['upload']);
      expect(jobsOf(kind).map(({ name }) => name)).not.toContain('nightly-upload');
    }
  });

  it('keeps no backups of practice data, and tells open pages of a new day', async () => {
    const told: string[] = [];
    const jobs = jobsOf('demo', told);
    expect(jobs.map(({ name }) => name)).toEqual(['new-business-day']);
    await run(jobs, 'new-business-day');
    expect(told).toEqual(['visits']);
  });
});
