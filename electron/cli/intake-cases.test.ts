import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import Papa from 'papaparse';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import type { Refusal, Warning } from '../../shared/domain/result.ts';
import { openServices } from '../app/open-services.ts';
import type { Services } from '../app/services.ts';
import { valueOf } from '../settlement/settlement.test-support.ts';
import { verifyFolder } from '../settlement/verify-folder.ts';
import { workbookBytes, type SheetCell } from '../workbooks/write-workbook.ts';
import { callersOf } from './callers.ts';
import type { CommandAnswer, CommandCall } from './command.ts';
import { commands } from './commands.ts';

/** Files of invented persons as hospitals and offices hand them over; each stands for a kind of fault. */
const cases = fileURLToPath(new URL('fixtures', import.meta.url));

let made: string;
let folder: string;
let services: Services;
const openDesk = async (home: string): Promise<Services> =>
  valueOf(await openServices({ home, wanted: null, whenMissing: 'make-demo', environment: {} }));
beforeAll(async () => {
  made = await mkdtemp(join(tmpdir(), 'intake-cases-made-'));
  await (await openDesk(join(made, 'desk'))).close();
});
afterAll(() => rm(made, { recursive: true, force: true }));
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'intake-cases-'));
  await cp(join(made, 'desk'), join(folder, 'desk'), { recursive: true });
  services = await openDesk(join(folder, 'desk'));
});
afterEach(async () => {
  // Whatever came in, the books add up.
  const failed = (await verifyFolder(services)).checks.filter(({ ok }) => !ok);
  await services.close();
  await rm(folder, { recursive: true, force: true });
  expect(failed).toEqual([]);
});

async function run(
  name: string,
  words: readonly string[],
  options: CommandCall['options'] = {},
): Promise<CommandAnswer> {
  const command = commands.find((each) => each.name === name);
  if (command === undefined) throw new Error(`no command ${name}`);
  const call = {
    ...{ words, options, home: services.folder.home, environment: {} },
    path: (given: string) => given,
    secrets: { next: () => Promise.resolve(null) },
    say: () => undefined,
  };
  if (command.folder === 'none') return command.run(call);
  return command.run(call, services, valueOf(await callersOf(command, call, services)));
}

/** What a command answers, and with what it ends. */
async function answerOf<Json>(
  name: string,
  words: readonly string[],
  options: CommandCall['options'] = {},
): Promise<Json & { readonly exit: number }> {
  const answer = await run(name, words, options);
  if (answer.kind === 'refused') return { refusal: answer.refusal, exit: 1 } as never;
  if (answer.kind !== 'done') throw new Error(JSON.stringify(answer));
  return { ...(answer.json as Json), exit: answer.allWell ? 0 : 1 };
}

type Refused = Refusal & { readonly row?: number; readonly column?: string };
type Imported = {
  readonly accepted: readonly { readonly visitId: string; readonly warnings: readonly Warning[] }[];
  readonly refused: readonly Refused[];
};
type Register = {
  readonly matched: number;
  readonly new: number;
  readonly onlyThere: number;
  readonly conflicting: readonly Refused[];
  readonly refused: readonly Refused[];
};
type Settled = {
  readonly result: {
    readonly patientPays: string;
    readonly shares: readonly { readonly step: string; readonly amount: string }[];
    readonly yearToDate: { readonly admissions: number };
    readonly warnings: readonly Warning[];
  };
};

const take = (...files: readonly string[]) =>
  answerOf<Imported>(
    'import',
    files.map((file) => join(cases, file)),
  );
const takeRegister = (file: string, source = '乡村振兴局') =>
  answerOf<Register>('import-persons', [join(cases, file)], { source });
const settle = (visitId: string) => answerOf<Settled>('settle-visit', [visitId]);
const codes = (said: readonly { readonly code: string }[]) => said.map(({ code }) => code);
const visits = (imported: Imported) => imported.accepted.map(({ visitId }) => visitId);

