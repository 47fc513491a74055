import {
  claimFields,
  envelopeFields,
  itemFields,
  undoFields,
  type KnownField,
} from './field-tables.ts';

export type Fields = Readonly<Record<string, unknown>>;

/** Why a message is refused: a code and words, as the payers' answer carries them. */
export type Objection = { readonly code: string; readonly words: string };

/** A claim that passed every check; amounts in fen. */
export type CheckedClaim = {
  readonly messageId: string;
  readonly division: string;
  readonly claimId: string;
  readonly payer: string;
  readonly settlementId: string;
  readonly amountFen: number;
  /** The day it was settled on. */
  readonly day: string;
  readonly items: readonly { readonly sequence: string; readonly amountFen: number }[];
};

/** Checks a whole message: every field, then every sum. */
export function checkMessage(message: unknown): CheckedClaim | Objection {
  if (!isFields(message)) return { code: 'NOT_AN_OBJECT', words: '报文不是对象' };
  const { input, ...envelope } = message;
  const wrongEnvelope = checkEnvelope(envelope);
  if (wrongEnvelope !== null) return wrongEnvelope;
  const messageId = text(envelope, 'msgid');
  if (text(envelope, 'infno') !== 'Y501') return { code: 'UNKNOWN_INFNO', words: '没有这个交易' };
  if (
    !isFields(input) ||
    Object.keys(input).join() !== 'claim,items' ||
    !isFields(input['claim'])
  ) {
    return { code: 'INPUT_NODES', words: 'input 应含 claim 与 items 两个节点' };
  }
  const claim = input['claim'];
  const items: unknown = input['items'];
  const wrongClaim = checkFields(claim, claimFields, 'claim.');
  if (wrongClaim !== null) return wrongClaim;
  if (!Array.isArray(items) || items.length === 0) {
    return { code: 'NO_ITEMS', words: '没有明细' };
  }
  const checked: Fields[] = [];
  for (const item of items as unknown[]) {
    if (!isFields(item)) return { code: 'ITEM_NOT_AN_OBJECT', words: '明细不是对象' };
    const wrong = checkFields(item, itemFields, `items.${String(checked.length)}.`);
    if (wrong !== null) return wrong;
    checked.push(item);
  }
  return (
    checkSums(claim, checked) ?? {
      messageId,
      division: text(envelope, 'mdtrtarea_admvs'),
      claimId: text(claim, 'claim_id'),
      payer: text(claim, 'payer'),
      settlementId: text(claim, 'setl_id'),
      amountFen: amount(claim, 'clm_sumamt'),
      day: text(claim, 'setl_date'),
      items: checked.map((item) => ({
        sequence: text(item, 'seq_no'),
        amountFen: amount(item, 'fund_pay_amt'),
      })),
    }
  );
}

/** What a message asks to be taken back. */
export type CheckedUndo = {
  readonly messageId: string;
  readonly claimId: string;
  readonly payer: string;
  readonly settlementId: string;
  readonly amountFen: number;
};

/** Whether a message asks for something to be taken back. */
export const isUndo = (message: unknown): message is Fields =>
  isFields(message) && message['infno'] === 'Y502';

/** Checks a whole message that asks for something to be taken back. */
export function checkUndo({ input, ...envelope }: Fields): CheckedUndo | Objection {
  const wrongEnvelope = checkEnvelope(envelope);
  if (wrongEnvelope !== null) return wrongEnvelope;
  if (!isFields(input) || Object.keys(input).join() !== 'undo' || !isFields(input['undo']))
    return { code: 'INPUT_NODES', words: 'input 应只含 undo 节点' };
  const undo = input['undo'];
  return (
    checkFields(undo, undoFields, 'undo.') ?? {
      messageId: text(undo, 'msgid'),
      claimId: text(undo, 'claim_id'),
      payer: text(undo, 'payer'),
      settlementId: text(undo, 'setl_id'),
      amountFen: amount(undo, 'clm_sumamt'),
    }
  );
}

