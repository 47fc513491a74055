import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import fc from 'fast-check';
import iconv from 'iconv-lite';
import Papa from 'papaparse';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { createTestStore, type TestStore } from '../database/test-store.ts';
import { timeOrderedIds } from '../base/ids.ts';
import { settleVisit } from '../settlement/settle-visit.ts';
import {
  colonCancer,
  dependenciesOn,
  ownPacks,
  testClock,
  valueOf,
} from '../settlement/settlement.test-support.ts';
import { encodeSettlementInput } from '../../shared/contracts/stored-visit.ts';
import { csvColumns } from './csv-columns.ts';
import { importFiles, type ImportReport } from './import-files.ts';

const depth = Number(process.env['TEST_DEPTH'] ?? '1');

let store: TestStore;
let folder: string;
beforeEach(async () => {
  store = await createTestStore();
  folder = await mkdtemp(join(tmpdir(), 'import-files-'));
});
afterEach(async () => {
  await store.remove();
  await rm(folder, { recursive: true, force: true });
});

async function take(content: string | Uint8Array, name = 'visits.csv'): Promise<ImportReport> {
  const file = join(folder, name);
  await writeFile(file, content);
  return importFiles({ store, clock: testClock, ids: timeOrderedIds() }, [file]);
}

function codes(report: ImportReport): string[] {
  return report.refused.map(({ code }) => code);
}

type Row = Record<string, string>;

const row: Row = {
  'visit.id': 'ZY1',
  'visit.kind': 'inpatient',
  'visit.admittedOn': '2017-11-10',
  'visit.dischargedOn': '2017-11-27',
  'visit.hospital.code': 'H43062600001',
  'visit.hospital.name': '平江县第一人民医院',
  'visit.hospital.level': 'county',
  'diagnosis.code': 'C18.900',
  'diagnosis.name': '结肠恶性肿瘤',
  'person.name': '张三',
  'person.idNumber': '430626195001010016',
  'person.birthDate': '1950-01-01',
  'person.sex': 'male',
  'person.insurance': 'resident',
  'person.insuredPlace': '430626',
  'person.categories': 'registered-poor',
  'charge.line': '1',
  'charge.code': 'XA01',
  'charge.name': '注射用奥沙利铂',
  'charge.category': 'western-drug',
  'charge.catalogueClass': 'B',
  'charge.firstSelfPayRatio': '0.10',
  'charge.unit': '支',
  'charge.quantity': '6',
  'charge.unitPrice': '620.00',
  'charge.amount': '3720.00',
  'charge.on': '2017-11-12',
};
const secondLine: Row = {
  ...row,
  'charge.line': '2',
  'charge.quantity': '1',
  'charge.amount': '620.00',
};
const refund: Row = {
  ...row,
  'charge.line': '3',
  'charge.quantity': '-1',
  'charge.amount': '-620.00',
};

function csv(rows: readonly Row[], names = Object.keys(row)): string {
  return Papa.unparse({ fields: names, data: rows.map((each) => names.map((n) => each[n] ?? '')) });
}

