import { createServer, type Server, type Socket } from 'node:net';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import {
  accessTo,
  accountRoutines,
  hospitalTables,
  visitRows,
} from './hospital-views.test-support.ts';
import {
  HospitalDatabaseError,
  usualDeadlines,
  type ChangeOrder,
  type DatabaseAccess,
  type Deadlines,
  type HospitalDatabase,
  type RowsWanted,
} from './hospital-database.ts';
import { openDatabaseApart as openDatabase, openRoutinesApart } from './database-apart.ts';
import { otherAuthority } from './sql-certificates.test-support.ts';
import {
  startMariadbServer,
  startPostgresServer,
  type SqlServer,
} from './sql-servers.test-support.ts';

/** What every database behind the port promises: tried on real servers. */
describe.each([
  { name: 'PostgreSQL', start: startPostgresServer },
  { name: 'MariaDB', start: startMariadbServer },
])('$name as the hospital has it', ({ start }) => {
  let server: SqlServer;
  let database: HospitalDatabase;
  beforeAll(async () => {
    server = await start();
    await server.script([
      ...hospitalTables(server),
      ...visitRows('ZY1', { stamp: '2017-11-27 10:00:00' }),
      ...visitRows('ZY2', { stamp: '2017-11-27 10:00:00' }),
      ...visitRows('ZY3', { stamp: '2017-11-27 23:59:59.999999', name: '镕' }),
    ]);
    database = await openDatabase(accessTo(server));
  });
  afterAll(async () => {
    await (database as HospitalDatabase | undefined)?.close();
    await (server as SqlServer | undefined)?.stop();
  });

  const visits = ['sw_visits'];
  const order = (rows: ChangeOrder['rows']): Partial<RowsWanted> => ({
    order: { marker: { name: 'changed', kind: 'instant' }, visitId: 'visit_id', rows },
  });
  const idsOf = async (rows: ChangeOrder['rows'], most = 10) =>
    (await database.rows({ view: visits, columns: ['visit_id'], most, ...order(rows) })).map(
      ([visitId]) => visitId,
    );
  const failure = async (
    other: Partial<DatabaseAccess>,
    deadlines?: Deadlines,
  ): Promise<string> => {
    try {
      const opened = await openDatabase({ ...accessTo(server), ...other }, deadlines);
      await opened.close();
      return 'opened';
    } catch (problem) {
      return problem instanceof HospitalDatabaseError ? problem.fault : String(problem);
    }
  };

  it('tells the kinds of columns', async () => {
    const columns = Object.fromEntries(
      (await database.columnsOf(visits)).map(({ name, kind }) => [name, kind]),
    );
    expect(columns).toMatchObject({
      ...{ visit_id: 'text', changed: 'instant', visit_discharged_on: 'day' },
      ...{ visit_hospital_grade: 'whole', person_name: 'text' },
    });
    const charges = Object.fromEntries(
      (await database.columnsOf(['sw_charges'])).map(({ name, kind }) => [name, kind]),
    );
    expect(charges).toMatchObject({ charge_amount: 'decimal', charge_line: 'whole' });
  });

  it('reads every value as it was written: days, amounts, rare characters, nothing', async () => {
    await server.script([
      "insert into charges values ('ZY9', 7, NULL, 12345678.9000, '2017-11-12 00:30:00')",
    ]);
    const rows = await database.rows({
      view: ['sw_charges'],
      columns: ['charge_line', 'charge_name', 'charge_amount', 'charge_on'],
      among: { column: 'visit_id', texts: ['ZY9'] },
      most: 5,
    });
    const [[line, name, amount, on] = []] = rows;
    expect([line, name, amount]).toEqual(['7', null, '12345678.9000']);
    expect(on).toMatch(/^2017-11-12 00:30:00/);
    const named = await database.rows({
      view: visits,
      columns: ['person_name', 'visit_discharged_on', 'visit_admitted_on'],
      among: { column: 'visit_id', texts: ['ZY3'] },
      most: 1,
    });
    const [[who, discharged, admitted] = []] = named;
    // MariaDB keeps it as GBK.
    expect([who, discharged]).toEqual(['镕', '2017-11-27']);
    expect(admitted).toMatch(/^2017-11-10 23:30:00/);
  });

  it('gives changes in order, behind a place, and not more than are wanted', async () => {
    expect(await idsOf({ kind: 'all' })).toEqual(['ZY1', 'ZY2', 'ZY3']);
    expect(await idsOf({ kind: 'all' }, 2)).toEqual(['ZY1', 'ZY2']);
    const place = { marker: '2017-11-27 10:00:00', visitId: 'ZY1' };
    expect(await idsOf({ kind: 'after', place })).toEqual(['ZY2', 'ZY3']);
    const last = { marker: '2017-11-27 23:59:59.999999', visitId: 'ZY3' };
    expect(await idsOf({ kind: 'after', place: last })).toEqual([]);
    // Ten minutes and no more.
    expect(await idsOf({ kind: 'shortly-before', place: last })).toEqual(['ZY3']);
    const near = { marker: '2017-11-27 10:09:59', visitId: 'x' };
    expect(await idsOf({ kind: 'shortly-before', place: near })).toEqual(['ZY2', 'ZY1']);
    expect(await idsOf({ kind: 'reaching', marker: last.marker })).toEqual(['ZY3']);
    expect(await idsOf({ kind: 'reaching', marker: '2017-11-28 00:00:00' })).toEqual([]);
  });

  it('takes no name and no value for SQL', async () => {
    const evil = "ZY1' or '1'='1' -- \\";
    const among = { column: 'visit_id', texts: [evil, '\\', "'"] };
    expect(await database.rows({ view: visits, columns: ['visit_id'], among, most: 5 })).toEqual(
      [],
    );
    for (const name of ['sw_visits; drop view sw_visits', 'a"b`c', "x' --"]) {
      await expect(database.columnsOf([name])).rejects.toThrow(HospitalDatabaseError);
      await expect(database.rows({ view: visits, columns: [name], most: 1 })).rejects.toThrow(
        HospitalDatabaseError,
      );
    }
    expect(await idsOf({ kind: 'all' }, 1)).toEqual(['ZY1']);
  });

  it('sees one moment, whatever is committed meanwhile', async () => {
    const count = async () =>
      (await database.rows({ view: ['sw_blockers'], columns: ['blocker_code'], most: 9 })).length;
    await database.atOneMoment(async () => {
      expect(await count()).toBe(0);
      await server.script(["insert into blockers values ('ZY1', 'a', 'b')"]);
      expect(await count()).toBe(0);
    });
    expect(await count()).toBe(1);
  });

  it('knows a user that may write from one that may not', async () => {
    expect(await database.mayWrite([visits])).toBe(false);
    const grant =
      server.protocol === 'mysql'
        ? "grant insert on his.visits to 'window'@'%'"
        : 'grant insert on sw_visits to "window"';
    const revoke =
      server.protocol === 'mysql'
        ? "revoke insert on his.visits from 'window'@'%'"
        : 'revoke insert on sw_visits from "window"';
    await server.script([grant]);
    const other = await openDatabase(accessTo(server));
    expect(await other.mayWrite([visits])).toBe(true);
    await other.close();
    await server.script([revoke]);
  });

  it('calls a routine of the hospital that writes in its own name, and the reader stays read-only', async () => {
    await server.script(accountRoutines(server));
    const routines = await openRoutinesApart(accessTo(server), usualDeadlines);
    const evil = "ZY1'); drop table locked; -- \\";
    expect(await routines.call(['sw_lock'], [evil, 'k1', '60'])).toBeNull();
    expect(await server.ask('select visit from locked')).toEqual([evil]);
    expect(await routines.call(['sw_lock'], [evil, 'k2', '60'])).toBe('另一个窗口正在结算');
    expect(await routines.call(['sw_unlock'], [evil, 'k2'])).toBeNull();
    expect(await server.ask('select visit from locked')).toEqual([evil]);
    expect(await routines.call(['sw_unlock'], [evil, 'k1'])).toBeNull();
    expect(await server.ask('select visit from locked')).toEqual([]);
    const fault = (problem: unknown): string =>
      problem instanceof HospitalDatabaseError ? problem.fault : String(problem);
    for (const name of ['sw_none', 'sw_lock(1); --', 'a"b`c'])
      expect(await routines.call([name], ['x', 'y', '1']).catch(fault)).toMatch(
        /^(?:view-missing|login-refused)$/,
      );
    await routines.close();
    // The right to call them is no right to write.
    const reader = await openDatabase(accessTo(server));
    expect(await reader.mayWrite([visits])).toBe(false);
    await reader.close();
  });

  it('says by name what is wrong with the way there', async () => {
    expect(await failure({ password: 'wrong' })).toBe('login-refused');
    expect(await failure({ user: 'nobody' })).toBe('login-refused');
    expect(await failure({ database: 'none' })).toBe('login-refused');
    // Nobody hears on port 1.
    expect(await failure({ port: 1 })).toBe('unreachable');
    expect(await failure({ host: 'nowhere.invalid' })).toBe('unreachable');
  });

  it('gives its password to the server that is named, and to no other', async () => {
    expect(await failure({ authority: otherAuthority })).toBe('not-the-server');
    expect(await failure({ authority: null })).toBe('not-the-server');
    // The certificate is for localhost, not for the address.
    expect(await failure({ host: '127.0.0.1' })).toBe('not-the-server');
    expect(await failure({})).toBe('opened');
  });

  it('says by name what is wrong with a view', async () => {
    const fault = (problem: unknown): string =>
      problem instanceof HospitalDatabaseError ? problem.fault : String(problem);
    const missing = await database.columnsOf(['sw_none']).catch(fault);
    // MariaDB tells nobody without rights whether a table is there.
    expect(['view-missing', 'login-refused']).toContain(missing);
    expect(await database.columnsOf(['visits']).catch(fault)).toBe('login-refused');
  });

  it('is not kept by a view that hangs, nor by a server that says nothing', async () => {
    const sleep = server.protocol === 'mysql' ? 'sleep(30)' : 'cast(pg_sleep(30) as text)';
    await server.script([
      `create view sw_slow as select ${sleep} as visit_id from visits`,
      server.protocol === 'mysql'
        ? "grant select on his.sw_slow to 'window'@'%'"
        : 'grant select on sw_slow to "window"',
    ]);
    const hasty = { connectMs: 2000, statementMs: 200 };
    const other = await openDatabase(accessTo(server), hasty);
    const slow = other.rows({ view: ['sw_slow'], columns: ['visit_id'], most: 1 });
    await expect(slow).rejects.toMatchObject({ fault: 'too-slow' });
    await other.close();
    const mute = await muteServer();
    expect(await failure({ port: mute.port }, { connectMs: 200, statementMs: 200 })).toBe(
      'unreachable',
    );
    await mute.close();
  });

  it('says that the line is gone, and ends nothing else', async () => {
    const other = await openDatabase(accessTo(server));
    await server.script(
      server.protocol === 'mysql'
        ? ["kill user 'window'@'%'"]
        : ["select pg_terminate_backend(pid) from pg_stat_activity where usename = 'window'"],
    );
    const asked = other.rows({ view: visits, columns: ['visit_id'], most: 1 });
    await expect(asked).rejects.toMatchObject({ fault: 'unreachable' });
    await other.close();
    database = await openDatabase(accessTo(server));
  });
});

/** Takes connections and never says a word. */
async function muteServer(): Promise<{ readonly port: number; close(): Promise<void> }> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    port: address.port,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
