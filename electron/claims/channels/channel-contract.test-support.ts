import { expect } from 'vitest';

import { manualTimer } from '../../base/timer.test-support.ts';
import type { LateAnswer } from '../../database/claims-repository.ts';
import type { FoundReturn } from '../returns.ts';
import type { ClaimChannel, OutgoingClaim, SendOutcome, SettledClaim } from '../channel.ts';

/** A channel with the payer behind it, as its test sets them up. */
export type ChannelOnTrial = {
  readonly channel: ClaimChannel;
  /** Another claim each time, one that the payer takes. */
  readonly nextClaim: () => SettledClaim;
  /** Where the payer is. */
  readonly address: () => URL;
  /** What the payer's own book holds of a claim: one amount for each booking. */
  readonly booked: (claim: SettledClaim) => Promise<readonly number[]>;
  /** How a payer that answers later is made to decide about all it has; null: it decides at once. */
  readonly later: { readonly decide: () => Promise<void> } | null;
  /** The line to the payer; null where nothing leaves the house. */
  readonly line: LineOnTrial | null;
};

export type LineOnTrial = {
  /** Has the payer answer the next message so, by a name of the test's own. */
  readonly answerWith: (how: string) => Promise<void>;
  /** Answers that decide nothing, to messages that the payer books and to ones it does not. */
  readonly undecided: readonly string[];
  /** The payer books the message, and says nothing while the line stays up. */
  readonly silence: string;
  /** The payer books the message, and the line breaks before the answer. */
  readonly lostAnswer: string;
  /** Bytes made wrong so that the payer refuses the claim by name and books nothing. */
  readonly spoil: (body: string) => string;
};

/** One promise of the port, which every channel must keep. Throws where it is broken. */
export type ContractCheck = {
  readonly name: string;
  readonly check: (trial: ChannelOnTrial) => Promise<void>;
};

/** Port 1 of this machine: nobody listens there, so the system refuses at once. */
const nobody = new URL('http://127.0.0.1:1');

export const contractChecks: readonly ContractCheck[] = [
  {
    name: 'writes the same bytes for the same claim and changes nothing of it',
    check(trial) {
      const settled = trial.nextClaim();
      const before = structuredClone(settled);
      expect(trial.channel.write(settled)).toEqual(trial.channel.write(deepFrozen(settled)));
      expect(settled).toEqual(before);
      return Promise.resolve();
    },
  },
  {
    name: 'gives every claim exactly one outcome, and the payer books each',
    async check(trial) {
      const settled = several(trial);
      const outcomes = await send(
        trial,
        settled.map((each) => outgoing(trial, each)),
      );
      expect([...outcomes.keys()].sort()).toEqual(settled.map(({ claim }) => claim.id).sort());
      const ends = await allInTheEnd(trial, outcomes, settled);
      for (const each of settled) {
        const { id, claimedFen } = each.claim;
        expect(ends.get(id)).toMatchObject({ kind: 'accepted', approvedFen: claimedFen });
        expect(await trial.booked(each)).toEqual([claimedFen]);
      }
    },
  },
  {
    name: 'sends none but what it was given',
    async check(trial) {
      expect([...(await send(trial, [])).keys()]).toEqual([]);
    },
  },
  {
    name: 'books once what is sent twice, under one reference',
    async check(trial) {
      const settled = trial.nextClaim();
      const first = await sendOne(trial, outgoing(trial, settled));
      const again = await sendOne(trial, outgoing(trial, settled, 1));
      expect(again).toEqual(first);
      expect(await inTheEnd(trial, first, settled)).toMatchObject({ kind: 'accepted' });
      expect(await trial.booked(settled)).toEqual([settled.claim.claimedFen]);
    },
  },
  {
    name: 'sends the bytes that were kept, whatever it would write today',
    async check(trial) {
      const settled = trial.nextClaim();
      const kept = outgoing(trial, settled);
      const first = await sendOne(trial, kept);
      // The claim as a later version might read it: only the bytes may count.
      const renamed = deepFrozen({ ...settled.claim, visitId: 'another', attempts: 1 });
      expect(await sendOne(trial, { ...kept, claim: renamed })).toEqual(first);
      await inTheEnd(trial, first, settled);
      expect(await trial.booked(settled)).toEqual([settled.claim.claimedFen]);
    },
  },
  {
    name: 'answers for bytes it cannot have written, too, and throws nothing',
    async check(trial) {
      const { claim } = trial.nextClaim();
      for (const body of ['', 'null', '\u0000', '{"input":[]}']) {
        const outcomes = await send(trial, [{ claim, body, isInDoubt: false }]);
        expect([...outcomes.keys()]).toEqual([claim.id]);
      }
    },
  },
];

