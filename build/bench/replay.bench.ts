import { mkdtemp, rm, stat } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openSqliteConnection } from '../../electron/database/sqlite-connection.ts';
import { openStore } from '../../electron/database/open-store.ts';
import { usualThreads } from '../../electron/replay/calculators.ts';
import { replay } from '../../electron/replay/replay.ts';
import { replayPerson, type ReplayPerson } from '../../electron/replay/replay-person.ts';
import { countPerson, emptyTally } from '../../electron/replay/tally.ts';
import { wayFinder } from '../../electron/replay/ways.ts';
import { settleVisit } from '../../electron/settlement/settle-visit.ts';
import {
  dependenciesOn,
  keepVisit,
  ownPacks,
  valueOf,
} from '../../electron/settlement/settlement.test-support.ts';
import { compilePack } from '../../shared/policy/compile/compile-pack.ts';
import type { CompiledPack } from '../../shared/policy/compile/compiled-pack.ts';
import { decideFigures } from '../../shared/policy/decide.ts';
import { chanceFrom, randomCharges, randomVisit, withLines } from './engine-inputs.ts';
import { print } from './print-figures.ts';

// Settling a city's year of admissions again under a draft: the calculation alone, then end to end from an encrypted
// folder at 60 lines a bill. Prints figures: seconds as the clock had them, and of the processor, which others take from.

const admissions = Number(process.argv[2] ?? '171600');
const packs = await ownPacks();
const pack = packs.find(({ id, version }) => id === 'pingjiang-2017' && version === '1.2.0');
if (pack === undefined) throw new Error('the bench settles under pingjiang-2017@1.2.0');
/** What settled and what is tried are two packs, as in the program. */
const draft = compilePack(pack.document);

calculate(pack);
await endToEnd(pack);

/** How often one person is admitted in a year: many once, a few often. */
function staysOf(chance: () => number): number {
  return [1, 1, 1, 1, 2, 2, 3, 5, 12][Math.floor(chance() * 9)] ?? 1;
}

function calculate(settledBy: CompiledPack): void {
  const chance = chanceFrom(171_600);
  const bills = Array.from({ length: 2000 }, () =>
    randomCharges(chance, 20 + Math.floor(chance() * 81)),
  );
  const waysOf = wayFinder({ draft: [draft], packs: [settledBy] });
  const tally = emptyTally();
  let milliseconds = 0;
  let processor = 0;
  for (let done = 0, number = 0; done < admissions; number += 1) {
    const stays = Math.min(admissions - done, staysOf(chance));
    done += stays;
    const person = personOf(settledBy, number, stays, () => {
      const charges = bills[Math.floor(chance() * bills.length)] ?? [];
      return randomVisit(chance, charges, null);
    });
    const [from, spent] = [performance.now(), process.cpuUsage()];
    countPerson(tally, person.personId, replayPerson(waysOf, person), () => true);
    milliseconds += performance.now() - from;
    const { user, system } = process.cpuUsage(spent);
    processor += (user + system) / 1000;
  }
  const figure = (all: number) => `${(all / 1000).toFixed(2)} s`;
  print(`${String(tally.whole.visits)} admissions twice, one core`, figure(milliseconds));
  print('  on two cores', figure(milliseconds / 2));
  print('  of the processor, on two cores', figure(processor / 2));
}

/** Somebody's stays as the books would hand them over, in the order of their discharge. */
function personOf(
  settledBy: CompiledPack,
  number: number,
  stays: number,
  visit: () => ReturnType<typeof randomVisit>,
): ReplayPerson {
  const visits = Array.from({ length: stays }, (_none, index) => {
    const input = visit();
    const day = `2017-${String(index + 1).padStart(2, '0')}-20`;
    const stay = { id: `ZY${String(number)}-${String(index)}`, dischargedOn: day };
    const admittedOn = `${day.slice(0, 8)}10`;
    return {
      input: { ...input, visit: { ...input.visit, ...stay, admittedOn }, yearToDate: null },
      entry: index + 1,
      settled: {
        ...{ pack: settledBy.id, packVersion: settledBy.version, paid: new Map<string, number>() },
        ...{ patientPaysFen: 0, hospitalBearsFen: 0 },
      },
    };
  });
  return {
    personId: `p${String(number)}`,
    visits,
    unread: [],
    openings: new Map(),
    unreadYears: [],
  };
}

