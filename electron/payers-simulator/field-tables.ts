/** What the payers know of a field: its type, its greatest length in characters, whether it must be there. */
export type KnownField = {
  readonly name: string;
  readonly type: 'text' | 'amount' | 'day' | 'time';
  readonly length: number;
  readonly required: boolean;
  /** The national code list, where the field is one of a list. */
  readonly codes?: readonly string[];
};

const field = (
  name: string,
  type: KnownField['type'],
  length: number,
  required = true,
  codes?: readonly string[],
): KnownField => ({ name, type, length, required, ...(codes === undefined ? {} : { codes }) });

/** The national envelope, as its implementers copied it. */
export const envelopeFields: readonly KnownField[] = [
  field('infno', 'text', 4),
  field('msgid', 'text', 30),
  field('mdtrtarea_admvs', 'text', 6),
  field('insuplc_admdvs', 'text', 6, false),
  field('recer_sys_code', 'text', 10),
  field('dev_no', 'text', 100, false),
  field('dev_safe_info', 'text', 2000, false),
  field('cainfo', 'text', 1024, false),
  field('signtype', 'text', 10, false, ['SM2', 'SM3']),
  field('infver', 'text', 6, true, ['V1.0']),
  field('opter_type', 'text', 3, true, ['1', '2', '3']),
  field('opter', 'text', 30),
  field('opter_name', 'text', 50),
  field('inf_time', 'time', 19),
  field('fixmedins_code', 'text', 12),
  field('fixmedins_name', 'text', 200),
  field('sign_no', 'text', 30, false),
];

/** The one-stop claim these payers agreed on (transaction Y501). */
export const claimFields: readonly KnownField[] = [
  field('claim_id', 'text', 36),
  field('payer', 'text', 40),
  field('setl_id', 'text', 36),
  field('setl_no', 'text', 40),
  field('mdtrt_id', 'text', 64),
  field('med_type', 'text', 6, true, ['11', '21']),
  field('psn_cert_type', 'text', 6, true, ['01', '04', '05', '06', '07', '08', '99']),
  field('certno', 'text', 18),
  field('psn_name', 'text', 50),
  field('gend', 'text', 6, true, ['1', '2']),
  field('brdy', 'day', 10),
  field('insutype', 'text', 6, true, ['310', '390', '999']),
  field('begndate', 'day', 10),
  field('enddate', 'day', 10),
  field('setl_date', 'day', 10),
  field('medfee_sumamt', 'amount', 16),
  field('inscp_scp_amt', 'amount', 16),
  field('fulamt_ownpay_amt', 'amount', 16),
  field('preselfpay_amt', 'amount', 16),
  field('overlmt_selfpay', 'amount', 16),
  field('fund_pay_sumamt', 'amount', 16),
  field('psn_part_amt', 'amount', 16),
  field('hosp_part_amt', 'amount', 16),
  field('clm_sumamt', 'amount', 16),
];

/** What is to be taken back (transaction Y502). */
export const undoFields: readonly KnownField[] = [
  field('msgid', 'text', 30),
  field('claim_id', 'text', 36),
  field('payer', 'text', 40),
  field('setl_id', 'text', 36),
  field('clm_sumamt', 'amount', 16),
];

export const itemFields: readonly KnownField[] = [
  field('seq_no', 'text', 4),
  field('step', 'text', 60),
  field('payer', 'text', 40),
  field('fund_pay_type', 'text', 6, true, [
    '310100',
    '390100',
    '330200',
    '390200',
    '610100',
    '620100',
    '630100',
    '640100',
    '999997',
  ]),
  field('fund_pay_amt', 'amount', 16),
];
