/** The results' way to the hospital's system as a program of its own, to be killed: FILE KEY-HEX FOLDER. */
import { systemClock } from '../../base/clock.ts';
import { armCrashPoints } from '../../base/crash-points.ts';
import { openStore } from '../../database/open-store.ts';
import { startHospitalFiles } from '../write-hospital-files.ts';

const [file = '', keyHex = '', folder = ''] = process.argv.slice(2);
armCrashPoints(process.env);
const store = await openStore({ file, key: Buffer.from(keyHex, 'hex') });
const files = startHospitalFiles({ store, clock: systemClock(null), folder });
await files.settled();
await files.close();
await store.close();