async function endToEnd(settledBy: CompiledPack): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), 'replay-bench-'));
  try {
    const place = { file: path.join(folder, 'settlement.db'), key: randomBytes(32) };
    const made = await openStore(place);
    const input = withLines(60);
    const visitId = await keepVisit(made, { ...input, yearToDate: null });
    valueOf(await settleVisit(dependenciesOn(made, packs), { visitId, by: 'cashier1' }));
    await made.close();
    const began = performance.now();
    multiply(place);
    const gigabytes = (await stat(place.file)).size / 1024 ** 3;
    const took = ((performance.now() - began) / 1000).toFixed(0);
    print(`${String(admissions)} settlements of 60 lines`, `${gigabytes.toFixed(2)} GB`);
    print('  (made in)', `${took} s`);
    const store = await openStore(place);
    try {
      const [from, spent] = [performance.now(), process.cpuUsage()];
      const threads = usualThreads({ leavesOne: false });
      const ran = valueOf(
        await replay(
          { store, here: { packs, approvedOnly: null }, threads },
          {
            ...{ draft: [draft], sample: null, withUnsettled: false },
            period: { from: '2017-01-01', until: '2017-12-31' },
          },
          { signal: new AbortController().signal, onProgress: () => undefined },
        ),
      );
      const { user, system } = process.cpuUsage(spent);
      const seconds = (performance.now() - from) / 1000;
      print(
        `${String(ran.tally.whole.visits)} visits again, end to end`,
        `${seconds.toFixed(1)} s`,
      );
      const ofCores = (user + system) / 1_000_000 / 2;
      print('  of the processor, on two cores', `${ofCores.toFixed(1)} s`);
      print('  most memory', `${String(Math.round(process.resourceUsage().maxRSS / 1024))} MB`);
    } finally {
      await store.close();
    }
    const speed = oneBy(settledBy);
    print('one visit of 60 lines, figures', `${speed.toFixed(1)} µs`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * Copies the one settlement straight in SQL, three to a person: what settling again reads, and nothing else. The books of
 * such a folder do not add up; nobody verifies it.
 */
function multiply({ file, key }: { readonly file: string; readonly key: Uint8Array }): void {
  const connection = openSqliteConnection({ file, key, readOnly: false });
  const run = (sql: string) => connection.execute(sql, []).rows;
  run('PRAGMA foreign_keys = OFF');
  for (const { name } of run(`select name from sqlite_schema where type = 'trigger'`)) {
    run(`drop trigger ${String(name)}`);
  }
  run('begin immediate');
  run('create temp table copies (n integer primary key) strict');
  run(`insert into copies with recursive more (n) as
    (select 1 union all select n + 1 from more where n < ${String(admissions - 1)}) select n from more`);
  const day = `printf('2017-%02d-20', 1 + n % 3)`;
  copyRows('visits', {
    ...{ id: `'v' || n`, person_id: `'p' || (n / 3)`, discharged_on: day, input_json: `'{}'` },
  });
  const own = { id: `'s' || n`, visit_id: `'v' || n`, person_id: `'p' || (n / 3)` };
  copyRows('settlements', { ...own, number: `'JS' || n`, entry: 'n + 1' });
  copyRows('settlement_shares', { settlement_id: `'s' || n` });
  run('commit');
  connection.close();

  function copyRows(table: string, changed: Readonly<Record<string, string>>): void {
    const columns = run(`select name from pragma_table_info('${table}')`).map(({ name }) =>
      String(name),
    );
    const values = columns.map((column) => changed[column] ?? `t.${column}`);
    run(`create temp table first_${table} as select * from ${table}`);
    run(`insert into ${table} (${columns.join(', ')})
      select ${values.join(', ')} from temp.first_${table} as t, copies`);
  }
}

/** The middle of a thousand, in microseconds: how fast this machine is right now. */
function oneBy(settledBy: CompiledPack): number {
  const input = withLines(60);
  const times = Array.from({ length: 1000 }, () => {
    const from = performance.now();
    decideFigures(settledBy, input);
    return performance.now() - from;
  });
  return (times.sort((one, other) => one - other)[500] ?? 0) * 1000;
}
