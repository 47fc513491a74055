import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { encodeSettlementInput } from '../../shared/contracts/stored-visit.ts';
import { plainInput } from '../../shared/policy/visits.test-support.ts';
import { timeOrderedIds } from '../base/ids.ts';
import { receivedAsJson } from '../database/bill-identity.ts';
import { createTestStore, type TestStore } from '../database/test-store.ts';
import { keepVisitDocument } from '../intake/keep-visit-document.ts';
import { refusalOf, testClock, valueOf } from '../settlement/settlement.test-support.ts';
import { readWorkbook } from '../workbooks/read-workbook.ts';
import { exportList, type ExportOrder } from './export-list.ts';
import { listFileBytes } from './list-file.ts';

const person = { ...plainInput(0).person, name: '张春三', idNumber: '430626195001010016' };
let store: TestStore;
let folder: string;
beforeEach(async () => {
  store = await createTestStore();
  folder = await mkdtemp(join(tmpdir(), 'export-list-'));
});
afterEach(async () => {
  await store.remove();
  await rm(folder, { recursive: true });
});

const receive = (id: string, { name = person.name, ...visit }: Record<string, unknown> = {}) => {
  const input = plainInput(1000);
  const stay = {
    ...input,
    person: { ...person, name: String(name) },
    visit: { ...input.visit, id, ...visit },
  };
  return keepVisitDocument(
    { store, ids: timeOrderedIds(), clock: testClock },
    receivedAsJson(encodeSettlementInput(stay)),
    `bills-${person.idNumber}.json`,
  );
};
const exported = async (order: Partial<ExportOrder> = {}, rowsMax?: number) =>
  exportList(
    {
      ...{ store, clock: testClock },
      exchange: { setting: 'hospital-in', folder, ownedBy: null },
      ...(rowsMax === undefined ? {} : { rowsMax }),
    },
    { list: 'ageing', format: 'csv', language: 'zh', by: 'clerk1', ...order },
  );
const textOf = async (order: Partial<ExportOrder> = {}): Promise<string> =>
  Buffer.from(valueOf(await exported(order)).bytes).toString('utf8');
const acts = async () =>
  (await store.read(({ audit }) => audit.list({ after: 0, limit: 1000 }))).filter(
    ({ act }) => act === 'export-list',
  );

describe('a list as a file', () => {
  it('opens in Excel as it is: a mark of UTF-8 once, a head, a line for each row', async () => {
    valueOf(await receive('A', { bed: '12', department: { code: 'D', name: '骨科' } }));
    valueOf(await receive('B', { admittedOn: '2017-11-02' }));
    const text = await textOf();
    expect([...text].filter((each) => each === '\uFEFF')).toHaveLength(1);
    expect(text.startsWith('\uFEFF出院几天,到达几天,姓名,科室,床号,')).toBe(true);
    expect(text.trimEnd().split('\r\n')).toHaveLength(3);
    expect(text).toContain('骨科,12,');
    expect(text).toContain(',1000.00,');
  });

  it('tells no name and no number whole, not even in the name of a source', async () => {
    valueOf(await receive('A'));
    expect(refusalOf(await receive('B', { name: '张春山' }))).toBe('person-differs');
    for (const list of ['ageing', 'people', 'changed-bills'] as const) {
      for (const language of ['zh', 'en'] as const) {
        const text = await textOf({ list, language });
        expect(text).not.toContain(person.idNumber);
        expect(text).not.toContain('张春三');
      }
    }
    expect(await textOf()).toContain('张*三');
    expect(await textOf({ list: 'people' })).toContain('430626********0016');
  });

  it('lets no cell become a formula, neither in CSV nor in a workbook', async () => {
    const hostile = [
      '=1+1',
      '+1',
      '-1',
      '@SUM(A1)',
      '\t=1+1',
      '＝1',
      ' =cmd',
      '\u200b=1',
      '|x',
      '%x',
    ];
    for (const [at, bed] of hostile.entries()) {
      const department = { code: 'D', name: `${bed}",骨"科` };
      valueOf(await receive(`V${String(at)}`, { bed, department }));
    }
    const cells = (await textOf())
      .split('\r\n')
      .slice(1)
      .flatMap((line) => line.split(','));
    expect(cells.length).toBeGreaterThan(hostile.length * 5);
    for (const cell of cells) expect(cell).not.toMatch(/^"?\s*[=+\-@＝|%]/u);
    const { bytes } = valueOf(await exported({ format: 'xlsx' }));
    const read = readWorkbook(bytes);
    if ('problem' in read) throw new Error(JSON.stringify(read.problem));
    const inWorkbook = read.rows.flatMap(({ cells: row }) => [...row.values()]);
    expect(inWorkbook.filter(({ kind }) => kind === 'other')).toEqual([]);
    expect(inWorkbook).toContainEqual({ kind: 'text', text: '=1+1' });
  });

  it('of refused files has a line for each problem, masked, and one for a file without a note', async () => {
    const refused = join(folder, 'refused');
    await mkdir(refused);
    const problem = (row: number) => ({
      ...{ row, code: 'x', remedy: { zh: '改', en: 'mend' } },
      message: { zh: `号码 ${person.idNumber} 不对`, en: `${person.idNumber} is wrong` },
    });
    const note = { refusedAt: '2017-11-27T01:00:00.000Z', accepted: [{ visitId: 'A' }] };
    for (let file = 0; file < 3; file += 1) {
      const name = `${String(file)}-${person.idNumber}.csv`;
      await writeFile(join(refused, name), 'x');
      await writeFile(
        join(refused, `${name}.problems.json`),
        file === 2 ? '{' : JSON.stringify({ ...note, refused: [problem(2), problem(9)] }),
      );
    }
    const text = await textOf({ list: 'refused-files' });
    expect(text).not.toContain(person.idNumber);
    expect(text.trimEnd().split('\r\n')).toHaveLength(1 + 2 + 2 + 1);
    expect(await acts()).toHaveLength(1);
  });

  it('is kept in the audit: who, which list, how many rows; one that was refused is not', async () => {
    for (const id of ['A', 'B', 'C']) valueOf(await receive(id));
    expect(refusalOf(await exported({}, 2))).toBe('list-too-long');
    expect(await acts()).toEqual([]);
    valueOf(await exported({ ageing: { from: 'arrival', waitsFor: null, daysAtLeast: null } }));
    const [entry] = await acts();
    expect(entry).toMatchObject({ who: 'clerk1', about: 'ageing' });
    expect(JSON.parse(entry?.detail_json ?? '')).toMatchObject({ format: 'csv', rows: 3 });
  });

  it('is not given where the books take no entry', async () => {
    valueOf(await receive('A'));
    const broken: TestStore = { ...store, transact: () => Promise.reject(new Error('full')) };
    await expect(
      exportList(
        { store: broken, clock: testClock, exchange: null },
        { list: 'ageing', format: 'csv', language: 'zh', by: 'clerk1' },
      ),
    ).rejects.toThrow('full');
  });
});

describe('a cell of a file', () => {
  it('that holds what separates cells is one cell, and a figure is a figure', async () => {
    const sheet = {
      ...{ name: 'x', headers: ['a'], widths: [1] },
      rows: [['one, two'], ['a "b"'], ['line\r\nbreak'], [{ fen: -5 }], [{ count: 7 }], [null]],
    };
    const text = Buffer.from(await listFileBytes(sheet, 'csv')).toString('utf8');
    expect(text).toBe(
      '\uFEFFa\r\n"one, two"\r\n"a ""b"""\r\n"line\r\nbreak"\r\n-0.05\r\n7\r\n\r\n',
    );
  });
});
