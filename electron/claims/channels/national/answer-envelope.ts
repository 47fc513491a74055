import { z } from 'zod';

import type { Claim, ClaimProblem } from '../../../database/claims-repository.ts';
import { referenceOfOthers, wordsOfOthers } from '../../../security/words-of-others.ts';
import type { NationalProfile } from './national-profile.ts';

/** As long as the interface has it. */
const referenceMost = 30;

const envelopeSchema = z.object({
  infcode: z.union([z.string(), z.number()]).transform(String),
  inf_refmsgid: z.string().max(referenceMost),
  err_msg: z.string().nullish(),
  output: z.unknown(),
});

/** Of whom an answer speaks, where it says so. */
const namedSchema = z.object({ msgid: z.string(), claim_id: z.string() });

/** What every answer of the national interface says, whatever it answers. */
export type AnswerEnvelope = {
  /** 0: done, −1: refused; others come from layers in between, which do not know what the payer did. */
  readonly infcode: string;
  /** The payer's own number of the answer, as it may be shown. */
  readonly reference: string;
  readonly words: string;
  /** The code in its words, else the number. */
  readonly code: string;
  /** The words begin with a code. */
  readonly hasCode: boolean;
  /** No words at all, or words of success by the profile. */
  readonly isWithoutError: boolean;
  /** It says nothing about what was asked: busy, the way is shut. */
  readonly isBusy: boolean;
  /** The code says that the payer has not booked what the answer names. */
  readonly isNotBooked: boolean;
  readonly output: unknown;
};

/** Reads an answer's envelope, or says why it is none; then nobody knows what became of what was asked. */
export function readEnvelope(
  profile: NationalProfile,
  { status, text }: { readonly status: number; readonly text: string },
): AnswerEnvelope | { readonly problem: ClaimProblem } {
  if (status !== 200) return { problem: problemOf('http-status', `HTTP ${String(status)}`) };
  const answer = envelopeSchema.safeParse(parse(text));
  if (!answer.success) return { problem: problemOf('malformed-answer', '支付方的回复读不懂') };
  const { infcode, err_msg, inf_refmsgid, output } = answer.data;
  const words = (err_msg ?? '').trim();
  const given = /^\[([A-Z0-9_]+)\]/.exec(words)?.[1];
  const code = given ?? infcode;
  const { wayIsShut, busyWords, namesNotBooked, successWords } = profile;
  return {
    ...{ infcode, words, code, output, hasCode: given !== undefined },
    reference: referenceOfOthers(inf_refmsgid, referenceMost),
    isWithoutError: words === '' || successWords.includes(words),
    isBusy: wayIsShut.includes(code) || busyWords.some((busy) => words.includes(busy)),
    isNotBooked: namesNotBooked.includes(code),
  };
}

/** Whether an answer names this claim, another one, or none. */
export function whomItNames(output: unknown, claim: Claim): 'this' | 'another' | 'none' {
  const named = namedSchema.safeParse(output);
  if (!named.success) return 'none';
  const { msgid, claim_id } = named.data;
  return msgid === claim.messageId && claim_id === claim.id ? 'this' : 'another';
}

/** No payer's code is longer, and nobody reads more of its words in a list; all that comes of both is kept for ever. */
const codeMost = 60;
const wordsMost = 500;

/** A code and words of the other side as they are kept. */
export function problemOf(code: string, words: string): ClaimProblem {
  return { code: referenceOfOthers(code, codeMost), words: wordsOfOthers(words, wordsMost) };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
