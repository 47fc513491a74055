import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { timeOrderedIds } from '../../electron/base/ids.ts';
import { openStore } from '../../electron/database/open-store.ts';
import { importPersons } from '../../electron/intake/import-persons.ts';
import { settleVisit } from '../../electron/settlement/settle-visit.ts';
import {
  colonCancer,
  dependenciesOn,
  keepVisit,
  ownPacks,
  testClock,
  valueOf,
} from '../../electron/settlement/settlement.test-support.ts';
import type { SettlementInput } from '../../shared/domain/shapes/input-shape.ts';
import { hasRightCheckDigit } from '../../shared/domain/citizen-number.ts';
import { figures, print } from './print-figures.ts';

// A register of many persons taken in by one program while another one settles. Prints figures:
// `register.bench.ts [PERSONS]`. The importing program is this file again, with `import` and its folder.

async function bench(persons: number): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), 'register-bench-'));
  const key = randomBytes(32);
  const store = await openStore({ file: path.join(folder, 'settlement.db'), key });
  const settling = dependenciesOn(store, await ownPacks());
  const ids = timeOrderedIds();
  const colon = await colonCancer();
  let patients = 0;
  // Nobody is discharged hundreds of times in a year: each visit is another person's, none of them in the register.
  const bill = (id: string): SettlementInput => ({
    ...colon,
    person: { ...colon.person, idNumber: citizenNumber('430624', patients++) },
    visit: { ...colon.visit, id },
    yearToDate: null,
  });
  const settleOne = async (): Promise<number> => {
    const visitId = await keepVisit(store, bill(ids.next()));
    const start = performance.now();
    valueOf(await settleVisit(settling, { visitId, by: 'cashier1' }));
    return performance.now() - start;
  };
  const alone: number[] = [];
  for (let each = 0; each < 20; each += 1) alone.push(await settleOne());
  print('settling alone', figures(alone));
  for (const [what, rows] of [
    ['new', registerOf(persons, 'disabled')],
    ['the same again', registerOf(persons, 'disabled')],
    ['every category another', registerOf(persons, 'orphan')],
  ] as const) {
    await writeFile(path.join(folder, 'register.csv'), rows);
    const start = performance.now();
    const child = spawn(
      process.execPath,
      [import.meta.filename, 'import', folder, key.toString('hex')],
      { stdio: ['ignore', 'inherit', 'inherit'] },
    );
    const ended = once(child, 'exit').then(() => true);
    const meanwhile: number[] = [];
    const processor = process.cpuUsage();
    for (;;) {
      meanwhile.push(await settleOne());
      if (await Promise.race([ended, setTimeout(100, false)])) break;
    }
    const seconds = (performance.now() - start) / 1000;
    print(`${String(persons)} persons, ${what}`, `${seconds.toFixed(1)} s`);
    print('  settling meanwhile', figures(meanwhile));
    const each = processorMs(process.cpuUsage(processor)) / meanwhile.length;
    print('  processor time of one of them', `${each.toFixed(0)} ms`);
  }
  await store.close();
  await rm(folder, { recursive: true, force: true });
}

async function importAs(folder: string, key: Uint8Array): Promise<void> {
  const store = await openStore({ file: path.join(folder, 'settlement.db'), key });
  const held: number[] = [];
  const measured = {
    ...store,
    transact: ((work) => {
      let began = 0;
      return store
        .transact((all) => {
          began = performance.now();
          return work(all);
        })
        .finally(() => held.push(performance.now() - began));
    }) satisfies typeof store.transact,
  };
  const dependencies = { store: measured, clock: testClock, ids: timeOrderedIds() };
  const place = { home: folder, databaseFile: path.join(folder, 'settlement.db') };
  const file = path.join(folder, 'register.csv');
  valueOf(await importPersons({ ...dependencies, folder: place }, file, '民政局'));
  print(`  ${String(held.length)} parts, the data held`, figures(held));
  print('  processor time of the import', `${(processorMs() / 1000).toFixed(1)} s`);
  print(
    '  memory of the import',
    `${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MB at most`,
  );
  await store.close();
}

const checkCharacters = ['X', ...Array.from({ length: 10 }, (_, digit) => String(digit))];

function registerOf(persons: number, category: string): string {
  const rows = ['身份证号,姓名,人员类别,认定日期,截止日期'];
  for (let person = 0; person < persons; person += 1) {
    const number = citizenNumber('430626', person);
    rows.push(`${number},张三${String(person)},${category},2016-01-01,`);
  }
  return `${rows.join('\n')}\n`;
}

/** The identity number of an invented person of a division, another one for each count. */
function citizenNumber(division: string, count: number): string {
  const day = new Date(Date.UTC(1930, 0, 1 + Math.floor(count / 990)));
  const born = day.toISOString().slice(0, 10).replaceAll('-', '');
  const body = `${division}${born}${String(count % 990).padStart(3, '0')}`;
  const last = checkCharacters.find((digit) => hasRightCheckDigit(`${body}${digit}`));
  return `${body}${last ?? ''}`;
}

/** Of this program with its threads: what stays the same on a machine that has other work, too. */
function processorMs({ user, system } = process.cpuUsage()): number {
  return (user + system) / 1000;
}

const [first = '100000', folderOfImport = '', keyOfImport = ''] = process.argv.slice(2);
if (first === 'import') await importAs(folderOfImport, Buffer.from(keyOfImport, 'hex'));
else await bench(Number(first));