describe('taking in a CSV', () => {
  it.each([
    ['UTF-8', (text: string) => Buffer.from(text, 'utf8')],
    ['UTF-8 with a mark', (text: string) => Buffer.from(`\uFEFF${text}`, 'utf8')],
    ['GB18030', (text: string) => iconv.encode(text, 'gb18030')],
  ])('keeps a visit and a rare four-byte name in %s', async (_name, encode) => {
    const name = '\u{20BB7}\u{2B5AF}田';
    const report = await take(
      encode(csv([row, secondLine].map((r) => ({ ...r, 'person.name': name })))),
    );
    expect(report).toEqual({
      accepted: [
        {
          visitId: 'ZY1',
          lines: 2,
          warnings: [expect.objectContaining({ code: 'year-to-date-unknown' })],
        },
      ],
      refused: [],
    });
    const kept = await store.read(({ visits }) => visits.find('ZY1'));
    expect(kept?.person.name).toBe(name);
  });

  it('takes Chinese headers for every column', async () => {
    const zhOf = new Map(csvColumns.map(({ path, zh }) => [path, zh]));
    const [, ...lines] = csv([row]).split('\r\n');
    const headers = Object.keys(row).map((path) => zhOf.get(path) ?? path);
    const report = await take([headers.join(','), ...lines].join('\r\n'));
    expect(report.refused).toEqual([]);
    expect(headers.every((header) => /[\u4e00-\u9fff]/u.test(header))).toBe(true);
  });

  it('takes refunds, blockers and the year to date', async () => {
    const more = {
      'visit.blockers': 'orders-not-stopped 长期医嘱未停',
      'yearToDate.year': '2017',
      'yearToDate.asOf': '2017-11-01',
      'yearToDate.admissions': '1',
      'yearToDate.deductiblePaid': '500.00',
      'yearToDate.eligible': '1000.00',
      'yearToDate.selfPay': '700.00',
      'yearToDate.eligibleSelfPay': '600.00',
      'yearToDate.paid': 'basic=300.00',
    };
    const rows = [row, { ...refund, 'charge.refundsLine': '1' }].map((r) => ({ ...r, ...more }));
    const report = await take(
      csv(rows, [...Object.keys({ ...row, ...more }), 'charge.refundsLine']),
    );
    expect(report.refused).toEqual([]);
    const kept = await store.read(({ visits }) => visits.find('ZY1'));
    expect(kept?.visit.blockers).toEqual([{ code: 'orders-not-stopped', text: '长期医嘱未停' }]);
    const personId = kept?.personId ?? '';
    const year = await store.read(({ counters }) => counters.ofYear(personId, 2017));
    expect(year?.yearToDate.deductiblePaidFen).toBe(50000);
  });

  it.each<[string, string, Partial<Row>, number, string]>([
    [
      'an amount that is no amount',
      'not-text-amount',
      { 'charge.amount': '12.345' },
      3,
      'charge.amount',
    ],
    ['a wrong product', 'amount-mismatch', { 'charge.amount': '600.00' }, 3, 'charge.amount'],
    [
      'an unknown class',
      'not-in-list',
      { 'charge.catalogueClass': 'D' },
      3,
      'charge.catalogueClass',
    ],
    ['another name', 'cells-disagree', { 'person.name': '李四' }, 3, 'person.name'],
    ['an empty cell that repeats', 'cells-disagree', { 'person.sex': '' }, 3, 'person.sex'],
  ])('refuses %s with its row and column', async (_name, code, cells, atRow, column) => {
    const other = { ...row, 'visit.id': 'ZY2' };
    const report = await take(csv([row, { ...secondLine, ...(cells as Row) }, other]));
    expect(report.accepted).toMatchObject([{ visitId: 'ZY2', lines: 1 }]);
    expect(report.refused[0]).toMatchObject({ code, row: atRow, column });
    expect(await store.read(({ visits }) => visits.find('ZY1'))).toBeNull();
    const [remembered] = await store.read(({ intakeRefusals }) => intakeRefusals.list(10));
    expect(remembered).toMatchObject({ code, row: atRow, column_name: column });
  });

  it.each<[string, string | Uint8Array, string]>([
    ['an unknown column', `未知列,${csv([row])}`, 'unknown-column'],
    ['a column twice', csv([row]).replace('charge.code', 'charge.name'), 'column-twice'],
    ['no visit id', 'person.name\r\n张三', 'missing-column'],
    ['broken quotes', `${csv([row])}\r\n"ZY9,`, 'damaged-csv'],
    ['no rows', Object.keys(row).join(','), 'no-rows'],
    ['a row cut off', csv([row]).slice(0, -20), 'row-too-short'],
    ['nothing', ' ', 'empty-file'],
    ['a workbook that is none', 'PK\u0003\u0004rest', 'workbook-unreadable'],
    ['a NUL', 'visit.id\u0000', 'undecodable-bytes'],
    [
      'bytes of no encoding',
      Buffer.concat([Buffer.from(csv([row])), Buffer.from([0xff])]),
      'undecodable-bytes',
    ],
    ['a JSON cut off', '{"visit": {', 'damaged-json'],
    ['no visits', '[]', 'no-visits'],
  ])('refuses a file with %s', async (_name, content, code) => {
    const report = await take(content);
    expect(report.accepted).toEqual([]);
    expect(codes(report)).toEqual([code]);
  });

  it.each<[string, string[], string, number]>([
    ['no visit id', [',A,1.00'], 'visit-id-missing', 3],
    ['nothing but a charge in its last row', ['ZY1,A,1.00', ',B,1.00'], 'visit-id-missing', 4],
  ])('takes nothing of a file where a row has %s', async (_name, rows, code, atRow) => {
    const [headers = '', first = ''] = csv([row]).split('\r\n');
    const names = Object.keys(row);
    const shortRows = rows.map((text) => {
      const [id = '', item = '', amount = ''] = text.split(',');
      const cells: Row = { 'visit.id': id, 'charge.code': item, 'charge.amount': amount };
      return names.map((name) => cells[name] ?? '').join(',');
    });
    const report = await take([headers, first, ...shortRows].join('\r\n'));
    expect(report.accepted).toEqual([]);
    expect(report.refused).toMatchObject([{ code, row: atRow, column: 'visit.id' }]);
  });

  it('takes nothing of a file where a cell too many stands before the visit id', async () => {
    const [id = '', ...others] = Object.keys(row);
    const [headers, first, second = ''] = csv([row, secondLine], [...others, id]).split('\r\n');
    const report = await take([headers, first, `,${second}`].join('\r\n'));
    expect(report.accepted).toEqual([]);
    expect(report.refused).toMatchObject([{ code: 'row-too-long', row: 3 }]);
  });

  it('lists no more problems of a visit than a clerk reads, however many rows disagree', async () => {
    const rows = Array.from({ length: 3000 }, () => ({
      ...row,
      'person.name': '李四',
      'person.sex': '',
    }));
    const report = await take(csv([row, ...rows]));
    expect(report.accepted).toEqual([]);
    expect(codes(report)).toEqual(Array.from({ length: 50 }, () => 'cells-disagree'));
  });

  it('keeps each visit whole or not at all, whatever the cells hold', async () => {
    const cell = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.constant(''));
    const damage = fc.tuple(fc.constantFrom(...Object.keys(row)), cell, fc.nat(1));
    await fc.assert(
      fc.asyncProperty(fc.array(damage, { maxLength: 3 }), fc.uuid(), async (damages, id) => {
        const lines = [row, secondLine].map((line) => ({ ...line, 'visit.id': id }));
        for (const [column, text, at] of damages)
          Object.assign(lines[at] ?? {}, { [column]: text });
        const report = await take(csv(lines));
        expect(report.accepted.length + report.refused.length).toBeGreaterThan(0);
        for (const { visitId, lines: count } of report.accepted) {
          const kept = await store.read(({ visits }) => visits.find(visitId));
          const bill = kept?.visit.bill;
          expect(bill?.kind === 'charges' ? bill.charges.length : 0).toBe(count);
        }
        const taken = report.accepted.some(({ visitId }) => visitId === id);
        expect((await store.read(({ visits }) => visits.find(id))) !== null).toBe(taken);
      }),
      { numRuns: depth > 1 ? 60 * depth : 20 },
    );
  });
});

