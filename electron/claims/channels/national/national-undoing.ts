import { z } from 'zod';

import { postMessage } from '../../../base/post-message.ts';
import { yuanTextFromFen } from '../../../../shared/money/yuan-text.ts';
import type { Claim } from '../../../database/claims-repository.ts';
import type { ClaimUndoing, UndoOutcome } from '../../channel.ts';
import { problemOf, readEnvelope, whomItNames } from './answer-envelope.ts';
import { undoFields } from './claim-fields.ts';
import { envelopeOf, writtenMessage } from './claim-message.ts';
import type { NationalProfile } from './national-profile.ts';

/** A claim taken back in the national envelope; null: this payer has no transaction for it. */
export function nationalUndoing(profile: NationalProfile): ClaimUndoing | null {
  const { undoTransaction } = profile;
  if (undoTransaction === undefined) return null;
  return {
    write(settled, { messageId, at }) {
      const { claim } = settled;
      const node = {
        msgid: claim.messageId,
        claim_id: claim.id,
        payer: claim.destination,
        setl_id: claim.settlementId,
        clm_sumamt: yuanTextFromFen(claim.claimedFen),
      };
      const envelope = envelopeOf(profile, settled, {
        infno: undoTransaction,
        messageId,
        at,
      });
      return writtenMessage(profile, envelope, [[node, undoFields, 'undo.']], { undo: node });
    },
    async send({ claim, body }, sending) {
      const posted = await postMessage(new URL(profile.path, sending.address), body, {
        deadlines: profile.deadlines,
        timer: sending.timer,
        onRequestSent: sending.onHandedOver,
      });
      if (posted.kind === 'answered') return readUndoAnswer(profile, claim, posted);
      const kind = posted.kind === 'not-sent' ? 'not-sent' : 'unknown';
      return { kind, problem: { code: 'no-answer', words: posted.why } };
    },
  };
}

const undoneSchema = z.object({
  msgid: z.string(),
  claim_id: z.string(),
  payer: z.string(),
  setl_id: z.string(),
  undone_flag: z.literal('1'),
});

/**
 * What an answer means for a claim that was to be taken back. `undone` only if the echo says so of this very claim, or the
 * answer names it as not booked; `refused` only for a refusal that is of this claim. Everything else is `unknown`.
 */
export function readUndoAnswer(
  profile: NationalProfile,
  claim: Claim,
  answer: { readonly status: number; readonly text: string },
): UndoOutcome {
  const envelope = readEnvelope(profile, answer);
  if ('problem' in envelope) return { kind: 'unknown', problem: envelope.problem };
  const { infcode, words, code, hasCode, output } = envelope;
  const unknown = (of: string, said: string): UndoOutcome => ({
    kind: 'unknown',
    problem: problemOf(of, said),
  });
  const named = whomItNames(output, claim);
  if (named === 'another') return unknown('another-answer', '收到的是另一笔申报的回复');
  if (infcode === '0' && !hasCode) {
    const echo = undoneSchema.safeParse(output);
    const isOurs =
      echo.success &&
      named === 'this' &&
      echo.data.payer === claim.destination &&
      echo.data.setl_id === claim.settlementId;
    return isOurs ? { kind: 'undone' } : unknown('malformed-answer', '支付方的回复读不懂');
  }
  if (envelope.isBusy) return unknown(code, words);
  if (infcode !== '0' && infcode !== '-1') return unknown(`infcode ${infcode}`, words);
  if (named === 'this' && envelope.isNotBooked) return { kind: 'undone' };
  // A payer whose refusals name their claim has not refused this one by an answer that names none.
  if (named === 'none' && profile.refusalsNameTheirClaim) return unknown(code, words);
  return { kind: 'refused', problem: problemOf(code, words) };
}
