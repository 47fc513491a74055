import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { startPayers } from '../payers.test-support.ts';
import { settledClaims } from '../settled-claim.test-support.ts';
import type { ClaimChannel, SendOutcome } from '../channel.ts';
import { checksOf, type ChannelOnTrial } from './channel-contract.test-support.ts';
import { ownChannels } from './channels.ts';

const nextNational = await settledClaims('basic-medical-insurance');
const nextOwn = await settledClaims('hospital-reduction');
const channels = ownChannels();
let payers: Awaited<ReturnType<typeof startPayers>>;
beforeAll(async () => {
  payers = await startPayers();
});
afterAll(() => payers.end());

/** The national channel before the insurers on loopback. */
const national: ChannelOnTrial = {
  channel: channels.of('basic-medical-insurance'),
  nextClaim: nextNational,
  later: null,
  address: () => new URL(payers.url()),
  booked: async ({ claim }) =>
    (await payers.ledger()).accepted
      .filter(({ settlementId }) => settlementId === claim.settlementId)
      .map(({ amountFen }) => amountFen),
  line: {
    answerWith: (how) => payers.faults({ faults: [`${how}*1`] }),
    undecided: [
      'malformed',
      'wrong-total',
      '5xx-after-commit',
      'reorder',
      'sign-in-expired',
      'certificate-expired',
      'disk-full',
      'cut-at=0',
      'cut-at=40',
      'lost-request',
      'busy',
      'busy-after-commit',
    ],
    silence: 'delay=600000',
    lostAnswer: 'lost-answer',
    spoil: (body) => body.replace(/"fund_pay_amt":"\d+\.\d\d"/, '"fund_pay_amt":"0.01"'),
  },
};

/** The hospital's own ledger: its book is what the channel has accepted, by reference. */
function ownLedger(channel: ClaimChannel): ChannelOnTrial {
  const book = new Map<string, number>();
  return {
    channel: {
      ...channel,
      async send(claims, sending) {
        const outcomes = await channel.send(claims, sending);
        for (const outcome of outcomes.values()) {
          if (outcome.kind === 'accepted') book.set(outcome.reference, outcome.approvedFen);
        }
        return outcomes;
      },
    },
    nextClaim: nextOwn,
    later: null,
    address: () => new URL('http://127.0.0.1:1'),
    booked: ({ claim }) =>
      Promise.resolve(
        [...book].filter(([reference]) => reference.includes(claim.id)).map(([, fen]) => fen),
      ),
    line: null,
  };
}

/** Claims that go out together, as those of a file will. */
const together: ClaimChannel = { ...channels.of('hospital-reduction'), claimsAtOnce: 500 };

describe.each([
  ['national', () => national],
  ['own-ledger', () => ownLedger(channels.of('hospital-reduction'))],
  ['dummy file', () => ownLedger(together)],
] as const)('the %s channel', (_protocol, trialOf) => {
  const trial = trialOf();
  it.each(checksOf(trial).map(({ name, check }) => [name, check] as const))('%s', (_name, check) =>
    check(trial),
  );
});

const good = national.channel;

/** The national channel with every outcome changed. */
const changed = (change: (outcome: SendOutcome, body: string) => SendOutcome): ClaimChannel => ({
  ...good,
  async send(claims, sending) {
    const outcomes = await good.send(claims, sending);
    return new Map(
      claims.map(({ claim, body }) => {
        const outcome = outcomes.get(claim.id);
        if (outcome === undefined) throw new Error('no outcome');
        return [claim.id, change(outcome, body)];
      }),
    );
  },
});

const problem = { code: 'planted', words: '植入' };
let written = 0;

