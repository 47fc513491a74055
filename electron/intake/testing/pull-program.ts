import { armCrashPoints } from '../../base/crash-points.ts';
import { timeOrderedIds } from '../../base/ids.ts';
import { systemClock } from '../../base/clock.ts';
import { openStore } from '../../database/open-store.ts';
import type { SqlSettings } from '../sql/connection-settings.ts';
import { pullVisits } from '../sql/pull-visits.ts';

/** Pulls once from a hospital's database into a store, as a program of its own that a test may have killed. */
armCrashPoints(process.env);
const [file = '', home = '', key = '', settings = ''] = process.argv.slice(2);
const store = await openStore({ file, key: Buffer.from(key, 'hex') });
const pulled = await pullVisits(
  // Time stands still, so that all is one unit of work.
  {
    pace: { now: () => 0, rest: () => Promise.resolve() },
    store,
    clock: systemClock(null),
    ids: timeOrderedIds(),
    folder: { home, databaseFile: file },
  },
  JSON.parse(settings) as SqlSettings,
);
await store.close();
process.exitCode = pulled.ok ? 0 : 1;
