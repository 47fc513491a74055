import { visitColumns, type VisitColumn } from '../../shared/contracts/visit-columns.ts';

export type { CellKind, VisitColumn as CsvColumn } from '../../shared/contracts/visit-columns.ts';

/** The principal diagnosis stands in columns of its own, the others in one. */
const diagnosisColumns: readonly VisitColumn[] = [
  { path: 'diagnosis.code', zh: '主要诊断编码', kind: 'text' },
  { path: 'diagnosis.name', zh: '主要诊断名称', kind: 'text' },
  { path: 'diagnosis.others', zh: '其他诊断', kind: 'diagnoses' },
];

const columnsOf = (record: string) =>
  visitColumns.filter(({ path }) => path.startsWith(`${record}.`));

/** Every column a CSV of visits may have; the README lists the same and is written from here. */
export const csvColumns: readonly VisitColumn[] = [
  ...columnsOf('visit'),
  ...diagnosisColumns,
  ...columnsOf('person'),
  ...columnsOf('yearToDate'),
  ...columnsOf('charge'),
  ...columnsOf('sent'),
];
