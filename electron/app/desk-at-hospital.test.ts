import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { ContractName } from '../../shared/contracts/contract-names.ts';
import { contracts, type InputOf, type OutputOf } from '../../shared/contracts/contracts.ts';
import {
  accountRoutines,
  hospitalTables,
  settingsFor,
  visitRows,
} from '../intake/sql/hospital-views.test-support.ts';
import { authority } from '../intake/sql/sql-certificates.test-support.ts';
import {
  startMariadbServer,
  startPostgresServer,
  type SqlServer,
} from '../intake/sql/sql-servers.test-support.ts';
import type { Application } from './application.ts';
import { openServices } from './open-services.ts';
import { startApplication } from './start-application.ts';

/** An invented patient of the demo, whose card its tray lays. */
const patient = { name: '曾德厚', number: '430626195304184515' };
const ownVisit = 'ZY20171110001';
/** The visit that comes from the hospital's database. */
const visitId = 'ZY-H1';
const otherVisit = 'ZY-H2';

describe.each([
  { name: 'PostgreSQL', start: startPostgresServer },
  { name: 'MariaDB', start: startMariadbServer },
])('a desk at a hospital with $name', ({ start }) => {
  const folder = mkdtempSync(join(tmpdir(), 'desk-at-hospital-'));
  const home = join(folder, 'desk');
  const options = { home, wanted: null, whenMissing: 'make-demo', environment: {} } as const;
  let server: SqlServer;
  let desk: Application;
  let came: () => void = () => undefined;

  beforeAll(async () => {
    server = await start();
    const born = (statement: string) => statement.replace("'1950-01-01'", "'1953-04-18'");
    await server.script([...hospitalTables(server).map(born), ...accountRoutines(server)]);
    const files = { password: join(folder, 'password'), authority: join(folder, 'authority.pem') };
    writeFileSync(files.password, server.password, { mode: 0o600 });
    writeFileSync(files.authority, authority);
    const settings = {
      ...settingsFor(server, files),
      'hospital-sql-lock': 'sw_lock',
      'hospital-sql-unlock': 'sw_unlock',
    };
    const opened = await openServices(options);
    if (!opened.ok) throw new Error(opened.refusal.code);
    await opened.value.store.transact(async ({ folderFacts }) => {
      for (const [setting, value] of Object.entries(settings))
        await folderFacts.set(setting, value);
    });
    await opened.value.close();
    const started = await startApplication(options);
    if (!started.ok) throw new Error(started.refusal.code);
    desk = started.value;
    desk.subscribe(({ topic }) => {
      if (topic === 'visits' || topic === 'devices') came();
    });
    await ask('demo:use', { act: 'lay', card: 'patient', visitId: ownVisit });
  });
  afterAll(async () => {
    await (desk as Application | undefined)?.close();
    await (server as SqlServer | undefined)?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  async function ask<Name extends ContractName>(
    name: Name,
    input: InputOf<Name>,
  ): Promise<OutputOf<Name>> {
    const answer = await desk.callFromWindow(name, input);
    if (!answer.ok) throw new Error(`${name}: ${answer.refusal.code}`);
    return contracts[name].output.parse(answer.value) as OutputOf<Name>;
  }
  const codeOf = async (name: ContractName, input: unknown): Promise<string | null> => {
    const answer = await desk.callFromWindow(name, input);
    return answer.ok ? null : answer.refusal.code;
  };
  /** What another user is answered at another page. */
  async function byAnother<Name extends ContractName>(
    userId: string,
    name: Name,
    input: InputOf<Name>,
  ): Promise<OutputOf<Name>> {
    const { session } = await desk.pageSessions.open('browser');
    await desk.pageSessions.signedIn(session.id, userId);
    const answer = await desk.call(name, input, { ...session, userId });
    if (!answer.ok) throw new Error(answer.refusal.code);
    return contracts[name].output.parse(answer.value) as OutputOf<Name>;
  }
  /** What the page of intake says of the database, to the IT clerk at another page. */
  async function problemOfSource(): Promise<string | null | undefined> {
    const { sources } = await byAnother('clerk1', 'intake:overview', {});
    const source = sources.find(({ id }) => id === 'database');
    return source?.problem === null ? null : source?.problem.code;
  }
  /** What is asked for again each time something came, until it is as it should be: a pull may end after the card. */
  async function once(is: () => Promise<boolean>): Promise<void> {
    for (;;) {
      const next = new Promise<void>((resolve) => {
        came = resolve;
      });
      if (await is()) return;
      await next;
    }
  }
  const totalOf = async (of = visitId): Promise<number | null> => {
    const answer = await desk.callFromWindow('settlement:preview', { visitId: of });
    if (!answer.ok) return null;
    return contracts['settlement:preview'].output.parse(answer.value).result.totalFen;
  };
  const locked = () => server.ask('select visit from locked');
  /** The desk waits for no freeing, so it may come a moment later. */
  const untilFree = async (): Promise<void> => {
    for (;;) if ((await locked()).length === 0) return;
  };
  const settleAsShown = async (of = visitId, more: object = {}) => {
    const { bill, result } = await ask('settlement:preview', { visitId: of });
    return codeOf('settlement:settle-visit', {
      ...{ visitId: of, billVersion: bill.version, patientPaysFen: result.patientPaysFen },
      ...{ tenders: [], ...more },
    });
  };

  it('has with a card what the hospital has changed since, by itself', async () => {
    await server.script(visitRows(visitId, patient));
    const card = await ask('card:read', {});
    expect(card).toMatchObject({ kind: 'person' });
    await once(async () => (await totalOf()) === 10_000);
    await server.script([
      'update charges set amount = 80',
      "update visits set stamp = '2017-11-27 10:00:01'",
    ]);
    await ask('card:read', {});
    await once(async () => (await totalOf()) === 8000);
    expect(await problemOfSource()).toBeNull();
  });

  it('locks the account of the visit that is checked, and shows what changed under the eyes of the cashier', async () => {
    expect(await ask('settlement:preview', { visitId })).toMatchObject({ locksAccount: true });
    expect(await byAnother('auditor1', 'settlement:preview', { visitId })).not.toHaveProperty(
      'locksAccount',
    );
    // Booked at the last moment: no marker has grown yet.
    await server.script(['update charges set amount = 90']);
    const lock = await ask('visits:lock-account', { visitId });
    expect(lock).toMatchObject({
      ...{ isLocked: true, refusal: null },
      changes: {
        count: 1,
        lines: [{ kind: 'changed', was: { amountFen: 8000 }, now: { amountFen: 9000 } }],
      },
    });
    expect([await locked(), await totalOf()]).toEqual([[visitId], 9000]);
    await ask('visits:free-account', { visitId });
    expect(await locked()).toEqual([]);
  });

  it('settles nothing that is not locked unless the cashier has seen it, and frees what is settled', async () => {
    expect(await settleAsShown()).toBe('account-not-locked');
    await server.script([`insert into booking values ('${visitId}', '药房')`]);
    const hindered = await ask('visits:lock-account', { visitId });
    expect(hindered).toMatchObject({ isLocked: false, refusal: { code: 'account-hindered' } });
    expect(await settleAsShown()).toBe('account-not-locked');
    await server.script(['delete from booking']);
    expect(await ask('visits:lock-account', { visitId })).toMatchObject({ refusal: null });
    expect(await settleAsShown()).toBeNull();
    await untilFree();
    // What is settled is answered with its settlement: nothing is to be locked any more.
    expect(await settleAsShown()).toBeNull();
  });

  it('frees the account when nobody sits at the page any more', async () => {
    await server.script([
      ...visitRows(otherVisit, patient),
      `update visits set stamp = '2017-11-27 10:00:02' where id = '${otherVisit}'`,
    ]);
    await ask('card:read', {});
    await once(async () => (await totalOf(otherVisit)) === 10_000);
    expect(await ask('visits:lock-account', { visitId: otherVisit })).toMatchObject({
      isLocked: true,
    });
    await ask('people:lock', {});
    await untilFree();
    await ask('people:sign-in', { userId: 'cashier1', password: '' });
  });

  it('shows the age of the bill where the server is stopped, and says so where the bills come from', async () => {
    await server.stop();
    const card = await ask('card:read', {});
    if (card.kind !== 'person') throw new Error(card.kind);
    const warning = card.warnings.find(({ code }) => code === 'bills-not-refreshed');
    expect(warning?.text.zh).toMatch(/显示的是 \d{4}-\d{2}-\d{2} \d{2}:\d{2} 收到的账单/);
    await once(async () => (await problemOfSource()) === 'sql-unreachable');
    expect(await ask('visits:lock-account', { visitId: otherVisit })).toMatchObject({
      ...{ isLocked: false, refusal: { code: 'account-lock-no-answer' } },
    });
    expect(await settleAsShown(otherVisit)).toBe('account-not-locked');
    expect(await settleAsShown(otherVisit, { despiteAccount: true })).toBeNull();
  });
});
