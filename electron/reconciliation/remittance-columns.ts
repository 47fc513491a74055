/** The columns of a payer's remittance, by path or by Chinese name: a row for each line, and the trailer last. */
export const remittanceColumns = [
  { path: 'remittance', zh: '拨付单号', isNeeded: true },
  { path: 'paidOn', zh: '拨付日期', isNeeded: true },
  { path: 'claim', zh: '申报编号', isNeeded: true },
  { path: 'item', zh: '支付环节', isNeeded: false },
  { path: 'lines', zh: '笔数', isNeeded: true },
  { path: 'claimed', zh: '申报金额', isNeeded: true },
  { path: 'approved', zh: '核定金额', isNeeded: true },
  { path: 'adjusted', zh: '扣款金额', isNeeded: true },
  { path: 'paid', zh: '拨付金额', isNeeded: true },
  { path: 'code', zh: '扣款代码', isNeeded: false },
  { path: 'reason', zh: '扣款原因', isNeeded: false },
] as const;

export type RemittanceColumn = (typeof remittanceColumns)[number];
export type RemittancePath = RemittanceColumn['path'];

/** What stands under `claim` in the trailer. */
export const trailerWords: readonly string[] = ['合计', 'TOTAL'];