/** Promises about the line, for channels that have one. */
export const lineChecks: readonly ContractCheck[] = [
  {
    name: 'has not sent what met a refused connection',
    async check(trial) {
      const settled = trial.nextClaim();
      const given = outgoing(trial, settled);
      const outcome = await sendOne({ ...trial, address: () => nobody }, given);
      expect(outcome).toMatchObject({ kind: 'not-sent', problem: { code: 'no-answer' } });
      expect(await trial.booked(settled)).toEqual([]);
      const sent = await sendOne(trial, given);
      expect(await inTheEnd(trial, sent, settled)).toMatchObject({ kind: 'accepted' });
    },
  },
  {
    name: 'takes an answer that cannot be read for no decision, and settles it by sending again',
    async check(trial) {
      const { answerWith, undecided } = lineOf(trial);
      expect(undecided.length).toBeGreaterThan(0);
      for (const how of undecided) {
        const settled = trial.nextClaim();
        const given = outgoing(trial, settled);
        await answerWith(how);
        expect([how, (await sendOne(trial, given)).kind]).toEqual([how, 'unknown']);
        const again = await sendOne(trial, outgoing(trial, settled, 1));
        expect([how, (await inTheEnd(trial, again, settled)).kind]).toEqual([how, 'accepted']);
        expect(await trial.booked(settled)).toEqual([settled.claim.claimedFen]);
      }
    },
  },
  {
    name: 'does not know what became of a claim whose answer was lost',
    async check(trial) {
      const { answerWith, lostAnswer } = lineOf(trial);
      const settled = trial.nextClaim();
      await answerWith(lostAnswer);
      const outcome = await sendOne(trial, outgoing(trial, settled));
      expect(outcome).toMatchObject({ kind: 'unknown', isSilent: true });
      const again = await sendOne(trial, outgoing(trial, settled, 1));
      expect(await inTheEnd(trial, again, settled)).toMatchObject({ kind: 'accepted' });
      expect(await trial.booked(settled)).toEqual([settled.claim.claimedFen]);
    },
  },
  {
    name: 'waits as long as the timer it was given, and no longer',
    async check(trial) {
      const { answerWith, silence } = lineOf(trial);
      const settled = trial.nextClaim();
      await answerWith(silence);
      const { timer, expire, waiting } = manualTimer();
      let handedOver: () => void = () => undefined;
      const left = new Promise<void>((resolve) => (handedOver = resolve));
      const sending = {
        address: trial.address(),
        timer,
        onHandedOver: () => {
          handedOver();
        },
      };
      const outcomes = trial.channel.send([outgoing(trial, settled)], sending);
      await left;
      expect(waiting()).not.toEqual([]);
      expire();
      const outcome = (await outcomes).get(settled.claim.id);
      expect(outcome).toMatchObject({ kind: 'unknown', isSilent: true });
      expect(waiting()).toEqual([]);
    },
  },
  {
    name: 'gives a refusal with the code and the words of the payer',
    async check(trial) {
      const settled = trial.nextClaim();
      const given = outgoing(trial, settled);
      const sent = await sendOne(trial, { ...given, body: lineOf(trial).spoil(given.body) });
      const outcome = await inTheEnd(trial, sent, settled);
      expect(outcome.kind).toBe('rejected');
      if (outcome.kind !== 'rejected') return;
      expect(outcome.problem.code).toMatch(/\S/);
      expect(outcome.problem.words).toMatch(/\p{Script=Han}/u);
      expect(await trial.booked(settled)).toEqual([]);
    },
  },
  {
    name: 'takes a refusal that names no claim for no decision once the claim may have been booked',
    async check(trial) {
      const { answerWith, lostAnswer, spoil } = lineOf(trial);
      const settled = trial.nextClaim();
      await answerWith(lostAnswer);
      await sendOne(trial, outgoing(trial, settled));
      const again = outgoing(trial, settled, 1);
      const outcome = await sendOne(trial, { ...again, body: spoil(again.body) });
      expect(outcome.kind).toBe('unknown');
      expect(await trial.booked(settled)).toEqual([settled.claim.claimedFen]);
    },
  },
];

