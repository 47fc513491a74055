import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { timeOrderedIds } from '../../electron/base/ids.ts';
import { openStore } from '../../electron/database/open-store.ts';
import { importFiles } from '../../electron/intake/import-files.ts';
import { startIntakeReader } from '../../electron/intake/intake-reader.ts';
import { ownPacks, testClock } from '../../electron/settlement/settlement.test-support.ts';
import { ownPacksFolder } from '../../electron/policy-packs/load-packs.ts';
import { settlementInputFromVisitJson } from '../../shared/contracts/visit-json.ts';
import { hasRightCheckDigit } from '../../shared/domain/citizen-number.ts';
import { decide } from '../../shared/policy/decide.ts';
import { figures, print } from './print-figures.ts';

// What the desk feels while large files of the hospital are taken in, and what long lists in a bill cost.
// Prints figures: `intake.bench.ts [LINES]`.

const caseFile = path.join(
  ownPacksFolder(),
  'pingjiang-2017/1.0.0/cases/colon-cancer-17-days.json',
);
const linesOfVisit = 60;

async function benchLargeFiles(lines: number): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), 'intake-bench-'));
  const store = await openStore({
    file: path.join(folder, 'settlement.db'),
    key: randomBytes(32),
  });
  const reader = startIntakeReader();
  const files = [
    ['a CSV of many bills', 'many.csv', csvOf(lines)],
    ['a JSON of 60 MB (refused)', 'large.json', `{"visit":"${'x'.repeat(60 * 1024 * 1024)}"}`],
  ] as const;
  for (const [what, name, text] of files) {
    const file = path.join(folder, name);
    await writeFile(file, text);
    const { size } = await stat(file);
    const state = { isDone: false };
    const start = performance.now();
    const taking = importFiles({ store, clock: testClock, ids: timeOrderedIds(), reader }, [
      file,
    ]).finally(() => {
      state.isDone = true;
    });
    // What a key of the desk needs: a turn of this thread and an answer of the store.
    const keys: number[] = [];
    let residentMb = 0;
    while (!state.isDone) {
      const pressed = performance.now();
      await setTimeout(0);
      await store.read(({ claims }) => claims.outboxSummary());
      keys.push(performance.now() - pressed);
      residentMb = Math.max(residentMb, process.memoryUsage.rss() / 1024 / 1024);
      await setTimeout(20);
    }
    const taken = await taking;
    print(what, `${(size / 1024 / 1024).toFixed(0)} MB in ${seconds(start)} s`);
    print(
      '  visits taken, refused',
      `${String(taken.accepted.length)}, ${taken.refused.map(({ code }) => code).join(' ')}`,
    );
    print('  a key meanwhile', figures(keys));
    print('  memory with the reading thread', `${residentMb.toFixed(0)} MB at most`);
  }
  await reader.close();
  await store.close();
  await rm(folder, { recursive: true, force: true });
}

/** Bills of 60 lines each, everybody another person. */
function csvOf(lines: number): string {
  const headers =
    'visit.id,visit.kind,visit.admittedOn,visit.dischargedOn,visit.hospital.code,visit.hospital.name,visit.hospital.level,visit.hospital.grade,visit.hospital.type,visit.hospital.place,diagnosis.code,diagnosis.name,person.name,person.idNumber,person.birthDate,person.sex,person.insurance,person.insuredPlace,charge.line,charge.code,charge.name,charge.category,charge.catalogueClass,charge.unit,charge.quantity,charge.unitPrice,charge.amount,charge.on';
  const rows = [headers];
  for (let visit = 0; visit * linesOfVisit < lines; visit += 1) {
    const day = new Date(Date.UTC(1940, 0, 1 + Math.floor(visit / 900)));
    const born = day.toISOString().slice(0, 10);
    const body = `430626${born.replaceAll('-', '')}${String(100 + (visit % 900))}`;
    const number =
      Array.from('0123456789X')
        .map((last) => `${body}${last}`)
        .find(hasRightCheckDigit) ?? '';
    const sex = Number(body.at(-1)) % 2 === 1 ? 'male' : 'female';
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

await benchLongLists();
await benchLargeFiles(Number(process.argv[2] ?? '600000'));
