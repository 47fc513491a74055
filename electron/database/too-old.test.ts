import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { openStore, type OpenedStore } from './open-store.ts';
import { createTestStore, type TestStore } from './test-store.ts';

let folder: TestStore;
let running: OpenedStore;

/** A window of program 0.9.0 that is at work. */
beforeEach(async () => {
  folder = await createTestStore();
  const window = { id: 'window', program: '0.9.0' };
  running = await openStore({ file: folder.file, key: folder.key, window });
  await note('before');
});
afterEach(async () => {
  await running.close();
  await folder.remove();
});

const note = (what: string) => running.transact(({ folderFacts }) => folderFacts.set(what, true));
const noted = (what: string) => running.read(({ folderFacts }) => folderFacts.get(what));

/** Another program migrates the tables, and names the oldest one that may go on. */
async function migrateBy(program: string, oldestProgram: string | null): Promise<void> {
  const { writer } = folder;
  if (writer === null) throw new Error('a test store writes');
  await writer
    .insertInto('schema_versions')
    .values({ number: 9990, program, oldest_program: oldestProgram, at: '2031-01-01T00:00:00Z' })
    .execute();
  await sql`PRAGMA user_version = 9990`.execute(writer);
}

const tooOld = { code: 'program-too-old' };

describe('a program under which a newer one has changed the tables', () => {
  it('writes no more, says so in words, and may still be looked at', async () => {
    await migrateBy('0.10.0', '0.10.0');
    await expect(note('after')).rejects.toMatchObject({ name: 'ReadingOnlyError', reason: tooOld });
    const reason = running.readingOnly();
    expect(reason?.message.zh).toMatch(/0\.10\.0.*0\.9\.0.*没有动钱/u);
    expect(reason?.message.en).toMatch(/no money moved/i);
    expect([await noted('before'), await noted('after')]).toEqual([true, null]);
    await expect(note('again')).rejects.toMatchObject({ reason: tooOld });
  });

  it('learns of it by watching, before anyone tries to settle', async () => {
    await running.dataVersion();
    expect(running.readingOnly()).toBeNull();
    await migrateBy('0.10.0', '0.10.0');
    await running.dataVersion();
    expect(running.readingOnly()).toMatchObject(tooOld);
  });

  it.each([
    ['names none', null],
    ['names an older one', '0.8.12'],
    ['names this very one', '0.9.0'],
  ])('goes on where the newer one %s', async (_, oldest) => {
    await migrateBy('0.10.0', oldest);
    await note('after');
    expect([running.readingOnly(), await noted('after')]).toEqual([null, true]);
  });
});
