import { strToU8, unzipSync, zipSync, strFromU8 } from 'fflate';
import { describe, expect, it } from 'vitest';

import { readIdentityNumber } from '../../shared/domain/identity-number.ts';
import { readWorkbook } from '../workbooks/read-workbook.ts';
import { workbookBytes, type SheetCell } from '../workbooks/write-workbook.ts';
import { inMemory } from './file-bytes.ts';
import { withoutWorkbook } from './text-of-workbook.ts';

const headers = ['就诊号', '身份证号', '出生日期', '入院日期', '数量', '金额', '费用名称'];

/** What a workbook of these rows is read as: its lines, or the refusal. */
async function read(
  rows: readonly (readonly SheetCell[])[],
  change: (parts: Record<string, Uint8Array>) => void = () => undefined,
) {
  const bytes = await workbookBytes([{ name: '费用', headers, rows, widths: [] }]);
  const parts = unzipSync(bytes);
  change(parts);
  const file = inMemory(Buffer.from(zipSync(parts)), () => undefined);
  const text = withoutWorkbook(file);
  if ('problem' in text) return text.problem;
  return text.read(3, text.size).toString('utf8').split('\n');
}

/** The sheet with some of its XML put in the place of other. */
const inSheet = (from: string | RegExp, to: string) => (parts: Record<string, Uint8Array>) => {
  const path = Object.keys(parts).find((name) => name.startsWith('xl/worksheets/sheet')) ?? '';
  const xml = strFromU8(parts[path] ?? new Uint8Array());
  expect(xml).toMatch(from);
  parts[path] = strToU8(xml.replace(from, to));
};

