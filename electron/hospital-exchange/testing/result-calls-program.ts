import { armCrashPoints } from '../../base/crash-points.ts';
import { systemClock } from '../../base/clock.ts';
import { openStore } from '../../database/open-store.ts';
import { startResultCalls } from '../result-calls.ts';

/** Calls results back, as a program of its own that a test may have killed. */
armCrashPoints(process.env);
const [file = '', key = '', url = '', secret = ''] = process.argv.slice(2);
const store = await openStore({ file, key: Buffer.from(key, 'hex') });
startResultCalls({
  ...{ store, clock: systemClock(null) },
  address: { url: new URL(url), secret, authority: null },
});
