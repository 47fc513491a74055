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
      refused: [],
      kept: 0,
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
    ['a wrong check digit', `${headers}\n430626195001010017,张三,disabled,,\n`, 'id-number-wrong'],
    ['an unknown category', `${headers}\n${id},张三,rich,,\n`, 'register-row-wrong'],
    [
      'dates the wrong way',
      `${headers}\n${id},张三,disabled,2017-02-01,2017-01-01\n`,
      'register-row-wrong',
    ],
    ['an unknown column', `x,${headers}\n`, 'unknown-column'],
    ['nobody', '[]', 'no-rows'],
    ['a JSON cut off', '[{"idNumber"', 'damaged-json'],
  ])('refuses a file with nothing but %s as a whole', async (_name, content, code) => {
    expect(refusalOf(await take(content))).toBe(code);
    expect(await categories()).toBeNull();
  });

  it('refuses a name with the character NUL', async () => {
    const named = { idNumber: id, name: '张\u0000三', category: 'registered-poor' };
    expect(refusalOf(await take(JSON.stringify([named])))).toBe('nul-in-text');
    expect(valueOf(await take(JSON.stringify([{ ...named, name: '李四' }]))).new).toBe(1);
    expect(await store.read(({ persons }) => persons.findByName('张三', 1))).toEqual([]);
  });

  it('sets a row with such a name aside and takes the rest', async () => {
    const rows = ['张三', '李\u0000四'].map((name) => ({
      idNumber: id,
      name,
      category: 'registered-poor',
    }));
    const taken = valueOf(await take(JSON.stringify(rows)));
    expect(taken).toMatchObject({ new: 1, refused: [{ code: 'nul-in-text', row: 2 }] });
    expect(await categories()).toHaveLength(1);
  });
});

describe('a register with a bad row', () => {
  const other = '430626195001010024';
  const third = '430626195001010032';
  const both = `${headers}\n${id},张三,registered-poor,,\n${other},李四,disabled,,\n${third},王五,orphan,,\n`;
  const categoriesOf = (idNumber: string) =>
    store.read(async ({ persons }) => {
      const person = await persons.findByIdNumber(idNumber);
      if (person === null) return null;
      return (await persons.categoriesOf(person.id)).map(({ name }) => name);
    });

  it('takes the rest, says what is wrong where, and leaves its person as he was', async () => {
    valueOf(await take(both));
    const again = valueOf(
      await take(`${headers}\n${id},张三,rich,,\n${other},李四,low-income-edge,,\n`),
    );
    expect(again).toMatchObject({ matched: 1, onlyHere: 1, kept: 1, conflicting: [] });
    expect(again.refused).toMatchObject([
      { row: 2, column: 'category', code: 'register-row-wrong' },
    ]);
    expect(again.refused[0]?.message.zh).toContain('第 2 行“人员类别”不合要求，读到“rich”');
    expect(await categoriesOf(id)).toEqual(['registered-poor']);
    expect(await categoriesOf(other)).toEqual(['low-income-edge']);
    expect(await categoriesOf(third)).toEqual([]);
  });

  it('leaves whoever has the name of a row whose number cannot be read', async () => {
    valueOf(await take(both));
    const again = valueOf(
      await take(`${headers}\n4.30626E+17,张 三,disabled,,\n${other},李四,disabled,,\n`),
    );
    expect(again).toMatchObject({ kept: 1, onlyHere: 1 });
    expect(again.refused).toMatchObject([
      { row: 2, column: 'idNumber', code: 'id-number-damaged' },
    ]);
    expect(await categoriesOf(id)).toEqual(['registered-poor']);
    expect(await categoriesOf(third)).toEqual([]);
  });

  it('leaves everybody it no longer names where a row says neither number nor name', async () => {
    valueOf(await take(both));
    const again = valueOf(await take(`${headers}\n${other},李四,disabled,,\n,,disabled\n`));
    expect(again).toMatchObject({ kept: 2, onlyHere: 0, refused: [{ row: 3 }] });
    expect(await categoriesOf(third)).toEqual(['orphan']);
  });

  it('adds what a right row says of a person to what he had, where another row of his is bad', async () => {
    valueOf(await take(both));
    const again = valueOf(
      await take(
        `${headers}\n${id},张三,disabled,,\n${id},张三,rich,,\n${other},李四,disabled,,\n`,
      ),
    );
    expect(again.refused).toMatchObject([{ row: 3 }]);
    expect(await categoriesOf(id)).toEqual(['registered-poor', 'disabled']);
    // The next list is whole again and says all there is.
    valueOf(await take(`${headers}\n${id},张三,disabled,,\n${other},李四,disabled,,\n`));
    expect(await categoriesOf(id)).toEqual(['disabled']);
  });

  it('takes one name however it is written, and a number however it is written', async () => {
    valueOf(await take(both));
    const again = valueOf(
      await take(
        `${headers}\n'${id},张\u3000三,disabled,,\n="${other}",李四\u200b,orphan,,\n`,
        '残联',
      ),
    );
    expect(again).toMatchObject({ new: 0, onlyThere: 2, conflicting: [], refused: [] });
    expect(await categoriesOf(id)).toEqual(['registered-poor', 'disabled']);
  });

  it('takes the permit of a resident of Hong Kong, whose number tells no day of birth', async () => {
    const taken = valueOf(
      await take(`${headers}\nH1234567801,陈大文,registered-poor,2016-01-01,\n`),
    );
    expect(taken).toMatchObject({ new: 1, refused: [] });
    expect(await categoriesOf('H1234567801')).toEqual(['registered-poor']);
  });
});
