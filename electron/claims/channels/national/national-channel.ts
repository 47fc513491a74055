import { postMessage, type Posted } from '../../../base/post-message.ts';
import type { ClaimChannel, OutgoingClaim, Sending, SendOutcome } from '../../channel.ts';
import { claimMessage } from './claim-message.ts';
import { nationalUndoing } from './national-undoing.ts';
import type { NationalProfile } from './national-profile.ts';
import { readAnswer } from './read-answer.ts';

/** Claims in the national envelope over HTTP: each has its message and its answer, and is sent again as it was. */
export function nationalChannel(profile: NationalProfile): ClaimChannel {
  const sendOne = async (
    { claim, body, isInDoubt }: OutgoingClaim,
    sending: Sending,
  ): Promise<SendOutcome> => {
    const posted = await postMessage(new URL(profile.path, sending.address), body, {
      deadlines: profile.deadlines,
      timer: sending.timer,
      onRequestSent: sending.onHandedOver,
    });
    return posted.kind === 'answered'
      ? readAnswer(profile, { claim, isInDoubt }, posted)
      : withoutAnswer(posted);
  };
  return {
    claimsAtOnce: 1,
    isOwnBook: false,
    address: profile.address ?? null,
    nameTogether: null,
    returns: null,
    undoing: nationalUndoing(profile),
    write: (settled) => claimMessage(profile, settled),
    async send(claims, sending) {
      const outcomes = new Map<string, SendOutcome>();
      for (const outgoing of claims) {
        outcomes.set(outgoing.claim.id, await sendOne(outgoing, sending));
      }
      return outcomes;
    },
  };
}

function withoutAnswer({ kind, why }: Exclude<Posted, { kind: 'answered' }>): SendOutcome {
  const problem = { code: 'no-answer', words: why };
  return kind === 'not-sent' ? { kind, problem } : { kind: 'unknown', isSilent: true, problem };
}
