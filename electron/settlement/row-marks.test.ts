import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';

import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { packOf } from '../../shared/policy/packs.test-support.ts';
import { plainInput } from '../../shared/policy/visits.test-support.ts';
import type { SettlementInput } from '../../shared/domain/person.ts';
import { timeOrderedIds } from '../base/ids.ts';
import { migrate } from '../database/migrate.ts';
import { migrations } from '../database/migrations/migrations.ts';
import { openDatabase } from '../database/open-database.ts';
import { openStore, type OpenedStore } from '../database/open-store.ts';
import { createTestStore, type TestStore } from '../database/test-store.ts';
import { importPersons } from '../intake/import-persons.ts';
import { linkNumber } from './link-number.ts';
import { settleVisit } from './settle-visit.ts';
import {
  dependenciesOn,
  keepVisit,
  refusalOf,
  testClock,
  valueOf,
} from './settlement.test-support.ts';
import { verifyFolder } from './verify-folder.ts';

// Somebody has the folder's key and an SQL editor, so that he may change any row of what waits to be settled, and puts
// every trigger back. He does not have the program's own key of the audit.

const pack = packOf();
const own = plainInput(0).person.idNumber;
const passport = 'E12345678';

function stay(id: string, yuan: number, of: Partial<SettlementInput['person']> = {}) {
  const input = plainInput(yuan);
  return {
    ...input,
    person: { ...input.person, ...of },
    visit: { ...input.visit, id },
    yearToDate:
      of.idNumber === undefined && input.yearToDate !== null
        ? { ...input.yearToDate, includesVisits: [] }
        : null,
  } satisfies SettlementInput;
}

let folder: string;
let waiting: TestStore;
let store: TestStore;

async function takeRegister(into: TestStore, rows: string, source = '民政局'): Promise<void> {
  const file = join(folder, 'register.csv');
  await writeFile(file, `身份证号,姓名,人员类别,认定日期,截止日期\n${rows}`);
  const place = { home: into.folder, databaseFile: into.file };
  const dependencies = { store: into, clock: testClock, ids: timeOrderedIds(), folder: place };
  valueOf(await importPersons(dependencies, file, source));
}

const settle = (visitId: string, on: OpenedStore = store) =>
  settleVisit(dependenciesOn(on, [pack]), { visitId, by: 'cashier1' });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'row-marks-'));
  waiting = await createTestStore();
  const { person } = plainInput(0);
  const opening = {
    ...{ year: 2017, asOf: '2017-01-02', includesVisits: [], admissions: 1, levels: [] },
    ...{ deductiblePaidFen: 0, eligibleFen: 0, selfPayFen: 0, eligibleSelfPayFen: 0 },
    ...{ paidFen: {}, byStep: {} },
  } as unknown as NonNullable<SettlementInput['yearToDate']>;
  await keepVisit(waiting, { ...stay('A', 1000), yearToDate: opening });
  await keepVisit(waiting, stay('B', 2000));
  await keepVisit(waiting, stay('P', 500, { idNumber: passport, document: 'passport' }));
  const by = { by: 'supervisor1', reason: '已看护照', isPreview: false };
  const desk = dependenciesOn(waiting, [pack]);
  valueOf(await linkNumber(desk, { number: passport, to: own, ...by }));
  await takeRegister(waiting, `${own},${person.name},registered-poor,2016-01-01,\n`);
  // A bill that came after settlement, set aside.
  valueOf(await settle('B', waiting));
  await keepVisit(waiting, stay('B', 2500));
  await waiting.transact(({ uploads }) =>
    uploads.open({ id: 'run', businessDate: '2017-11-27', at: '2017-11-27', who: 'cashier1' }),
  );
  await waiting.transact(async ({ personQuestions, billQuestions, persons }) => {
    const known = await persons.findByIdNumber(own);
    await personQuestions.ask({
      ...{ id: 'Q', person_id: known?.id ?? '', came_by: 'visit', visit_id: 'D', source: 'a file' },
      ...{ place: null, differs: 'name', said_number: own, said_name: '李四' },
      ...{ said_birth_date: null, said_sex: null, known_name: person.name },
      ...{ known_birth_date: null, known_sex: null, asked_at: '2017-11-27' },
    });
    const document = { visit: { id: 'D' } };
    await personQuestions.keepBill({
      ...{ questionId: 'Q', visitId: 'D', source: 'a file', receivedAt: '2017-11-27', document },
      hashes: { bill: '1'.repeat(64), received: '2'.repeat(64) },
      made: null,
    });
    await billQuestions.ask({
      ...{ id: 'T', visitId: 'A', knownHash: '0'.repeat(64), source: 'a file' },
      ...{ receivedAt: '2017-11-27', document, origin: { sentVersion: null, made: null } },
      hashes: { bill: '1'.repeat(64), received: '2'.repeat(64) },
    });
  });
  await waiting.close();
});

