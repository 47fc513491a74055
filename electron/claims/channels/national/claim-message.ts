import type { Claim } from '../../../database/claims-repository.ts';
import type { SettlementRecord } from '../../../database/settlements-repository.ts';
import type { SettlementInput } from '../../../../shared/domain/person.ts';
import { sumFen } from '../../../../shared/money/fen.ts';
import { yuanTextFromFen } from '../../../../shared/money/yuan-text.ts';
import { claimFields, envelopeFields, itemFields, type MessageField } from './claim-fields.ts';

/** The one-stop claim, of our own range: the national interface has no single transaction for it. */
export const claimTransaction = 'Y501';

type Fields = Readonly<Record<string, string>>;
export type ClaimMessage = {
  /** The exact bytes, kept before sending and sent again on every retry. */
  readonly body: string;
  /** Fields that the list does not allow as they stand; empty if the message may go. */
  readonly problems: readonly string[];
};

/** Writes a claim in the national envelope from what the settlement stored; nothing is recomputed. */
export function claimMessage(
  claim: Claim,
  settlement: SettlementRecord,
  input: SettlementInput,
): ClaimMessage {
  const { hospital } = input.visit;
  const { insuredPlace } = input.person;
  const envelope: Fields = {
    infno: claimTransaction,
    msgid: claim.messageId,
    mdtrtarea_admvs: hospital.place ?? insuredPlace,
    insuplc_admdvs: insuredPlace,
    recer_sys_code: 'ONESTOP',
    infver: 'V1.0',
    opter_type: '1',
    opter: settlement.settledBy,
    opter_name: settlement.settledBy,
    inf_time: claim.createdAt.slice(0, 19).replace('T', ' '),
    fixmedins_code: hospital.code,
    fixmedins_name: hospital.name,
  };
  const node = claimNode(claim, settlement, input);
  const items = claim.items.map((item) => ({
    seq_no: String(item.position + 1),
    step: item.step,
    payer: item.payer,
    fund_pay_type: fundPayType(item.payer, input.person.insurance),
    fund_pay_amt: yuanTextFromFen(item.amountFen),
  }));
  const problems = [
    ...problemsOf(envelope, envelopeFields, ''),
    ...problemsOf(node, claimFields, 'claim.'),
    ...items.flatMap((item, index) => problemsOf(item, itemFields, `items.${String(index)}.`)),
  ];
  return { body: JSON.stringify({ ...envelope, input: { claim: node, items } }), problems };
}

function claimNode(claim: Claim, settlement: SettlementRecord, input: SettlementInput): Fields {
  const { visit, person } = input;
  const { result } = settlement;
  return {
    claim_id: claim.id,
    payer: claim.destination,
    setl_id: settlement.settlementId,
    setl_no: settlement.number,
    mdtrt_id: visit.id,
    med_type: visit.kind === 'inpatient' ? '21' : '11',
    psn_cert_type: '01',
    certno: person.idNumber,
    psn_name: person.name,
    gend: person.sex === 'male' ? '1' : '2',
    brdy: person.birthDate,
    insutype: { employee: '310', resident: '390', none: '999' }[person.insurance],
    begndate: visit.admittedOn,
    enddate: visit.dischargedOn,
    setl_date: settlement.businessDate,
    medfee_sumamt: yuanTextFromFen(result.totalFen),
    inscp_scp_amt: yuanTextFromFen(result.eligibleFen),
    fulamt_ownpay_amt: yuanTextFromFen(result.excluded.classCFen),
    preselfpay_amt: yuanTextFromFen(result.excluded.classBFirstSelfPayFen),
    overlmt_selfpay: yuanTextFromFen(result.excluded.aboveCeilingFen),
    fund_pay_sumamt: yuanTextFromFen(sumFen(result.shares.map(({ amountFen }) => amountFen))),
    psn_part_amt: yuanTextFromFen(result.patientPaysFen),
    hosp_part_amt: yuanTextFromFen(result.hospitalBearsFen),
    clm_sumamt: yuanTextFromFen(claim.claimedFen),
  };
}

/** The fund codes of Hunan's one-stop settlement; 999997 is "other". */
function fundPayType(payer: string, insurance: SettlementInput['person']['insurance']): string {
  const isEmployee = insurance === 'employee';
  const codes: Readonly<Record<string, string>> = {
    'basic-medical-insurance': isEmployee ? '310100' : '390100',
    'critical-illness-insurance': isEmployee ? '330200' : '390200',
    'supplementary-insurance': '620100',
    'medical-assistance': '610100',
    'hospital-reduction': '630100',
    'government-guarantee': '640100',
  };
  return codes[payer] ?? '999997';
}

const forms: Readonly<Record<MessageField['type'], RegExp>> = {
  text: /\S/,
  amount: /^-?\d+\.\d{2}$/,
  day: /^\d{4}-\d{2}-\d{2}$/,
};

function problemsOf(fields: Fields, list: readonly MessageField[], at: string): readonly string[] {
  return list.flatMap(({ name, type, length, required }) => {
    const value = fields[name] ?? '';
    if (value === '') return required ? [`${at}${name}: missing`] : [];
    if ([...value].length > length) return [`${at}${name}: longer than ${String(length)}`];
    if (name === 'msgid' && value.length !== 30) return [`${at}${name}: not 30 characters`];
    return forms[type].test(value) ? [] : [`${at}${name}: not of type ${type}`];
  });
}