/** What a channel promises whose payer answers later. */
export const laterChecks: readonly ContractCheck[] = [
  {
    name: 'has a return put away only once it is kept',
    async check(trial) {
      const settled = trial.nextClaim();
      await sendOne(trial, outgoing(trial, settled));
      await trial.later?.decide();
      const full = new Error('no room here');
      await expect(collected(trial, () => Promise.reject(full))).rejects.toBe(full);
      const found = await collected(trial);
      expect(found.length).toBeGreaterThan(0);
      expect(await answerAbout(trial, found, settled)).toMatchObject({ kind: 'accepted' });
      expect(await collected(trial)).toEqual([]);
    },
  },
  {
    name: 'reads a return the same each time, and nothing into one that is damaged',
    async check(trial) {
      await sendOne(trial, outgoing(trial, trial.nextClaim()));
      await trial.later?.decide();
      const { returns } = trial.channel;
      for (const found of await collected(trial)) {
        const read = await returns?.read(found);
        expect(read?.kind).toBe('answers');
        expect(await returns?.read(found)).toEqual(read);
        const { name, content } = found;
        for (const part of [0, 0.3, 0.7, 0.99]) {
          const cut = content.subarray(0, Math.floor(content.length * part));
          expect((await returns?.read({ name, content: cut }))?.kind).toBe('unreadable');
        }
        const other = Uint8Array.from(content);
        other[Math.floor(other.length / 2)] = 0x37 ^ (other[Math.floor(other.length / 2)] ?? 0);
        expect((await returns?.read({ name, content: other }))?.kind).toBe('unreadable');
      }
    },
  },
  {
    name: 'has fetched nothing where the line does not stand, and says why',
    async check(trial) {
      const { timer } = manualTimer();
      const keep = (): Promise<void> => Promise.reject(new Error('nothing was there'));
      const came = await trial.channel.returns?.collect({ address: nobody, timer, keep });
      expect(came).toMatchObject({
        ...{ kind: 'not-reached', returns: 0 },
        problem: { code: 'no-answer' },
      });
    },
  },
];

/** What a channel promises that has no line. */
export const houseChecks: readonly ContractCheck[] = [
  {
    name: 'needs no line and waits for nothing',
    async check(trial) {
      const settled = trial.nextClaim();
      const { timer, waiting } = manualTimer();
      const sending = { address: nobody, timer, onHandedOver: () => undefined };
      const sent = trial.channel.send([outgoing(trial, settled)], sending);
      expect(waiting()).toEqual([]);
      expect((await sent).get(settled.claim.id)).toMatchObject({ kind: 'accepted' });
    },
  },
];

/** Everything a channel must keep, by what it is. */
export const checksOf = ({
  line,
  later,
}: Pick<ChannelOnTrial, 'line' | 'later'>): readonly ContractCheck[] => [
  ...contractChecks,
  ...(line === null ? houseChecks : lineChecks.filter((each) => later === null || !atOnce(each))),
  ...(later === null ? [] : laterChecks),
];

/** Only who answers at once can refuse without a name: a return names what it speaks of. */
const atOnce = ({ name }: ContractCheck): boolean => name.includes('names no claim');

type InTheEnd = SendOutcome | LateAnswer;