afterAll(async () => {
  await waiting.remove();
  await rm(folder, { recursive: true, force: true });
});

beforeEach(async () => {
  store = await createTestStore(waiting);
});

afterEach(async () => {
  await store.remove();
});

const problems = async (on: OpenedStore = store) =>
  (await verifyFolder({ store: on })).checks
    .filter(({ ok }) => !ok)
    .flatMap(({ name, problems: found }) =>
      found.map(({ about, problem }) => `${name}: ${about}: ${problem}`),
    );

const rowProblems = async () => (await problems()).filter((each) => each.startsWith('row-marks'));

/** A value as it stands in a statement. */
const written = (value: string | number | null): string =>
  typeof value === 'string' ? `'${value.replaceAll("'", "''")}'` : String(value);

const one = async (query: string): Promise<Record<string, string | number | null>> => {
  if (store.writer === null) throw new Error('a test store writes');
  const { rows } = await sql
    .raw<Record<string, string | number | null>>(query)
    .execute(store.writer);
  const [row] = rows;
  if (row === undefined) throw new Error(`nothing found by ${query}`);
  return row;
};

describe('verify, of rows that wait to be settled', () => {
  it('finds nothing in what the program wrote', async () => {
    expect(await problems()).toEqual([]);
  });

  it.each([
    [
      'a bill',
      `update visits set input_json = replace(input_json, '1000.00', '900.00') where id = 'A'`,
    ],
    ['the hash of a bill', `update visits set bill_hash = '${'0'.repeat(64)}' where id = 'A'`],
    [
      'whose a bill is',
      `update visits set person_id = (select id from persons where id_number = '${passport}') where id = 'A'`,
    ],
    ['the total of a bill in lists', `update visits set total_fen = 1 where id = 'A'`],
    ['the number of a bill', `update visits set bill_version = 9 where id = 'A'`],
    ['the name of a person', `update persons set name = '王五' where id_number = '${own}'`],
    [
      'the number of a person',
      `update persons set id_number = '430626195001010024' where id_number = '${own}'`,
    ],
    [
      'the birth date of a person',
      `update persons set birth_date = '1930-01-01' where id_number = '${own}'`,
    ],
    [
      'the insurance of a person',
      `update persons set insurance = 'urban-employee' where id_number = '${own}'`,
    ],
    [
      'what else is known of a person',
      `update persons set more_json = '{"document":"passport"}' where id_number = '${own}'`,
    ],
    ['a recognition', `update person_categories set category = 'disabled' where source = '民政局'`],
    [
      'since when a recognition holds',
      `update person_categories set valid_from = '2018-01-01' where source = '民政局'`,
    ],
    [
      'that a recognition holds',
      `update person_categories set removed_in = 1 where source = '民政局'`,
    ],
    ['that a recognition was there', `delete from person_categories where source = '民政局'`],
    [
      'a recognition that nobody gave',
      `insert into person_categories (person_id, category, source, added_in) select id, 'disabled', 'visit', 0 from persons where id_number = '${own}'`,
    ],
    ['which version of a register counts', `update registers set version = 0`],
    ['whose another number is', `delete from person_numbers`],
    [
      'how a year opens',
      `update person_year_openings set opening_json = replace(opening_json, '"admissions":1', '"admissions":2'); update year_counters set opening = opening + 1, value = value + 1 where counter = 'admissions'`,
    ],
    ['who said how a year opens', `update person_year_openings set source = 'another'`],
    [
      'a bill that came after settlement',
      `update set_aside_bills set input_json = replace(input_json, '2500.00', '2000.00')`,
    ],
    ['that nobody has explained it', `update set_aside_bills set state = 'explained'`],
    ['that it came', `delete from set_aside_bills`],
    [
      'a bill that is in doubt',
      `update bills_in_doubt set bill_json = replace(bill_json, '"D"', '"E"')`,
    ],
    [
      'a bill of which nobody can tell whether it is newer',
      `update bill_questions set bill_json = replace(bill_json, '"D"', '"E"')`,
    ],
    [
      'when a bill was made',
      `update visits set made_at = '2030-01-01', made_by = 'sender' where id = 'A'`,
    ],
    [
      'whether it is the same person',
      `update person_questions set state = 'same', answered_by = 'supervisor1', answered_at = '2017', answer_reason = 'x'`,
    ],
  ])('finds %s changed with an editor', async (_, statement) => {
    for (const each of statement.split('; ')) await store.tamper(each);
    expect(await rowProblems()).not.toEqual([]);
  });

  it('finds the state of a visit changed with an editor', async () => {
    await store.tamper(`update visits set state = 'settled' where id = 'A'`);
    expect(await problems()).toEqual([expect.stringContaining('visits-and-settlements: A')]);
    await store.tamper(`update visits set state = 'unsettled'`);
    expect(await problems()).toEqual([expect.stringContaining('visits-and-settlements: B')]);
  });

  it('names the row', async () => {
    await store.tamper(`update visits set total_fen = 1 where id = 'A'`);
    expect(await rowProblems()).toEqual([
      'row-marks: visits A: was changed past the program: it does not bear the mark of what stands in it',
    ]);
  });

  it('finds a row that was taken out together with its mark', async () => {
    const row = await one(
      `select person_id || ' ' || id as row_key from person_categories where source = '民政局'`,
    );
    await store.tamper(`delete from person_categories where source = '民政局'`);
    await store.tamper(`delete from row_marks where row_key = '${String(row['row_key'])}'`);
    expect(await rowProblems()).toEqual([expect.stringContaining('do not add up')]);
  });

  it('finds an old bill that was brought back with its old mark, and the sum with them', async () => {
    const bill = await one(`select * from visits where id = 'A'`);
    const mark = await one(`select mark from row_marks where kind = 'visits' and row_key = 'A'`);
    const sum = await one(`select sum from row_sums where kind = 'visits'`);
    await keepVisit(store, stay('A', 3000));
    expect(await problems()).toEqual([]);
    const back = Object.entries(bill).map(([column, value]) => `${column} = ${written(value)}`);
    await store.tamper(`update visits set ${back.join(', ')} where id = 'A'`);
    await store.tamper(
      `update row_marks set mark = '${String(mark['mark'])}' where kind = 'visits' and row_key = 'A'`,
    );
    expect(await rowProblems()).toEqual([expect.stringContaining('do not add up')]);
    await store.tamper(`update row_sums set sum = '${String(sum['sum'])}' where kind = 'visits'`);
    expect(await problems()).toEqual([
      expect.stringMatching(/^audit-chain: audit \d+: its end is not the one that was sealed/),
    ]);
  });

  it('still finds it after the program wrote a part of the row', async () => {
    await store.tamper(
      `update person_categories set valid_from = '2010-01-01' where source = '民政局'`,
    );
    // The register names nobody any more: the recognition leaves, and is swept.
    await takeRegister(store, '430626195001010024,李四,disabled,,\n');
    expect(await rowProblems()).not.toEqual([]);
    await takeRegister(store, '430626195001010024,李四,disabled,,\n');
    expect(await rowProblems()).not.toEqual([]);
  });

  it('still finds a settled bill that was changed after another one was set aside beside it', async () => {
    await store.tamper(`update visits set total_fen = 1 where id = 'B'`);
    await keepVisit(store, stay('B', 2700));
    expect(await rowProblems()).toEqual([expect.stringContaining('visits B: was changed')]);
  });

  it('finds marks that were all taken away: none are given anew', async () => {
    await store.tamper('delete from row_marks');
    await store.tamper('delete from row_sums');
    await store.tamper(`update visits set total_fen = 1 where id = 'A'`);
    const again = await store.another();
    expect(await problems(again)).not.toEqual([]);
    expect(await one('select count(*) as marks from row_marks')).toEqual({ marks: 0 });
  });
});