describe('a workbook of visits', () => {
  it('whose first row is a title over merged cells is refused by its title, and not by the first number below', async () => {
    const bytes = await workbookBytes([
      {
        name: '费用',
        headers: ['出院费用明细'],
        rows: [headers, ['ZY1', { count: 4.3e17 }]],
        widths: [],
      },
    ]);
    const text = withoutWorkbook(inMemory(Buffer.from(bytes), () => undefined));
    if (!('problem' in text)) throw new Error('it was read');
    expect(text.problem).toMatchObject({ code: 'title-above-header', row: 1 });
    expect(text.problem.message.zh).toContain('出院费用明细');
  });

  it('is too large by its texts alone, and by its cells where all are read at once', async () => {
    const rows = [['ZY1', '430626197008153019', null, null, null, null, null]];
    const bytes = await workbookBytes([{ name: '费用', headers, rows, widths: [] }]);
    const parts = unzipSync(bytes);
    parts['xl/sharedStrings.xml'] = strToU8(`<sst>${'<si/>'.repeat(21)}</sst>`);
    const zip = zipSync(parts);
    const tooLarge = { problem: { why: 'too-large' } };
    expect(readWorkbook(zip, { textsMost: 20 })).toMatchObject(tooLarge);
    expect(readWorkbook(bytes, { cellsMost: headers.length + 1 })).toMatchObject(tooLarge);
    for (const each of [bytes, zip]) expect(readWorkbook(each)).not.toMatchObject(tooLarge);
  });

  it('has no rows below the last that Excel has: empty ones up to any number would be written out', async () => {
    const row = [['ZY1', null, null, null, null, null, null]];
    const below = (number: string) => [
      inSheet('<row r="2"', `<row r="${number}"`),
      inSheet('<c r="A2"', `<c r="A${number}"`),
    ];
    const readAt = (number: string) =>
      read(row, (parts) => {
        for (const change of below(number)) change(parts);
      });
    expect(await readAt('1048577')).toMatchObject({ code: 'workbook-unreadable' });
    const last = await readAt('1048576');
    expect(Array.isArray(last)).toBe(true);
  });

  it('is the table that Excel shows: texts as they are, figures without the dust of their binary form', async () => {
    const rows = [
      [
        'ZY1',
        '430626197008153019',
        '1970-08-15',
        '2017-11-10',
        { count: 3 },
        { fen: 30 },
        '检查, "CT"',
      ],
      [null, null, null, null, { count: 0.1 + 0.2 }, { fen: 1005 }, null],
    ];
    expect(await read(rows)).toEqual([
      headers.join(','),
      'ZY1,430626197008153019,1970-08-15,2017-11-10,3,0.3,"检查, ""CT"""',
      ',,,,0.3,10.05,',
    ]);
  });

  it('has its days where a figure counts them, in either system, and no figure elsewhere is a day', async () => {
    const days = [['ZY1', null, { count: 25_795 }, { count: 43_049.75 }, { count: 43_049 }]];
    expect(((await read(days)) as readonly string[])[1]).toBe('ZY1,,1970-08-15,2017-11-10,43049,,');
    const from1904 = (parts: Record<string, Uint8Array>) => {
      const xml = strFromU8(parts['xl/workbook.xml'] ?? new Uint8Array());
      parts['xl/workbook.xml'] = strToU8(
        xml
          .replace(/<workbookPr[^>]*\/>/, '')
          .replace('<sheets>', '<workbookPr date1904="1"/><sheets>'),
      );
    };
    const earlier = [['ZY1', null, { count: 25_795 - 1462 }, { count: 43_049 - 1462 }]];
    expect(((await read(earlier, from1904)) as readonly string[])[1]).toBe(
      'ZY1,,1970-08-15,2017-11-10,,,',
    );
  });

  it('shows a number that Excel has broken as what it is, so that nobody takes it for one', async () => {
    const lines = await read([['ZY1', { count: Number('430626197008153019') }]]);
    const [, number = ''] = String((lines as readonly string[])[1]).split(',');
    expect(readIdentityNumber(number, { birthDate: '1970-08-15' })).toMatchObject({
      kind: 'refused',
    });
  });

  it('is refused where another number has more digits than Excel keeps: two visits could be one', async () => {
    expect(await read([[{ count: 20_171_110 * 10 ** 10 }]])).toMatchObject({
      ...{ code: 'cell-not-plain', row: 2, column: 'A' },
    });
  });

  it('has its rows where Excel counts them, whatever is empty between', async () => {
    const lines = await read([['ZY1'], ['ZY2']], (parts) => {
      inSheet(/<row r="3"/, '<row r="7"')(parts);
      inSheet(/r="([A-Z])3"/g, 'r="$17"')(parts);
    });
    expect((lines as readonly string[])[6]).toMatch(/^ZY2/);
  });

  it.each([
    [
      'a formula',
      /<c r="A2"([^>]*)>.*?<\/c>/,
      '<c r="A2"><f>1+1</f><v>2</v></c>',
      'cell-not-plain',
    ],
    ['an error', /<c r="A2"([^>]*)>.*?<\/c>/, '<c r="A2" t="e"><v>#REF!</v></c>', 'cell-not-plain'],
    ['a truth', /<c r="A2"([^>]*)>.*?<\/c>/, '<c r="A2" t="b"><v>1</v></c>', 'cell-not-plain'],
    ['a cut sheet', /<\/sheetData>.*/s, '<row r="9"><c', 'workbook-unreadable'],
  ])('is refused with its place where it has %s', async (_what, from, to, code) => {
    const problem = await read([['ZY1']], inSheet(from, to));
    expect(problem).toMatchObject({ code });
    if (code === 'cell-not-plain') expect(problem).toMatchObject({ row: 2, column: 'A' });
  });

  it('is refused where it has a password or is no workbook', () => {
    const old = inMemory(Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0, 0, 0, 0]), () => undefined);
    expect(withoutWorkbook(old)).toMatchObject({ problem: { code: 'workbook-unreadable' } });
    const cut = inMemory(Buffer.from('PK\u0003\u0004rest'), () => undefined);
    expect(withoutWorkbook(cut)).toMatchObject({ problem: { code: 'workbook-unreadable' } });
  });
});
