import { copyFile, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { Kysely, sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { DatabaseDocumentError, DatabaseDocumentNewerError } from '../database-errors.ts';
import { versionOf } from '../migrate.ts';
import { openStore, type OpenedStore } from '../open-store.ts';
import { openWorkerConnection } from '../worker-connection.ts';
import { workerDialect } from '../worker-dialect.ts';
import type { Tables } from '../schema.ts';

const home = fileURLToPath(new URL('../fixtures/folder-0.1.0/home', import.meta.url));

let folder: string;
let file: string;
let key: Buffer;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'stored-documents-'));
  file = join(folder, 'settlement.db');
  await mkdir(join(folder, 'locks'));
  await copyFile(join(home, 'settlement.db'), file);
  key = Buffer.from((await readFile(join(home, 'key'), 'utf8')).trim(), 'hex');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** The tables as they lie there, opened without migrating anything. */
async function looking<Seen>(look: (database: Kysely<Tables>) => Promise<Seen>): Promise<Seen> {
  const connection = await openWorkerConnection({ file, key, readOnly: false });
  const database = new Kysely<Tables>({ dialect: workerDialect(connection, true) });
  try {
    return await look(database);
  } finally {
    await database.destroy();
  }
}

const tablesVersion = (): Promise<number> => looking(versionOf);
const open = (): Promise<OpenedStore> => openStore({ file, key });

describe('opening a folder of an earlier program', { timeout: 300_000 }, () => {
  it('brings the tables up to date and records the versions of documents once', async () => {
    expect(await tablesVersion()).toBe(20);
    await (await open()).close();
    const recorded = await looking((database) =>
      database.selectFrom('document_versions').selectAll().execute(),
    );
    expect(recorded).toContainEqual({ kind: 'visit', newest: 2 });
    await (await open()).close();
  });

  it('names a document it cannot bring up to date, and stops before it changes anything', async () => {
    await looking((database) =>
      sql`update visits set input_json = '{"visit": {}}' where id = 'ZY20171110901'`.execute(
        database,
      ),
    );
    await expect(open()).rejects.toThrow(DatabaseDocumentError);
    await expect(open()).rejects.toThrow(/visit ZY20171110901, version 0, cannot be read/);
    expect(await tablesVersion()).toBe(20);
  });

  it('refuses by name what a newer program wrote, and changes nothing', async () => {
    await (await open()).close();
    const before = await tablesVersion();
    await looking(async (database) => {
      await sql`update document_versions set newest = 7 where kind = 'visit'`.execute(database);
      await sql`update visits set input_version = 7 where id = 'ZY20171110903'`.execute(database);
    });
    await expect(open()).rejects.toThrow(DatabaseDocumentNewerError);
    await expect(open()).rejects.toThrow(/visit ZY20171110903 is of version 7/);
    expect(await tablesVersion()).toBe(before);
  });

  it('reads what was kept before it had a version: sheets, refusals of intake, claims, settings', async () => {
    const words = JSON.stringify({ zh: '缺纸', en: 'no paper' });
    const sheet = await looking(async (database) => {
      await sql`update print_jobs set state = 'failed',
        problem_json = ${`{"code":"printer-paper-out","message":${words}}`}`.execute(database);
      await sql`insert into intake_refusals (id, file, code, message_json, at)
        values ('old', 'a.csv', 'no-rows', ${words}, '2017-11-27T10:00:00.000+08:00')`.execute(
        database,
      );
      const { rows } = await sql<{ id: string; settlement_id: string }>`
        select id, settlement_id from print_jobs order by id limit 1`.execute(database);
      return rows[0];
    });
    const store = await open();
    try {
      await store.read(async ({ printJobs, intakeRefusals, claims, folderFacts }) => {
        const { problem } = (await printJobs.find(sheet?.id ?? '')) ?? {};
        expect(problem).toMatchObject({ code: 'printer-paper-out', message: { zh: '缺纸' } });
        expect(problem?.remedy.zh).toMatch(/F9 补打/);
        expect(await intakeRefusals.list(1)).toMatchObject([
          {
            id: 'old',
            code: 'no-rows',
            message: { zh: '缺纸' },
            remedy: { zh: expect.stringMatching(/重新导入/) as string },
          },
        ]);
        const kept = await claims.ofSettlement(sheet?.settlement_id ?? '');
        expect(kept.length).toBeGreaterThan(0);
        for (const { id } of kept) await claims.keptBody(id);
        expect(await folderFacts.all()).toMatchObject({ kind: 'demo' });
      });
    } finally {
      await store.close();
    }
  });

  it('refuses to read a single document of a newer program', async () => {
    const store = await open();
    try {
      await store.transact(({ visits }) => visits.setState('ZY20171110903', 'unsettled'));
      await looking((database) =>
        sql`update visits set input_version = 7 where id = 'ZY20171110903'`.execute(database),
      );
      await expect(store.read(({ visits }) => visits.find('ZY20171110903'))).rejects.toThrow(
        /visit ZY20171110903 is of version 7/,
      );
    } finally {
      await store.close();
    }
  });
});