describe('verify, of rows that follow a settlement', () => {
  it.each([
    ['what became of a sheet', `update print_jobs set state = 'confirmed'`],
    ['who had a sheet printed', `update print_jobs set created_by = 'another'`],
    ['which printer printed it', `update print_jobs set printer = 'another'`],
    ['whether a file was written', `update hospital_files set state = 'written'`],
    ['what a file says', `update hospital_files set payload_json = payload_json || ' '`],
    ['which day a run of uploading was of', `update upload_runs set business_date = '2017-11-26'`],
    ['who began it', `update upload_runs set started_by = 'another'`],
    ['who began a settling', `update settlement_intents set intended_by = 'another'`],
    ['when a settling was begun', `update settlement_intents set intended_at = '2017-01-01'`],
  ])('finds %s changed with an editor', async (_, statement) => {
    await store.tamper(statement);
    expect(await rowProblems()).not.toEqual([]);
  });

  it('finds the day of a claim changed with an editor', async () => {
    await store.tamper(`update claims set business_date = '2017-11-26'`);
    expect(await problems()).toContainEqual(expect.stringContaining('is of 2017-11-26'));
  });
});

describe('settling', () => {
  it.each([
    [
      'its bill',
      `update visits set input_json = replace(input_json, '1000.00', '900.00') where id = 'A'`,
    ],
    ['its person', `update persons set insured_place = '430100' where id_number = '${own}'`],
    [
      'a recognition of its person',
      `update person_categories set valid_from = '2010-01-01' where source = '民政局'`,
    ],
    ['a recognition that is gone', `delete from person_categories where source = '民政局'`],
    ['the register that gave it', `update registers set version = 0`],
    [
      'the opening of the year',
      `update person_year_openings set opening_json = replace(opening_json, '"admissions":1', '"admissions":2')`,
    ],
  ])(
    'is refused where %s was changed with an editor, and nothing is kept',
    async (_, statement) => {
      await store.tamper(statement);
      const before = await one('select count(*) as intents from settlement_intents');
      const settled = await settle('A');
      expect(refusalOf(settled)).toBe('rows-changed');
      expect(await one('select count(*) as intents from settlement_intents')).toEqual(before);
    },
  );

  it('goes on where nobody changed anything', async () => {
    valueOf(await settle('A'));
    expect(await problems()).toEqual([]);
  });

  it('goes on once the hospital system has sent the bill again', async () => {
    await store.tamper(
      `update visits set input_json = replace(input_json, '1000.00', '900.00') where id = 'A'`,
    );
    expect(refusalOf(await settle('A'))).toBe('rows-changed');
    await keepVisit(store, stay('A', 1000));
    const { settlement } = valueOf(await settle('A'));
    expect(settlement.result.totalFen).toBe(100_000);
    expect(await problems()).toEqual([]);
  });
});

