import { z } from 'zod';

import type { Claim } from '../../../database/claims-repository.ts';
import { fen, sumFen } from '../../../../shared/money/fen.ts';
import {
  fenFromYuanText,
  yuanTextFromFen,
  yuanTextPattern,
} from '../../../../shared/money/yuan-text.ts';
import type { OutgoingClaim, SendOutcome } from '../../channel.ts';
import { problemOf, readEnvelope, whomItNames } from './answer-envelope.ts';
import type { NationalProfile } from './national-profile.ts';

/** An amount of an answer: text or a number, in yuan; what is no amount in whole fen makes the answer unreadable. */
const amount = z
  .union([z.string(), z.number().transform((yuan) => textOfNumber(yuan))])
  .refine((text) => yuanTextPattern.test(text) && !text.startsWith('-'))
  .transform(fenFromYuanText);

const outputSchema = z.object({
  msgid: z.string(),
  claim_id: z.string(),
  payer: z.string(),
  setl_id: z.string(),
  clm_sumamt: amount,
  items: z.array(
    z.object({ seq_no: z.string(), fund_pay_amt: amount, accp_flag: z.enum(['0', '1']) }),
  ),
});

/**
 * What an answer means for a claim. `accepted` only if the payer echoes this very message, payer, settlement,
 * every item and the total: the echo decides, not the words beside it, unless they are an error's code. `rejected` only for a refusal in the envelope
 * (also code 0 with an error's code); after an attempt that may have been booked only for one that names this claim as not
 * booked. Everything else is `unknown`.
 */
export function readAnswer(
  profile: NationalProfile,
  { claim, isInDoubt }: Pick<OutgoingClaim, 'claim' | 'isInDoubt'>,
  answer: { readonly status: number; readonly text: string },
): SendOutcome {
  const envelope = readEnvelope(profile, answer);
  if ('problem' in envelope) return { kind: 'unknown', isSilent: false, problem: envelope.problem };
  const { infcode, words, code, hasCode, output, isWithoutError } = envelope;
  if (infcode === '0' && (isWithoutError || hasEcho(output))) {
    const read = readAcceptance(claim, envelope.reference, output);
    // An echo of everything beside the code of an error contradicts itself, so it decides nothing.
    return read.kind === 'accepted' && hasCode && !isWithoutError ? unknown(code, words) : read;
  }
  if (envelope.isBusy || profile.hasItAlready.includes(code)) return unknown(code, words);
  // Other codes than 0 and −1 come from layers in between, which do not know what the payer did.
  if (infcode !== '0' && infcode !== '-1') return unknown(`infcode ${infcode}`, words);
  const named = whomItNames(output, claim);
  if (named === 'another') return unknown('another-answer', '收到的是另一笔申报的回复');
  const namesIt = envelope.isNotBooked && named === 'this';
  if (isInDoubt && !namesIt) return unknown(code, words);
  // Words beside code 0 may be an error or "it worked" in this payer's own words: without a code they decide nothing.
  if (infcode === '0' && !hasCode) return unknown(code, words);
  const rejected = { kind: 'rejected', problem: problemOf(code, words), namesIt } as const;
  const mayBeOfAnother = profile.refusalsNameTheirClaim && named === 'none';
  return mayBeOfAnother ? { ...rejected, mayBeOfAnother } : rejected;
}

/** The answer speaks of what was claimed, so what it echoes is looked at. */
function hasEcho(output: unknown): boolean {
  return (
    typeof output === 'object' && output !== null && ('setl_id' in output || 'items' in output)
  );
}

function readAcceptance(claim: Claim, reference: string, output: unknown): SendOutcome {
  const echo = outputSchema.safeParse(output);
  if (!echo.success) return unknown('malformed-answer', '支付方的回复读不懂');
  const { msgid, claim_id, payer, setl_id, clm_sumamt, items } = echo.data;
  const isOurs =
    msgid === claim.messageId &&
    claim_id === claim.id &&
    payer === claim.destination &&
    setl_id === claim.settlementId;
  if (!isOurs) return unknown('another-answer', '收到的是另一笔申报的回复');
  const areOurItems =
    items.length === claim.items.length &&
    claim.items.every(
      ({ position, amountFen }, index) =>
        items[index]?.seq_no === String(position + 1) && items[index].fund_pay_amt === amountFen,
    );
  if (!areOurItems) return unknown('wrong-items', '回复的明细与申报不符');
  const taken = items.filter(({ accp_flag }) => accp_flag === '1');
  const approvedFen = sumFen(taken.map(({ fund_pay_amt }) => fund_pay_amt));
  if (clm_sumamt !== approvedFen) {
    return unknown('wrong-total', `回复的合计 ${yuanTextFromFen(clm_sumamt)} 与明细不符`);
  }
  if (taken.length < items.length) {
    const left = yuanTextFromFen(fen(claim.claimedFen - approvedFen));
    return unknown('partially-accepted', `支付方只接受了一部分，差 ${left} 元`);
  }
  return { kind: 'accepted', reference, approvedFen };
}

function unknown(code: string, words: string): SendOutcome {
  return { kind: 'unknown', isSilent: false, problem: problemOf(code, words) };
}

/** A number with more than two decimals stays as it is, which is no amount. */
function textOfNumber(yuan: number): string {
  const text = yuan.toFixed(2);
  return Math.abs(yuan * 100 - Math.round(yuan * 100)) < 1e-6 ? text : String(yuan);
}
