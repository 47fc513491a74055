/** Tests that hold a promise: those of a file whose full names have some words in them. */
export type Attack = { readonly file: string; readonly words: string };

/** One row of the matrix: what may be relied on, the attacks that try it, and what only a later issue builds. */
export type TrustPromise = {
  readonly id: string;
  readonly promise: string;
  readonly attacks: readonly Attack[];
  readonly later?: string;
};

const on = (file: string, ...words: readonly string[]): readonly Attack[] =>
  words.map((each) => ({ file, words: each }));

/**
 * The matrix of what this program may be trusted with: `npm run test:trust` runs the attacks and prints a row for
 * each. The attacks are tests where their subject is; they are named here by words of their names.
 */
export const trustPromises: readonly TrustPromise[] = [
  {
    id: 'R1',
    promise: 'killed at any point, nothing acknowledged is lost or doubled',
    attacks: [
      ...on('build/kill-test/kill-host.test.ts', 'loses nothing it acknowledged'),
      ...on('build/kill-test/kill-test.test.ts', 'loses nothing it acknowledged'),
      ...on('build/kill-test/planted-faults.test.ts', 'notices when somebody lets it'),
    ],
  },
  {
    id: 'R2',
    promise: 'power fails: what was acknowledged is on the disk, or seen to be missing',
    attacks: [
      ...on(
        'electron/settlement/lost-books.test.ts',
        'wherever the log was cut',
        'where the log was deleted after a kill',
      ),
      ...on('electron/settlement/power-loss.test.ts', 'when the power goes'),
      ...on('electron/database/open-store.test.ts', 'would not wait is caught at the commit'),
    ],
  },
  {
    id: 'R3',
    promise: 'the disk is full: refused before money moves, nothing half kept',
    attacks: [
      ...on('electron/app/full-disk.test.ts', 'a disk that is full or only read'),
      ...on('electron/database/open-store.test.ts', 'finds no room is taken back whole'),
    ],
  },
  {
    id: 'R4',
    promise: 'the clock jumps: numbers, days and years stay right, the supervisor is asked',
    attacks: [
      ...on(
        'electron/settlement/business-day.test.ts',
        'a business date that jumps',
        'midnight between confirming and settling',
      ),
      ...on('electron/jobs/start-jobs.test.ts', 'clock set back'),
      ...on('electron/claims/upload-claims.test.ts', 'a clock set back'),
    ],
  },
  {
    id: 'R5',
    promise: 'the printer fails in a slip: nobody guesses, the cashier is asked',
    attacks: [
      ...on(
        'drivers/receipt-printer/receipt-printer.test.ts',
        'dies after any number of bytes',
        'nobody brings paper',
      ),
      ...on('electron/documents/print-queue.test.ts', 'dies in a slip, whichever byte it is'),
    ],
  },
  {
    id: 'R6',
    promise: 'killed while it prints: never a second original',
    attacks: on('electron/documents/print-crash.test.ts', 'killed while it prints'),
  },
  {
    id: 'R7',
    promise: 'a card is pulled in the middle: nobody half read, the next read works',
    attacks: [
      ...on(
        'drivers/card-reader/pcsc/pcsc-reader.test.ts',
        'pulled at any command',
        'killed in the middle and starts again',
      ),
    ],
  },
  {
    id: 'R8',
    promise: 'a payer does not answer: unknown, then the same bytes, accepted once',
    attacks: on(
      'electron/claims/upload-claims.test.ts',
      'unknown and sends the same bytes',
      'under random faults and restarts',
    ),
  },
  {
    id: 'R9',
    promise: 'an answer comes late or twice: raised, never a silent change',
    attacks: on('electron/claims/upload-claims.test.ts', 'an acceptance that comes late'),
    later: 'shuffled answers of several days',
  },
  {
    id: 'R10',
    promise: 'a claim accepted in part does not count as accepted',
    attacks: on('electron/claims/upload-claims.test.ts', 'does not count a claim accepted in part'),
    later: 'lines of a batch',
  },
  { id: 'R11', promise: 'a batch receipt never comes', attacks: [], later: 'batches' },
  {
    id: 'R12',
    promise: 'another program holds the data: waited for, then said who',
    attacks: [
      ...on('electron/database/named-lock.test.ts', 'a named lock', 'a second desk is refused'),
      ...on('electron/database/open-store.test.ts', 'stays locked as busy'),
    ],
  },
  {
    id: 'R13',
    promise: 'a damaged, exchanged or missing database is seen, and nothing is deleted',
    attacks: [
      ...on(
        'electron/settlement/lost-books.test.ts',
        'a folder whose database lost something',
        'a file in the place of the database',
      ),
      ...on('electron/database/open-store.test.ts', 'names a damaged page'),
    ],
  },
  {
    id: 'R14',
    promise: 'a backup is one that restores',
    attacks: [
      ...on('electron/backups/restore-backup.test.ts', 'a backup', 'restoring'),
      ...on('electron/app/scheduled-jobs.test.ts', 'every night'),
      ...on('electron/app/restore-from-place.test.ts', 'takes over within five minutes'),
    ],
  },
  {
    id: 'R15',
    promise: 'two windows settle one patient: one settlement',
    attacks: on('electron/settlement/settle-visit.test.ts', 'thirty-two who settle at once'),
    later: 'windows on several machines',
  },
  { id: 'R16', promise: 'the hub is gone', attacks: [], later: 'the hub' },
  {
    id: 'R17',
    promise: 'the program dies under the page: the page says so, the next start goes on',
    attacks: on(
      'electron/e2e/discharge.test.ts',
      'between the commit and the paper',
      'while the sheet was on its way',
    ),
    later: 'an update that is interrupted',
  },
  {
    id: 'R18',
    promise: 'asleep or switched off in the middle of what it does by the clock: caught up with',
    attacks: [
      ...on('electron/jobs/start-jobs.test.ts', 'is caught up with'),
      ...on('electron/e2e/discharge.test.ts', 'the upload was killed in the middle'),
    ],
  },
  {
    id: 'R19',
    promise: 'bad data: refused by name, or right to the fen',
    attacks: [
      ...on('electron/intake/import-files.test.ts', 'whatever the cells hold', 'refuses'),
      ...on('shared/policy/decide.property.test.ts', 'adds up to the fen'),
      ...on('drivers/card-reader/fuzz/fuzz.test.ts', 'neither throw nor hang'),
    ],
  },
  {
    id: 'R20',
    promise: 'a long day: memory, files and log stay flat',
    attacks: on('build/soak/soak-host.test.ts', 'a desk that settles all day'),
  },
];
