import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Kysely, sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { auditChainStart, auditHash } from '../audit-repository.ts';
import { migrate } from '../migrate.ts';
import { repositoriesOn } from '../repositories.ts';
import type { Tables } from '../schema.ts';
import { aloneKeys } from '../held-keys.ts';
import { touchedRows } from '../row-marks.ts';
import { openWorkerConnection } from '../worker-connection.ts';
import { workerDialect } from '../worker-dialect.ts';
import { migrations } from './migrations.ts';

const window = { id: 'the folder', program: '0.1.0' };
const at = '2017-11-27T10:15:00.000+08:00';

let folder: string;
let database: Kysely<Tables>;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'settlement-migrations-'));
  const connection = await openWorkerConnection({
    file: join(folder, 'settlement.db'),
    key: randomBytes(32),
    readOnly: false,
  });
  database = new Kysely<Tables>({ dialect: workerDialect(connection, true) });
  await migrate(
    database,
    migrations.filter(({ number }) => number < 40),
    window,
  );
  await fillAsBefore();
});
afterEach(async () => {
  await database.destroy();
  await rm(folder, { recursive: true, force: true });
});

const run = (statement: string) => sql.raw(statement).execute(database);

/** Two settlements, the second one cancelled, as a program from before the counters left them. */
async function fillAsBefore(): Promise<void> {
  await run(`insert into persons values
    ('P', '张三', '1', '1950-01-01', 'male', 'resident', '430626', '{}', '${at}')`);
  for (const [index, id] of ['A', 'B'].entries()) {
    const sequence = index + 1;
    await run(`insert into visits (id, person_id, bill_version, bill_hash, state, kind, admitted_on,
        discharged_on, hospital_level, total_fen, line_count, blocker_count, received_at, source,
        person_name, person_pinyin, input_json)
      values ('${id}', 'P', 1, 'x', 'unsettled', 'inpatient', '2017-11-10', '2017-11-27', 'county', 0,
        0, 0, '${at}', 'a test', '张三', 'zs', '{}')`);
    await run(`insert into settlement_intents values ('S${id}', '${id}', 1, 1, '2017-11-27', ${String(sequence)},
      'JS20171127-000${String(sequence)}', '{}', 'recorded', '${at}', 'cashier1')`);
    await run(`insert into settlements (id, number, visit_id, person_id, part, bill_version, pack,
        pack_version, total_fen, patient_pays_fen, hospital_bears_fen, deposit_fen, year,
        business_date, settled_at, settled_by, state, input_json, result_json)
      values ('S${id}', 'JS20171127-000${String(sequence)}', '${id}', 'P', 1, 1, 'a', '1.0.0', 0, 0, 0, 0, 2017,
        '2017-11-27', '${at}', 'cashier1', '${id === 'A' ? 'settled' : 'cancelled'}', '{}', '{}')`);
    await run(`insert into print_jobs values ('J${id}', 'S${id}', 'receipt', 0, 'queued', '${at}',
      'cashier1', '${at}', 0, null, null)`);
  }
  let previous = auditChainStart;
  for (const [index, [act, about]] of [
    ['take-in-visit', 'A'],
    ['settle-visit', 'SB'],
    ['settle-visit', 'SA'],
    ['cancel-settlement', 'SB'],
  ].entries()) {
    const sequence = index + 1;
    const entry = { sequence, at, who: 'a', act: act ?? '', about: about ?? '', detail_json: '{}' };
    const hash = auditHash(
      {
        ...{ detail_version: 0, window_id: null, program: null },
        ...entry,
        previous_hash: previous,
      },
      null,
    );
    await run(`insert into audit_entries (sequence, at, who, act, about, detail_json, previous_hash, hash)
      values (${String(sequence)}, '${at}', 'a', '${entry.act}', '${entry.about}', '{}', '${previous}', '${hash}')`);
    previous = hash;
  }
}

describe('the migration to counters and windows', () => {
  it('counts on from what is there, and orders settlements by their audit entries', async () => {
    expect(await migrate(database, migrations, window)).toContain(40);
    const all = repositoriesOn(database, {
      ...{ window, keys: aloneKeys, numbersGiven: new Map(), auditKey: null },
      marks: touchedRows(),
    });
    expect(
      (await database.selectFrom('settlements').selectAll().execute()).map(
        ({ id, entry, window_id, program }) => [id, entry, window_id, program],
      ),
    ).toEqual([
      ['SA', 3, 'the folder', ''],
      ['SB', 2, 'the folder', ''],
    ]);
    const sheets = await database.selectFrom('print_jobs').select('window_id').execute();
    expect(sheets.map(({ window_id }) => window_id)).toEqual(['the folder', 'the folder']);
    const intent = { part: 2, billVersion: 1, messageIds: {}, at, by: 'cashier1' };
    const next = await all.settlements.insertIntent({
      ...intent,
      settlementId: 'SC',
      visitId: 'A',
      businessDate: '2017-11-27',
    });
    expect(next.number).toBe('JS20171127-0003');
    expect(await all.audit.append({ at, who: 'a', act: 'b', about: 'c', detail: {} })).toBe(5);
    const entries = await all.audit.list({ after: 0, limit: 9 });
    let previous = auditChainStart;
    for (const entry of entries) {
      expect(entry.previous_hash).toBe(previous);
      expect(auditHash(entry, null)).toBe(entry.hash);
      previous = entry.hash;
    }
    expect(entries.map(({ window_id }) => window_id)).toEqual([
      null,
      null,
      null,
      null,
      'the folder',
    ]);
    const versions = await database.selectFrom('schema_versions').selectAll().execute();
    expect(versions.map(({ number, program }) => [number, program])).toEqual(
      migrations.filter(({ number }) => number >= 40).map(({ number }) => [number, '0.1.0']),
    );
  });

  it('lets no program from before it go on counting by itself', async () => {
    await migrate(database, migrations, window);
    await expect(
      run(`insert into settlement_intents values ('SC', 'A', 2, 1, '2017-11-27', 3,
        'JS20171127-0003', '{}', 'intended', '${at}', 'cashier1')`),
    ).rejects.toThrow('from the counter of its day');
    await expect(
      run(`insert into audit_entries (sequence, at, who, act, about, detail_json, previous_hash, hash)
        values (5, '${at}', 'a', 'b', 'c', '{}', 'x', 'y')`),
    ).rejects.toThrow('from the head of the chain');
  });
});