/** Whoever it is, the person is known under one number. */
const personOf = (idNumber: string) =>
  services.store.read(async ({ persons, visits: all }) => {
    const person = await persons.findByIdNumber(idNumber);
    if (person === null) return null;
    const categories = await persons.categoriesOf(person.id);
    const stays = await all.ofPerson(person.id);
    return {
      name: person.name,
      categories: categories.map(({ name, source }) => `${name} (${source})`),
      visits: stays.map(({ visitId }) => visitId).sort(),
    };
  });

describe('numbers that Excel has damaged', () => {
  it.each([
    ['m-sci.csv', 'id-number-damaged', ['M-sci-A', 'M-sci-B']],
    ['m-zero.csv', 'id-number-missing', ['M-zero-A', 'M-zero-B']],
    ['i2.csv', 'id-number-damaged', ['I2-A', 'I2-B']],
  ])(
    '%s: neither stranger is taken, and it is said where and how to save the file',
    async (file, code, ids) => {
      const imported = await take(file);
      expect(imported).toMatchObject({ exit: 1, accepted: [] });
      expect(codes(imported.refused)).toEqual([code, code]);
      expect(imported.refused[0]).toMatchObject({ row: 2, column: '身份证号' });
      for (const { message, remedy } of imported.refused) {
        expect(message.zh).toContain('读到“');
        expect(message.en).toContain('was read');
        expect(remedy.zh).toMatch(/Excel|补上/);
        expect(remedy.en).toMatch(/Excel|filled in/);
      }
      for (const visitId of ids) {
        expect(await settle(visitId)).toMatchObject({ refusal: { code: 'visit-unknown' } });
      }
    },
  );

  it('m-alone.csv: the second of them, with the number of the card, pays what a first stay costs', async () => {
    expect(visits(await take('m-alone.csv'))).toHaveLength(1);
    const [visitId = ''] = visits(await take('m-alone.csv'));
    expect((await settle(visitId)).result.patientPays).toBe('3968.10');
  });

  it('i4.csv: what is clear is one person, and what has a digit too few is refused', async () => {
    const imported = await take('i4.csv');
    const clear = ['I4-A', 'I4-B', 'I4-C', 'I4-D', 'I4-E', 'I4-F', 'I4-G', 'I4-H'];
    expect(visits(imported)).toEqual(clear);
    expect(imported.refused).toMatchObject([
      { code: 'id-number-wrong', column: '身份证号', row: 26 },
    ]);
    expect(imported.exit).toBe(1);
    expect((await personOf('430626197008153019'))?.visits).toEqual(clear);
    // One year: the second stay knows of the first.
    await settle('I4-A');
    expect((await settle('I4-E')).result.yearToDate.admissions).toBe(2);
  });
});

