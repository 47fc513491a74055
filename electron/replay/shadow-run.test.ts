import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import fc from 'fast-check';
import { strToU8, zipSync } from 'fflate';
import iconv from 'iconv-lite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { createTestStore, type TestStore } from '../database/test-store.ts';
import { keepVisit, valueOf } from '../settlement/settlement.test-support.ts';
import { workbookBytes, type SheetCell } from '../workbooks/write-workbook.ts';
import type { SettlementInput } from '../../shared/domain/person.ts';
import { packOf, stepOf } from '../../shared/policy/packs.test-support.ts';
import { plainInput } from '../../shared/policy/visits.test-support.ts';
import { readResultsApart } from './calculators.ts';
import { addComparison, emptyComparison, type Comparison } from './compare-person.ts';
import { shadowJson } from './replay-json.ts';
import type { ResultsProblem } from './replay-refusals.ts';
import { shadowRun } from './replay.ts';
import { payerWordsOf, readStatedResults, type StatedRow } from './stated-results.ts';

/** Insurance pays half, assistance half of the rest. */
const pack = packOf({
  steps: [
    stepOf({ id: 'basic', name: { zh: '基本报销', en: 'basic' } }),
    stepOf({ id: 'assistance', payer: 'medical-assistance', base: 'in-scope-residual' }),
  ],
});
const words = payerWordsOf([pack.document]);

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stated-results-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const kept = (name: string, content: string | Uint8Array): string => {
  const file = join(folder, name);
  writeFileSync(file, content);
  return file;
};
const read = (content: string | Uint8Array, name = 'results.csv') =>
  readStatedResults(kept(name, content), words);

const problemsIn = (content: string | Uint8Array): readonly ResultsProblem[] => {
  const reading = read(content);
  if (reading.ok) throw new Error('it was read');
  expect(reading.refusal.code).toBe('results-refused');
  return (reading.refusal.details ?? []) as readonly ResultsProblem[];
};
const where = (content: string | Uint8Array) =>
  problemsIn(content).map(({ row, column, code }) => [row, column, code]);

const header = '就诊号,支付方,支付金额\n';

describe("a payer's results", () => {
  it('are read by path or Chinese name of column, payer and step, in UTF-8 and GB18030', () => {
    const rows: readonly StatedRow[] = [
      { row: 2, visitId: 'ZY1', payer: 'basic-medical-insurance', step: null, amountFen: 50_050 },
      { row: 3, visitId: 'ZY1', payer: 'medical-assistance', step: null, amountFen: 0 },
    ];
    const zh = `${header}ZY1,基本医疗保险,500.5\nZY1,medical-assistance,0\n`;
    const en = 'payer,amount,visit.id\nbasic-medical-insurance,500.50,ZY1\n医疗救助,0.00,ZY1\n';
    for (const text of [zh, en, `\uFEFF${zh}`, iconv.encode(zh, 'gb18030')]) {
      expect(valueOf(read(text))).toEqual(rows);
    }
    const byStep = `就诊号,支付方,支付环节,支付金额\nZY1,基本医疗保险,基本报销,1\nZY1,医疗救助,,2\n`;
    expect(valueOf(read(byStep)).map(({ step }) => step)).toEqual(['basic', null]);
  });

  it('are read from a workbook, amounts as numbers or as texts', async () => {
    const rows: readonly (readonly SheetCell[])[] = [
      ['ZY1', 'basic-medical-insurance', { fen: 53_490 }],
      ['ZY2', '医疗救助', '12.30'],
    ];
    const headers = ['就诊号', '支付方', '支付金额'];
    const bytes = await workbookBytes([{ name: '结果', headers, rows, widths: [] }]);
    expect(valueOf(read(bytes, 'results.xlsx'))).toEqual([
      { row: 2, visitId: 'ZY1', payer: 'basic-medical-insurance', step: null, amountFen: 53_490 },
      { row: 3, visitId: 'ZY2', payer: 'medical-assistance', step: null, amountFen: 1230 },
    ]);
  });

  it.each([
    [
      'an id that Excel made a number of',
      'ZY1,基本医疗保险,1\n4.3E+17,基本医疗保险,1',
      [3, '就诊号', 'id-broken'],
    ],
    ['an unknown payer', 'ZY1,某保险,1', [2, '支付方', 'unknown-payer']],
    ['thousands separators', 'ZY1,基本医疗保险,"1,000.00"', [2, '支付金额', 'not-an-amount']],
    ['three decimals', 'ZY1,基本医疗保险,1.005', [2, '支付金额', 'not-an-amount']],
    ['an amount with an exponent', 'ZY1,基本医疗保险,1E3', [2, '支付金额', 'not-an-amount']],
    ['a formula as text', 'ZY1,基本医疗保险,=1+1', [2, '支付金额', 'not-an-amount']],
    ['more than any bill', 'ZY1,基本医疗保险,10000000000', [2, '支付金额', 'not-an-amount']],
    ['an empty cell', ',基本医疗保险,1', [2, '就诊号', 'cell-empty']],
    ['a row twice', 'ZY1,基本医疗保险,1\nZY1,基本医疗保险,1', [3, '就诊号', 'row-twice']],
    ['a row that is too short', 'ZY1,基本医疗保险', [2, undefined, 'row-too-short']],
    ['broken quotes', 'ZY1,"基本医疗保险,1', [2, undefined, 'damaged-csv']],
  ])('are refused with row and column: %s', (_, body, place) => {
    expect(where(header + body)).toEqual([place]);
  });

  it('are refused as a whole where the columns are not those', () => {
    expect(where('就诊号,支付方,支付金额,备注\nZY1,基本医疗保险,1,x')).toEqual([
      [1, '备注', 'unknown-column'],
    ]);
    expect(where('就诊号,支付金额\nZY1,1')).toEqual([[1, undefined, 'missing-column']]);
    expect(where('就诊号,就诊号,支付方,支付金额\n')).toEqual([[1, '就诊号', 'column-twice']]);
    expect(where(header)).toEqual([[undefined, undefined, 'no-rows']]);
    expect(where('')).toHaveLength(1);
  });

  it('are refused in an encoding that is none: nobody guesses at a payer', () => {
    expect(where(Buffer.from(`${header}ZY1,基本医疗保险,1`, 'utf16le'))[0]?.[2]).toBe(
      'undecodable-bytes',
    );
    const cut = Buffer.from(`${header}ZY1,基本医疗保险,1\n`);
    cut[cut.indexOf(Buffer.from('险')) + 1] = 0xff;
    expect(where(cut)[0]?.[2]).toBe('undecodable-bytes');
  });

  it('names all that is wrong, up to fifty', () => {
    const rows = Array.from({ length: 80 }, (_, at) => `ZY${String(at)},某保险,1`).join('\n');
    expect(problemsIn(header + rows)).toHaveLength(50);
  });

  it('is refused where there is no file, or a folder', () => {
    for (const file of [join(folder, 'nowhere.csv'), folder]) {
      expect(readStatedResults(file, words)).toMatchObject({
        refusal: { code: 'results-refused' },
      });
    }
  });
});

