import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate';

import { columnLetters, workbookRowsMax } from './read-workbook.ts';
import { workbookBytes, type Sheet, type SheetCell } from './write-workbook.ts';

/** A column of a form to be filled in. */
export type FormColumn = {
  readonly header: string;
  /** What may stand in its cells; absent: anything. */
  readonly values?: readonly string[];
};

/** A form to be filled in: the columns, and further sheets that explain them. */
export type Form = {
  readonly name: string;
  readonly columns: readonly FormColumn[];
  readonly explanations: readonly Sheet[];
  /** What the sheet of the lists is called. */
  readonly listsName: string;
};

const formWidth = 18;

/**
 * A form as the bytes of a workbook: an empty sheet whose cells are all texts, so that a spreadsheet makes no figure of a long
 * number and no day of a code, with a list to choose from where there is one.
 */
export async function formBytes({
  name,
  columns,
  explanations,
  listsName,
}: Form): Promise<Uint8Array> {
  const lists = columns.filter(({ values }) => values !== undefined);
  const longest = Math.max(0, ...lists.map(({ values }) => values?.length ?? 0));
  const rows: SheetCell[][] = Array.from({ length: longest }, (_, row) =>
    lists.map(({ values }) => values?.[row] ?? null),
  );
  const widths = columns.map(() => formWidth);
  const parts = unzipSync(
    await workbookBytes([
      { name, headers: columns.map(({ header }) => header), rows: [], widths },
      ...explanations,
      { name: listsName, headers: lists.map(({ header }) => header), rows, widths: [] },
    ]),
  );
  const style = addTextStyle(parts);
  const choices = columns.flatMap(({ values }, column) => {
    const at = lists.findIndex(({ values: of }) => of === values);
    if (values === undefined || at < 0) return [];
    const [letters, of] = [columnLetters(column), columnLetters(at)];
    const cells = `${letters}2:${letters}${String(workbookRowsMax)}`;
    const from = `'${listsName}'!$${of}$2:$${of}$${String(values.length + 1)}`;
    return [
      `<dataValidation type="list" allowBlank="1" showErrorMessage="1" sqref="${cells}"><formula1>${from}</formula1></dataValidation>`,
    ];
  });
  change(parts, firstSheet, (xml) =>
    xml
      .replaceAll('<col ', `<col style="${String(style)}" `)
      .replace(
        '</sheetData>',
        `</sheetData><dataValidations count="${String(choices.length)}">${choices.join('')}</dataValidations>`,
      ),
  );
  return zipSync(parts);
}

const firstSheet = 'xl/worksheets/sheet1.xml';
const styles = 'xl/styles.xml';

type Parts = Record<string, Uint8Array>;

function change(parts: Parts, name: string, by: (xml: string) => string): void {
  const part = parts[name];
  if (part === undefined) throw new Error(`a workbook of ours has no ${name}`);
  const xml = strFromU8(part);
  const changed = by(xml);
  if (changed === xml) throw new Error(`${name} is not as it was written before`);
  parts[name] = strToU8(changed);
}

/** Adds the style of texts (`@`, number format 49) and answers with its place. */
function addTextStyle(parts: Parts): number {
  let place = -1;
  change(parts, styles, (xml) =>
    xml.replace(
      /<cellXfs count="(\d+)">([\s\S]*?)<\/cellXfs>/,
      (_all, count: string, xfs: string) => {
        place = Number(count);
        const text =
          '<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>';
        return `<cellXfs count="${String(place + 1)}">${xfs}${text}</cellXfs>`;
      },
    ),
  );
  return place;
}
