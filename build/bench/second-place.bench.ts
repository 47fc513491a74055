import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { timeOrderedIds } from '../../electron/base/ids.ts';
import { systemTimer } from '../../electron/base/timer.ts';
import { newestMigration } from '../../electron/database/migrations/migrations.ts';
import { openStore, type OpenedStore } from '../../electron/database/open-store.ts';
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

// What a second place costs: the same settlements without one and with one, by turns; then a start with the rows
// of a year that are not forgotten yet. Prints figures.

const samples = Number(process.argv[2] ?? '150');
const yearRows = 100_000;
const packs = await ownPacks();
const colon = await colonCancer();
const ids = timeOrderedIds();
const folder = await mkdtemp(path.join(tmpdir(), 'second-place-bench-'));
const key = randomBytes(32);
try {
  const without = await openFolder('without');
  const withPlace = await openFolder('with');
  const place = path.join(folder, 'place');
  const second = secondPlaceOf(withPlace.home, withPlace.store);
  await second.setUp(place);
  const took = { without: [] as number[], with: [] as number[] };
  for (let turn = 0; turn < samples; turn += 1) {
    took.without.push(await confirm(without.store, null));
    took.with.push(await confirm(withPlace.store, second));
  }
  const [off, on] = [took.without, took.with].map((each) => each.sort((a, b) => a - b));
  print('confirm without a second place', figures(off ?? []));
  print('confirm with one', figures(on ?? []));
  print('times as long', `p50 ${ratio(0.5)}, p95 ${ratio(0.95)}`);
  function ratio(part: number): string {
    return (at(on ?? [], part) / at(off ?? [], part)).toFixed(2);
  }

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
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function openFolder(name: string) {
  const home = await mkdtemp(path.join(folder, `${name}-`));
  const file = path.join(home, 'settlement.db');
  return { home, file, store: await openStore({ file, key }) };
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
async function confirm(store: OpenedStore, second: SecondPlace | null): Promise<number> {
  const visitId = ids.next();
  await keepVisit(store, { ...colon, visit: { ...colon.visit, id: visitId }, yearToDate: null });
  await second?.copied();
  const started = performance.now();
  valueOf(await settleVisit(dependenciesOn(store, packs), { visitId, by: 'cashier1' }));
  const copied = await second?.copied();
  if (copied === 'not-yet') console.log('  (a settlement was not copied within the deadline)');
  return performance.now() - started;
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