function checkEnvelope(envelope: Fields): Objection | null {
  const wrong = checkFields(envelope, envelopeFields, '');
  if (wrong !== null) return wrong;
  const messageId = text(envelope, 'msgid');
  return /^[0-9A-Z]{12}\d{18}$/.test(messageId) &&
    messageId.slice(0, 12) === text(envelope, 'fixmedins_code').padEnd(12, '0')
    ? null
    : { code: 'MSGID_FORMAT', words: 'msgid 应为机构编码(12)+时间(14)+序号(4)' };
}

/** Adds everything up again. */
function checkSums(claim: Fields, items: readonly Fields[]): Objection | null {
  const of = (name: string): number => amount(claim, name);
  const scope =
    of('inscp_scp_amt') + of('fulamt_ownpay_amt') + of('preselfpay_amt') + of('overlmt_selfpay');
  if (of('medfee_sumamt') !== scope)
    return { code: 'SUM_SCOPE', words: '范围内外合计不等于总费用' };
  const borne = of('fund_pay_sumamt') + of('psn_part_amt') + of('hosp_part_amt');
  if (of('medfee_sumamt') !== borne) return { code: 'SUM_PARTS', words: '各方合计不等于总费用' };
  const asked = items.reduce((sum, item) => sum + amount(item, 'fund_pay_amt'), 0);
  if (of('clm_sumamt') !== asked) return { code: 'SUM_ITEMS', words: '明细合计不等于申报金额' };
  if (of('clm_sumamt') > of('fund_pay_sumamt')) {
    return { code: 'SUM_CLAIM', words: '申报金额大于基金合计' };
  }
  const notNegative = ['medfee_sumamt', 'psn_part_amt', 'fund_pay_sumamt'];
  if (notNegative.some((name) => of(name) < 0)) return { code: 'NEGATIVE', words: '金额为负' };
  if (items.some((item) => amount(item, 'fund_pay_amt') <= 0)) {
    return { code: 'ITEM_NOT_POSITIVE', words: '明细金额应大于零' };
  }
  if (text(claim, 'enddate') < text(claim, 'begndate')) {
    return { code: 'DATES', words: '出院早于入院' };
  }
  const sequences = items.map((item) => text(item, 'seq_no'));
  return new Set(sequences).size === sequences.length
    ? null
    : { code: 'ITEM_TWICE', words: '明细序号重复' };
}

function checkFields(fields: Fields, table: readonly KnownField[], at: string): Objection | null {
  for (const name of Object.keys(fields)) {
    if (!table.some((known) => known.name === name)) {
      return { code: 'UNKNOWN_FIELD', words: `多余的字段 ${at}${name}` };
    }
  }
  for (const known of table) {
    const value = fields[known.name];
    const place = `${at}${known.name}`;
    if (value === undefined || value === '') {
      if (known.required) return { code: 'REQUIRED', words: `缺少 ${place}` };
      continue;
    }
    if (typeof value !== 'string') return { code: 'TYPE', words: `${place} 应为文本` };
    if ([...value].length > known.length) return { code: 'LENGTH', words: `${place} 太长` };
    if (!forms[known.type].test(value)) return { code: 'FORM', words: `${place} 格式不对` };
    if (known.codes !== undefined && !known.codes.includes(value)) {
      return { code: 'CODE_LIST', words: `${place} 不在代码表内` };
    }
  }
  return null;
}

const forms: Readonly<Record<KnownField['type'], RegExp>> = {
  text: /\S/,
  amount: /^-?\d{1,12}\.\d{2}$/,
  day: /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/,
  time: /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/,
};

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const text = (fields: Fields, name: string): string => {
  const value = fields[name];
  return typeof value === 'string' ? value : '';
};

/** Fen of a text with two decimals: the point is taken out, nothing is rounded. */
const amount = (fields: Fields, name: string): number =>
  Number(text(fields, name).replace('.', ''));