describe('taking in Visit JSON', () => {
  it('takes one document, a list, or visits, and says where a list is wrong', async () => {
    const one = encodeSettlementInput(await colonCancer());
    const other = { ...one, visit: { ...one.visit, id: 'ZY2' } };
    const bad = { ...one, visit: { ...one.visit, id: 'ZY3', kind: 'x' } };
    expect((await take(JSON.stringify(one), 'a.json')).refused).toEqual([]);
    const list = await take(JSON.stringify({ visits: [other, bad] }), 'b.json');
    expect(list.accepted.map(({ visitId }) => visitId)).toEqual(['ZY2']);
    expect(list.refused[0]).toMatchObject({ code: 'not-in-list', place: '/visits/1/visit/kind' });
    expect(codes(await take(JSON.stringify([other, other]), 'c.json'))).toEqual([
      'visit-twice',
      'visit-twice',
    ]);
  });

  it('goes on after a missing file', async () => {
    const good = join(folder, 'good.csv');
    await writeFile(good, csv([row]));
    const dependencies = { store, clock: testClock, ids: timeOrderedIds() };
    const report = await importFiles(dependencies, [join(folder, 'none.json'), good]);
    expect(codes(report)).toEqual(['file-missing']);
    expect(report.accepted).toHaveLength(1);
  });

  it('replaces an unsettled bill, and keeps a changed bill aside after settlement', async () => {
    const one = encodeSettlementInput(await colonCancer());
    const visitId = one.visit.id;
    await take(JSON.stringify({ ...one, visit: { ...one.visit, bed: '1' } }), 'a.json');
    await take(JSON.stringify(one), 'a.json');
    const versionOf = async () =>
      (await store.read(({ visits }) => visits.find(visitId)))?.billVersion;
    expect(await versionOf()).toBe(2);
    await take(JSON.stringify(one), 'a.json');
    expect(await versionOf()).toBe(2);
    valueOf(
      await settleVisit(dependenciesOn(store, await ownPacks()), { visitId, by: 'cashier1' }),
    );
    const setAside = () => store.read(({ visits }) => visits.countOpenSetAsideBills());
    expect((await take(JSON.stringify(one), 'a.json')).refused).toEqual([]);
    expect(await setAside()).toBe(0);
    const changed = { ...one, visit: { ...one.visit, bed: '7' } };
    expect((await take(JSON.stringify(changed), 'a.json')).refused).toEqual([]);
    expect((await take(JSON.stringify(changed), 'a.json')).refused).toEqual([]);
    expect(await setAside()).toBe(1);
    expect(await versionOf()).toBe(2);
  });
});

