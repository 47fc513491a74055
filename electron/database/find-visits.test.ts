import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { withCheckDigit } from '../../shared/domain/invented-numbers.test-support.ts';
import { plainInput } from '../../shared/policy/visits.test-support.ts';
import { wordsOfVisit } from '../base/search-words.ts';
import { keepVisit } from '../settlement/settlement.test-support.ts';
import { createTestStore, type TestStore } from './test-store.ts';

type Patient = {
  readonly id: string;
  readonly name: string;
  readonly idNumber: string;
  readonly bed?: string;
  readonly department?: string;
  readonly admissionNumber?: string;
};

const patients: readonly Patient[] = [
  {
    ...{ id: 'ZY-CHEN', name: '谌小平', idNumber: withCheckDigit('43062619500101001') },
    ...{ bed: '12', department: '呼吸内科', admissionNumber: '20171234' },
  },
  {
    ...{ id: 'ZY-UYGUR', name: '阿依古丽·买买提', idNumber: withCheckDigit('43062619630405122') },
    ...{ bed: '12床', department: '心血管内科', admissionNumber: '20175678' },
  },
  {
    ...{ id: 'ZY-GBK', name: '欧阳䶮', idNumber: withCheckDigit('43062619550315101') },
    ...{ bed: '3', department: '骨科' },
  },
  { id: 'MZ-LATIN', name: 'Mueller Anna Lena', idNumber: 'E12345678' },
];

let store: TestStore;
beforeAll(async () => {
  store = await createTestStore();
  for (const { id, name, idNumber, bed, department, admissionNumber } of patients) {
    const input = plainInput(100);
    await keepVisit(store, {
      ...input,
      person: { ...input.person, name, idNumber },
      visit: {
        ...input.visit,
        ...{ id, ...(bed === undefined ? {} : { bed }) },
        ...(department === undefined ? {} : { department: { code: 'D', name: department } }),
        ...(admissionNumber === undefined ? {} : { admissionNumber }),
      },
    });
  }
});
afterAll(() => store.remove());

const find = async (text: string) =>
  (await store.read(({ visits }) => visits.search(text, 50))).map(({ visitId }) => visitId).sort();

describe('the finder', () => {
  it.each([
    ['the name', '谌小平', ['ZY-CHEN']],
    ['the given name', '小平', ['ZY-CHEN']],
    ['one reading of a character', 'chenxiaoping', ['ZY-CHEN']],
    ['the other reading', 'shenxiao', ['ZY-CHEN']],
    ['initials', 'CXP', ['ZY-CHEN']],
    ['initials by the other reading', 'sxp', ['ZY-CHEN']],
    ['pinyin of the given name', 'xiaoping', ['ZY-CHEN']],
    ['pinyin with spaces', 'chen xiaoping', ['ZY-CHEN']],
    ['another interpunct', '阿依古丽•买买提', ['ZY-UYGUR']],
    ['no interpunct', '阿依古丽买买提', ['ZY-UYGUR']],
    ['a space for the interpunct', '阿依古丽 买买提', ['ZY-UYGUR']],
    ['the part behind the interpunct', '买买提', ['ZY-UYGUR']],
    ['a private character of GBK', '欧阳\uE863', ['ZY-GBK']],
    ['a reading of a rare character', 'ouyangyan', ['ZY-GBK']],
    ['full-width digits', '２０１７１２３４', ['ZY-CHEN']],
    ['an invisible mark', '\u202D20171234\u202C', ['ZY-CHEN']],
    ['a part of the ID number', '0101001', ['ZY-CHEN']],
    ['the last of the ID number', '05122', ['ZY-UYGUR']],
    ['a part of the admission number', '175678', ['ZY-UYGUR']],
    ['the beginning of admission numbers', '2017', ['ZY-CHEN', 'ZY-UYGUR']],
    ['ward and bed', '心血管内科 12', ['ZY-UYGUR']],
    ['ward and bed as one word', '呼吸内科12床', ['ZY-CHEN']],
    ['a part of the ward, and the bed', '内科12床', ['ZY-CHEN', 'ZY-UYGUR']],
    ['the bed', '3床', ['ZY-GBK']],
    ['the bed and a name', '12 小平', ['ZY-CHEN']],
    ['a passport', 'e12345678', ['MZ-LATIN']],
    ['parts of a Latin name', 'anna mueller', ['MZ-LATIN']],
    ['full-width letters', 'ｍｕｅｌｌｅｒ', ['MZ-LATIN']],
    ['nothing', ' ', []],
    ['signs alone', '%', []],
    ['a sign of a pattern', '2017_234', []],
    ['nobody', '王五', []],
    ['a part of a number that is too short', '001', []],
  ])('finds by %s', async (_by, text, found) => {
    expect(await find(text)).toEqual(found);
  });

  it('finds by a whole number what bears it alone, though it is a part of others', async () => {
    const input = plainInput(100);
    const visit = { ...input.visit, id: 'ZY-CHEN-2', admissionNumber: '201712345' };
    const person = { ...input.person, name: '王五', idNumber: withCheckDigit('43062619660606001') };
    await keepVisit(store, { ...input, person, visit });
    expect(await find('20171234')).toEqual(['ZY-CHEN']);
    expect(await find('2017123')).toEqual(['ZY-CHEN', 'ZY-CHEN-2']);
  });

  it('finds by the bed and name of the bill that counts now, not of the one before', async () => {
    const input = plainInput(100);
    const person = { ...input.person, name: '赵六', idNumber: withCheckDigit('43062619770707001') };
    const stay = (bed: string) => ({
      ...input,
      person,
      visit: { ...input.visit, id: 'ZY-MOVED', bed },
    });
    await keepVisit(store, stay('77'));
    expect(await find('77床')).toEqual(['ZY-MOVED']);
    await keepVisit(store, stay('78'));
    expect(await find('77床')).toEqual([]);
    expect(await find('78床')).toEqual(['ZY-MOVED']);
  });

  it('shows the unsettled first and then the newest, where there are more than fit', async () => {
    const input = plainInput(100);
    for (let day = 1; day <= 5; day += 1) {
      const dischargedOn = `2017-11-2${String(day)}`;
      const person = {
        ...input.person,
        name: '钱多多',
        idNumber: withCheckDigit(`4306261988080800${String(day)}`),
      };
      const visit = { ...input.visit, id: `ZY-Q${String(day)}`, dischargedOn };
      await keepVisit(store, { ...input, person, visit });
    }
    const found = await store.read(({ visits }) => visits.search('qdd', 3));
    expect(found.map(({ visitId }) => visitId)).toEqual(['ZY-Q5', 'ZY-Q4', 'ZY-Q3']);
  });

  it('keeps a bounded number of words, however long a name and however many readings', () => {
    const words = wordsOfVisit({ name: '乐'.repeat(100), bed: '1', department: '科'.repeat(100) });
    expect(words.length).toBeLessThanOrEqual(60);
  });
});
