import { formBytes } from '../workbooks/write-form.ts';
import { remittanceColumns, type RemittancePath } from './remittance-columns.ts';

/** How a cell is written, and what it says. */
const forms: Readonly<Record<RemittancePath, string>> = {
  remittance: '支付方的拨付单号，每行相同',
  paidOn: '拨付日期，如 2017-12-15，每行相同',
  claim: '申报编号、报文号或支付方的参考号；最后一行写 合计',
  item: '只拨付其中一个支付环节的，写支付环节的代码；拨付整笔申报的留空',
  lines: '只在合计行写：共几行',
  claimed: '申报金额（元），合计行写合计',
  approved: '核定金额（元）',
  adjusted: '审核扣款（元）；核定减扣款等于拨付',
  paid: '拨付金额（元）；拒付写 0，追回写负数',
  code: '扣款或拒付的代码',
  reason: '扣款或拒付的原因',
};

/** A workbook for a payer that has no form of its own. */
export function remittanceFormBytes(): Promise<Uint8Array> {
  return formBytes({
    name: '拨付单',
    listsName: '选项',
    columns: remittanceColumns.map(({ zh }) => ({ header: zh })),
    explanations: [
      {
        name: '说明',
        headers: ['列名', '字段', '怎么写'],
        widths: [18, 18, 60],
        rows: remittanceColumns.map(({ zh, path }) => [zh, path, forms[path]]),
      },
    ],
  });
}
