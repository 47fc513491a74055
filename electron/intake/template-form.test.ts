import { strFromU8, unzipSync, zipSync, strToU8 } from 'fflate';
import { describe, expect, it } from 'vitest';

import { readWorkbook } from '../workbooks/read-workbook.ts';
import { xmlTags } from '../workbooks/xml-tags.ts';
import { inMemory } from './file-bytes.ts';
import { columnsOfTemplate, templateBytes, templateKinds } from './template-form.ts';
import { withoutWorkbook } from './text-of-workbook.ts';

const partsOf = async (kind: (typeof templateKinds)[number]) => {
  const parts = unzipSync(await templateBytes(kind));
  const xml = (name: string) => strFromU8(parts[name] ?? expect.fail(`no ${name}`));
  return { parts, sheet: xml('xl/worksheets/sheet1.xml'), styles: xml('xl/styles.xml'), xml };
};

describe.each(templateKinds)('a form for %s', (kind) => {
  it('has every column that is read, and nothing in its rows', async () => {
    const read = readWorkbook(await templateBytes(kind));
    if ('problem' in read) throw new Error(read.problem.why);
    expect(read.rows).toHaveLength(1);
    const headers = [...(read.rows[0]?.cells.values() ?? [])].map((cell) =>
      cell.kind === 'text' ? cell.text : '',
    );
    expect(headers).toEqual(columnsOfTemplate(kind).map(({ zh }) => zh));
  });

  it('gives a list where there is one, which has its words and no others', async () => {
    const { sheet, xml } = await partsOf(kind);
    const lists = columnsOfTemplate(kind).filter(({ values }) => values !== undefined);
    expect(lists.length).toBeGreaterThan(0);
    const tags = [...xmlTags(sheet)];
    const validations = tags.filter(
      ({ name, kind: of }) => name === 'dataValidation' && of === 'open',
    );
    expect(validations).toHaveLength(lists.length);
    const formulas = tags.filter(({ name, kind: of }) => name === 'formula1' && of === 'open');
    lists.forEach(({ values = [] }, index) => {
      expect(formulas[index]?.text).toMatch(
        new RegExp(`\\$2:\\$[A-Z]+\\$${String(values.length + 1)}$`),
      );
    });
    expect([...xmlTags(xml('xl/worksheets/sheet3.xml'))].length).toBeGreaterThan(lists.length);
  });

  it('makes every column one of texts, so that no spreadsheet makes a figure of a number', async () => {
    const { sheet, styles } = await partsOf(kind);
    const columns = [...xmlTags(sheet)].filter(({ name }) => name === 'col');
    const given = new Set(columns.map(({ attributes }) => attributes.get('style')));
    expect(columns).toHaveLength(columnsOfTemplate(kind).length);
    expect(given.size).toBe(1);
    const inside = /<cellXfs[^>]*>([\s\S]*?)<\/cellXfs>/.exec(styles)?.[1] ?? '';
    const formats = [...xmlTags(inside)].filter(
      ({ name, kind: of }) => name === 'xf' && of !== 'close',
    );
    expect(formats[Number([...given][0])]?.attributes.get('numFmtId')).toBe('49');
  });
});

it('a form that was filled in is read', async () => {
  const { parts, sheet } = await partsOf('persons');
  const cell = (at: string, text: string) =>
    `<c r="${at}2" t="inlineStr"><is><t>${text}</t></is></c>`;
  const row = `<row r="2">${cell('A', '430626196203140024')}${cell('B', '谢雪英')}${cell('C', 'registered-poor')}</row>`;
  parts['xl/worksheets/sheet1.xml'] = strToU8(sheet.replace('</sheetData>', `${row}</sheetData>`));
  const text = withoutWorkbook(inMemory(Buffer.from(zipSync(parts)), () => undefined));
  if ('problem' in text) throw new Error(text.problem.code);
  const lines = text.read(3, text.size).toString('utf8').split('\n');
  expect(lines[1]).toMatch(/^430626196203140024,谢雪英,registered-poor,/);
});