describe('files as they are saved', () => {
  it('e6-mixed.csv: line ends of two kinds are read', async () => {
    expect(await take('e6-mixed.csv')).toMatchObject({ exit: 0, refused: [] });
    expect((await settle('E6-001')).exit).toBe(0);
  });

  it('e3-utf16.txt: the "Unicode text" of Excel is read', async () => {
    const imported = await take('e3-utf16.txt');
    expect(imported).toMatchObject({ exit: 0, refused: [] });
    expect(visits(imported)).toEqual(['E3-001']);
    expect((await personOf('430626197008153019'))?.name).toBe('罗小满');
  });

  it('e1-register-gbk.csv: a list in GBK is not taken for Cyrillic', async () => {
    expect(await take('e1-visit.json')).toMatchObject({ exit: 0 });
    const register = await takeRegister('e1-register-gbk.csv');
    expect(register).toMatchObject({ exit: 0, conflicting: [], refused: [], new: 0, onlyThere: 1 });
    expect(await personOf('430626196203140024')).toMatchObject({
      name: '谢雪英',
      categories: ['registered-poor (乡村振兴局)'],
    });
  });

  it('an XLSX with figures and days of Excel comes to the same as its CSV, and its damage is seen by type', async () => {
    const text = await readFile(join(cases, 'm-alone.csv'), 'utf8');
    const [headers = [], ...rows] = Papa.parse<string[]>(text.trim()).data;
    const at = (header: string) => headers.findIndex((each) => each === header);
    const dayOf = (day: string) => ({ count: Date.parse(day) / 86_400_000 + 25_569 });
    const asExcel = (row: readonly string[], number: SheetCell): SheetCell[] =>
      row.map((cell, column) => {
        if (column === at('身份证号')) return number;
        if (/^\d{4}-\d{2}-\d{2}$/.test(cell)) return dayOf(cell);
        return /^\d+\.\d+$/.test(cell) ? { fen: Math.round(Number(cell) * 100) } : cell;
      });
    const write = async (name: string, number: (cell: string) => SheetCell) => {
      const cells = rows.map((row) => asExcel(row, number(row[at('身份证号')] ?? '')));
      const file = join(folder, name);
      await writeFile(
        file,
        await workbookBytes([{ name: '费用', headers, rows: cells, widths: [] }]),
      );
      return answerOf<Imported>('import', [file]);
    };
    const damaged = await write('damaged.xlsx', (cell) => ({
      count: Number(cell.slice(0, 17) + '0'),
    }));
    expect(damaged).toMatchObject({ exit: 1, accepted: [] });
    expect(codes(damaged.refused)).toContain('id-number-damaged');
    expect(damaged.refused[0]).toMatchObject({ row: 2, column: '身份证号' });
    const [visitId = ''] = visits(await write('right.xlsx', (cell) => cell));
    expect((await settle(visitId)).result.patientPays).toBe('3968.10');
  });

  it('a list in an XLSX is taken like one in a CSV', async () => {
    expect(await take('e1-visit.json')).toMatchObject({ exit: 0 });
    const headers = ['身份证号', '姓名', '人员类别', '认定日期'];
    const rows = [['430626196203140024', '谢雪英', 'registered-poor', { count: 43_000 }]];
    const file = join(folder, 'list.xlsx');
    await writeFile(file, await workbookBytes([{ name: '名单', headers, rows, widths: [] }]));
    const register = await answerOf<Register>('import-persons', [file], { source: '乡村振兴局' });
    expect(register).toMatchObject({ exit: 0, onlyThere: 1, refused: [], conflicting: [] });
  });

  it('f4.csv: a refund that was rounded piece by piece is one of the whole', async () => {
    expect(await take('f4.csv')).toMatchObject({ exit: 0, refused: [] });
    expect((await settle('F-004')).exit).toBe(0);
  });

  it('f4.csv: more than the rounding is still too much', async () => {
    const text = await readFile(join(cases, 'f4.csv'), 'utf8');
    const file = join(folder, 'f4.csv');
    await writeFile(file, text.replaceAll('-0.34', '-0.35'));
    const imported = await answerOf<Imported>('import', [file]);
    expect(codes(imported.refused)).toContain('refund-exceeds-line');
  });
});