/** A workbook of one sheet by its XML. */
function workbookOf(sheet: string, more: Readonly<Record<string, Uint8Array>> = {}): Uint8Array {
  return zipSync({
    'xl/workbook.xml': strToU8(
      '<workbook xmlns:r="r"><sheets><sheet name="a" sheetId="1" r:id="rId1"/></sheets></workbook>',
    ),
    'xl/_rels/workbook.xml.rels': strToU8(
      '<Relationships><Relationship Id="rId1" Target="worksheets/sheet1.xml"/></Relationships>',
    ),
    'xl/worksheets/sheet1.xml': strToU8(sheet),
    ...more,
  });
}

const cell = (at: string, text: string): string =>
  `<c r="${at}" t="inlineStr"><is><t>${text}</t></is></c>`;
const head = `<row r="1">${cell('A1', '就诊号')}${cell('B1', '支付方')}${cell('C1', '支付金额')}</row>`;
const sheetOf = (rows: string): Uint8Array =>
  workbookOf(`<worksheet><sheetData>${head}${rows}</sheetData></worksheet>`);
const rowOf = (id: string, payer: string, amount: string): Uint8Array =>
  sheetOf(`<row r="7">${id}${payer}${amount}</row>`);
const basic = cell('B7', 'basic-medical-insurance');

