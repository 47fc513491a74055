import { createHash } from 'node:crypto';

import type { OutgoingClaim, SettledClaim, WrittenClaim } from '../../channel.ts';

type Outgoing = readonly Pick<OutgoingClaim, 'claim' | 'body'>[];

/** As long as any text may be, in characters. */
const textMost = 200;

/** One claim as JSON, from what the settlement stored; nothing is recomputed. Amounts are whole fen. */
export function claimJson({ claim, settlement, input }: SettledClaim): WrittenClaim {
  const { visit, person } = input;
  const { result } = settlement;
  const texts = {
    claimId: claim.id,
    messageId: claim.messageId,
    settlementId: settlement.settlementId,
    settlementNumber: settlement.number,
    visitId: visit.id,
    hospitalCode: visit.hospital.code,
    payer: claim.destination,
    idNumber: person.idNumber,
    name: person.name,
    sex: person.sex,
    birthDate: person.birthDate,
    insurance: person.insurance,
    admittedOn: visit.admittedOn,
    dischargedOn: visit.dischargedOn,
    settledOn: settlement.businessDate,
  };
  const problems = Object.entries(texts).flatMap(([name, text]) =>
    text.trim() !== '' && [...text].length <= textMost && text.isWellFormed()
      ? []
      : [`${name}: missing, longer than 200 or not whole`],
  );
  if (problems.length > 0) return { kind: 'not-sendable', problems };
  const body = {
    ...texts,
    totalFen: result.totalFen,
    eligibleFen: result.eligibleFen,
    patientFen: result.patientPaysFen,
    claimedFen: claim.claimedFen,
    items: claim.items.map(({ position, step, payer, amountFen }) => ({
      ...{ item: position + 1, step, payer, amountFen },
    })),
  };
  return { kind: 'written', body: JSON.stringify(body) };
}

/** What these claims go out as: the same for the same claims. */
export function batchName(claims: Outgoing): string {
  const hash = createHash('sha256');
  for (const { body } of claims) hash.update(body).update('\0');
  return `B${hash.digest('hex').slice(0, 31)}`;
}

/** The whole batch, the bytes that were kept for each claim as they were, and the digest its payer has to say back. */
export function batchOf(claims: Outgoing): {
  readonly name: string;
  readonly text: string;
  readonly sha256: string;
} {
  const name = batchName(claims);
  const sum = claims.reduce((all, { claim }) => all + claim.claimedFen, 0);
  const totals = JSON.stringify({ claims: claims.length, claimedFen: sum });
  const bodies = claims.map(({ body }) => body).join(',');
  const text = `{"batch":"${name}","claims":[${bodies}],"totals":${totals}}`;
  return { name, text, sha256: createHash('sha256').update(text).digest('hex') };
}
