import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { timeOrderedIds } from '../../electron/base/ids.ts';
import { openStore, type OpenedStore } from '../../electron/database/open-store.ts';
import type { Store } from '../../electron/database/store.ts';
import { importFiles, type ImportReport } from '../../electron/intake/import-files.ts';
import { startIntakeReader } from '../../electron/intake/intake-reader.ts';
import {
  hospitalTables,
  settingsFor,
} from '../../electron/intake/sql/hospital-views.test-support.ts';
import { pullVisits } from '../../electron/intake/sql/pull-visits.ts';
import { authority } from '../../electron/intake/sql/sql-certificates.test-support.ts';
import { startPostgresServer } from '../../electron/intake/sql/sql-servers.test-support.ts';
import { ownPacks, testClock } from '../../electron/settlement/settlement.test-support.ts';
import { ownPacksFolder } from '../../electron/policy-packs/load-packs.ts';
import { workbookBytes } from '../../electron/workbooks/write-workbook.ts';
import { settlementInputFromVisitJson } from '../../shared/contracts/visit-json.ts';
import { hasRightCheckDigit } from '../../shared/domain/citizen-number.ts';
import { decide } from '../../shared/policy/decide.ts';
import { figures, print } from './print-figures.ts';

// What the desk feels while large files of the hospital, or what changed in its database, are taken in, and what long lists
// in a bill cost. Prints figures: `intake.bench.ts [PART…]` with the parts lists, files, workbook and pull; without any, all.

const caseFile = path.join(
  ownPacksFolder(),
  'pingjiang-2017/1.0.0/cases/colon-cancer-17-days.json',
);
const linesOfVisit = 60;

type Files = readonly (readonly [
  what: string,
  name: string,
  make: () => string | Promise<Uint8Array>,
])[];

const largeFiles: Files = [
  ['a CSV of many bills', 'many.csv', () => csvOf(600_000)],
  ['a JSON of 60 MB (refused)', 'large.json', () => `{"visit":"${'x'.repeat(60 * 1024 * 1024)}"}`],
];
const workbooks: Files = [
  [
    'a workbook of 50,000 rows',
    'many.xlsx',
    () => {
      const [headers = [], ...rows] = csvOf(50_000)
        .trimEnd()
        .split('\n')
        .map((line) => line.split(','));
      return workbookBytes([{ name: '费用', headers, widths: headers.map(() => 12), rows }]);
    },
  ],
];

async function benchFiles(files: Files): Promise<void> {
  await inFolder(async (folder, store) => {
    const reader = startIntakeReader();
    for (const [what, name] of files) {
      const file = path.join(folder, name);
      // What making a file takes is not what taking it in does.
      execFileSync(process.execPath, [fileURLToPath(import.meta.url), 'make', name, file]);
      const { size } = await stat(file);
      const report = await meanwhile(store, `${what}, ${(size / 1024 / 1024).toFixed(0)} MB`, () =>
        importFiles({ store, clock: testClock, ids: timeOrderedIds(), reader }, [file]),
      );
      printTaken(report);
    }
    await reader.close();
  });
}

/** What the desk does at the same time: a key that is looked up, and one that keeps something. */
async function meanwhile<Value>(
  store: Store,
  what: string,
  work: () => Promise<Value>,
): Promise<Value> {
  const state = { isDone: false };
  const start = performance.now();
  const cpu = process.cpuUsage();
  const working = work().finally(() => {
    state.isDone = true;
  });
  const looks: number[] = [];
  const keeps: number[] = [];
  let residentMb = 0;
  while (!state.isDone) {
    const pressed = performance.now();
    // What a key of the desk needs: a turn of this thread and an answer of the store.
    await setTimeout(0);
    await store.read(({ claims }) => claims.outboxSummary());
    looks.push(performance.now() - pressed);
    const kept = performance.now();
    await store.transact(({ folderFacts }) => folderFacts.set('bench', String(kept)));
    keeps.push(performance.now() - kept);
    residentMb = Math.max(residentMb, process.memoryUsage.rss() / 1024 / 1024);
    await setTimeout(20);
  }
  const done = await working;
  const { user, system } = process.cpuUsage(cpu);
  const busy = ((user + system) / 1_000_000).toFixed(1);
  print(what, `${seconds(start)} s, ${busy} s of all threads' work`);
  print('  a key that looks something up meanwhile', figures(looks));
  print('  a key that keeps something meanwhile', figures(keeps));
  print('  memory with the reading thread', `${residentMb.toFixed(0)} MB at most`);
  return done;
}

