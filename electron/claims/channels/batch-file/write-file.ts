import { createHash } from 'node:crypto';

import type { OutgoingClaim, SettledClaim, WrittenClaim } from '../../channel.ts';
import { digestOf, fitsField, lineOf, type FileHash } from './records.ts';

/** As long as any field may be, in characters; the payers' tables have room for it. */
const fieldMost = 200;

/** The lines of one claim, from what the settlement stored; nothing is recomputed. Amounts are in fen. */
export function claimLines({ claim, settlement, input }: SettledClaim): WrittenClaim {
  const { visit, person } = input;
  const { result } = settlement;
  const fields = {
    claim: claim.id,
    message: claim.messageId,
    settlement: settlement.settlementId,
    number: settlement.number,
    visit: visit.id,
    hospital: visit.hospital.code,
    payer: claim.destination,
    id_type: person.document ?? 'citizen',
    id_number: person.idNumber,
    name: person.name,
    sex: person.sex,
    born: person.birthDate,
    insurance: person.insurance,
    admitted: visit.admittedOn,
    discharged: visit.dischargedOn,
    settled: settlement.businessDate,
    total: String(result.totalFen),
    eligible: String(result.eligibleFen),
    patient: String(result.patientPaysFen),
    claimed: String(claim.claimedFen),
    items: String(claim.items.length),
  };
  const items = claim.items.map((item) => ({
    claim: claim.id,
    item: String(item.position + 1),
    step: item.step,
    payer: item.payer,
    amount: String(item.amountFen),
  }));
  const problems = [...unfit(fields, 'CLM'), ...items.flatMap((item) => unfit(item, 'ITM'))];
  if (problems.length > 0) return { kind: 'not-sendable', problems };
  const lines = [
    lineOf(['CLM', ...Object.values(fields)]),
    ...items.map((item) => lineOf(['ITM', ...Object.values(item)])),
  ];
  return { kind: 'written', body: lines.join('') };
}

function unfit(fields: Readonly<Record<string, string>>, kind: string): readonly string[] {
  return Object.entries(fields).flatMap(([name, value]) =>
    fitsField(value, fieldMost)
      ? []
      : [`${kind}.${name}: missing, longer than 200, or holds | or a line’s end`],
  );
}

/** What these claims go out as: the same for the same claims, whatever the profile says of the rest of the file. */
export function fileName(claims: readonly Pick<OutgoingClaim, 'claim' | 'body'>[]): string {
  const hash = createHash('sha256');
  for (const { body } of claims) hash.update(body).update('\0');
  const institution = claims[0]?.claim.messageId.slice(0, 12) ?? '';
  return `CLM-${institution.replace(/[^0-9A-Za-z]/g, '0')}-${hash.digest('hex').slice(0, 24)}.txt`;
}

/** The whole file: a header, the lines that were kept for each claim, and a trailer with counts, the sum in fen and a digest. */
export async function fileOf(
  claims: readonly Pick<OutgoingClaim, 'claim' | 'body'>[],
  hash: FileHash,
): Promise<{ readonly name: string; readonly bytes: Buffer }> {
  const name = fileName(claims);
  const body = claims.map((each) => each.body).join('');
  const text = `${lineOf(['HDR', '1', 'CLAIMS', name])}${body}`;
  const lines = text.split('\n').length - 1;
  const sum = claims.reduce((all, { claim }) => all + claim.claimedFen, 0);
  const proof = [
    String(claims.length),
    String(lines),
    String(sum),
    hash,
    await digestOf(hash, text),
  ];
  return { name, bytes: Buffer.from(`${text}${lineOf(['TRL', ...proof])}`, 'utf8') };
}
