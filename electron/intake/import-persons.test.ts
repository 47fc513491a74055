import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import iconv from 'iconv-lite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { timeOrderedIds } from '../base/ids.ts';
import { createTestStore, type TestStore } from '../database/test-store.ts';
import { accepted } from '../../shared/domain/result.ts';
import { refusalOf, testClock, valueOf } from '../settlement/settlement.test-support.ts';
import { importPersons } from './import-persons.ts';

let store: TestStore;
let folder: string;
beforeEach(async () => {
  store = await createTestStore();
  folder = await mkdtemp(join(tmpdir(), 'import-persons-'));
});
afterEach(async () => {
  await store.remove();
  await rm(folder, { recursive: true, force: true });
});

async function take(content: string | Uint8Array, source = '民政局') {
  const file = join(folder, 'register');
  await writeFile(file, content);
  const taken = await importPersons(
    {
      store,
      clock: testClock,
      ids: timeOrderedIds(),
      folder: { home: store.folder, databaseFile: store.file },
    },
    file,
    source,
  );
  return taken.ok ? accepted(taken.value.report) : taken;
}

const id = '430626195001010016';
const headers = '身份证号,姓名,人员类别,认定日期,截止日期';

async function categories() {
  return store.read(async ({ persons }) => {
    const person = await persons.findByIdNumber(id);
    return person === null ? null : persons.categoriesOf(person.id);
  });
}

describe('taking in a person register', () => {
  it('replaces what the same source said, dated, and leaves other sources', async () => {
    const first = iconv.encode(`${headers}\n${id},张三,registered-poor,2016-01-01,\n`, 'gb18030');
    expect(valueOf(await take(first))).toEqual({
      matched: 0,
      new: 1,
      onlyHere: 0,
      onlyThere: 1,
      conflicting: [],
    });
    valueOf(
      await take(JSON.stringify([{ idNumber: id, name: '张三', category: 'disabled' }]), '残联'),
    );
    const again = valueOf(
      await take(`${headers}\n${id},张三,low-income-edge,2017-01-01,2017-12-31\n`),
    );
    expect(again).toMatchObject({ matched: 1, new: 0, onlyThere: 0 });
    expect(await categories()).toEqual([
      { name: 'disabled', source: '残联' },
      { name: 'low-income-edge', from: '2017-01-01', until: '2017-12-31', source: '民政局' },
    ]);
  });

  it('takes its categories from those it no longer names', async () => {
    valueOf(await take(`${headers}\n${id},张三,registered-poor,,\n`));
    const other = await take(`${headers}\n430626195001010024,李四,disabled,,\n`);
    expect(valueOf(other)).toMatchObject({ matched: 0, onlyHere: 1, onlyThere: 1 });
    expect(await categories()).toEqual([]);
  });

  it('lists another name and other dates, and does not change a person of another name', async () => {
    valueOf(await take(`${headers}\n${id},张三,registered-poor,2016-01-01,\n`));
    const dates = valueOf(
      await take(`${headers}\n${id},张三,registered-poor,2017-01-01,\n`, '扶贫办'),
    );
    expect(dates.conflicting).toMatchObject([{ code: 'dates-differ', source: '民政局', row: 2 }]);
    const name = valueOf(await take(`${headers}\n${id},李四,disabled,,\n`, '残联'));
    expect(name.conflicting).toMatchObject([{ code: 'name-differs', row: 2 }]);
    expect((await categories())?.map(({ source }) => source)).toEqual(['民政局', '扶贫办']);
  });

  it.each([
    [
      'a wrong check digit',
      `${headers}\n430626195001010017,张三,disabled,,\n`,
      'register-row-wrong',
    ],
    ['an unknown category', `${headers}\n${id},张三,rich,,\n`, 'register-row-wrong'],
    [
      'dates the wrong way',
      `${headers}\n${id},张三,disabled,2017-02-01,2017-01-01\n`,
      'register-row-wrong',
    ],
    ['an unknown column', `x,${headers}\n`, 'unknown-column'],
    ['nobody', '[]', 'no-rows'],
    ['a JSON cut off', '[{"idNumber"', 'damaged-json'],
  ])('refuses a file with %s as a whole', async (_name, content, code) => {
    expect(refusalOf(await take(content))).toBe(code);
    expect(await categories()).toBeNull();
  });

  it('refuses a name with the character NUL', async () => {
    const named = { idNumber: id, name: '张\u0000三', category: 'registered-poor' };
    expect(refusalOf(await take(JSON.stringify([named])))).toBe('nul-in-text');
    expect(valueOf(await take(JSON.stringify([{ ...named, name: '李四' }]))).new).toBe(1);
    expect(await store.read(({ persons }) => persons.findByName('张三', 1))).toEqual([]);
  });

  it('takes in none of a file with such a name', async () => {
    const rows = ['张三', '张\u0000三'].map((name) => ({
      idNumber: id,
      name,
      category: 'registered-poor',
    }));
    expect(refusalOf(await take(JSON.stringify(rows)))).toBe('nul-in-text');
    expect(await categories()).toBeNull();
  });
});