function printTaken({ accepted, refused }: ImportReport): void {
  const codes = refused.slice(0, 5).map(({ code }) => code);
  print('  visits taken, refused', `${String(accepted.length)}, ${codes.join(' ')}`);
}

async function inFolder(
  work: (folder: string, store: OpenedStore) => Promise<void>,
): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), 'intake-bench-'));
  const store = await openStore({
    file: path.join(folder, 'settlement.db'),
    key: randomBytes(32),
  });
  await work(folder, store);
  await store.close();
  await rm(folder, { recursive: true, force: true });
}

/** 500 changed visits in a real PostgreSQL, all of them new; then the same visits changed. */
async function benchPull(): Promise<void> {
  const server = await startPostgresServer();
  await inFolder(async (folder, store) => {
    const password = path.join(folder, 'password');
    const authorityFile = path.join(folder, 'authority.pem');
    await writeFile(password, server.password, { mode: 0o600 });
    await writeFile(authorityFile, authority);
    const settings = settingsFor(server, { password, authority: authorityFile });
    await server.script([
      ...hospitalTables(server),
      `insert into visits select 'B' || n, '2017-11-27 10:00:00', '张三' || n,
         (array['${Array.from({ length: visitsOfPull }, (_, at) => person(at).number).join("','")}'])[n + 1],
         '2017-11-10 23:30:00', '2017-11-27', 'secret' from generate_series(0, ${String(visitsOfPull - 1)}) n`,
      `insert into charges select 'B' || n, line, '西药', 8.00, '2017-11-12 00:30:00'
         from generate_series(0, ${String(visitsOfPull - 1)}) n, generate_series(1, ${String(linesOfVisit)}) line`,
      'analyze',
    ]);
    const place = { home: folder, databaseFile: path.join(folder, 'settlement.db') };
    const pull = async (what: string): Promise<void> => {
      const pulled = await meanwhile(store, what, () =>
        pullVisits({ store, clock: testClock, ids: timeOrderedIds(), folder: place }, settings),
      );
      if (pulled.ok) printTaken(pulled.value);
      else print('  refused', pulled.refusal.message.en);
    };
    await pull('a pull of 500 new visits');
    await server.script([
      "update visits set stamp = stamp + interval '1 hour'",
      'update charges set amount = 9.00 where line = 1',
    ]);
    await pull('a pull of 500 changed visits');
  });
  await server.stop();
}

const visitsOfPull = 500;

/** An invented person of the bench, each another. */
function person(at: number): { readonly born: string; readonly number: string } {
  const day = new Date(Date.UTC(1940, 0, 1 + Math.floor(at / 900)));
  const born = day.toISOString().slice(0, 10);
  const body = `430626${born.replaceAll('-', '')}${String(100 + (at % 900))}`;
  const number =
    Array.from('0123456789X')
      .map((last) => `${body}${last}`)
      .find(hasRightCheckDigit) ?? '';
  return { born, number };
}

/** Bills of 60 lines each, everybody another person. */
function csvOf(lines: number): string {
  const headers =
    'visit.id,visit.kind,visit.admittedOn,visit.dischargedOn,visit.hospital.code,visit.hospital.name,visit.hospital.level,visit.hospital.grade,visit.hospital.type,visit.hospital.place,diagnosis.code,diagnosis.name,person.name,person.idNumber,person.birthDate,person.sex,person.insurance,person.insuredPlace,charge.line,charge.code,charge.name,charge.category,charge.catalogueClass,charge.unit,charge.quantity,charge.unitPrice,charge.amount,charge.on';
  const rows = [headers];
  for (let visit = 0; visit * linesOfVisit < lines; visit += 1) {
    const { born, number } = person(visit);
    const sex = Number(number.at(16)) % 2 === 1 ? 'male' : 'female';
    const whose = `B${String(visit)},inpatient,2017-11-10,2017-11-27,H43062600001,县第一医院,county,2,general,430626,C18.900,结肠恶性肿瘤,张三${String(visit)},${number},${born},${sex},resident,430626`;
    for (let line = 1; line <= linesOfVisit; line += 1) {
      rows.push(
        `${whose},${String(line)},ZC0101,住院诊查费,consultation-inpatient,A,日,1,8.00,8.00,2017-11-27`,
      );
    }
  }
  return `${rows.join('\n')}\n`;
}

