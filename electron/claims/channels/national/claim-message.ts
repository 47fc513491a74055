import type { SettledClaim, WrittenClaim } from '../../channel.ts';
import { sumFen } from '../../../../shared/money/fen.ts';
import { yuanTextFromFen } from '../../../../shared/money/yuan-text.ts';
import { certificateTypeOf } from './certificate-type.ts';
import { claimFields, envelopeFields, itemFields, type MessageField } from './claim-fields.ts';
import type { NationalProfile } from './national-profile.ts';

type Fields = Readonly<Record<string, string>>;

/** Writes a claim in the national envelope from what the settlement stored; nothing is recomputed. */
export function claimMessage(profile: NationalProfile, settled: SettledClaim): WrittenClaim {
  const { claim, input } = settled;
  const envelope = envelopeOf(profile, settled, {
    infno: profile.transaction,
    messageId: claim.messageId,
    at: claim.createdAt,
  });
  const node = claimNode(profile, settled);
  const items = claim.items.map((item) => ({
    seq_no: String(item.position + 1),
    step: item.step,
    payer: item.payer,
    fund_pay_type: fundPayType(profile, item.payer, input.person.insurance === 'employee'),
    fund_pay_amt: yuanTextFromFen(item.amountFen),
  }));
  const parts: readonly CheckedPart[] = [
    [node, claimFields, 'claim.'],
    ...items.map((item, index): CheckedPart => [item, itemFields, `items.${String(index)}.`]),
  ];
  return writtenMessage(profile, envelope, parts, { claim: node, items });
}

/** A part of a message, the fields it may have, and where it stands in the message. */
export type CheckedPart = readonly [fields: Fields, list: readonly MessageField[], at: string];

/** A message as it is kept and sent, or the fields that its payer would not take. */
export function writtenMessage(
  { fieldLengths }: NationalProfile,
  envelope: Fields,
  parts: readonly CheckedPart[],
  input: Readonly<Record<string, unknown>>,
): WrittenClaim {
  const checked: readonly CheckedPart[] = [[envelope, envelopeFields, ''], ...parts];
  const problems = checked.flatMap(([fields, list, at]) =>
    problemsOf(fields, list, fieldLengths, at),
  );
  return problems.length > 0
    ? { kind: 'not-sendable', problems }
    : { kind: 'written', body: JSON.stringify({ ...envelope, input }) };
}

/** What stands around every message about a claim. */
export function envelopeOf(
  profile: NationalProfile,
  { settlement, input }: SettledClaim,
  {
    infno,
    messageId,
    at,
  }: { readonly infno: string; readonly messageId: string; readonly at: string },
): Fields {
  const { hospital } = input.visit;
  const { insuredPlace } = input.person;
  return {
    infno,
    msgid: messageId,
    mdtrtarea_admvs: hospital.place ?? insuredPlace,
    insuplc_admdvs: insuredPlace,
    recer_sys_code: profile.receiverSystem,
    infver: profile.interfaceVersion,
    opter_type: profile.operatorType,
    opter: settlement.settledBy,
    opter_name: settlement.settledBy,
    inf_time: at.slice(0, 19).replace('T', ' '),
    fixmedins_code: hospital.code,
    fixmedins_name: hospital.name,
  };
}

function claimNode(profile: NationalProfile, { claim, settlement, input }: SettledClaim): Fields {
  const { visit, person } = input;
  const { result } = settlement;
  return {
    claim_id: claim.id,
    payer: claim.destination,
    setl_id: settlement.settlementId,
    setl_no: settlement.number,
    mdtrt_id: visit.id,
    med_type: profile.medicalTypes[visit.kind],
    psn_cert_type: certificateTypeOf(person, profile.certificateTypes),
    certno: person.idNumber,
    psn_name: person.name,
    gend: person.sex === 'male' ? '1' : '2',
    brdy: person.birthDate,
    insutype: profile.insuranceTypes[person.insurance],
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

function fundPayType(profile: NationalProfile, payer: string, isEmployee: boolean): string {
  const codes = profile.fundCodes[payer];
  if (codes === undefined) return profile.otherFundCode;
  return isEmployee ? codes.employee : codes.others;
}

const forms: Readonly<Record<MessageField['type'], RegExp>> = {
  text: /\S/,
  amount: /^-?\d+\.\d{2}$/,
  day: /^\d{4}-\d{2}-\d{2}$/,
};

function problemsOf(
  fields: Fields,
  list: readonly MessageField[],
  lengths: NationalProfile['fieldLengths'],
  at: string,
): readonly string[] {
  return list.flatMap(({ name, type, length: nationalLength, required }) => {
    const value = fields[name] ?? '';
    const length = lengths[name] ?? nationalLength;
    if (value === '') return required ? [`${at}${name}: missing`] : [];
    if ([...value].length > length) return [`${at}${name}: longer than ${String(length)}`];
    if (name === 'msgid' && value.length !== 30) return [`${at}${name}: not 30 characters`];
    return forms[type].test(value) ? [] : [`${at}${name}: not of type ${type}`];
  });
}
