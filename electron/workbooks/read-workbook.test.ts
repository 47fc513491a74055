import { strToU8, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';

import { readWorkbook } from './read-workbook.ts';

/** What the parts of a workbook say; each may be another's. */
type Parts = {
  readonly data?: string;
  readonly sheet?: string;
  readonly texts?: string;
  readonly sheets?: string;
  readonly more?: Readonly<Record<string, string>>;
};

const cells = (row: number, ...values: readonly string[]) =>
  `<row r="${String(row)}">${values.map((value, at) => `<c r="${'ABC'[at] ?? ''}${String(row)}"><v>${value}</v></c>`).join('')}</row>`;

function bytesOf({
  data = cells(1, '1', '2'),
  sheet = `<worksheet><sheetData>${data}</sheetData></worksheet>`,
  texts = '<sst><si><t>zero</t></si><si><t>one</t></si></sst>',
  sheets = '<sheet name="1" r:id="a"/>',
  more = {},
}: Parts): Uint8Array {
  const parts = {
    'xl/workbook.xml': `<?xml version="1.0"?><workbook><sheets>${sheets}</sheets></workbook>`,
    'xl/_rels/workbook.xml.rels':
      '<Relationships><Relationship Id="a" Target="worksheets/one.xml"/><Relationship Id="b" Target="worksheets/two.xml"/></Relationships>',
    'xl/worksheets/one.xml': sheet,
    'xl/sharedStrings.xml': texts,
    ...more,
  };
  return zipSync(
    Object.fromEntries(Object.entries(parts).map(([name, text]) => [name, strToU8(text)])),
  );
}

/** The rows as lists of their cells, or why there are none. */
function read(given: Parts | Uint8Array) {
  const found = readWorkbook(given instanceof Uint8Array ? given : bytesOf(given));
  if ('problem' in found) return found.problem.why;
  return found.rows.map(({ cells: row }) =>
    [...row].map(
      ([column, cell]) => `${String(column)} ${cell.kind === 'other' ? cell.what : cell.text}`,
    ),
  );
}

const plain = [['0 1', '1 2']];

describe('a workbook that does not show what stands in it', () => {
  const visible = cells(1, '1', '2');
  const sheetOf = (columns: string, rows: string) =>
    `<worksheet>${columns}<sheetData>${rows}</sheetData></worksheet>`;

  it.each(['hidden="1"', 'hidden="true"', 'ht="0" customHeight="1"'])(
    'is refused for a row that is hidden: %s',
    (attribute) => {
      const row = `<row r="2" ${attribute}><c r="A2"><v>9</v></c></row>`;
      expect(read({ data: `${visible}${row}` })).toBe('hidden');
      const empty = `<row r="2" ${attribute}/>`;
      expect(read({ data: `${visible}${empty}` })).toEqual(plain);
      const shown = `<row r="2" hidden="0" ht="15"><c r="A2"><v>9</v></c></row>`;
      expect(read({ data: `${visible}${shown}` })).toEqual([...plain, ['0 9']]);
    },
  );

  it('is refused for a column that is hidden and has something in it', () => {
    const columns = (attributes: string) => `<cols><col min="2" max="3" ${attributes}/></cols>`;
    expect(read({ sheet: sheetOf(columns('hidden="1"'), visible) })).toBe('hidden');
    expect(read({ sheet: sheetOf(columns('width="0"'), visible) })).toBe('hidden');
    expect(read({ sheet: sheetOf(columns('width="9"'), visible) })).toEqual(plain);
    expect(read({ sheet: sheetOf(columns('hidden="1"'), cells(1, '1')) })).toEqual([['0 1']]);
  });

  const formatted = (format: string, cell: string) => {
    const code = format.replaceAll('"', '&quot;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
    const styles = `<styleSheet><numFmts><numFmt numFmtId="164" formatCode="${code}"/></numFmts><cellStyleXfs><xf numFmtId="0"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="164"/></cellXfs></styleSheet>`;
    return read({ data: `<row r="1">${cell}</row>`, more: { 'xl/styles.xml': styles } });
  };
  const figure = (value: string) => `<c r="A1" s="1"><v>${value}</v></c>`;
  const text = '<c r="A1" s="1" t="inlineStr"><is><t>甲</t></is></c>';

  it.each([
    ';;;',
    '"5.00"',
    '\\5',
    '0,',
    '#,##0.0,"K"',
    '"100"0',
    '[>1]"5.00";0',
    '[Red]',
    '"无"',
    ';0',
  ])('is refused for a format that shows another thing than 12.5: %s', (format) => {
    expect(formatted(format, figure('12.5'))).toBe('hidden');
  });

  it.each([
    ...[
      'General',
      '0',
      '0.00',
      '#,##0.00',
      '0.00_);[Red]\\(0.00\\)',
      '0"元"',
      'yyyy"年"m"月"d"日"',
    ],
    ...[
      '_ * #,##0.00_ ;_ * \\-#,##0.00_ ;_ * "-"??_ ;_ @_ ',
      '[$¥-804]#,##0.00',
      '[$-F800]dddd',
      '00000',
    ],
    ...['0.00;-0.00;;@', '@', '0%', '[h]:mm', '0.00E+00', '# ?/?'],
  ])('is read where its format shows the figure: %s', (format) => {
    expect(formatted(format, figure('12.5'))).toEqual([['0 12.5']]);
    expect(formatted(format, figure('0'))).toEqual([['0 0']]);
    expect(formatted(format, text)).toEqual([['0 甲']]);
  });

  it('is refused for a text whose format shows none, or another', () => {
    for (const format of [';;;', '0;0;0;', '0;0;0;"乙"'])
      expect(formatted(format, text)).toBe('hidden');
  });
});

describe('a workbook is read as Excel shows it', () => {
  it('with a comment or an instruction in the middle of an amount', () => {
    expect(read({})).toEqual(plain);
    for (const inside of ['<!-- -->', '<?x y?>', '<![CDATA[]]>', '<!-->--><!-- <v> -->'])
      expect(read({ data: cells(1, `10${inside}0.00`) })).toEqual([['0 100.00']]);
  });

  it('with nothing that stands in a value of an attribute', () => {
    const hidden = `/><row r='2'><c r='A2'><v>9</v></c></row><x y=`;
    const data = `<row r="1" spans="${hidden}"><c r="A1"><v>1</v></c></row>`;
    expect(read({ data })).toBe('damaged');
    const before = `<worksheet><sheetPr codeName="a><b"/><sheetData>${cells(1, '1', '2')}</sheetData></worksheet>`;
    expect(read({ sheet: before })).toBe('damaged');
    const harmless = `<worksheet><sheetPr codeName="a>b"/><sheetData>${cells(1, '1', '2')}</sheetData></worksheet>`;
    expect(read({ sheet: harmless })).toEqual(plain);
  });

  it('with no row and no text that stands in an extension, which Excel passes over', () => {
    const ext = (inside: string) => `<extLst><ext uri="{1}">${inside}</ext></extLst>`;
    const data = `<sheetData>${cells(1, '1', '2')}</sheetData>`;
    const second = ext(cells(2, '9'));
    expect(read({ sheet: `<worksheet>${data}${second}</worksheet>` })).toEqual(plain);
    expect(read({ sheet: `<worksheet>${data}${ext(data)}</worksheet>` })).toEqual(plain);
    expect(read({ sheet: `<worksheet>${ext(data)}${data}</worksheet>` })).toEqual(plain);
    const inRow = `<row r="1"><c r="A1"><v>1</v>${ext('<v>9</v>')}</c>${ext('<c r="B1"><v>9</v></c>')}</row>`;
    expect(read({ data: inRow })).toEqual([['0 1']]);
    const texts = `<sst>${ext('<si><t>evil</t></si>')}<si><t>zero</t></si></sst>`;
    expect(read({ texts, data: '<row r="1"><c r="A1" t="s"><v>0</v></c></row>' })).toEqual([
      ['0 zero'],
    ]);
    expect(read({ sheet: `<worksheet>${data}${data}</worksheet>` })).toBe('damaged');
    expect(read({ sheet: '<worksheet/>' })).toBe('damaged');
  });

  it('with no row of another vocabulary, and whole where all of it has one prefix', () => {
    const foreign = `${cells(1, '1', '2')}<evil:row r="2"><evil:c r="A2"><evil:v>9</evil:v></evil:c></evil:row>`;
    expect(read({ data: foreign })).toBe('damaged');
    expect(read({ data: `<mc:AlternateContent>${cells(1, '9')}</mc:AlternateContent>` })).toBe(
      'damaged',
    );
    const prefixed =
      '<x:worksheet><x:sheetData><x:row r="1"><x:c r="A1"><x:v>1</x:v></x:c></x:row></x:sheetData></x:worksheet>';
    expect(read({ sheet: prefixed })).toEqual([['0 1']]);
  });

  it('with one value under each reference', () => {
    for (const row of [
      '<c r="A1"><v>1</v></c><c r="A1"><v>9</v></c>',
      '<c r="B1"><v>1</v></c><c r="A1"><v>9</v></c>',
      '<c r="A1"><v>1</v></c><c r="B2"><v>9</v></c>',
      '<c r="A1"><v>1</v><v>9</v></c>',
      '<c r="a1"><v>9</v></c>',
    ])
      expect(read({ data: `<row r="1">${row}</row>` })).toBe('damaged');
    expect(read({ data: '<row><c><v>1</v></c><c><v>2</v></c></row>' })).toEqual(plain);
  });

  it('without how a text is spoken, also where it stands in its cell', () => {
    const is = '<is><t>甲</t><rPh sb="0" eb="1"><t>乙</t></rPh><r><t>丙</t></r></is>';
    expect(read({ data: `<row r="1"><c r="A1" t="inlineStr">${is}</c></row>` })).toEqual([
      ['0 甲丙'],
    ]);
  });

  it('with nothing in a cell that names no text, and none named otherwise than by its place', () => {
    const named = (value: string) =>
      read({ data: `<row r="1"><c r="A1" t="s"><v>${value}</v></c><c r="B1"><v>2</v></c></row>` });
    expect(named('1')).toEqual([['0 one', '1 2']]);
    expect(named('')).toEqual([['1 2']]);
    for (const value of ['0x1', '1e0', '-0', '1.0', '2']) expect(named(value)).toBe('damaged');
  });

  it('with no figure that is written as programs write some and no workbook does', () => {
    for (const value of ['1', '-1.5', '.5', '1.', '1E2', '1.5e-7'])
      expect(read({ data: cells(1, value) })).toEqual([[`0 ${value}`]]);
    for (const value of ['0x10', '0b11', '0o7', 'Infinity', 'NaN', '1_0', '1,5', '１'])
      expect(read({ data: cells(1, value) })).toBe('damaged');
  });

  it('from the first sheet that is not hidden', () => {
    const more = {
      'xl/worksheets/two.xml': `<worksheet><sheetData>${cells(1, '7')}</sheetData></worksheet>`,
    };
    const second = '<sheet name="2" r:id="b"/>';
    expect(read({ sheets: `<sheet name="1" r:id="a"/>${second}`, more })).toEqual(plain);
    for (const state of ['hidden', 'veryHidden']) {
      const sheets = `<sheet name="1" state="${state}" r:id="a"/>${second}`;
      expect(read({ sheets, more })).toEqual([['0 7']]);
    }
    const notListed =
      '</sheets><extLst><sheet name="x" r:id="b"/></extLst><sheets><sheet name="1" r:id="a"/>';
    expect(read({ sheets: notListed, more })).toEqual(plain);
  });

  it('not at all where it holds a part twice, for every program takes another', () => {
    const bytes = Buffer.from(
      bytesOf({
        more: {
          'xl/worksheets/onX.xml': `<worksheet><sheetData>${cells(1, '9')}</sheetData></worksheet>`,
        },
      }),
    );
    const twice = Buffer.from(bytes.toString('latin1').replaceAll('onX.xml', 'one.xml'), 'latin1');
    expect(read(Uint8Array.from(bytes))).toEqual(plain);
    expect(read(Uint8Array.from(twice))).toBe('damaged');
  });

  it('not at all where its elements do not end as they began, or lie deeper than anybody writes', () => {
    expect(
      read({ sheet: '<worksheet><sheetData><row r="1"></c></row></sheetData></worksheet>' }),
    ).toBe('damaged');
    expect(
      read({
        sheet: `<worksheet>${'<a>'.repeat(100)}${'</a>'.repeat(100)}<sheetData/></worksheet>`,
      }),
    ).toBe('damaged');
  });
});