describe('a hostile workbook', () => {
  it.each([
    [
      'a number that lost its digits',
      '<c r="A7"><v>4.30626195001010016E+17</v></c>',
      '<c r="C7"><v>1</v></c>',
      'A',
      'id-broken',
    ],
    [
      'one of sixteen digits',
      '<c r="A7"><v>4306261950010100</v></c>',
      '<c r="C7"><v>1</v></c>',
      'A',
      'id-broken',
    ],
    [
      'a formula as an amount',
      cell('A7', 'ZY1'),
      '<c r="C7"><f>1+1</f><v>2</v></c>',
      'C',
      'cell-computed',
    ],
    [
      'a truth as an amount',
      cell('A7', 'ZY1'),
      '<c r="C7" t="b"><v>1</v></c>',
      'C',
      'cell-computed',
    ],
    [
      'an error as an amount',
      cell('A7', 'ZY1'),
      '<c r="C7" t="e"><v>#REF!</v></c>',
      'C',
      'cell-computed',
    ],
    ['part of a fen', cell('A7', 'ZY1'), '<c r="C7"><v>1.005</v></c>', 'C', 'not-an-amount'],
    ['a text for an amount', cell('A7', 'ZY1'), cell('C7', 'NaN'), 'C', 'not-an-amount'],
    ['more than any bill', cell('A7', 'ZY1'), '<c r="C7"><v>1E+300</v></c>', 'C', 'not-an-amount'],
    ['an empty amount', cell('A7', 'ZY1'), '', 'C', 'cell-empty'],
  ])('is refused with row and column: %s', (_, id, amount, column, code) => {
    expect(where(rowOf(id, basic, amount))).toEqual([[7, column, code]]);
  });

  it('takes a whole number for an id and the binary number Excel keeps for an amount', () => {
    const bytes = rowOf(
      '<c r="A7"><v>20171110001</v></c>',
      basic,
      '<c r="C7"><v>534.89999999999998</v></c>',
    );
    expect(valueOf(read(bytes))).toMatchObject([{ visitId: '20171110001', amountFen: 53_490 }]);
  });

  it('is refused where it refers to a text that is not there, has a figure no workbook writes, goes back in its rows, or is cut', () => {
    for (const damaged of ['<c r="A7" t="s"><v>5</v></c>', '<c r="A7"><v>NaN</v></c>'])
      expect(where(rowOf(damaged, basic, ''))).toEqual([[7, undefined, 'workbook-damaged']]);
    const noFigure = rowOf(cell('A7', 'ZY1'), basic, '<c r="C7"><v>NaN</v></c>');
    expect(where(noFigure)).toEqual([[7, undefined, 'workbook-damaged']]);
    const backwards = sheetOf(`<row r="7">${basic}</row><row r="3">${basic}</row>`);
    expect(where(backwards)[0]?.[2]).toBe('workbook-damaged');
    const whole = sheetOf(`<row r="7">${basic}</row>`);
    expect(where(whole.subarray(0, whole.length / 2))[0]?.[2]).toBe('workbook-damaged');
    expect(where(Buffer.from('d0cf11e0a1b11ae1', 'hex'))[0]?.[2]).toBe('workbook-locked');
  });

  it('is refused where it declares entities, or unpacks to more than is taken', () => {
    const laughs = workbookOf(
      `<!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet><sheetData>${head}</sheetData></worksheet>`,
    );
    expect(where(laughs)[0]?.[2]).toBe('workbook-damaged');
    const bomb = workbookOf('<worksheet/>', {
      'xl/sharedStrings.xml': new Uint8Array(400 * 1024 * 1024),
    });
    expect(bomb.length).toBeLessThan(1024 * 1024);
    expect(where(bomb)).toEqual([[undefined, undefined, 'workbook-too-large']]);
  });

  it('is cut where its ZIP lies about a part, and fills no memory', () => {
    const bytes = workbookOf('<worksheet/>', {
      'xl/sharedStrings.xml': new Uint8Array(50_000_000),
    });
    // The size unpacked, in the directory and before the part itself: 50,000,000 becomes 10.
    const size = Buffer.alloc(4);
    size.writeUInt32LE(50_000_000);
    const lying = Buffer.from(bytes);
    for (let at = lying.indexOf(size); at !== -1; at = lying.indexOf(size, at))
      lying.writeUInt32LE(10, at);
    expect(where(lying)).toHaveLength(1);
  });

  it('whatever it is made of, it is read or refused and nothing else', () => {
    const piece = fc.constantFrom(
      ...['<row r="2">', '</row>', '<c r="A2" t="s">', '<c>', '</c>', '<v>1</v>', '<f>', '</f>'],
      ...['<is><t>x</t></is>', '&amp;', '&nope;', '<![CDATA[x]]>', '<', '>', '<!--', '<?x?>', head],
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const reading = read(sheetOf(pieces.join('')));
        if (reading.ok) return;
        expect(reading.refusal.code).toBe('results-refused');
      }),
      { numRuns: 150 },
    );
  });

  it('is read in a thread of its own', async () => {
    const file = kept('results.csv', `${header}ZY1,基本医疗保险,1\n`);
    expect(valueOf(await readResultsApart(file, [pack]))).toHaveLength(1);
    const bad = kept('bad.csv', `${header}ZY1,谁,1\n`);
    expect(await readResultsApart(bad, [pack])).toMatchObject({
      refusal: { code: 'results-refused', place: `${bad}:2` },
    });
  });
});

