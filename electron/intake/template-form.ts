import type { CellKind } from '../../shared/contracts/visit-columns.ts';
import { valuesOf } from '../../shared/contracts/visit-columns.ts';
import {
  chargeCategoryNames,
  hospitalLevelNames,
  personCategoryNames,
} from '../../shared/domain/value-names.ts';
import { formBytes } from '../workbooks/write-form.ts';
import { cardColumns, cardRowSchema } from './card-rows.ts';
import { csvColumns } from './csv-columns.ts';
import { registerColumns, registerRowSchema } from './register-rows.ts';

/** What a form can be for. */
export const templateKinds = ['visits', 'persons', 'cards'] as const;
export type TemplateKind = (typeof templateKinds)[number];

type TemplateColumn = {
  readonly path: string;
  readonly zh: string;
  readonly kind?: CellKind;
  readonly values?: readonly string[];
};

/** The columns of a form, each with the closed list its cells are of. */
export function columnsOfTemplate(kind: TemplateKind): readonly TemplateColumn[] {
  switch (kind) {
    case 'visits':
      return csvColumns;
    case 'persons':
      return registerColumns.map((column) =>
        withValues(column, registerRowSchema.shape[column.path]),
      );
    case 'cards':
      return cardColumns.map((column) => withValues(column, cardRowSchema.shape[column.path]));
  }
}

function withValues(
  column: { readonly path: string; readonly zh: string },
  schema: Parameters<typeof valuesOf>[0],
): TemplateColumn {
  const values = valuesOf(schema);
  return values === null ? column : { ...column, values };
}

const names: Readonly<Record<TemplateKind, string>> = {
  visits: '就诊费用',
  persons: '人员名单',
  cards: '卡册',
};

/** How a cell is written, by its kind. */
const forms: Readonly<Record<CellKind, string>> = {
  text: '文字',
  whole: '整数',
  'yes-no': '是 或 否',
  words: 'A;B',
  diagnoses: '编码 名称;编码 名称',
  procedures: '编码 名称@日期;…',
  blockers: '代码 说明;…',
  categories: '类别 或 类别@起~止;…',
  amounts: '支付方=金额;…',
  steps: '步骤=支付 或 步骤=支付/基数/起付线/自付;…',
};

/** What the words of closed lists are called in Chinese, where it is not said by the word. */
const called: Readonly<Record<string, string>> = Object.fromEntries(
  [hospitalLevelNames, personCategoryNames, chargeCategoryNames].flatMap((each) =>
    Object.entries(each).map(([word, { zh }]) => [word, zh]),
  ),
);

/** A workbook to be filled in and imported: columns, drop-downs, and a sheet that explains each of them. */
export function templateBytes(kind: TemplateKind): Promise<Uint8Array> {
  const columns = columnsOfTemplate(kind);
  return formBytes({
    name: names[kind],
    listsName: '选项',
    columns: columns.map(({ zh, values }) => ({
      header: zh,
      ...(values === undefined ? {} : { values }),
    })),
    explanations: [
      {
        name: '说明',
        headers: ['列名', '字段', '怎么写', '可以写的词'],
        widths: [24, 36, 30, 80],
        rows: [
          ...columns.map(({ zh, path, kind: form = 'text', values = [] }) => [
            zh,
            path,
            isDay(path) ? '日期，如 2017-11-10' : forms[form],
            values
              .map((word) => (called[word] === undefined ? word : `${word}（${called[word]}）`))
              .join('、'),
          ]),
          ['', '', '', ''],
          ['不要改表头；不需要的列可以删掉。', '', '', ''],
          ['证件号码、编码一律按文字填写：格式已经设为“文本”，粘贴时请选“只粘贴值”。', '', '', ''],
          ...(kind === 'visits'
            ? [['一行是一条费用；同一次就诊的其他各列每行照写一样的内容。', '', '', '']]
            : []),
        ],
      },
    ],
  });
}

const isDay = (path: string): boolean =>
  /(?:On|Date|From|asOf|\.on|\.until)$|^from$|^until$/.test(path);
