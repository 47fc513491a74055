import { visitColumns } from '../shared/contracts/visit-columns.ts';

/** A part of the JSON Schema of a visit, as far as it is read here. */
type Schema = {
  readonly $ref?: string;
  readonly type?: string;
  readonly format?: string;
  readonly pattern?: string;
  readonly maxLength?: number;
  readonly enum?: readonly (string | number)[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
};

/** One field of a visit file: where it is, its Chinese name, whether every file has it, and how it is written. */
export type VisitField = {
  readonly path: string;
  readonly zh: string;
  readonly must: boolean;
  readonly form: string;
};

/** Names of the fields that are no columns of a table: in lists of their own, or of a later part of the visit. */
const namesOfOthers: Readonly<Record<string, string>> = {
  'visit.diagnoses.code': '诊断编码',
  'visit.diagnoses.name': '诊断名称',
  'visit.diagnoses.principal': '是否主要诊断',
  'visit.procedures.code': '手术操作编码',
  'visit.procedures.name': '手术操作名称',
  'visit.procedures.on': '手术操作日期',
  'visit.deposits.receipt': '预交金收据号',
  'visit.deposits.amount': '预交金金额',
  'visit.deposits.on': '预交金日期',
  'visit.deposits.tender': '预交金方式',
  'visit.blockers.code': '未就绪原因代码',
  'visit.blockers.text': '未就绪原因',
  'visit.approvals.step': '申请的支付环节',
  'visit.approvals.form': '申请表名称',
  'visit.approvals.number': '申请编号',
  'visit.approvals.decision': '审批结果',
  'visit.approvals.amount': '批准金额',
  'visit.approvals.on': '审批日期',
  'visit.payerFigures.from': '支付方名称',
  'visit.payerFigures.receivedOn': '收到日期',
  'visit.payerFigures.shares.payer': '支付方',
  'visit.payerFigures.shares.amount': '支付方支付金额',
  'visit.payerFigures.patientPays': '支付方算的个人负担',
  'person.categories.name': '人员类别（带日期时）',
  'person.categories.from': '认定日期',
  'person.categories.until': '截止日期',
};

/** Every field of a visit file, in the order of its declaration. A list's entries have a `*` for their place. */
export function visitFields(schema: unknown): readonly VisitField[] {
  const whole = schema as Schema;
  const names = new Map(
    visitColumns.map(({ path, zh }) => [
      path.replace(/^charge\./, 'visit.charges.').replace(/^diagnosis\./, 'visit.diagnoses.'),
      zh,
    ]),
  );
  const fields: VisitField[] = [];
  const walk = (node: Schema, path: string, must: boolean): void => {
    const { properties, items, anyOf, oneOf, required = [], additionalProperties } = node;
    if (node.$ref !== undefined) {
      walk(referredTo(whole, node.$ref), path, must);
      return;
    }
    const alternatives = (anyOf ?? oneOf)?.filter(({ type }) => type !== 'null');
    const [only, ...more] = alternatives ?? [];
    if (only !== undefined) {
      for (const each of [only, ...more]) walk(each, path, must);
      return;
    }
    if (properties !== undefined && path === '') {
      for (const [key, each] of Object.entries(properties)) walk(each, `/${key}`, true);
      return;
    }
    if (items !== undefined) {
      walk(items, `${path}/*`, must);
      return;
    }
    if (properties !== undefined) {
      for (const [key, each] of Object.entries(properties)) {
        walk(each, `${path}/${key}`, must && required.includes(key));
      }
      return;
    }
    if (fields.some((field) => field.path === path)) return;
    const key = path.slice(1).replaceAll('/*', '').replaceAll('/', '.');
    const form = typeof additionalProperties === 'object' ? '{ ID: …, … }' : formOf(node);
    fields.push({ path, zh: names.get(key) ?? namesOfOthers[key] ?? '', must, form });
  };
  walk(whole, '', true);
  return fields;
}

function formOf({ type, format, pattern, enum: values, maxLength }: Schema): string {
  if (values !== undefined) return values.map((value) => `\`${String(value)}\``).join(' ');
  if (format === 'date') return '`"2025-03-10"`';
  if (pattern?.includes('\\.\\d{1,2}') === true) return '`"750.00"`';
  if (pattern?.includes('\\.\\d{1,6}') === true) return '`"0.10"`';
  if (pattern === '^\\d{6}$') return '`"529901"`';
  if (type === 'boolean') return '`true` `false`';
  if (type === 'integer' || type === 'number') return '`1`';
  return maxLength === undefined ? '`"…"`' : `\`"…"\` ≤ ${String(maxLength)}`;
}

function referredTo(whole: Schema, reference: string): Schema {
  return reference
    .split('/')
    .slice(1)
    .reduce<unknown>((node, key) => (node as Record<string, unknown>)[key], whole) as Schema;
}

/** The fields as a table of the guide. */
export function visitFieldsTable(
  fields: readonly VisitField[],
  [field, name, must, form]: readonly [string, string, string, string],
): string {
  return [
    `| ${field} | ${name} | ${must} | ${form} |`,
    '| --- | --- | --- | --- |',
    ...fields.map(
      (each) => `| \`${each.path}\` | ${each.zh} | ${each.must ? '✓' : ''} | ${each.form} |`,
    ),
  ].join('\n');
}