describe('lists of persons and the visits they are for', () => {
  beforeEach(async () => {
    expect(await take('r-visits.json')).toMatchObject({ exit: 0 });
  });

  it.each([
    ['r1-2022.csv', '430626196507072024'],
    ['r1b.csv', '430626196701013028'],
  ])('%s: another dot, or a space, is no other name', async (file, idNumber) => {
    const register = await takeRegister(file);
    expect(register).toMatchObject({ exit: 0, conflicting: [], refused: [], onlyThere: 1 });
    expect((await personOf(idNumber))?.categories).toContain('registered-poor (乡村振兴局)');
  });

  it('r2-smallx.csv: a small x is the X it stands for', async () => {
    const register = await takeRegister('r2-smallx.csv');
    expect(register).toMatchObject({ exit: 0, conflicting: [], refused: [], onlyThere: 2, new: 0 });
    expect((await personOf('43062619660606103X'))?.categories).toContain(
      'registered-poor (乡村振兴局)',
    );
  });

  it('r3-permit.csv: a permit is a number as well, and takes nobody else’s place', async () => {
    const register = await takeRegister('r3-permit.csv');
    expect(register).toMatchObject({ exit: 0, refused: [], onlyThere: 2, new: 1 });
    expect(await personOf('H1234567801')).toMatchObject({ name: '陈大文' });
  });

  it('a row that is truly bad is set aside alone', async () => {
    const file = join(folder, 'list.csv');
    const text = await readFile(join(cases, 'r2-smallx.csv'), 'utf8');
    await writeFile(
      file,
      `${text.trimEnd()}\r\n430626196701013029,欧阳娜,registered-poor,2016-01-01,resident,430626\r\n`,
    );
    const register = await answerOf<Register>('import-persons', [file], { source: '民政局' });
    expect(register).toMatchObject({ exit: 1, onlyThere: 2 });
    expect(register.refused).toMatchObject([
      { row: 4, column: 'idNumber', code: 'id-number-wrong' },
    ]);
  });

  it('another name is a conflict: exit 1, a remedy, and an entry that waits for a person', async () => {
    const file = join(folder, 'list.csv');
    const text = (name: string) =>
      `idNumber,name,category\n430626196701013028,${name},registered-poor\n`;
    await writeFile(file, text('欧阳兰'));
    const takeList = () => answerOf<Register>('import-persons', [file], { source: '民政局' });
    const register = await takeList();
    expect(register).toMatchObject({ exit: 1, onlyThere: 1 });
    expect(register.conflicting).toMatchObject([{ code: 'name-differs', row: 2 }]);
    expect(register.conflicting[0]?.remedy.zh).toContain('answer-person-question');
    const waiting = await run('person-questions', []);
    expect(waiting).toMatchObject({
      kind: 'done',
      json: [{ cameBy: 'register', source: '民政局', place: 'row 2', differs: ['name'] }],
    });
    const [{ questionId = '' } = {}] = (waiting as { json: { questionId?: string }[] }).json;
    // Somebody has looked: she married. The list is taken the next time.
    const said = await answerOf('answer-person-question', [questionId], {
      ...{ same: true, reason: '已看户口簿，改过名' },
    });
    expect(said).toMatchObject({ exit: 0, state: 'same' });
    expect(await takeList()).toMatchObject({ exit: 0, conflicting: [] });
    expect((await personOf('430626196701013028'))?.categories).toContain(
      'registered-poor (民政局)',
    );
    expect(await run('person-questions', [])).toMatchObject({ json: [] });
  });
});

describe('w1.json: what is warned of', () => {
  const rightNumber = '430626197008153019';

  it('with a wrong number is refused by settle and by import in the same words', async () => {
    const file = join(folder, 'w1.json');
    const text = await readFile(join(cases, 'w1.json'), 'utf8');
    await writeFile(file, text.replace(rightNumber, '430626197008153011'));
    const settled = await run('settle', [], { pack: 'pingjiang-2017', visit: file });
    const imported = await answerOf<Imported>('import', [file]);
    expect(settled).toMatchObject({ kind: 'refused', refusal: { code: 'id-number-wrong' } });
    expect(codes(imported.refused)).toEqual(['id-number-wrong']);
    expect(imported.exit).toBe(1);
  });

  it('with its right number warns the same everywhere, and the visit keeps it', async () => {
    const file = join(cases, 'w1.json');
    const settled = await run('settle', [], { pack: 'pingjiang-2017', visit: file });
    const { warnings } = (settled as { json: { warnings: readonly Warning[] } }).json;
    expect(codes(warnings)).toEqual([
      'charge-outside-stay',
      'amount-rounded',
      'first-self-pay-ignored',
    ]);
    const imported = await answerOf<Imported>('import', [file]);
    expect(imported.accepted[0]?.warnings).toEqual(warnings);
    const record = await services.store.read(({ visits: all }) => all.find('W-001'));
    expect(record?.warnings).toEqual(warnings);
    expect((await settle('W-001')).result.warnings).toEqual(warnings);
  });
});

