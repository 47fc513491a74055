import { armCrashPoints } from '../../base/crash-points.ts';
import { openStore } from '../../database/open-store.ts';
import { testClock } from '../../settlement/settlement.test-support.ts';
import { makeBackup } from '../make-backup.ts';
import { restoreBackup } from '../restore-backup.ts';

// Backs up a folder or restores into it, in a process that a test lets die on the way.
const [act, home = '', keyText = '', id = '', file = ''] = process.argv.slice(2);
armCrashPoints(process.env);
const folder = {
  home,
  id,
  key: Buffer.from(keyText, 'hex'),
  databaseFile: `${home}/settlement.db`,
};
const who = 'clerk1';
if (act === 'restore') {
  await restoreBackup({ folder, clock: testClock }, { file, mayBeOlder: true, who });
} else {
  const { databaseFile, key } = folder;
  const store = await openStore({ file: databaseFile, key, folderId: id, mustExist: true });
  await makeBackup({ folder, store, clock: testClock }, { file, who });
  await store.close();
}
