import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { timeOrderedIds } from '../../base/ids.ts';
import { killedAt } from '../../base/killed-at.test-support.ts';
import { takeLock } from '../../database/named-lock.ts';
import { createTestStore, type TestStore } from '../../database/test-store.ts';
import { testClock, valueOf } from '../../settlement/settlement.test-support.ts';
import type { SqlSettings } from './connection-settings.ts';
import { hospitalTables, settingsFor, visitRows } from './hospital-views.test-support.ts';
import { pullVisits, type PullReport, type PullWanted } from './pull-visits.ts';
import { authority } from './sql-certificates.test-support.ts';
import {
  startMariadbServer,
  startPostgresServer,
  type SqlServer,
} from './sql-servers.test-support.ts';

const depth = Number(process.env['TEST_DEPTH'] ?? '1');
const program = fileURLToPath(new URL('../testing/pull-program.ts', import.meta.url));

describe.each([
  { name: 'PostgreSQL', start: startPostgresServer },
  { name: 'MariaDB', start: startMariadbServer },
])('pulling from $name', ({ name, start }) => {
  let server: SqlServer;
  let folder: string;
  let settings: SqlSettings;
  let store: TestStore;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pull-visits-'));
    server = await start();
    const files = { password: join(folder, 'password'), authority: join(folder, 'authority.pem') };
    await writeFile(files.password, `${server.password}\n`, { mode: 0o600 });
    await writeFile(files.authority, authority);
    settings = settingsFor(server, files);
    await server.script(hospitalTables(server));
  });
  beforeEach(async () => {
    await server.script(['visits', 'charges', 'blockers'].map((each) => `delete from ${each}`));
    store = await createTestStore();
    return () => store.remove();
  });
  afterAll(async () => {
    await (server as SqlServer | undefined)?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const place = () => ({ home: store.folder, databaseFile: store.file });
  const pull = (wanted?: PullWanted, other: Partial<SqlSettings> = {}) =>
    pullVisits(
      { store, clock: testClock, ids: timeOrderedIds(), folder: place() },
      { ...settings, ...other },
      wanted,
    );
  const pulled = async (
    wanted?: PullWanted,
    other: Partial<SqlSettings> = {},
  ): Promise<PullReport> => valueOf(await pull(wanted, other));
  const idsOf = ({ accepted }: PullReport): readonly string[] =>
    accepted.map(({ visitId }) => visitId);
  const refusalOf = async (wanted?: PullWanted, other: Partial<SqlSettings> = {}) => {
    const result = await pull(wanted, other);
    return result.ok ? null : result.refusal;
  };
  const kept = async (visitId: string) => {
    const record = await store.read(({ visits }) => visits.find(visitId));
    if (record === null) throw new Error(`${visitId} is not there`);
    return record;
  };
  const amountOf = async (visitId: string) => {
    const { visit } = await kept(visitId);
    return visit.bill.kind === 'charges' ? visit.bill.charges[0]?.amountFen : null;
  };

  it('takes in what changed, once, and nothing that no visit needs', async () => {
    await server.script([...visitRows('ZY1'), ...visitRows('ZY2', { amount: '12.3400' })]);
    const first = await pulled();
    expect(first).toMatchObject({ refused: [], more: false });
    expect(idsOf(first)).toEqual(['ZY1', 'ZY2']);
    expect(first.upTo).toMatch(/^2017-11-27 10:00:00/);
    expect(await pulled()).toMatchObject({ accepted: [], refused: [] });
    const { visit, person } = await kept('ZY2');
    // Half past eleven at night and half past midnight are of their own day.
    expect(visit.admittedOn).toBe('2017-11-10');
    expect(visit.bill.kind === 'charges' && visit.bill.charges[0]?.on).toBe('2017-11-12');
    expect(await amountOf('ZY2')).toBe(1234);
    expect(person.name).toBe('张三');
    expect(JSON.stringify([visit, person])).not.toContain('secret');
  });

  it('takes in a change, and one that was committed late', async () => {
    await server.script(visitRows('ZY1', { stamp: '2017-11-27 10:00:00' }));
    await pulled();
    await server.script([
      ...visitRows('ZY0', { stamp: '2017-11-27 09:55:00' }),
      "update charges set amount = 50 where visit = 'ZY1'",
      "update visits set stamp = '2017-11-27 10:00:01' where id = 'ZY1'",
    ]);
    expect(idsOf(await pulled())).toEqual(['ZY0', 'ZY1']);
    expect(await amountOf('ZY1')).toBe(5000);
    expect(idsOf(await pulled())).toEqual([]);
  });

  it('takes no more than it may at once, and all of it in the end, whatever shares a marker', async () => {
    const ids = ['A', 'B', 'C', 'D', 'E'].map((letter) => `ZY-${letter}`);
    await server.script(ids.flatMap((id) => visitRows(id)));
    const seen: string[] = [];
    for (const more of [true, true, false]) {
      const report = await pulled(undefined, { 'hospital-sql-visits': '2' });
      expect(report.more).toBe(more);
      seen.push(...idsOf(report));
    }
    expect(seen).toEqual(ids);
  });

  // What is kept when does not depend on the database; the second is for deep runs.
  if (name === 'PostgreSQL' || depth >= 10) {
    it('loses and doubles nothing when it is killed in the middle', async () => {
      await server.script(['ZY1', 'ZY2', 'ZY3'].flatMap((id) => visitRows(id)));
      await server.script(visitRows('ZY4', { number: '4.30626E+17' }));
      const words = [
        ...[store.file, store.folder, Buffer.from(store.key).toString('hex')],
        JSON.stringify(settings),
      ];
      // Bills, refusals and position are of one unit of work: all of them are kept or none.
      await killedAt('pull:before-position', program, words);
      expect(await store.read(({ visits }) => visits.countUnsettled())).toBe(0);
      await killedAt('import:after-commit', program, words);
      expect(idsOf(await pulled())).toEqual([]);
      const entries = await store.read(({ audit }) => audit.list({ after: 0, limit: 100 }));
      const taken = entries.filter(({ act }) => act === 'take-in-visit').map(({ about }) => about);
      expect(taken).toEqual(['ZY1', 'ZY2', 'ZY3']);
      const refusals = await store.read(({ intakeRefusals }) => intakeRefusals.list(10));
      expect(refusals.map(({ place: at }) => at)).toEqual(['visit_id = ZY4']);
    });
  }

  it('tells an open desk once of a visit without its marker, and somebody who pulls by hand each time', async () => {
    await server.script([...visitRows('ZY1'), "update visits set stamp = null where id = 'ZY1'"]);
    const told = new Set<string>();
    const codes = async (wanted?: PullWanted) => {
      const pulledNow = await pull(wanted);
      if (!pulledNow.ok) throw new Error(pulledNow.refusal.code);
      return pulledNow.value.refused.map(({ code }) => code);
    };
    expect(await codes({ kind: 'changed', told })).toEqual(['sql-marker-missing']);
    expect(await codes({ kind: 'changed', told })).toEqual([]);
    expect(await codes()).toEqual(['sql-marker-missing']);
  });

  it('sets aside what is wrong, with view, visit, row and column, and takes the rest', async () => {
    await server.script([
      ...visitRows('ZY1', { amount: '12.3450' }),
      ...visitRows('ZY2', { number: '4.30626E+17' }),
      ...visitRows('ZY3'),
      ...visitRows('ZY4'),
      "insert into visits select id, stamp, '李四', id_number, admitted, discharged, wallet from visits where id = 'ZY4'",
      ...visitRows('ZY5'),
      "update charges set amount = null where visit = 'ZY5'",
      ...visitRows('ZY6'),
      "update visits set stamp = null where id = 'ZY6'",
      ...visitRows('ZY7'),
      "insert into blockers values ('ZY7', 'two words', 'x')",
    ]);
    const report = await pulled();
    expect(idsOf(report)).toEqual(['ZY3']);
    const told = report.refused.map(({ file, place: at, row, column, code }) =>
      [file, at, row, column, code].join(' | '),
    );
    expect(told).toContain('sw_charges | visit_id = ZY1 | 1 | charge_amount | not-text-amount');
    expect(
      told.some((each) => each.startsWith('sw_visits | visit_id = ZY2 | 1 | person_id_number')),
    ).toBe(true);
    expect(told).toContain(
      'sw_visits | visit_id = ZY4 | 2 | person_name | sql-row-says-two-things',
    );
    expect(told.some((each) => each.startsWith('sw_charges | visit_id = ZY5 | 1 | charge_'))).toBe(
      true,
    );
    expect(told).toContain('sw_visits | visit_id = ZY6 |  |  | sql-marker-missing');
    expect(told.some((each) => each.includes('ZY7') && each.endsWith('sql-blocker-code'))).toBe(
      true,
    );
    for (const { message, remedy } of report.refused) {
      for (const words of [message.zh, message.en, remedy.zh, remedy.en])
        expect(words).not.toBe('');
    }
    // It is put right, and asked for by its number.
    await server.script(["update charges set amount = 9.99 where visit = 'ZY1'"]);
    expect(idsOf(await pulled({ kind: 'visit', visitId: 'ZY1' }))).toEqual(['ZY1']);
    expect((await refusalOf({ kind: 'visit', visitId: 'ZY99' }))?.code).toBe('sql-visit-unknown');
  });

  it('takes the rest where a visit is called what no text of the books may hold', async () => {
    // PostgreSQL keeps no NUL.
    const sign = server.protocol === 'mysql' ? 'char(0)' : 'chr(27)';
    await server.script([
      ...visitRows('ZY1'),
      ...visitRows('ZY2').map((insert) => insert.replace("'ZY2'", `concat('ZY', ${sign}, '2')`)),
    ]);
    const report = await pulled();
    expect(idsOf(report)).toEqual(['ZY1']);
    expect(report.refused.length).toBeGreaterThan(0);
    expect(report.refused[0]?.place).toBe('visit_id = ZY2');
    const remembered = await store.read(({ intakeRefusals }) => intakeRefusals.list(10));
    expect(remembered.map(({ place: at }) => at)).toContain('visit_id = ZY2');
    expect(await pulled()).toMatchObject({ accepted: [], refused: [] });
  });

  it('keeps blockers whose text holds a semicolon as one each', async () => {
    await server.script([
      ...visitRows('ZY1'),
      "insert into blockers values ('ZY1', '1', '缺一份；同意书'), ('ZY1', '未停医嘱', null)",
    ]);
    await pulled();
    expect((await kept('ZY1')).visit.blockers).toEqual([
      { code: '1', text: '缺一份，同意书' },
      { code: '未停医嘱', text: '未停医嘱' },
    ]);
  });

  it('is refused where the marker went back, and reads everything again on a word', async () => {
    await server.script(visitRows('ZY1', { stamp: '2017-11-27 10:00:00' }));
    await pulled();
    await server.script(["update visits set stamp = '2017-11-26 10:00:00'"]);
    expect((await refusalOf())?.code).toBe('sql-marker-went-back');
    expect(idsOf(await pulled({ kind: 'from-start' }))).toEqual(['ZY1']);
    const entries = await store.read(({ audit }) => audit.list({ after: 0, limit: 100 }));
    expect(entries.map(({ act }) => act)).toContain('pull-from-start');
    expect(idsOf(await pulled())).toEqual([]);
  });

  it('says what is wrong with a view before anything is read', async () => {
    await server.script(visitRows('ZY1'));
    const views = (text: string) => refusalOf(undefined, { 'hospital-sql-views': text });
    expect((await views('sw_none sw_charges sw_blockers'))?.code).toMatch(
      /^sql-(?:view-missing|login-refused)$/,
    );
    expect(await views('sw_visits sw_blockers sw_charges')).toMatchObject({
      code: 'sql-column-missing',
      message: { zh: expect.stringContaining('charge_line') as string },
    });
    await server.script(["insert into charges values (null, 1, 'x', 1, '2017-11-12 00:00:00')"]);
    expect((await refusalOf())?.code).toBe('sql-key-missing');
  });

  it('is one at a time, and says who is at it', async () => {
    await server.script(visitRows('ZY1'));
    const lock = valueOf(await takeLock(place(), 'pull', 'a test'));
    expect((await refusalOf())?.code).toBe('busy');
    lock.release();
    expect(idsOf(await pulled())).toEqual(['ZY1']);
  });

  it('uses no password that others may read, and no line in plain text to elsewhere', async () => {
    const password = join(folder, 'open');
    await writeFile(password, server.password);
    await chmod(password, 0o644);
    const other = { 'hospital-sql-password': password };
    expect((await refusalOf(undefined, other))?.code).toBe('sql-password-file');
    await chmod(password, 0o600);
    expect(await refusalOf(undefined, other)).toBeNull();
    const far = { 'hospital-sql': `${server.protocol}://window@10.255.255.1:1/his?tls=off` };
    expect((await refusalOf(undefined, far))?.code).toBe('sql-not-encrypted');
    expect((await refusalOf(undefined, { 'hospital-sql': null }))?.code).toBe('sql-not-set');
  });
});