/** Channels that break a promise, each with the check that must notice. */
const breaches: readonly (readonly [string, ClaimChannel, string])[] = [
  [
    'writes other bytes each time',
    {
      ...good,
      write(settled) {
        const message = good.write(settled);
        written += 1;
        if (message.kind !== 'written') return message;
        return { ...message, body: `${message.body}${' '.repeat(written)}` };
      },
    },
    'writes the same bytes for the same claim and changes nothing of it',
  ],
  [
    'changes the claim it writes',
    {
      ...good,
      write(settled) {
        (settled.claim as { attempts: number }).attempts += 1;
        return good.write(settled);
      },
    },
    'writes the same bytes for the same claim and changes nothing of it',
  ],
  [
    'forgets an outcome',
    { ...good, send: () => Promise.resolve(new Map()) },
    'gives every claim exactly one outcome, and the payer books each',
  ],
  [
    'answers for a claim it was not given',
    {
      ...good,
      send: async (claims, sending) =>
        new Map([
          ...(await good.send(claims, sending)),
          ['another', { kind: 'not-sent', problem }],
        ]),
    },
    'sends none but what it was given',
  ],
  [
    'says accepted without sending',
    {
      ...good,
      send: (claims) =>
        Promise.resolve(
          new Map(
            claims.map(({ claim: { id, claimedFen } }) => [
              id,
              { kind: 'accepted', reference: id, approvedFen: claimedFen },
            ]),
          ),
        ),
    },
    'gives every claim exactly one outcome, and the payer books each',
  ],
  [
    'takes a new message id for the second attempt',
    {
      ...good,
      send: (claims, sending) =>
        good.send(
          claims.map((given) => {
            const { claim, body } = given;
            const messageId = claim.messageId.replace(/....$/, `9${claim.messageId.slice(-3)}`);
            return claim.attempts === 0
              ? given
              : {
                  ...given,
                  claim: { ...claim, messageId },
                  body: body.replaceAll(claim.messageId, messageId),
                };
          }),
          sending,
        ),
    },
    'books once what is sent twice, under one reference',
  ],
  [
    'throws at bytes it cannot read',
    {
      ...good,
      send: (claims, sending) => {
        for (const { body } of claims) JSON.parse(body);
        return good.send(claims, sending);
      },
    },
    'answers for bytes it cannot have written, too, and throws nothing',
  ],
  [
    'throws at a refused connection',
    changed((outcome) => {
      if (outcome.kind === 'not-sent') throw new Error(outcome.problem.words);
      return outcome;
    }),
    'has not sent what met a refused connection',
  ],
  [
    'takes a refused connection for a lost answer',
    changed((outcome) =>
      outcome.kind === 'not-sent' ? { ...outcome, kind: 'unknown', isSilent: true } : outcome,
    ),
    'has not sent what met a refused connection',
  ],
  [
    'takes what it cannot read for a rejection',
    changed((outcome) =>
      outcome.kind === 'unknown' ? { ...outcome, kind: 'rejected', namesIt: false } : outcome,
    ),
    'takes an answer that cannot be read for no decision, and settles it by sending again',
  ],
  [
    'takes a lost answer for a claim that was not sent',
    changed((outcome) =>
      outcome.kind === 'unknown' && outcome.isSilent ? { ...outcome, kind: 'not-sent' } : outcome,
    ),
    'does not know what became of a claim whose answer was lost',
  ],
  [
    'waits by a timer of its own',
    {
      ...good,
      send: (claims, sending) => good.send(claims, { ...sending, timer: () => () => undefined }),
    },
    'waits as long as the timer it was given, and no longer',
  ],
  [
    'leaves its deadline running',
    {
      ...good,
      send: (claims, sending) =>
        good.send(claims, {
          ...sending,
          timer: (ms, act) => {
            sending.timer(ms, act);
            return sending.timer(ms, act);
          },
        }),
    },
    'gives every claim exactly one outcome, and the payer books each',
  ],
  [
    'writes its message anew instead of sending what was kept',
    {
      ...good,
      send: (claims, sending) =>
        good.send(
          claims.map(({ claim, body, isInDoubt }) => ({
            claim,
            isInDoubt,
            body: body.replace(/"mdtrt_id":"[^"]*"/, `"mdtrt_id":"${claim.visitId}"`),
          })),
          sending,
        ),
    },
    'sends the bytes that were kept, whatever it would write today',
  ],
  [
    'takes any refusal for proof that nothing was booked',
    {
      ...good,
      send: (claims, sending) =>
        good.send(
          claims.map((each) => ({ ...each, isInDoubt: false })),
          sending,
        ),
    },
    'takes a refusal that names no claim for no decision once the claim may have been booked',
  ],
  [
    'keeps the words of a refusal to itself',
    changed((outcome) =>
      outcome.kind === 'rejected' ? { ...outcome, problem: { code: '-1', words: '' } } : outcome,
    ),
    'gives a refusal with the code and the words of the payer',
  ],
];

describe('a channel that breaks its promises is caught', () => {
  it.each(breaches)('one that %s', async (_what, channel, name) => {
    const breached = checksOf(national).find((each) => each.name === name);
    if (breached === undefined) throw new Error(`there is no check "${name}"`);
    const verdict = Promise.resolve().then(() => breached.check({ ...national, channel }));
    await expect(verdict).rejects.toThrow();
  });

  it('at every promise', () => {
    const caught = new Set(breaches.map(([, , name]) => name));
    expect(checksOf(national).map(({ name }) => name)).toEqual(expect.arrayContaining([...caught]));
    expect(caught.size).toBe(checksOf(national).length);
  });

  it('one that forgets the last of several', async () => {
    const several = ownLedger(together);
    const channel: ClaimChannel = {
      ...several.channel,
      send: async (claims, sending) =>
        new Map([...(await several.channel.send(claims, sending))].slice(0, claims.length - 1)),
    };
    const one = checksOf(several).find(({ name }) => name.includes('exactly one outcome'));
    await expect(Promise.resolve(one?.check({ ...several, channel }))).rejects.toThrow();
  });

  it('one that waits for a line it does not need', async () => {
    const own = ownLedger({
      ...channels.of('hospital-reduction'),
      send: (claims, sending) => good.send(claims, sending),
    });
    const [house] = checksOf(own).slice(-1);
    const verdict = Promise.resolve().then(() => house?.check(own));
    await expect(verdict).rejects.toThrow();
  });
});