describe('a shadow run', () => {
  let store: TestStore;
  beforeEach(async () => {
    store = await createTestStore();
  });
  afterEach(async () => {
    await store.remove();
  });

  function stay(id: string, yuan: number, day = '2017-11-20'): SettlementInput {
    const input = plainInput(yuan);
    const days = { admittedOn: '2017-11-01', dischargedOn: day };
    return { ...input, visit: { ...input.visit, id, ...days }, yearToDate: null };
  }

  const run = async (stated: readonly StatedRow[]) =>
    valueOf(
      await shadowRun(
        { store, here: { packs: [pack], approvedOnly: null }, threads: 1 },
        {
          ...{ draft: [pack], sample: null, withUnsettled: true },
          period: { from: '2017-11-01', until: '2017-11-30' },
        },
        stated,
        { signal: new AbortController().signal, onProgress: () => undefined },
      ),
    );

  const row = (visitId: string, payer: string, amountFen: number, step: string | null = null) => ({
    ...{ row: 2, visitId, payer, step, amountFen },
  });
  const insurance = 'basic-medical-insurance';
  const assistance = 'medical-assistance';

  it('tells ours, theirs, the difference, and the first line of ours that comes out otherwise', async () => {
    for (const each of [
      stay('A', 1000),
      stay('B', 400),
      stay('C', 100),
      stay('D', 100, '2017-12-01'),
    ])
      await keepVisit(store, each);
    const result = await run([
      row('A', insurance, 50_000),
      row('A', assistance, 24_000),
      row('B', insurance, 20_000),
      row('B', assistance, 10_000),
      row('D', insurance, 5000),
      row('Z', insurance, 5000),
    ]);
    const json = shadowJson(result);
    expect(json).toMatchObject({
      ...{ pack: 'a-county', visits: 2, persons: 1, agreeing: 1, onlyHere: ['C'], skipped: [] },
      payers: [
        { payer: insurance, ours: '700.00', theirs: '700.00', difference: '0.00' },
        { payer: assistance, ours: '350.00', theirs: '340.00', difference: '10.00' },
      ],
      steps: [
        { step: 'basic', visits: 2, differing: 0 },
        { step: 'assistance', visits: 2, differing: 1, ours: '350.00', theirs: '340.00' },
      ],
      differences: [
        {
          ...{ visitId: 'A', payer: assistance, step: 'assistance', row: 2 },
          ...{ ours: '250.00', theirs: '240.00', difference: '10.00' },
          line: { step: 'assistance', source: { document: expect.any(String) as string } },
        },
      ],
      unknown: [
        { visitId: 'D', theirs: '50.00' },
        { visitId: 'Z', theirs: '50.00' },
      ],
    });
  });

  it('does not speak of a payer that the file never names, and of one it names counts every visit', async () => {
    for (const each of [stay('A', 1000), stay('B', 400)]) await keepVisit(store, each);
    const { comparison } = await run([
      row('A', insurance, 50_000),
      row('B', assistance, 1, 'assistance'),
    ]);
    expect(
      comparison.differences.map(({ visitId, payer, step }) => [visitId, payer, step]),
    ).toEqual([
      ['A', assistance, 'assistance'],
      ['B', insurance, 'basic'],
      ['B', assistance, 'assistance'],
    ]);
  });

  it('settles nothing', async () => {
    await keepVisit(store, stay('A', 1000));
    await run([row('A', insurance, 50_000)]);
    expect(await store.read(({ settlements }) => settlements.findLive('A', 1))).toBeNull();
  });

  it('adds up: the differences are the difference of the sums, in whatever order they come', async () => {
    for (let at = 0; at < 12; at += 1) await keepVisit(store, stay(`V${String(at)}`, 100 + at));
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(13), fc.constantFrom(insurance, assistance), fc.nat(9000)), {
          maxLength: 20,
        }),
        async (stated) => {
          const rows = new Map(
            stated.map(([at, payer, amount]) => [
              `${String(at)} ${payer}`,
              row(`V${String(at)}`, payer, amount),
            ]),
          );
          const { comparison, unknown } = await run([...rows.values()]);
          const steps = Object.values(comparison.steps);
          const bySteps = steps.reduce(
            (sum, { oursFen, theirsFen }) => sum + oursFen - theirsFen,
            0,
          );
          const byVisits = comparison.differences.reduce(
            (sum, { oursFen, theirsFen }) => sum + oursFen - theirsFen,
            0,
          );
          expect(byVisits).toBe(bySteps);
          const theirs = steps.reduce((sum, { theirsFen }) => sum + theirsFen, 0);
          const stray = unknown.reduce((sum, { amountFen }) => sum + amountFen, 0);
          const whole = [...rows.values()].reduce((sum, { amountFen }) => sum + amountFen, 0);
          expect(theirs + stray).toBe(whole);
        },
      ),
      { numRuns: 8 },
    );
    const [one, two]: readonly [Comparison, Comparison] = [emptyComparison(), emptyComparison()];
    const { comparison } = await run([row('V1', insurance, 1)]);
    addComparison(one, comparison);
    addComparison(one, emptyComparison());
    addComparison(two, emptyComparison());
    addComparison(two, comparison);
    expect(one).toEqual(two);
  });
});
