import { Worker } from 'node:worker_threads';

import type { Thread } from '../../shared/threads/thread-requests.ts';
import { partPath } from '../base/part-path.ts';

/** A new thread that will own one connection. */
export const startDatabaseThread = (): Worker =>
  new Worker(partPath('database-worker'), {
    // Rows pass through and are gone: a large nursery would only be memory that is never given back.
    resourceLimits: { maxYoungGenerationSizeMb: 8 },
  });

/** Where connections get their thread: always a new one, but for the unit tests (`kept-threads-setup.test-support.ts`). */
export const databaseThreads: { start: () => Thread } = { start: startDatabaseThread };
