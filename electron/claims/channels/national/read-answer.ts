import { z } from 'zod';

import type { Claim, ClaimProblem } from '../../../database/claims-repository.ts';
import { fen, sumFen } from '../../../../shared/money/fen.ts';
import {
  fenFromYuanText,
  yuanTextFromFen,
  yuanTextPattern,
} from '../../../../shared/money/yuan-text.ts';
import type { OutgoingClaim, SendOutcome } from '../../channel.ts';
import type { NationalProfile } from './national-profile.ts';

/** An amount of an answer: text or a number, in yuan; what is no amount in whole fen makes the answer unreadable. */
const amount = z
  .union([z.string(), z.number().transform((yuan) => textOfNumber(yuan))])
  .refine((text) => yuanTextPattern.test(text) && !text.startsWith('-'))
  .transform(fenFromYuanText);

/** As long as the interface has it. */
const referenceMost = 30;

const answerSchema = z.object({
  infcode: z.union([z.string(), z.number()]).transform(String),
  inf_refmsgid: z.string().max(referenceMost),
  err_msg: z.string().nullish(),
  output: z.unknown(),
});

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

/** Of whom a refusal speaks, where it says so. */
const namedSchema = z.object({ msgid: z.string(), claim_id: z.string() });

/**
 * What an answer means for a claim. `accepted` only if the payer echoes this very message, payer, settlement,
 * every item and the total: the echo decides, not the words beside it, unless they are an error's code. `rejected` only for a refusal in the envelope
 * (also code 0 with an error's code); after an attempt that may have been booked only for one that names this claim as not
 * booked. Everything else is `unknown`.
 */
export function readAnswer(
  profile: NationalProfile,
  { claim, isInDoubt }: Pick<OutgoingClaim, 'claim' | 'isInDoubt'>,
  { status, text }: { readonly status: number; readonly text: string },
): SendOutcome {
  if (status !== 200) return unknown('http-status', `HTTP ${String(status)}`);
  const answer = answerSchema.safeParse(parse(text));
  if (!answer.success) return unknown('malformed-answer', '支付方的回复读不懂');
  const { infcode, err_msg, inf_refmsgid, output } = answer.data;
  const words = (err_msg ?? '').trim();
  const given = /^\[([A-Z0-9_]+)\]/.exec(words)?.[1];
  const code = given ?? infcode;
  const isNotBooked = profile.namesNotBooked.includes(code);
  const isWithoutError = words === '' || profile.successWords.includes(words);
  if (infcode === '0' && (isWithoutError || hasEcho(output))) {
    const read = readAcceptance(claim, inf_refmsgid, output);
    // An echo of everything beside the code of an error contradicts itself, so it decides nothing.
    return read.kind === 'accepted' && given !== undefined && !isWithoutError
      ? unknown(code, words)
      : read;
  }
  if (isBusy(profile, code, words)) return unknown(code, words);
  if (profile.hasItAlready.includes(code)) return unknown(code, words);
  // Other codes than 0 and −1 come from layers in between, which do not know what the payer did.
  if (infcode !== '0' && infcode !== '-1') return unknown(`infcode ${infcode}`, words);
  const named = namedSchema.safeParse(output);
  const namesAnother =
    named.success && (named.data.msgid !== claim.messageId || named.data.claim_id !== claim.id);
  if (namesAnother) return unknown('another-answer', '收到的是另一笔申报的回复');
  const namesIt = isNotBooked && named.success;
  if (isInDoubt && !namesIt) return unknown(code, words);
  // Words beside code 0 may be an error or "it worked" in this payer's own words: without a code they decide nothing.
  if (infcode === '0' && given === undefined) return unknown(code, words);
  const mayBeOfAnother = profile.refusalsNameTheirClaim && !named.success;
  const rejected = { kind: 'rejected', problem: problemOf(code, words), namesIt } as const;
  return mayBeOfAnother ? { ...rejected, mayBeOfAnother } : rejected;
}

function isBusy({ wayIsShut, busyWords }: NationalProfile, code: string, words: string): boolean {
  return wayIsShut.includes(code) || busyWords.some((busy) => words.includes(busy));
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
  return { kind: 'accepted', reference: showable(reference, referenceMost), approvedFen };
}

function unknown(code: string, words: string): SendOutcome {
  return { kind: 'unknown', isSilent: false, problem: problemOf(code, words) };
}

/** No payer's code is longer, and nobody reads more of its words in a list; all that comes of both is kept for ever. */
const codeMost = 60;
const wordsMost = 500;

function problemOf(code: string, words: string): ClaimProblem {
  return { code: showable(code, codeMost), words: showable(words, wordsMost) };
}

/** A text of the other side as it may stand in lists and on paper: what steers a screen becomes a space, the rest is cut. */
function showable(text: string, most: number): string {
  const shown = text
    .slice(0, most)
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, ' ')
    .toWellFormed();
  return text.length > most ? `${shown}…` : shown;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** A number with more than two decimals stays as it is, which is no amount. */
function textOfNumber(yuan: number): string {
  const text = yuan.toFixed(2);
  return Math.abs(yuan * 100 - Math.round(yuan * 100)) < 1e-6 ? text : String(yuan);
}
