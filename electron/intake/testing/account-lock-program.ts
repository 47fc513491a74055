import { armCrashPoints } from '../../base/crash-points.ts';
import { timeOrderedIds } from '../../base/ids.ts';
import { systemClock } from '../../base/clock.ts';
import { openStore } from '../../database/open-store.ts';
import { startAccountLocks } from '../sql/account-locks.ts';
import type { SqlSettings } from '../sql/connection-settings.ts';

/** Locks an account of a hospital as a desk does, as a program of its own that a test may have killed. */
armCrashPoints(process.env);
const [file = '', key = '', settings = '', visitId = ''] = process.argv.slice(2);
const store = await openStore({ file, key: Buffer.from(key, 'hex') });
const locks = startAccountLocks({
  ...{ store, clock: systemClock(null), ids: timeOrderedIds(), by: 'desk' },
  settings: JSON.parse(settings) as SqlSettings,
  fetchBill: () => Promise.resolve('taken'),
  // However busy the machine is, the hospital is waited for.
  timer: () => () => undefined,
  onFault: (problem) => {
    throw problem;
  },
});
await locks.hold(visitId, 'a page');
await locks.close();
await store.close();
