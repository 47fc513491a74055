import { readFile, writeFile } from 'node:fs/promises';
import { format, resolveConfig } from 'prettier';
import { csvColumns, type CellKind } from '../electron/intake/csv-columns.ts';
import { visitJsonAsJsonSchema } from '../shared/contracts/visit-json-schema.ts';
import { visitFields, visitFieldsTable } from './visit-fields.ts';

const schemaFile = 'shared/contracts/visit.schema.json';
const readmeFile = 'electron/intake/README.md';

/** Where the guides for policy officers list every field of a visit file. */
const guides = {
  'shared/policy-packs/README.md': {
    heading: 'Every field of a visit',
    headers: ['field', '中文', 'always', 'written like'],
  },
  'shared/policy-packs/README.zh-CN.md': {
    heading: '就诊文件的全部字段',
    headers: ['字段', '名称', '必写', '写法'],
  },
} as const;

/** What a cell looks like, where it is not plain text. */
const forms: Readonly<Record<CellKind, string>> = {
  text: '',
  whole: 'whole number',
  'yes-no': '是 or 否',
  words: 'A;B',
  diagnoses: 'CODE NAME;CODE NAME',
  procedures: 'CODE NAME@DAY;…',
  blockers: 'CODE TEXT;…',
  categories: 'NAME or NAME@FROM~UNTIL;…',
  amounts: 'ID=AMOUNT;…',
  steps: 'STEP=PAID or STEP=PAID/BASE/DEDUCTIBLE/SELFPAY;…',
};

/** The files that are written from the declaration of a visit, as they should be: the JSON Schema and the list of columns. */
export async function filesOfShapes(): Promise<ReadonlyMap<string, string>> {
  const rows = csvColumns.map(({ path, zh, kind }) => `| \`${path}\` | ${zh} | ${forms[kind]} |`);
  const table = ['| Path | 中文列名 | Form |', '| --- | --- | --- |', ...rows].join('\n');
  const readme = await readFile(readmeFile, 'utf8');
  const withTable = readme.replace(/(?<=^## Columns\n\n)(?:\|.*\n)+/m, `${table}\n`);
  const schema = visitJsonAsJsonSchema();
  const files = new Map([
    [schemaFile, await formatted(schemaFile, JSON.stringify(schema, null, 2))],
    [readmeFile, await formatted(readmeFile, withTable)],
  ]);
  const fields = visitFields(schema);
  for (const [file, { heading, headers }] of Object.entries(guides)) {
    const guide = await readFile(file, 'utf8');
    const after = new RegExp(`(?<=^## ${heading}\\n\\n(?:[^|\\n].*\\n+)*)(?:\\|.*\\n)+`, 'm');
    // Not formatted as a whole: its examples are written as an officer would.
    files.set(
      file,
      guide.replace(after, () => `${visitFieldsTable(fields, headers)}\n`),
    );
  }
  return files;
}

async function formatted(filepath: string, text: string): Promise<string> {
  return format(text, { ...(await resolveConfig(filepath)), filepath });
}

if (import.meta.main) {
  for (const [file, text] of await filesOfShapes()) {
    await writeFile(file, text);
    console.error(`wrote ${file}`);
  }
}