type Json = { readonly [name: string]: unknown };

/** Each list of a bill, made as long as asked. */
const lists: Readonly<Record<string, (length: number) => Json>> = {
  charges: (length) => ({ charges: many(length, (at) => charge(at)) }),
  approvals: (length) => ({
    approvals: many(length, (at) => ({
      ...{ step: `step-${String(at)}`, form: 'a form', number: String(at) },
      ...{ decision: 'approved', amount: '1.00', on: '2017-11-20' },
    })),
  }),
  deposits: (length) => ({
    deposit: `${String(length)}.00`,
    deposits: many(length, (at) => ({
      ...{ receipt: `R${String(at)}`, amount: '1.00', on: '2017-11-20', tender: 'cash' },
    })),
  }),
  blockers: (length) => ({
    blockers: many(length, (at) => ({ code: `b${String(at)}`, text: '甲' })),
  }),
  diagnoses: (length) => ({
    diagnoses: many(length, (at) => ({ code: `D${String(at)}`, name: '甲', principal: at === 0 })),
  }),
  procedures: (length) => ({
    procedures: many(length, (at) => ({ code: `P${String(at)}`, name: '甲', on: '2017-11-20' })),
  }),
};

const charge = (at: number): Json => ({
  ...{ line: at + 1, code: `C${String(at)}`, name: '甲', category: 'treatment' },
  ...{ catalogueClass: 'A', firstSelfPayRatio: '0.00', priceCeiling: null, unit: '次' },
  ...{ quantity: '1', unitPrice: '1.00', amount: '1.00', on: '2017-11-20' },
});

async function benchLongLists(): Promise<void> {
  const bill = JSON.parse(await readFile(caseFile, 'utf8')) as { readonly visit: Json };
  const packs = await ownPacks();
  const pack = packs.find(({ id }) => id === 'pingjiang-2017');
  if (pack === undefined) throw new Error('the pack of the case is not there');
  for (const [name, listOf] of Object.entries(lists)) {
    const times = [5000, 10_000, 20_000].map((length) => {
      const json = { ...bill, visit: { ...bill.visit, ...listOf(length) } };
      let best = Infinity;
      for (let run = 0; run < 5; run += 1) {
        const start = performance.now();
        const read = settlementInputFromVisitJson(json);
        if (!read.ok) throw new Error(`${name}: ${JSON.stringify(read.refusal)}`);
        decide(pack, read.value.input);
        best = Math.min(best, performance.now() - start);
      }
      return best;
    });
    print(`${name}: 5,000, 10,000, 20,000`, `${times.map((ms) => ms.toFixed(0)).join(', ')} ms`);
  }
}

function many(length: number, each: (at: number) => Json): readonly Json[] {
  return Array.from({ length }, (_, at) => each(at));
}

const seconds = (start: number): string => ((performance.now() - start) / 1000).toFixed(1);

const parts: Readonly<Record<string, () => Promise<void>>> = {
  lists: benchLongLists,
  files: () => benchFiles(largeFiles),
  workbook: () => benchFiles(workbooks),
  pull: benchPull,
};
async function makeFile(wantedName: string, file: string): Promise<void> {
  for (const [, name, make] of [...largeFiles, ...workbooks])
    if (name === wantedName) await writeFile(file, await make());
}

const wanted = process.argv.slice(2);
const [order, name = '', file = ''] = wanted;
if (order === 'make') await makeFile(name, file);
for (const [part, bench] of Object.entries(parts)) {
  if (wanted.length === 0 || wanted.includes(part)) await bench();
}