describe('the README of intake', () => {
  it('lists every column as the program knows it', async () => {
    const readme = await readFile(new URL('README.md', import.meta.url), 'utf8');
    const listed = [...readme.matchAll(/^\| `([^`]+)` +\| ([^|]+) \|/gm)].map(([, path, zh]) => [
      path,
      zh?.trim(),
    ]);
    expect(listed).toEqual(csvColumns.map(({ path, zh }) => [path, zh]));
  });
});

describe('the character NUL in a text', () => {
  it('is refused where a JSON has it, and nothing is kept', async () => {
    const document = encodeSettlementInput(await colonCancer());
    const visit = { ...document.visit, bed: '1\u00002' };
    const json = await take(JSON.stringify({ ...document, visit }), 'visit.json');
    expect(json.refused).toMatchObject([{ code: 'nul-in-text', place: '/visit/bed' }]);
    expect(await store.read(({ visits }) => visits.countUnsettled())).toBe(0);
  });
});

describe('a bill of which no claim could be made', () => {
  it('is taken in, and what is missing is said at once with who supplies it', async () => {
    const document = encodeSettlementInput(await colonCancer());
    const person = { ...document.person, name: '\u3000' };
    const taken = await take(JSON.stringify({ ...document, person }), 'visit.json');
    expect(taken.refused).toEqual([]);
    expect(taken.accepted).toMatchObject([
      { blockers: [{ code: 'name-blank', text: expect.stringContaining('登记处') as string }] },
    ]);
    const own = { ...person, insurance: 'none' };
    const visit = { ...document.visit, id: 'OWN' };
    const paysAll = await take(JSON.stringify({ ...document, visit, person: own }), 'own.json');
    expect(paysAll.accepted).toEqual([
      { visitId: 'OWN', lines: expect.any(Number) as number, warnings: [] },
    ]);
  });

  it('is refused where half a character stands in it, for nothing could be kept as it came', async () => {
    const document = encodeSettlementInput(await colonCancer());
    const text = JSON.stringify(document).replace(document.person.name, '\\ud842');
    const json = await take(text, 'visit.json');
    expect(json.refused).toMatchObject([{ code: 'half-character', place: '/person/name' }]);
    expect(await store.read(({ visits }) => visits.countUnsettled())).toBe(0);
  });
});
