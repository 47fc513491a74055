import { armCrashPoints } from '../../base/crash-points.ts';
import { systemClock } from '../../base/clock.ts';
import { timeOrderedIds } from '../../base/ids.ts';
import { openStore } from '../../database/open-store.ts';
import { startHospitalPush } from '../hospital-push.ts';

/** The address for bills as a program of its own that a test may have killed; says `open` when it is. */
armCrashPoints(process.env);
const [file = '', home = '', key = '', settings = ''] = process.argv.slice(2);
const store = await openStore({ file, key: Buffer.from(key, 'hex') });
await startHospitalPush({
  dependencies: {
    ...{ store, clock: systemClock(null), ids: timeOrderedIds() },
    folder: { home, databaseFile: file },
  },
  settings: JSON.parse(settings) as Parameters<typeof startHospitalPush>[0]['settings'],
  onTaken: () => undefined,
  onFault: (problem) => {
    throw problem;
  },
  inWords: (problem) => {
    throw problem;
  },
});
process.stdout.write('open\n');
