/** Keeps one word in the books and is killed before it reaches the second place: HOME KEY-HEX WORD. */
import { join } from 'node:path';

import { systemTimer } from '../../base/timer.ts';
import { newestMigration } from '../../database/migrations/migrations.ts';
import { openStore } from '../../database/open-store.ts';
import { startPlaceThread } from '../place-thread.ts';
import { SecondPlace } from '../second-place.ts';

const [home = '', keyHex = '', word = ''] = process.argv.slice(2);
const key = Buffer.from(keyHex, 'hex');
const databaseFile = join(home, 'settlement.db');
const store = await openStore({ file: databaseFile, key });
const thread = startPlaceThread();
const second = new SecondPlace({
  store,
  folder: { home, id: 'the-folder', kind: 'live', key, databaseFile },
  schema: newestMigration,
  thread: {
    ...thread,
    ask(request) {
      if (request.kind === 'append') process.kill(process.pid, 'SIGKILL');
      return thread.ask(request);
    },
  },
  timer: systemTimer,
  now: () => new Date(),
  ownFiles: () => Promise.resolve([]),
  makesBases: false,
  onFault: (problem) => {
    console.error(problem);
  },
});
await store.transact(({ folderFacts }) => folderFacts.set('hospital', word));
// Committed: from here on the answer waits for the second place.
process.stdout.write('committed\n');
await second.copied();
