import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { timeOrderedIds } from '../../electron/base/ids.ts';
import { systemTimer } from '../../electron/base/timer.ts';
import { newestMigration } from '../../electron/database/migrations/migrations.ts';
import { auditHash, headSeal } from '../../electron/database/audit-repository.ts';
import { openCopy, openStore, type OpenedStore } from '../../electron/database/open-store.ts';
import { startPlaceThread } from '../../electron/second-place/place-thread.ts';
import { SecondPlace } from '../../electron/second-place/second-place.ts';
import { settleVisit } from '../../electron/settlement/settle-visit.ts';
import {
  colonCancer,
  dependenciesOn,
  keepVisit,
  ownPacks,
  valueOf,
} from '../../electron/settlement/settlement.test-support.ts';

// What it costs that nothing is lost: the same settlements by turns without anchor and second place, with the anchor, and
// with both; what the key of the audit costs by itself; then a start with the rows of a year that are not forgotten yet.
// Prints figures.

const samples = Number(process.argv[2] ?? '150');
const yearRows = 100_000;
const packs = await ownPacks();
const colon = await colonCancer();
const ids = timeOrderedIds();
const folder = await mkdtemp(path.join(tmpdir(), 'second-place-bench-'));
const key = randomBytes(32);
try {
  const bare = await openFolder('bare', (file) => openCopy({ file, key, writes: true }));
  const without = await openFolder('without');
  const withPlace = await openFolder('with');
  const place = path.join(folder, 'place');
  const second = secondPlaceOf(withPlace.home, withPlace.store);
  await second.setUp(place);
  const took = { bare: [] as number[], anchor: [] as number[], both: [] as number[] };
  const copying: number[] = [];
  for (let turn = 0; turn < samples; turn += 1) {
    took.bare.push((await confirm(bare.store, null)).all);
    took.anchor.push((await confirm(without.store, null)).all);
    const { all, copied } = await confirm(withPlace.store, second);
    took.both.push(all);
    copying.push(copied);
  }
  for (const each of [took.bare, took.anchor, took.both, copying]) each.sort((a, b) => a - b);
  const ratio = (on: readonly number[], off: readonly number[]): string =>
    `p50 ${(at(on, 0.5) / at(off, 0.5)).toFixed(2)}, p95 ${(at(on, 0.95) / at(off, 0.95)).toFixed(2)}`;
  print('confirm without anchor and second place', figures(took.bare));
  print('confirm with the anchor', figures(took.anchor));
  print('confirm with anchor and second place', figures(took.both));
  print('  (of it the copying)', figures(copying));
  print('anchor: times as long', ratio(took.anchor, took.bare));
  print('second place: times as long', ratio(took.both, took.anchor));
  print('both: times as long', ratio(took.both, took.bare));
  print('the key of the audit, each entry', `${keyedMicroseconds(withPlace.store).toFixed(1)} µs`);

  const making = performance.now();
  await fillJournal(withPlace.store);
  await second.copied();
  for (;;) {
    const { waiting, problem } = await second.state();
    if (waiting === 0 && problem === null) break;
    await second.copied();
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  print(
    `  (${String(yearRows)} rows caught up in)`,
    `${(performance.now() - making).toFixed(0)} ms`,
  );
  await second.close();
  await withPlace.store.close();
  const starting = performance.now();
  const again = await openStore({ file: withPlace.file, key });
  const next = secondPlaceOf(withPlace.home, again);
  const copied = await next.copied();
  const ms = (performance.now() - starting).toFixed(0);
  print(`start with ${String(yearRows)} rows kept`, `${ms} ms, ${copied}`);
  await next.close();
  await again.close();
  await without.store.close();
  await bare.store.close();
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function openFolder(
  name: string,
  open: (file: string) => Promise<OpenedStore> = (file) => openStore({ file, key }),
) {
  const home = await mkdtemp(path.join(folder, `${name}-`));
  const file = path.join(home, 'settlement.db');
  return { home, file, store: await open(file) };
}

/** What the keyed hashes of an entry and of the end of the chain take more than a plain one. */
function keyedMicroseconds(store: OpenedStore): number {
  const entry = {
    ...{ sequence: 7, at: '2017-11-27T10:15:00.000+08:00', who: 'cashier1', act: 'settle-visit' },
    ...{
      about: ids.next(),
      detail_json: JSON.stringify({ x: 'x'.repeat(400) }),
      detail_version: 1,
    },
    ...{ previous_hash: '0'.repeat(64), window_id: 'window', program: '0.1.0' },
  };
  const auditKey = store.auditKey();
  const time = (act: () => void): number => {
    const started = performance.now();
    for (let turn = 0; turn < 20_000; turn += 1) act();
    return performance.now() - started;
  };
  const plain = time(() => auditHash(entry, null));
  const keyed = time(() =>
    headSeal({ sequence: 7, hash: auditHash(entry, auditKey) }, auditKey, ''),
  );
  return (keyed - plain) / 20;
}

function secondPlaceOf(home: string, store: OpenedStore): SecondPlace {
  const databaseFile = path.join(home, 'settlement.db');
  return new SecondPlace({
    store,
    folder: { home, id: 'bench', kind: 'live', key, databaseFile },
    schema: newestMigration,
    thread: startPlaceThread(),
    timer: systemTimer,
    now: () => new Date(),
    ownFiles: () => Promise.resolve([]),
    makesBases: false,
    onFault: (problem) => {
      console.error(problem);
    },
  });
}

/** One settlement of a visit taken in before, as the desk confirms it. */
async function confirm(
  store: OpenedStore,
  second: SecondPlace | null,
): Promise<{ readonly all: number; readonly copied: number }> {
  const visitId = ids.next();
  await keepVisit(store, { ...colon, visit: { ...colon.visit, id: visitId }, yearToDate: null });
  await second?.copied();
  const started = performance.now();
  valueOf(await settleVisit(dependenciesOn(store, packs), { visitId, by: 'cashier1' }));
  const settled = performance.now();
  const copied = await second?.copied();
  if (copied === 'not-yet') console.log('  (a settlement was not copied within the deadline)');
  const ended = performance.now();
  return { all: ended - started, copied: ended - settled };
}

/** Rows as a year of settlements leaves them, of about a kilobyte each, in units of ten. */
async function fillJournal(store: OpenedStore): Promise<void> {
  const writer = store.writer;
  if (writer === null) throw new Error('a bench writes');
  const row_json = JSON.stringify({
    name: 'hospital',
    value_json: JSON.stringify('x'.repeat(1000)),
  });
  const put = { table_name: 'folder_facts', act: 'put', row_json, at: null } as const;
  const end = {
    table_name: '',
    act: 'end',
    row_json: '{}',
    at: '2017-11-27T10:15:00.000Z',
  } as const;
  const unit = [...Array.from({ length: 9 }, () => put), end];
  const units = Array.from({ length: 100 }, () => unit).flat();
  await writer.transaction().execute(async (transaction) => {
    for (let done = 0; done < yearRows; done += units.length) {
      await transaction.insertInto('journal').values(units).execute();
    }
  });
}

function at(sorted: readonly number[], part: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
}

function figures(sorted: readonly number[]): string {
  return `p50 ${at(sorted, 0.5).toFixed(1)} ms, p95 ${at(sorted, 0.95).toFixed(1)} ms, worst ${at(sorted, 1).toFixed(1)} ms`;
}

function print(what: string, figure: string): void {
  console.log(`${what.padEnd(44)} ${figure}`);
}