describe('a number that somebody else has', () => {
  const bill = async (changes: { id: string; person?: object }) => {
    const text = await readFile(join(cases, 'e1-visit.json'), 'utf8');
    const document = JSON.parse(text) as { visit: object; person: object };
    const file = join(folder, `${changes.id}.json`);
    const visit = { ...document.visit, id: changes.id };
    await writeFile(
      file,
      JSON.stringify({ ...document, visit, person: { ...document.person, ...changes.person } }),
    );
    return answerOf<Imported>('import', [file]);
  };

  it.each([
    ['name', { name: '谢雪梅' }],
    ['birth-date', { birthDate: '1962-03-15' }],
    ['sex', { sex: 'male' }],
  ])('another %s is asked about, and nothing is overwritten', async (what, person) => {
    await bill({ id: 'Q-1' });
    const other = await bill({ id: 'Q-2', person });
    expect(other).toMatchObject({ exit: 1, accepted: [] });
    expect(other.refused).toMatchObject([{ code: 'person-differs', place: '/person/idNumber' }]);
    expect(other.refused[0]?.message.zh).toMatch(/已经登记为：谢.*这份账单写的是：谢/);
    expect(await personOf('430626196203140024')).toMatchObject({
      name: '谢雪英',
      visits: ['Q-1'],
    });
    expect(await run('person-questions', [])).toMatchObject({
      json: [{ cameBy: 'visit', visitId: 'Q-2', differs: [what] }],
    });
    // The same again is the same question.
    await bill({ id: 'Q-2', person });
    const { json } = (await run('person-questions', [])) as { json: unknown[] };
    expect(json).toHaveLength(1);
  });

  it('is the same person once somebody has said so, and counts from then on', async () => {
    await bill({ id: 'Q-1' });
    await bill({ id: 'Q-2', person: { name: '谢雪梅' } });
    const [{ questionId = '' } = {}] = (
      (await run('person-questions', [])) as { json: { questionId?: string }[] }
    ).json;
    expect(
      await answerOf('answer-person-question', [questionId], { same: true, reason: ' ' }),
    ).toMatchObject({ refusal: { code: 'person-question-reason-missing' } });
    // The bill comes in by itself: it was kept with the question.
    expect(
      await answerOf('answer-person-question', [questionId], { same: true, reason: '已看身份证' }),
    ).toMatchObject({ exit: 0, state: 'same', accepted: ['Q-2'], refused: [] });
    expect((await services.store.read(({ visits: all }) => all.find('Q-2')))?.person.name).toBe(
      '谢雪梅',
    );
    expect(await run('person-questions', [])).toMatchObject({ json: [] });
    // And it is the same bill when it comes again.
    expect(visits(await bill({ id: 'Q-2', person: { name: '谢雪梅' } }))).toEqual(['Q-2']);
    expect(await services.store.read(({ visits: all }) => all.find('Q-2'))).toMatchObject({
      billVersion: 1,
    });
    expect((await personOf('430626196203140024'))?.visits).toEqual(['Q-1', 'Q-2']);
    // A bill with either of the two names is hers.
    expect(visits(await bill({ id: 'Q-3' }))).toEqual(['Q-3']);
    expect(visits(await bill({ id: 'Q-4', person: { name: '谢雪兰' } }))).toEqual([]);
  });

  it('takes in the newest bill that waits, and none where the ward has sent the right one since', async () => {
    await bill({ id: 'Q-1' });
    await bill({ id: 'Q-2', person: { name: '谢雪梅', phone: '1' } });
    await bill({ id: 'Q-2', person: { name: '谢雪梅', phone: '2' } });
    await bill({ id: 'Q-3', person: { name: '谢雪梅' } });
    // Meanwhile the ward says that the last one is somebody else's.
    const right = { name: '谢雪兰', idNumber: '430626196203140040' };
    expect(visits(await bill({ id: 'Q-3', person: right }))).toEqual(['Q-3']);
    const asked = ((await run('person-questions', [])) as { json: { questionId?: string }[] }).json;
    expect(asked).toHaveLength(1);
    const answered = await answerOf<object>(
      'answer-person-question',
      [asked[0]?.questionId ?? ''],
      { same: true, reason: '已看身份证' },
    );
    expect(answered).toMatchObject({ exit: 0, accepted: ['Q-2'], refused: [] });
    const kept = await services.store.read(({ visits: all }) => all.find('Q-2'));
    expect(kept?.person).toMatchObject({ name: '谢雪梅', phone: '2' });
    expect((await personOf('430626196203140040'))?.visits).toEqual(['Q-3']);
  });

  it('of two numbers of one person is linked by a command, shown before, and taken back', async () => {
    const categories = ['registered-poor'];
    await bill({ id: 'Q-1', person: { categories } });
    const passport = { document: 'passport', idNumber: 'E12345678', categories };
    await bill({ id: 'Q-2', person: passport });
    await settle('Q-1');
    const shown = await answerOf<object>('link-number', ['E12345678'], {
      ...{ to: '430626196203140024', preview: true },
    });
    expect(shown).toMatchObject({ exit: 0, act: 'linked', isPreview: true, visits: ['Q-2'] });
    expect((await personOf('E12345678'))?.visits).toEqual(['Q-2']);
    const to = { to: '430626196203140024', reason: '已看护照' };
    expect(await answerOf('link-number', ['E12345678'], to)).toMatchObject({ exit: 0 });
    expect((await personOf('E12345678'))?.visits).toEqual(['Q-1', 'Q-2']);
    expect((await settle('Q-2')).result.yearToDate.admissions).toBe(2);
    const told = await answerOf<object>('unlink-number', ['E12345678'], { reason: '不是同一个人' });
    expect(told).toMatchObject({
      years: [{ of: [{ now: { admissions: 1 } }, { now: { admissions: 1 } }] }],
    });
    expect((await personOf('E12345678'))?.visits).toEqual(['Q-2']);
  });

  it('is another person where somebody has said that, until the number is another one', async () => {
    await bill({ id: 'Q-1' });
    await bill({ id: 'Q-2', person: { name: '谢雪梅' } });
    const [{ questionId = '' } = {}] = (
      (await run('person-questions', [])) as { json: { questionId?: string }[] }
    ).json;
    await answerOf('answer-person-question', [questionId], { other: true, reason: '两个人' });
    const again = await bill({ id: 'Q-2', person: { name: '谢雪梅' } });
    expect(again.refused[0]?.message.zh).toContain('已有人确认不是同一个人');
    const right = { name: '谢雪梅', idNumber: '430626196203140040' };
    expect(visits(await bill({ id: 'Q-2', person: right }))).toEqual(['Q-2']);
    expect(await run('person-questions', [])).toMatchObject({ json: [] });
  });

  it('may be corrected by the one bill that has said it', async () => {
    await bill({ id: 'Q-1', person: { birthDate: '1962-03-15' } });
    expect(visits(await bill({ id: 'Q-1' }))).toEqual(['Q-1']);
    expect(visits(await bill({ id: 'Q-2' }))).toEqual(['Q-2']);
  });

  it('of fifteen digits is not another person than that of eighteen', async () => {
    const categories = ['registered-poor'];
    await bill({ id: 'Q-1', person: { categories } });
    const old = { idNumber: '430626620314002', categories };
    const asked = await bill({ id: 'Q-2', person: old });
    expect(asked).toMatchObject({ exit: 1, refused: [{ code: 'person-differs' }] });
    const [{ questionId = '' } = {}] = (
      (await run('person-questions', [])) as { json: { questionId?: string }[] }
    ).json;
    expect(
      await answerOf('answer-person-question', [questionId], { same: true, reason: '旧证换新证' }),
    ).toMatchObject({ accepted: ['Q-2'] });
    expect((await personOf('430626196203140024'))?.visits).toEqual(['Q-1', 'Q-2']);
    await settle('Q-1');
    expect((await settle('Q-2')).result.yearToDate.admissions).toBe(2);
  });
});
