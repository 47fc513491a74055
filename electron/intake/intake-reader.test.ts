import { execFileSync } from 'node:child_process';
import { truncateSync } from 'node:fs';
import {
  appendFile,
  mkdtemp,
  open,
  readFile,
  rm,
  truncate,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';

import { encodeSettlementInput } from '../../shared/contracts/stored-visit.ts';
import { FileChangedError } from '../base/foreign-folder.ts';
import { timeOrderedIds } from '../base/ids.ts';
import { createTestStore, type TestStore } from '../database/test-store.ts';
import { colonCancer, testClock } from '../settlement/settlement.test-support.ts';
import { importFiles } from './import-files.ts';
import { IntakeFileGoneError, startIntakeReader, type IntakeReader } from './intake-reader.ts';
import { readRegisterFile } from './read-register-file.ts';
import { readRegister } from './register-import.ts';

let store: TestStore;
let folder: string;
beforeAll(async () => {
  store = await createTestStore();
  folder = await mkdtemp(join(tmpdir(), 'intake-reader-'));
});
afterAll(async () => {
  await store.remove();
  await rm(folder, { recursive: true, force: true });
});

const take = (file: string, reader: IntakeReader) =>
  importFiles({ store, clock: testClock, ids: timeOrderedIds(), reader }, [file]);

async function billFile(name: string): Promise<string> {
  const document = encodeSettlementInput(await colonCancer());
  const bill = { ...document, visit: { ...document.visit, id: name } };
  const file = join(folder, `${name}.json`);
  await writeFile(file, JSON.stringify(bill));
  return file;
}

/** A thread at the edge of its memory is slow on a busy machine. */
const slowly = { timeout: 1_200_000 };

describe('reading files in a thread of its own', () => {
  it('sets a file aside over which a program ended, once, with words', async () => {
    const reader = startIntakeReader();
    const file = await billFile('ENDED');
    const dies: IntakeReader = { ...reader, open: () => new Promise(() => undefined) };
    void take(file, dies);
    await expect
      .poll(() => store.read(({ folderFacts }) => folderFacts.get('files-being-opened')))
      .not.toEqual(null);
    const found = await take(file, reader);
    expect(found.accepted).toEqual([]);
    expect(found.refused).toMatchObject([{ file, code: 'file-ended-program' }]);
    expect((await take(file, reader)).accepted).toMatchObject([{ visitId: 'ENDED' }]);
    expect(await store.read(({ folderFacts }) => folderFacts.get('files-being-opened'))).toEqual(
      {},
    );
    await reader.close();
  });

  it('takes no bill of a file that was cut or saved between the two looks at it, in words', async () => {
    const reader = startIntakeReader();
    const whole = await readFile(new URL('../cli/fixtures/i4.csv', import.meta.url));
    const file = join(folder, 'stick.csv');
    const changes = [
      () => truncate(file, Math.floor(whole.length / 2)),
      () => appendFile(file, '\n'),
      () => writeFile(file, whole).then(() => utimes(file, 1, 1)),
    ];
    for (const change of changes) {
      await writeFile(file, whole);
      const open: IntakeReader['open'] = async (...named) => {
        const opened = await reader.open(...named);
        await change();
        return opened;
      };
      const found = await take(file, { ...reader, open });
      expect(found.accepted).toEqual([]);
      expect(found.refused).toMatchObject([{ file, code: 'file-gone' }]);
      expect(found.refused[0]?.message.zh).toContain('changed-while-read');
    }
    await writeFile(file, whole);
    expect((await take(file, reader)).accepted.length).toBeGreaterThan(0);
    await reader.close();
  });

  it('takes no register of a file that was cut while its rows were looked at', async () => {
    const file = join(folder, 'register.json');
    await writeFile(file, '[{"a":"1"},{"a":"2"}]');
    const form = {
      columns: [{ path: 'a', zh: '甲' }],
      row: z.object({ a: z.string(), idNumber: z.string() }),
      numberOf: () => ({ idNumber: '' }),
      keyOf: () => null,
      check: () => {
        truncateSync(file, 5);
        return [];
      },
    };
    expect(() => readRegisterFile(file, form)).toThrow(FileChangedError);
    const gone = () => Promise.reject(new IntakeFileGoneError('EIO'));
    const reader = startIntakeReader();
    const refused = await readRegister({ reader: { ...reader, persons: gone } }, (by) =>
      by.persons(file),
    );
    expect(refused).toMatchObject({ ok: false, refusal: { code: 'file-gone' } });
    await reader.close();
  });

  it('refuses a file that is more than its memory, and reads the next one', slowly, async () => {
    const reader = startIntakeReader({ memory: 48 });
    const huge = join(folder, 'huge.json');
    await writeFile(huge, `[${'[1],'.repeat(1_900_000)}1]`);
    expect((await take(huge, reader)).refused).toMatchObject([{ code: 'file-ended-reader' }]);
    const good = await billFile('AFTER');
    expect((await take(good, reader)).accepted).toMatchObject([{ visitId: 'AFTER' }]);
    await reader.close();
  });

  it('reads a table that as a whole is more than its memory, visit by visit', slowly, async () => {
    const reader = startIntakeReader({ memory: 48 });
    const table = join(folder, 'large.csv');
    const handle = await open(table, 'w');
    await handle.write('visit.id,charge.line,charge.code,charge.name,charge.amount\n');
    const name = '注射用奥沙利铂'.repeat(20);
    for (let line = 0; line < 20_000; line += 1000) {
      const rows = Array.from({ length: 1000 }, (_, row) => {
        const visit = (line + row) % 400;
        return `ZY${String(visit)},${String(line + row + 1)},XA01,${name},1.00`;
      });
      await handle.write(`${rows.join('\n')}\n`);
    }
    await handle.close();
    const opened = await reader.open(table);
    if ('problem' in opened) throw new Error(opened.problem.code);
    let visits = 0;
    let lines = 0;
    for (;;) {
      const batch = await reader.next(opened.id);
      if (batch.length === 0) break;
      visits += batch.length;
      for (const { places } of batch) if (places.kind === 'csv') lines += places.chargeRows.length;
    }
    expect([visits, lines]).toEqual([400, 20_000]);
    await reader.close();
  });

  it.each([
    ['a document over 8 MB', 'large.json', '[', 8 * 1024 * 1024 + 1, '8 MB (JSON)'],
    ['a table over 512 MB', 'larger.csv', 'visit.id\n', 512 * 1024 * 1024 + 1, '512 MB (CSV)'],
  ])('refuses %s by name before reading it', async (_what, name, start, size, limit) => {
    const reader = startIntakeReader();
    const file = join(folder, name);
    await writeFile(file, start);
    await truncate(file, size);
    const { refused } = await take(file, reader);
    expect(refused).toMatchObject([{ code: 'file-too-large' }]);
    expect(refused[0]?.message.zh).toContain(limit);
    await reader.close();
  });

  it.runIf(process.platform === 'linux')('waits for no pipe', async () => {
    const reader = startIntakeReader();
    const pipe = join(folder, 'pipe.csv');
    execFileSync('mkfifo', [pipe]);
    expect((await take(pipe, reader)).refused).toMatchObject([{ code: 'file-unreadable' }]);
    await reader.close();
  });
});