describe('a folder of a program that gave no marks', () => {
  let file: string;
  const key = randomBytes(32);
  let opened: OpenedStore | null = null;
  beforeEach(async () => {
    file = join(await mkdtemp(join(folder, 'earlier-')), 'settlement.db');
    const database = await openDatabase({ file, key, readOnly: false });
    await migrate(
      database,
      migrations.filter(({ number }) => number < 120),
    );
    await sql`insert into persons (id, id_number, name, birth_date, sex, insurance, insured_place, more_json, updated_at)
      values ('P', '430626195001010016', '张三', '1950-01-01', 'male', 'urban-rural-resident', '430626', '{}', '')`.execute(
      database,
    );
    await database.destroy();
  });
  afterEach(async () => {
    await opened?.close();
  });

  it('has its rows marked once as they stand, and the audit says so', async () => {
    opened = await openStore({ file, key });
    const entries = () =>
      opened?.read(({ audit }) => audit.list({ after: 0, limit: 10 })) ?? Promise.resolve([]);
    const [entry, ...others] = await entries();
    expect(others).toEqual([]);
    expect(entry).toMatchObject({ act: 'mark-rows', about: 'books', who: 'program' });
    expect(JSON.parse(entry?.detail_json ?? '')).toMatchObject({ rows: { persons: 1, visits: 0 } });
    expect(await problems(opened)).toEqual([]);
    await opened.close();
    opened = await openStore({ file, key });
    expect(await entries()).toHaveLength(1);
    if (opened.writer === null) throw new Error('it writes');
    await sql`update persons set name = '李四'`.execute(opened.writer);
    expect(await problems(opened)).toEqual([expect.stringContaining('row-marks: persons P')]);
  });
});
