import { isDeepStrictEqual } from 'node:util';
import type { SettlementInput } from '../../shared/domain/person.ts';
import type { SettlementResult } from '../../shared/domain/settlement-result.ts';
import type { CompiledPack } from '../../shared/policy/compile/compiled-pack.ts';
import { decide, decideFigures } from '../../shared/policy/decide.ts';
import { chanceFrom, randomCharges, randomVisit, withLines } from './engine-inputs.ts';
import { rounded, timeInTurns, type Timed, type Timing } from './engine-timing.ts';
import { plainVisit, type BenchShares, type BenchVisit } from './peers/bench-visit.ts';
import { installPeer, peers } from './peers/install-peer.ts';
import { settleByRules } from './peers/json-rules-engine.ts';
import { settleStraight } from './peers/straight-line.ts';
import { settleByZen } from './peers/zen-engine.ts';

export type Participant = {
  readonly name: string;
  readonly settle: (visit: BenchVisit) => BenchShares | Promise<BenchShares>;
};

export const straightLine: Participant = { name: 'straight-line', settle: settleStraight };

/** All that settle the six steps beside our engine, and why a peer is not among them. */
export async function peerParticipants(): Promise<{
  readonly participants: readonly Participant[];
  readonly missing: Readonly<Record<string, string>>;
}> {
  const participants = [straightLine];
  const missing: Record<string, string> = {};
  const rules = await installPeer(peers.rules);
  if (rules.ok) {
    participants.push({ name: 'json-rules-engine', settle: settleByRules(rules.library) });
  } else missing['json-rules-engine'] = rules.reason;
  const zen = await installPeer(peers.zen);
  if (zen.ok) {
    const { library } = zen;
    participants.push(
      { name: 'zen', settle: settleByZen(library, { trace: false }) },
      { name: 'zen-with-trace', settle: settleByZen(library, { trace: true }) },
    );
  } else missing['zen'] = zen.reason;
  return { participants, missing };
}

/**
 * Throws unless everyone comes to our shares on the bills to be timed and on random ones: a comparison of
 * different work would be worth nothing.
 */
export async function assertSameShares(
  pack: CompiledPack,
  participants: readonly Participant[],
): Promise<number> {
  const chance = chanceFrom(20171110);
  const inputs = [withLines(60), withLines(600)];
  for (let index = 0; index < 200; index += 1) {
    const before = randomVisit(chance, randomCharges(chance, 40), null);
    const opening = decideFigures(pack, before).result.yearToDate;
    inputs.push(before, randomVisit(chance, randomCharges(chance, 40), opening));
  }
  for (const input of inputs) {
    const ours = ourShares(decideFigures(pack, input).result);
    const traced = decide(pack, input);
    if (traced.trace.length === 0 || !isDeepStrictEqual(ourShares(traced), ours)) {
      throw new Error('ours differs with the trace, or has none');
    }
    for (const { name, settle } of participants) await assertShares(name, settle, input, ours);
  }
  return inputs.length;
}

async function assertShares(
  name: string,
  settle: Participant['settle'],
  input: SettlementInput,
  ours: BenchShares,
): Promise<void> {
  const theirs = await settle(plainVisit(input));
  if (isDeepStrictEqual([...theirs], ours)) return;
  throw new Error(`${name} comes to ${String(theirs)} where ours comes to ${String(ours)}`);
}

/** Our result as the others give theirs. */
export function ourShares(result: SettlementResult): BenchShares {
  return [...result.shares.map(({ amountFen }) => amountFen), result.patientPaysFen];
}

/** Everyone's time on a bill of so many lines, and how many times ours goes into the others'. */
export async function comparePeers(
  pack: CompiledPack,
  participants: readonly Participant[],
  lines: number,
) {
  const input = withLines(lines);
  const plain = plainVisit(input);
  const all: Timed[] = [
    { name: 'figures', run: () => decideFigures(pack, input) },
    { name: 'with-trace', run: () => decide(pack, input) },
    ...participants.map(({ name, settle }) => ({ name, run: () => settle(plain) })),
  ];
  const timings = await timeInTurns(all);
  return { timings, ratios: ratiosOf(timings) };
}

/** How many times the second takes the time of the first. */
const compared = [
  ['straight-line', 'figures'],
  ['figures', 'json-rules-engine'],
  ['with-trace', 'json-rules-engine'],
  ['figures', 'zen'],
  ['with-trace', 'zen-with-trace'],
] as const;

function ratiosOf(timings: Readonly<Record<string, Timing>>): Record<string, number> {
  const ratios: Record<string, number> = {};
  for (const [one, other] of compared) {
    const first = timings[one];
    const second = timings[other];
    if (first === undefined || second === undefined) continue;
    ratios[`${other} / ${one}`] = rounded(second.medianUs / first.medianUs);
  }
  return ratios;
}