/** What came of a claim in the end: at once, or, where its payer has it and answers later, by a return. */
async function inTheEnd(
  trial: ChannelOnTrial,
  outcome: SendOutcome | undefined,
  settled: SettledClaim,
): Promise<InTheEnd> {
  const { id } = settled.claim;
  const ends = await allInTheEnd(trial, new Map(outcome && [[id, outcome]]), [settled]);
  const end = ends.get(id);
  if (end === undefined) throw new Error('no outcome for the claim');
  return end;
}

async function allInTheEnd(
  trial: ChannelOnTrial,
  outcomes: ReadonlyMap<string, SendOutcome>,
  all: readonly SettledClaim[],
): Promise<ReadonlyMap<string, InTheEnd>> {
  if (trial.later === null) return outcomes;
  expect([...outcomes.values()].map(({ kind }) => kind)).toEqual(all.map(() => 'acknowledged'));
  await trial.later.decide();
  const found = await collected(trial);
  const ends = new Map<string, InTheEnd>();
  for (const settled of all) {
    const answer = await answerAbout(trial, found, settled);
    if (answer !== null) ends.set(settled.claim.id, answer);
  }
  return ends;
}

async function collected(
  { channel, address }: ChannelOnTrial,
  keep: (found: FoundReturn) => Promise<void> = () => Promise.resolve(),
): Promise<readonly FoundReturn[]> {
  const all: FoundReturn[] = [];
  const { timer, waiting } = manualTimer();
  const came = await channel.returns?.collect({
    ...{ address: address(), timer },
    async keep(found) {
      await keep(found);
      all.push(found);
    },
  });
  expect(came).toEqual({ kind: 'collected', returns: all.length });
  expect(waiting(), 'deadlines left running').toEqual([]);
  return all;
}

/** What returns say of one claim; null: nothing. */
async function answerAbout(
  { channel }: ChannelOnTrial,
  found: readonly FoundReturn[],
  { claim }: SettledClaim,
): Promise<LateAnswer | null> {
  let answer: LateAnswer | null = null;
  for (const each of found) {
    const read = await channel.returns?.read(each);
    if (read?.kind !== 'answers') continue;
    for (const line of read.lines)
      if (line.about === 'claim' && line.claimId === claim.id) {
        expect([line.messageId, line.claimedFen]).toEqual([claim.messageId, claim.claimedFen]);
        ({ answer } = line);
      }
  }
  return answer;
}

/** As many claims as may go out together, but no more than show that each counts. */
const several = (trial: ChannelOnTrial): readonly SettledClaim[] =>
  Array.from({ length: Math.min(trial.channel.claimsAtOnce, 5) }, () => trial.nextClaim());

function outgoing({ channel }: ChannelOnTrial, settled: SettledClaim, attempts = 0): OutgoingClaim {
  const written = channel.write(settled);
  if (written.kind !== 'written') throw new Error(written.problems.join('; '));
  const claim = { ...settled.claim, attempts };
  return deepFrozen({ claim, body: written.body, isInDoubt: attempts > 0 });
}

async function send(
  { channel, address }: ChannelOnTrial,
  claims: readonly OutgoingClaim[],
): Promise<ReadonlyMap<string, SendOutcome>> {
  const { timer, waiting } = manualTimer();
  const sending = { address: address(), timer, onHandedOver: () => undefined };
  const outcomes = await channel.send(claims, sending);
  expect(waiting(), 'deadlines left running').toEqual([]);
  return outcomes;
}

async function sendOne(trial: ChannelOnTrial, claim: OutgoingClaim): Promise<SendOutcome> {
  const outcome = (await send(trial, [claim])).get(claim.claim.id);
  if (outcome === undefined) throw new Error('no outcome for the claim');
  return outcome;
}

function lineOf({ line }: ChannelOnTrial): LineOnTrial {
  if (line === null) throw new Error('this channel has no line');
  return line;
}

/** Frozen all the way down: a channel that changes what it was given throws, here and not at a hospital. */
function deepFrozen<Value>(value: Value): Value {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const inner of Object.values(value)) deepFrozen(inner);
  }
  return value;
}
