/** One field of a message, as the national list has it. A payer's profile may give other lengths. */
export type MessageField = {
  readonly name: string;
  readonly type: 'text' | 'amount' | 'day';
  readonly length: number;
  readonly required: boolean;
};

const text = (name: string, length: number): MessageField => ({
  name,
  type: 'text',
  length,
  required: true,
});
const amount = (name: string): MessageField => ({
  name,
  type: 'amount',
  length: 16,
  required: true,
});
const day = (name: string): MessageField => ({ name, type: 'day', length: 10, required: true });

/** The national envelope (insurers' interface, request), as far as we fill it. */
export const envelopeFields: readonly MessageField[] = [
  text('infno', 4),
  text('msgid', 30),
  text('mdtrtarea_admvs', 6),
  text('insuplc_admdvs', 6),
  text('recer_sys_code', 10),
  text('infver', 6),
  text('opter_type', 3),
  text('opter', 30),
  text('opter_name', 50),
  text('inf_time', 19),
  text('fixmedins_code', 12),
  text('fixmedins_name', 20),
];

/** The node `claim` of a one-stop claim; names are the national ones where there is one. */
export const claimFields: readonly MessageField[] = [
  text('claim_id', 36),
  text('payer', 40),
  text('setl_id', 36),
  text('setl_no', 40),
  text('mdtrt_id', 64),
  text('med_type', 6),
  text('psn_cert_type', 6),
  text('certno', 18),
  text('psn_name', 50),
  text('gend', 6),
  day('brdy'),
  text('insutype', 6),
  day('begndate'),
  day('enddate'),
  day('setl_date'),
  ...[
    'medfee_sumamt',
    'inscp_scp_amt',
    'fulamt_ownpay_amt',
    'preselfpay_amt',
    'overlmt_selfpay',
    'fund_pay_sumamt',
    'psn_part_amt',
    'hosp_part_amt',
    'clm_sumamt',
  ].map(amount),
];

/** One entry of the node `items`: a non-zero share. */
export const itemFields: readonly MessageField[] = [
  text('seq_no', 4),
  text('step', 60),
  text('payer', 40),
  text('fund_pay_type', 6),
  amount('fund_pay_amt'),
];

/** The node `undo` of a message that asks the payer to take a claim back: which one, and what it was for. */
export const undoFields: readonly MessageField[] = [
  text('msgid', 30),
  text('claim_id', 36),
  text('payer', 40),
  text('setl_id', 36),
  amount('clm_sumamt'),
];

export const fieldNames: readonly string[] = [
  ...new Set([...envelopeFields, ...claimFields, ...itemFields].map(({ name }) => name)),
];
