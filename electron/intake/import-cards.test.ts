import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import iconv from 'iconv-lite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { timeOrderedIds } from '../base/ids.ts';
import { createTestStore, type TestStore } from '../database/test-store.ts';
import { refusalOf, testClock, valueOf } from '../settlement/settlement.test-support.ts';
import { importCards } from './import-cards.ts';

let store: TestStore;
let folder: string;
beforeEach(async () => {
  store = await createTestStore();
  folder = await mkdtemp(join(tmpdir(), 'import-cards-'));
});
afterEach(async () => {
  await store.remove();
  await rm(folder, { recursive: true, force: true });
});

async function take(content: string | Uint8Array, source = '社保局') {
  const file = join(folder, 'cards');
  await writeFile(file, content);
  return importCards(
    {
      store,
      clock: testClock,
      ids: timeOrderedIds(),
      folder: { home: store.folder, databaseFile: store.file },
    },
    file,
    source,
  );
}

const id = '430626195001010016';
const headers = '卡类型,卡号,身份证号,姓名,状态';
const find = (number: string) => store.read(({ cards }) => cards.find('social-security', number));

describe('taking in a register of cards', () => {
  it('keeps whose card it is and whether it counts, whatever the file is written in', async () => {
    const text = `${headers}\nsocial-security,A12345678,${id},张三,\npreferential,000123,${id},张三,lost\n`;
    expect(valueOf(await take(iconv.encode(text, 'gb18030')))).toEqual({
      cards: 2,
      notValid: 1,
      before: 0,
      ofUnknownPersons: 1,
      refused: [],
      kept: 0,
    });
    const card = { kind: 'social-security', number: 'A12345678', idNumber: id, name: '张三' };
    expect(await find('A12345678')).toEqual([{ ...card, state: 'valid', source: '社保局' }]);
    expect(await find('a12345678')).toHaveLength(1);
  });

  it('replaces what the same register said and leaves the others', async () => {
    const row = { kind: 'social-security', number: 'A12345678', idNumber: id, name: '张三' };
    valueOf(await take(JSON.stringify([row])));
    valueOf(await take(JSON.stringify([{ ...row, state: 'lost' }]), '公安'));
    expect(valueOf(await take(JSON.stringify([{ ...row, number: 'B2345678' }]))).before).toBe(1);
    expect(await find('A12345678')).toEqual([{ ...row, state: 'lost', source: '公安' }]);
  });

  it.each([
    [
      'a card named twice',
      `social-security,A1234,${id},张三,\nsocial-security,A1234,${id},张三,lost`,
    ],
    [
      'a card named twice in other letters',
      `social-security,a1234,${id},张三,\nsocial-security,A1234,${id},张三,lost`,
    ],
    ['an unknown state', `social-security,A1234,${id},张三,stolen`],
    ['no number', `social-security,,${id},张三,`],
  ])('takes nothing of a file with nothing but %s', async (_, rows) => {
    expect(refusalOf(await take(`${headers}\n${rows}\n`))).toBe('register-row-wrong');
    expect(await find('A1234')).toEqual([]);
  });

  it('sets a bad row aside, takes the rest, and knows the card of that row as before', async () => {
    const row = (number: string, state = '', idNumber = id) =>
      `social-security,${number},${idNumber},张三,${state}\n`;
    valueOf(await take(`${headers}\n${row('A1234')}${row('B1234')}${row('C1234')}`));
    const again = valueOf(
      await take(
        `${headers}\n${row('A1234', 'stolen')}${row('B1234', 'lost')}${row('C1234', '', '4.3E+17')}`,
      ),
    );
    expect(again).toMatchObject({ cards: 1, kept: 2 });
    expect(again.refused).toMatchObject([
      { row: 2, column: 'state', code: 'register-row-wrong' },
      { row: 4, column: 'idNumber', code: 'id-number-damaged' },
    ]);
    expect(await find('A1234')).toMatchObject([{ state: 'valid' }]);
    expect(await find('B1234')).toMatchObject([{ state: 'lost' }]);
    expect(await find('C1234')).toMatchObject([{ state: 'valid' }]);
  });
});
